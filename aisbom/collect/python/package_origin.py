"""Where a package comes from belongs to its identity: its purl says so in qualifiers.

Source: the Package-URL specification, known qualifiers `repository_url` (another registry than the
default one), `vcs_url` and `download_url`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

Pairs = tuple[tuple[str, str], ...]

_SHORT = re.compile(r"^(?P<tool>(?:[a-z]+\+)?)(?!git@)[\w.\-]+(?::[^@/\s]*)?@(?=[\w.\-]+:)")
_QUALIFIERS = (("vcs-url", "vcs_url"), ("url", "download_url"), ("index", "repository_url"))


def add_qualifier(purl: str, pairs: Pairs) -> str:
    """The purl with the qualifier that these facts ask for: the most direct place is named alone.

    A `repository_url` is the index's address without credentials, query and closing slash.
    """
    stated = dict(reversed(pairs))
    if "?" in purl or not purl.startswith("pkg:pypi/") or "local" in stated:
        return purl
    for fact, qualifier in _QUALIFIERS:
        if value := stated.get(fact, ""):
            address = without_credentials(value)
            if fact == "index":
                address = address.partition("?")[0].partition("#")[0].rstrip("/")
            return f"{purl}?{qualifier}={quote(address, safe='-._~:/')}"
    return purl


def without_credentials(address: str) -> str:
    """An address without user and password; the `git` user of ssh is none and stays, in the short
    form `git@host:path` too.

    A version control address keeps its revision, `@commit` behind the path.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        return _SHORT.sub(r"\g<tool>", address)
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    kept = f"{user}{at}" if scheme.rpartition("+")[2] == "ssh" and user == "git" else ""
    return f"{scheme}://{kept}{host}{slash}{path}"
