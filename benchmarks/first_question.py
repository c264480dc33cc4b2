"""How soon the first question stands there: a fresh phone, slow 4G, a processor four times slower than this one.

    python benchmarks/first_question.py http://localhost:8000      (the demo must be running there)

Prints for each network the median of five visits, and what the page loads, gzipped. The line is Lighthouse's "slow 4G"
(1.6 Mbit/s, 150 ms there and back); the second one is DevTools' older and harder profile of that name.
"""

import gzip
import shutil
import statistics
import sys

from playwright.sync_api import Browser, Page, Request, sync_playwright

NETWORKS = {"slow 4G": (1_600, 750, 150), "DevTools, harder": (1_440, 675, 562)}  # kbit/s down, up; ms
VISITS = 5
PAINTED = """() => {
  const paint = performance.getEntriesByType("paint").find((each) => each.name === "first-contentful-paint");
  return paint ? paint.startTime : null;
}"""


def throttle(page: Page, network: tuple[int, int, int]) -> None:
    down, up, latency = network
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    limits = {"downloadThroughput": down * 125, "uploadThroughput": up * 125, "latency": latency, "offline": False}
    wire.send("Network.emulateNetworkConditions", limits)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def visit(browser: Browser, url: str, network: tuple[int, int, int]) -> tuple[float, float, dict[str, int]]:
    """ms until the first paint, ms until the question can be answered, and the gzipped bytes by kind."""
    context = browser.new_context(viewport={"width": 390, "height": 700}, service_workers="block")
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # it takes no built-in
    throttle(page, network)
    page.goto(url)
    page.wait_for_selector("form.stepped [data-current] .key")
    ready = page.evaluate("performance.now()")
    painted = page.evaluate(PAINTED)
    sizes: dict[str, int] = {}
    for request in finished:  # what ends only now is no longer weighed
        kind, weight = weighed(request)
        sizes[kind] = sizes.get(kind, 0) + weight
    context.close()
    return painted, ready, sizes


def weighed(request: Request) -> tuple[str, int]:
    """Kind and bytes; fonts are compressed already."""
    response, kind = request.response(), request.resource_type
    body = response.body() if response else b""
    return kind, len(body) if kind == "font" else len(gzip.compress(body))


def main(server: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{server}/demo/outbox/")
        link = page.locator("a[href*='/c/']").first.get_attribute("href") or ""
        for name, network in NETWORKS.items():
            runs = [visit(browser, link, network) for _ in range(VISITS)]
            painted, ready = statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)
            print(f"{name}: the question is seen after {painted:.0f} ms, ready after {ready:.0f} ms")  # noqa: T201
        print("gzipped:", dict(sorted(runs[0][2].items())))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
