"""The report in a real browser: no violation that axe-core knows, a phone that shows three findings
without scrolling, a page that is the same without scripts, and filter and sorting that work.

Skipped where there is no Chromium with its driver, or no selenium. The check by axe-core needs the
file that the variable AXE_CORE names (`axe.min.js` of the npm package `axe-core`).
"""

from __future__ import annotations

import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aisbom.bom import Part
from aisbom.emit.cyclonedx.read import read
from aisbom.emit.html import report
from tests.program import ROOT, document_of, run

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AXE_CORE", "")
EVERY = sorted(path.parent.name for path in (ROOT / "fixtures").glob("*/input"))
CASES = ("multimodal", "copied-code")
SWITCHES = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-quic"),
)
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
DESK = {"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": False}


@contextmanager
def opened(folder: Path, **settings: object) -> Iterator[Any]:
    """A browser with a profile of its own."""
    if not DRIVER or not (shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("no Chromium with its driver is installed here")
    options = webdriver.ChromeOptions()
    for word in (*SWITCHES, f"--user-data-dir={folder}"):
        options.add_argument(word)
    options.add_experimental_option("prefs", settings)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with opened(tmp_path_factory.mktemp("profile")) as one:
        yield one


def show(browser: Any, size: dict[str, object], scheme: str = "light", medium: str = "") -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})


def page_of(case: str, folder: Path, language: str = "en") -> str:
    file = folder / "report.html"
    done = run("report", document_of(ROOT / "fixtures" / case), "-o", file, "--lang", language)
    assert done.returncode == 0, done.stderr
    return file.as_uri()


def fits(browser: Any) -> bool:
    """Whether nothing stands beside the page."""
    root = "document.documentElement"
    return bool(browser.execute_script(f"return {root}.scrollWidth <= {root}.clientWidth"))


CUT = """
const out = [], width = document.documentElement.clientWidth;
for (const one of document.querySelectorAll("body *")) {
  if (one.closest(".scroll, .skip")) continue;
  const box = one.getBoundingClientRect();
  if (box.width && (box.right > width + 1 || box.left < -1)) out.push(one.outerHTML.slice(0, 90));
}
for (const text of document.querySelectorAll("svg text")) {
  const inner = text.getBoundingClientRect(), outer = text.closest("svg").getBoundingClientRect();
  if (inner.left < outer.left - 1 || inner.right > outer.right + 1) out.push(text.textContent);
}
return out;
"""


def violations(browser: Any) -> list[tuple[str, str]]:
    if not AXE:
        return []
    browser.execute_script(Path(AXE).read_text("utf-8"))
    # What is laid out only when it comes near is looked at, too.
    browser.execute_script(
        "for (const one of document.querySelectorAll('main > section'))"
        " one.style.contentVisibility = 'visible'"
    )
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    return [(row["id"], row["nodes"][0]["html"]) for row in found["violations"]]


def first_bottoms(browser: Any) -> list[float]:
    """Where the findings of the first screen end."""
    script = "return [...document.querySelectorAll('ol.first li')].map(LOW)"
    return list(
        browser.execute_script(script.replace("LOW", "(one) => one.getBoundingClientRect().bottom"))
    )


@pytest.mark.parametrize(("number", "case"), list(enumerate(EVERY)))
def test_every_fixture_reads_well(browser: Any, tmp_path: Path, number: int, case: str) -> None:
    """On a phone, at a desk and on paper: nothing is cut, no violation, the findings first. The
    languages and the schemes of colours take turns.
    """
    file = tmp_path / "report.html"
    file.write_bytes(
        report(read(document_of(ROOT / "fixtures" / case)), [], ("en", "ko")[number % 2])
    )
    browser.get(file.as_uri())
    for size, medium in ((DESK, ""), ({**DESK, "width": 794}, "print"), (PHONE, "")):
        show(browser, size, ("light", "dark")[number // 2 % 2], medium)
        assert fits(browser)
        assert browser.execute_script(CUT) == []
    assert all(bottom <= 740 for bottom in first_bottoms(browser))
    assert violations(browser) == []


@pytest.mark.skipif(not AXE, reason="AXE_CORE names no axe.min.js")
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("case", CASES)
def test_the_page_is_accessible(browser: Any, tmp_path: Path, case: str, language: str) -> None:
    browser.get(page_of(case, tmp_path, language))
    for scheme, size in (("light", DESK), ("dark", DESK), ("light", PHONE)):
        show(browser, size, scheme)
        assert violations(browser) == [], (scheme, size)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("case", CASES)
def test_a_phone_shows_the_findings_first(
    browser: Any, tmp_path: Path, case: str, language: str
) -> None:
    """Three findings without scrolling, and nothing that has to be scrolled sideways."""
    browser.get(page_of(case, tmp_path, language))
    show(browser, PHONE)
    assert fits(browser)
    bottoms = first_bottoms(browser)
    assert len(bottoms) <= 3
    assert all(bottom <= 740 for bottom in bottoms)


def test_all_of_it_is_there_without_scripts(tmp_path: Path) -> None:
    blocked = {"profile.managed_default_content_settings.javascript": 2}
    with opened(tmp_path / "profile", **blocked) as browser:
        browser.get(page_of("multimodal", tmp_path))
        words = browser.find_element("tag name", "body").text
        assert "What to know first" in words
        assert not browser.find_element("id", "filter").is_displayed()
        link = browser.find_element("css selector", ".finding a")
        claim = browser.find_element("id", link.get_attribute("href").rpartition("#")[2])
        # By the keyboard: what comes near is laid out only now, and moves what a mouse aims at.
        claim.find_element("xpath", "..").find_element("tag name", "summary").send_keys("\n")
        assert claim.is_displayed()


def test_a_link_to_a_claim_unfolds_it(browser: Any, tmp_path: Path) -> None:
    browser.get(page_of("multimodal", tmp_path))
    show(browser, DESK)
    link = browser.find_element("css selector", ".finding a")
    claim = browser.find_element("id", link.get_attribute("href").rpartition("#")[2])
    assert not claim.is_displayed()
    link.click()
    assert claim.get_attribute("open") is not None
    assert claim.is_displayed()


def test_on_paper_nothing_is_cut(browser: Any, tmp_path: Path) -> None:
    browser.get(page_of("multimodal", tmp_path))
    show(browser, {**DESK, "width": 794}, medium="print")  # A4 at 96 dots an inch
    assert fits(browser)
    assert not browser.find_element("id", "filter").is_displayed()
    ways = "return [...document.querySelectorAll('main > section')].map(WAY)"
    way = "(one) => getComputedStyle(one).contentVisibility"
    assert set(browser.execute_script(ways.replace("WAY", way))) == {"visible"}
    show(browser, DESK)
    assert "auto" in browser.execute_script(ways.replace("WAY", way))


def test_all_of_it_is_printed(browser: Any, tmp_path: Path) -> None:
    """As many pages as with everything laid out at once."""
    page = page_of("multimodal", tmp_path, "ko")
    browser.get(page)
    printed = [browser.execute_cdp_cmd("Page.printToPDF", {})["data"]]
    browser.get(page)
    browser.execute_script(
        "for (const one of document.querySelectorAll('main > section'))"
        " one.style.contentVisibility = 'visible'"
    )
    printed.append(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    pages = [b64decode(one).count(b"/Type /Page\n") for one in printed]
    assert pages[0] == pages[1] > 2


def test_a_thousand_parts_open_within_a_second(browser: Any, tmp_path: Path) -> None:
    bom = read(document_of(ROOT / "fixtures" / "multimodal"))
    facts = (("component.class", "dependency"), ("component.role", "peripheral"))
    more = tuple(
        Part(f"pkg:pypi/p{number}@1", "library", f"p{number}", "1", facts=facts)
        for number in range(1000)
    )
    file = tmp_path / "report.html"
    file.write_bytes(report(replace(bom, parts=(*bom.parts, *more)), [], "ko"))
    show(browser, DESK)
    browser.get(file.as_uri())
    count = len(bom.parts) - 1 + len(more)
    assert browser.find_element("id", "shown").text == f"{count} / {count}"
    took = browser.execute_script(
        "return performance.getEntriesByType('navigation')[0].loadEventEnd"
    )
    assert took < 1000


def test_filter_and_sorting_work(browser: Any, tmp_path: Path) -> None:
    browser.get(page_of("small-stack", tmp_path))
    show(browser, DESK)
    field = browser.find_element("id", "filter")
    field.send_keys("safetensors")
    count, whole = map(int, browser.find_element("id", "shown").text.split(" / "))
    assert 0 < count < whole
    field.send_keys("\b" * 11)
    assert browser.find_element("id", "shown").text == f"{whole} / {whole}"
    browser.find_element("css selector", "#components th button").click()
    cells = browser.find_elements("css selector", "#components tbody td:first-child")
    letters = [one.text[0].casefold() for one in cells if one.text[0].isalpha()]
    assert letters == sorted(letters)
