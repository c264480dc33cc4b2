"""The house is as drawn: sizes, directions, and nothing in the science that is not a function of its arguments."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "accord"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
OURS = [path for path in SOURCES if "tests" not in path.parts and "migrations" not in path.parts]
LONGEST_FILE, LONGEST_BODY, MOST_ARGUMENTS = 400, 60, 5
RECORDS = (
    *("accounts", "practices", "audit", "pairs", "sessions", "profiles", "waiting", "agreements"),
    *("checkins", "alliance", "ruptures", "intake", "matching", "desk"),
)
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "data",
    "process",
    "misc",
    "common",
}

# numba's functions know no keyword arguments.
COMPILED = {path for path in OURS if "numba" in path.read_text(encoding="utf-8")}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    written = [path for kind in ("py", "html", "css", "js", "sh") for path in PACKAGE.rglob(f"*.{kind}")]
    beside = (*ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py"))
    own = [path for path in (*written, *beside) if not vendored(path)]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in own}
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def vendored(path: Path) -> bool:
    return bool({"vendor", "vendored"} & set(path.parts)) or path.name.endswith(".min.js")


def body_lines(function: Function) -> int:
    """Lines from the first statement to the last, the docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_body_is_longer_than_sixty_lines() -> None:
    sizes = {f"{name_of(path)}:{f.name}": body_lines(f) for path in SOURCES for f in functions(tree_of(path))}
    assert len(sizes) > 300
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_BODY} == {}


def test_a_body_is_short_on_the_whole() -> None:
    sizes = sorted(body_lines(f) for path in OURS for f in functions(tree_of(path)))
    assert sizes[len(sizes) // 2] <= 8


def test_no_file_is_called_something_that_says_nothing() -> None:
    assert [name_of(path) for path in OURS if path.stem in NAMES_THAT_SAY_NOTHING or path.stem.endswith("_2")] == []


def test_after_five_arguments_enough_is_enough() -> None:
    many = {
        f"{name_of(path)}:{f.name}": len(positional)
        for path in OURS
        if path not in COMPILED
        for f in functions(tree_of(path))
        if len(positional := [a for a in (*f.args.posonlyargs, *f.args.args) if a.arg not in ("self", "cls")])
        > MOST_ARGUMENTS
    }
    assert many == {}


def our_imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "accord"):
            yield node
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "accord" for name in node.names):
            yield node


def inside(tree: ast.Module) -> Iterator[ast.AST]:
    """Everything inside functions, and under `if TYPE_CHECKING`."""
    yield from functions(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield node


def test_nothing_of_ours_is_imported_inside_a_function_or_for_types_only() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for part in inside(tree_of(path))
        for node in our_imports(part)
    ]
    assert found == []


def test_every_import_is_absolute_and_named() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and (node.level or any(name.name == "*" for name in node.names))
    ]
    assert found == []


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "0 broken" in done.stdout


# What makes a result depend on anything but the arguments.
BANNED_MODULES = {"random", "time", "secrets", "socket", "subprocess", "urllib", "requests", "tempfile", "shutil", "io"}
BANNED_CALLS = {"open", "input", "print"}
CLOCKS = {"now", "today", "utcnow"}
READERS = {"read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_parquet", "write_csv", "savez"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator", "Philox"}


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in imported(node) if name in BANNED_MODULES)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_CALLS:
            yield node.lineno, node.func.id
        elif isinstance(node, ast.Attribute):
            yield from ((node.lineno, word) for word in [impure_attribute(node)] if word)
        elif isinstance(node, ast.Global):
            yield node.lineno, "global"


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").split(".")[0]]
    return [name.name.split(".")[0] for name in node.names]


def impure_attribute(node: ast.Attribute) -> str:
    owner = ast.unparse(node.value)
    if owner.endswith(("np.random", "numpy.random")):
        return "" if node.attr in SEEDED else f"global random state: {node.attr}"
    if node.attr in CLOCKS and owner.split(".")[-1] in ("datetime", "date"):
        return "the clock"
    if node.attr in READERS or (owner == "os" and node.attr in ("environ", "getenv", "open", "remove")):
        return node.attr
    return ""


@pytest.mark.parametrize("layer", ["science"])
def test_the_science_knows_no_clock_no_file_and_no_global_chance(layer) -> None:
    files = [path for path in OURS if path.is_relative_to(PACKAGE / layer)]
    assert len(files) > 10
    assert [f"{name_of(path)}:{line} {what}" for path in files for line, what in impurities(tree_of(path))] == []


@pytest.mark.parametrize(
    "impure",
    [
        "import random",
        "import time",
        "from time import monotonic",
        "x = datetime.now()",
        "x = datetime.datetime.utcnow()",
        "x = date.today()",
        "x = open('f')",
        "x = Path('f').read_text()",
        "x = np.random.normal()",
        "np.random.seed(1)",
        "x = os.environ['HOME']",
    ],
)
def test_the_test_for_that_sees(impure) -> None:
    assert list(impurities(ast.parse(impure)))


def test_the_test_for_that_lets_arguments_pass() -> None:
    assert not list(
        impurities(ast.parse("def f(rng, now):\n    return rng.normal() + now.hour + np.random.default_rng(1)"))
    )


def test_foreign_keys_point_down_the_page() -> None:
    place = {f"accord.records.{name}": number for number, name in enumerate(RECORDS)}
    upward, seen = [], 0
    for model in apps.get_models():
        home = model.__module__.rpartition(".")[0]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if home not in place or not target or field.auto_created or not getattr(target, "__module__", ""):
                continue
            there = target.__module__.rpartition(".")[0]
            seen += 1
            if there in place and place[there] > place[home]:
                upward.append(f"{model.__name__}.{field.name} → {target.__name__}")
            if there not in place and there.startswith("accord."):
                upward.append(f"{model.__name__}.{field.name} leaves the records")
    assert seen > 20
    assert upward == []


def test_only_the_records_have_tables() -> None:
    ours = {model.__module__ for model in apps.get_models() if model.__module__.startswith("accord.")}
    assert {module for module in ours if not module.startswith("accord.records.")} == set()


WRITING = {"save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ASKING = {"filter", "exclude", "objects", "get_queryset", "raw", "extra", "annotate", "aggregate", *WRITING}
DICT_WORDS = {"update"}  # a dictionary has it too: it counts after .objects or .filter only


def reaches_for_tables(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ASKING - DICT_WORDS:
            yield node.lineno, node.attr


def test_a_view_has_no_query_and_no_write_of_its_own() -> None:
    views = [path for path in OURS if path.parent.name == "views" and "surfaces" in path.parts]
    assert len(views) >= 10
    assert [
        f"{name_of(path)}:{line} .{what}" for path in views for line, what in reaches_for_tables(tree_of(path))
    ] == []


DRAWN = [
    "config",
    "surfaces/portal",
    "surfaces/workspace",
    "surfaces/dashboard",
    "surfaces/cli",
    "surfaces/shared",
    *(f"records/{name}" for name in RECORDS),
    "batch",
    "science/simulation",
    "science/matching",
    "science/ruptures",
    "science/alliance",
    "science/instruments",
    "science/errors.py",
]


@pytest.mark.parametrize("place", DRAWN)
def test_the_rooms_that_are_drawn_exist(place) -> None:
    assert (PACKAGE / place).exists()


def test_there_are_no_rooms_that_are_not_drawn() -> None:
    """A new app of the records is drawn in the architecture first: its order is the order of imports and keys."""
    rooms = {path.name for path in (PACKAGE / "records").iterdir() if path.is_dir()} - {"__pycache__", "locale"}
    assert rooms <= {*RECORDS, "sealing", "tests"}
    layers = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__", "locale"}
    assert layers == {"config", "surfaces", "records", "batch", "science"}


def test_the_architecture_page_draws_them_all() -> None:
    drawn = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for place in DRAWN:
        assert Path(place).stem in drawn, place


@pytest.mark.parametrize("app", RECORDS)
def test_every_app_has_the_same_rooms(app) -> None:
    home = PACKAGE / "records" / app
    for room in ("models.py", "actions.py", "queries.py", "migrations", "tests"):
        assert (home / room).exists(), room


def test_every_model_has_a_random_code_or_is_not_in_any_address() -> None:
    without = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("accord.") and not any(f.name == "code" for f in model._meta.get_fields())
    }
    assert without <= {"Consent", "Entry", "Judgement", "Snooze"}
