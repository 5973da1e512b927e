"""What the models and code projects of an organisation are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aisbom.knowledge import release_names
from aisbom.knowledge.rows import CodeProject, ModelFamily


def by_organisation(
    families: Iterable[ModelFamily],
    projects: Iterable[CodeProject],
    owners: Mapping[tuple[str, str], str],
) -> dict[str, frozenset[str]]:
    """`{id of an organisation: names without punctuation}`; what several designed together is
    nobody's. `owners` are ids by host and account.
    """
    found: dict[str, set[str]] = {}
    for family in families:
        if len(family.organisations) == 1 and family.basis == "curated":
            found.setdefault(family.organisations[0], set()).add(plain(family.model_type))
    for word, identity in release_names.table().items():
        found.setdefault(identity, set()).add(plain(word))
    for project in projects:
        owner, _, name = project.repository.partition("/")
        identity = owners.get(("github", owner.casefold()), "")
        if project.kind in ("name", "module") and identity:
            found.setdefault(identity, set()).update((plain(name), plain(project.name)))
    return {
        identity: frozenset(name for name in names if len(name) > 2)
        for identity, names in found.items()
    }


def plain(name: str) -> str:
    """A name as it is compared: letters and digits, in lower case."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
