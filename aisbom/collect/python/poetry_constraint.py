"""Poetry's version constraints in the words of PEP 440.

Source: Poetry's documentation, "Dependency specification" (caret, tilde, wildcard, inequality,
exact, multiple requirements).
"""

from __future__ import annotations

import re

from packaging.specifiers import SpecifierSet
from packaging.version import Version

_CLAUSE = re.compile(r"(\^|~=|~|===|==|!=|>=|<=|>|<|=)?\s*v?([0-9A-Za-z.*+!_-]+)")
_GAPS = re.compile(r"(?<=[0-9A-Za-z*])\s*,\s*|(?<=[0-9A-Za-z*])\s+(?=[\^~=!<>])")


def pep440(constraint: str) -> tuple[str, bool]:
    """The specifier that says the same, and True; the text as it is, and False, where PEP 440 has
    no words for it (a union).
    """
    text = constraint.strip()
    if text in ("", "*", "x"):
        return "", True
    if "|" in text or len(text) > 500:
        return text, False
    clauses: list[str] = []
    for part in _GAPS.split(text.strip(", ")):
        found = _CLAUSE.fullmatch(part.strip())
        if not found:
            return text, False
        try:
            clauses.extend(_clause(found[1] or "", found[2]))
        except ValueError:
            return text, False
    try:
        return str(SpecifierSet(",".join(clauses))), True
    except ValueError:
        return text, False


def _clause(operator: str, version: str) -> list[str]:
    if version == "*":
        return []
    if operator in ("", "=", "==") and version.endswith(".*"):
        return [f"=={version}"]
    if operator in ("", "="):
        return [f"=={version}"]
    if operator not in ("^", "~"):
        return [f"{operator}{version}"]
    low = Version(version)
    release = low.release
    # The caret lets everything change behind the first number that is not zero.
    first = next((number + 1 for number, part in enumerate(release) if part), len(release))
    kept = min(len(release), 2) if operator == "~" else first
    high = [*release[: kept - 1], release[kept - 1] + 1, *(0 for _ in release[kept:])]
    epoch = f"{low.epoch}!" if low.epoch else ""
    return [f">={version}", f"<{epoch}{'.'.join(map(str, high))}"]


def python_marker(constraint: str) -> str:
    """The marker for a constraint on Python itself, `""` where it says nothing or cannot be
    said.
    """
    specifier, said = pep440(constraint)
    if not said or not specifier:
        return ""
    return " and ".join(
        sorted(f'python_version {s.operator} "{s.version}"' for s in SpecifierSet(specifier))
    )
