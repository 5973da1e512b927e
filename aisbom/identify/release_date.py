"""When a component was released, as far as anything in the tree says so: organisations are asked
for that day.
"""

from __future__ import annotations

import re

from aisbom.model import Component

_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)


def find_release_day(component: Component) -> str:
    """The day (YYYY-MM-DD) on which a lock says that the package came to its index, else that of
    the commit that is checked out.

    Empty where neither is stated: neither wheels, nor model cards, nor the metadata of an installed
    distribution hold a date.
    """
    uploads = [words[:10] for words, _ in component.facts("upload-time") if _DAY.match(words)]
    if uploads:
        return min(uploads)
    return max(
        (words[:10] for words, _ in component.facts("commit-time") if _DAY.match(words)), default=""
    )
