"""Licence texts for tests, from the distributions that every test environment has: none is kept in
this repository but its own.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

OWN = Path(__file__).parents[2] / "LICENSE"

# (distribution, end of the path of the file, identifier)
INSTALLED = (
    ("pytest", "LICENSE", "MIT"),
    ("iniconfig", "LICENSE", "MIT"),
    ("pluggy", "LICENSE", "MIT"),
    ("attrs", "LICENSE", "MIT"),
    ("packaging", "LICENSE.APACHE", "Apache-2.0"),
    ("packaging", "LICENSE.BSD", "BSD-2-Clause"),
    ("hypothesis", "LICENSE.txt", "MPL-2.0"),
    ("gitpython", "LICENSE", "BSD-3-Clause"),
    ("lxml", "licenses/LICENSE.txt", "BSD-3-Clause"),
    ("defusedxml", "LICENSE", "PSF-2.0"),
    ("boolean.py", "LICENSE.txt", "BSD-2-Clause"),
)


def installed(name: str, end: str) -> str:
    """The text of a licence file of an installed distribution; skips the test where it is not
    installed.
    """
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed here: its licence file cannot be read")
    for file in files:
        if str(file).endswith(f"/{end}") and "dist-info" in str(file):
            return file.read_text("utf-8")
    pytest.skip(f"{name} has no {end} here")


def mit() -> str:
    """The MIT licence as pytest bears it."""
    return installed("pytest", "LICENSE")


def apache() -> str:
    """The Apache licence of this project."""
    return OWN.read_text("utf-8")
