"""A home jurisdiction as the user names it, as country codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from aisbom.errors import UsageError
from aisbom.knowledge import Knowledge


def expand(home: Iterable[str], knowledge: Knowledge) -> list[str]:
    """The ISO 3166-1 alpha-2 codes of `home`, sorted, with groups such as EU replaced by their
    members. Raises UsageError for what is neither, with the code that was probably meant.
    """
    codes: set[str] = set()
    for item in home:
        code = item.strip().upper()
        members = knowledge.members(code)
        if not members and code not in knowledge.countries:
            groups = ", ".join(sorted({row.group for row in knowledge.groups}))
            meant = _suggest_countries(item.strip(), knowledge)
            hint = f"; did you mean {' or '.join(meant)}?" if meant else "; for example --home KR"
            raise UsageError(
                f"--home {item}: not an ISO 3166-1 alpha-2 code or a group ({groups}){hint}"
            )
        codes.update(members or {code})
    return sorted(codes)


def _suggest_countries(word: str, knowledge: Knowledge) -> list[str]:
    """Up to three codes, with their names, of countries that `word` may stand for: initials,
    the beginning of a name (alpha-3 codes mostly are), a name with a word more, or a misspelt one.
    """
    low = word.casefold()
    if not low:
        return []
    names = {name.casefold(): code for code, name in knowledge.countries.items()}
    found = [code for name, code in names.items() if low == _initials(name)]
    found = found or [code for name, code in names.items() if name.startswith(low)]
    if not found:
        words = set(low.split())
        found = [code for name, code in names.items() if name.split(",")[0] in words]
    if not found:
        found = [names[name] for name in difflib.get_close_matches(low, names, 1, 0.75)]
    # Where one beginning fits many, a name is no answer.
    return [f"{code} ({knowledge.countries[code]})" for code in found] if len(found) < 4 else []


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split() if part not in ("of", "the", "and"))
