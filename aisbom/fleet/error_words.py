"""What an error says, without the credentials of the addresses that led to it: libraries put whole
addresses, or pieces of them, into their messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from aisbom.model import redact
from aisbom.model.plain import plain

_LONGEST = 300
_SHORTEST = 4
"""Characters of what is taken out wherever it stands: less of them may be part of any word."""
_USER = re.compile(r"://(?P<user>[^/\s]*)@")


def describe_error(error: BaseException, *addresses: str) -> str:
    """The error on one line of at most 300 characters, free of what `addresses` hold beside the
    public part: user, password, query. The name of its type where it says nothing.
    """
    words = str(getattr(error, "strerror", "") or error)
    for secret in sorted({s for one in addresses for s in _secrets(one)}, key=len, reverse=True):
        words = words.replace(secret, "…")
    return plain(redact.text(" ".join(words.split()))[:_LONGEST]) or type(error).__name__


def _secrets(address: str) -> Iterator[str]:
    """What of an address nobody else may read, as it stands and decoded."""
    found = []
    if user := _USER.search(address):
        name, _, password = user["user"].partition(":")
        found += [f"{user['user']}@", password, *([name] if password else ())]
    before, asks, query = address.partition("?")
    if asks and "://" in before:
        query = query.partition("#")[0]
        found += [query, *(value for _, value in parse_qsl(query, keep_blank_values=True))]
    for one in found:
        for form in (one, unquote(one)):
            if len(form) >= _SHORTEST:
                yield form
