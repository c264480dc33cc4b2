"""The machine's ceilings, measured before everything else: multiply-adds in registers, and copying, on all cores."""

import ctypes
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

SOURCE = Path(__file__).with_name("ceilings.c")
BURSTS = 150  # a few milliseconds each: some of them have a core to themselves even on a machine that others use
COPIES = 15
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Machine(NamedTuple):
    """None where there was no C compiler to measure with."""

    processor: str
    cores: int
    gflops: float | None  # 10⁹ double operations a second, a multiply-add counted as two
    copying: float | None  # 10⁹ bytes a second, read and written
    load: float  # processes that wanted a core in the minute before

    @property
    def busy(self) -> bool:
        """Others are at work here: absolute figures and shares of the peak come out low."""
        return self.load > 0.25 * self.cores


def measure(*, small: bool = False) -> Machine:
    library, load = _compiled(), os.getloadavg()[0]
    if library is None:
        return Machine(_processor(), CORES, None, None, load)
    rounds, size = (50_000, 2**22) if small else (500_000, 2**27)
    return Machine(_processor(), CORES, _peak(library, rounds), _copying(library, size), load)


def _compiled() -> ctypes.CDLL | None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory(prefix="accord-bench-") as folder:
        library = Path(folder) / "ceilings.so"
        command = [compiler, "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", "-o", str(library)]
        subprocess.run([*command, str(SOURCE)], check=True)
        return _declared(ctypes.CDLL(str(library)))


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    library.multiply_add.argtypes = [ctypes.c_long, ctypes.POINTER(ctypes.c_double)]
    library.copy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long]
    library.multiply_add.restype = library.copy.restype = ctypes.c_double
    return library


def _peak(library: ctypes.CDLL, rounds: int) -> float:
    """All cores at work, the best burst of each, added up. ctypes lets go of the interpreter lock while C runs."""

    def bursts(_: int) -> float:
        out = ctypes.c_double()
        return max(_speed(lambda: library.multiply_add(rounds, ctypes.byref(out))) for _ in range(BURSTS))

    with ThreadPoolExecutor(CORES) as pool:
        return sum(pool.map(bursts, range(CORES)))


def _copying(library: ctypes.CDLL, size: int) -> float:
    """All cores share the memory: the best of several copies that they make together."""
    fields = [(np.zeros(size, np.uint8), np.ones(size, np.uint8)) for _ in range(CORES)]

    def together() -> float:
        copied: float = sum(
            pool.map(lambda field: library.copy(field[0].ctypes.data, field[1].ctypes.data, size), fields)
        )
        return copied

    with ThreadPoolExecutor(CORES) as pool:
        return max(_speed(together) for _ in range(COPIES))


def _speed(work: Callable[[], float]) -> float:
    """10⁹ a second; anything else on the machine only slows it down."""
    started = time.perf_counter()
    return work() / (time.perf_counter() - started) / 1e9


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
