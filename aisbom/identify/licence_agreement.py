"""Whether two licences that are written differently may be one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPDX = re.compile(r"(?<![\w.\-])(?!AND\b|OR\b|WITH\b)[A-Za-z0-9.\-+]+")
# The file that comes with Python holds the PSF's licence and those before it; either name is used
# for it.
_SAME = {
    "python-2.0": "psf-2.0",
    "python-2.0.1": "psf-2.0",
    "agpl-3.0+": "agpl-3.0",
    "cnri-python": "psf-2.0",
}


def agree(expression: str, observed_id: str) -> bool:
    """Whether a text may be that of a licence in a declared expression."""
    return any(
        _alike(one, two) for one in identifiers(expression) for two in identifiers(observed_id)
    )


def covers(expression: str, observed_ids: Iterable[str]) -> bool:
    """Whether every text is one that the declared expression names."""
    return all(agree(expression, one) for one in observed_ids)


def identifiers(expression: str) -> tuple[str, ...]:
    """The licence identifiers of an expression, without exceptions."""
    return tuple(_SPDX.findall(re.sub(r"\bWITH\s+[\w.\-]+", "", expression)))


def _alike(one: str, two: str) -> bool:
    one, two = _bare(one), _bare(two)
    # `LicenseRef-EXAONE` states no version, and so does not contradict `LicenseRef-EXAONE-1.1-NC`.
    return one == two or (
        one.startswith("licenseref-") and (one.startswith(f"{two}-") or two.startswith(f"{one}-"))
    )


def _bare(name: str) -> str:
    name = name.lower().removesuffix("+").removesuffix("-only").removesuffix("-or-later")
    return _SAME.get(name, name)
