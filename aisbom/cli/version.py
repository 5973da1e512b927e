"""Which aisbom this is, and whether another distribution has put its files in the same place."""

from __future__ import annotations

from importlib import metadata

from aisbom.__version__ import __version__

_RIVAL = "aisbom-cli"
"""Another program on PyPI, which installs a command and a folder of our name
(https://pypi.org/project/aisbom-cli/, as of 2026-11).
"""


def version() -> str:
    """The name and version of this program."""
    return f"aisbom {__version__}"


def rival() -> str:
    """A sentence about the other distribution where it is installed beside this one, else `""`."""
    try:
        other = metadata.version(_RIVAL)
    except metadata.PackageNotFoundError:
        return ""
    return (
        f"the distribution {_RIVAL} {other} is installed in this environment too; it has the same"
        " command and folder, so files of both may be mixed: install one of them elsewhere"
    )
