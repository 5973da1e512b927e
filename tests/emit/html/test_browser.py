"""The report in a real browser: no violation that axe-core knows, no sideways scrolling on a phone,
and filter and sorting that work. Skipped where there is no Chromium with its driver.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.program import ROOT, document_of, run

axe = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed")
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
DRIVER = shutil.which("chromedriver")
CASES = ("multimodal", "copied-code", "small-stack")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not DRIVER or not (shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("no Chromium with its driver is installed here")
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield opened
    opened.quit()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("case", CASES)
def test_the_page_is_accessible_and_fits_a_phone(
    browser: Any, tmp_path: Path, case: str, language: str
) -> None:
    file = tmp_path / "report.html"
    document = document_of(ROOT / "fixtures" / case)
    assert run("report", document, "-o", file, "--lang", language).returncode == 0
    browser.set_window_size(1200, 900)
    browser.get(file.as_uri())
    checked = axe.Axe(browser)
    checked.inject()
    assert [row["id"] for row in checked.run()["violations"]] == []
    browser.set_window_size(500, 800)  # Chromium opens no narrower window
    assert browser.execute_script(
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_filter_and_sorting_work(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    run("report", document_of(ROOT / "fixtures" / "small-stack"), "-o", file, "--lang", "en")
    browser.get(file.as_uri())
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
