"""The configuration of a tree that is judged by somebody else: its declarations stay, and whatever
would change the judgement is listed and not applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aisbom.config import Config, PolicyTable
from aisbom.model.vocabulary import quote


def declarations_only(config: Config) -> tuple[Config, tuple[str, ...]]:
    """The configuration without its say over the judgement, and what is left out, a line each.

    Claims about facts stay: they meet what the files show. Home, profile, policy, waivers,
    excludes, own rows of knowledge, and roles that override the program's own go.
    """
    claims = tuple(row for row in config.declared if not row.override)
    kept = replace(
        config,
        home=(),
        profile="",
        exclude=(),
        declared=claims,
        policy=PolicyTable(),
        knowledge=None,
    )
    return kept, tuple(_left_out(config))


def _left_out(config: Config) -> Iterator[str]:
    if config.home:
        yield f"home {quote(','.join(config.home))}"
    if config.profile:
        yield f"profile {quote(config.profile)}"
    for glob in config.exclude:
        yield f"exclude {quote(glob)}"
    if config.knowledge is not None:
        yield f"knowledge {quote(config.knowledge.name)}"
    for row in config.declared:
        if row.override:
            yield f"{row.attribute} {row.value} of {quote(row.component)}"
    use = config.policy.table.get("use")
    if use:
        yield f"policy {quote(use)}"
    waivers = config.policy.table.get("waiver")
    for waiver in waivers if isinstance(waivers, list) else ():
        if isinstance(waiver, dict):
            what = quote(waiver.get("requirement", "?"))
            yield f"waiver of {what} for {quote(waiver.get('component', '?'))}"
