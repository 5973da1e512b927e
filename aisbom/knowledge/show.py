"""What is known of one thing, as text for a reader: an organisation, package, account, domain,
country, model family or licence word.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from aisbom.knowledge import HOSTS, Knowledge, Licence, Organisation
from aisbom.knowledge.check import check


def show(knowledge: Knowledge, query: str) -> str:
    """Every row that speaks about `query`, with its source and date; `""` if there is none."""
    return "\n\n".join(dict.fromkeys(_blocks(knowledge, query.strip())))


def nearest(knowledge: Knowledge, query: str) -> str:
    """`; did you mean 'x'?`, where something is called almost so; else `""`."""
    names: dict[str, str] = {}
    for periods in knowledge.organisations.values():
        for row in periods:
            for name in (row.id, row.name, *row.aliases, *row.github, *row.hub, *row.domains):
                names.setdefault(name.casefold(), name)
    for name in (*knowledge.families, *knowledge.countries.values()):
        names.setdefault(name.casefold(), name)
    near = get_close_matches(query.strip().casefold(), names, 1)
    return f"; did you mean {names[near[0]]!r}?" if near else ""


def report(extra: Path | None = None) -> tuple[str, bool]:
    """The result of the checks as text, and whether all is well."""
    problems = check(extra)
    if problems:
        return "\n".join([*problems, f"{len(problems)} problem(s)"]), False
    return "no problem found", True


def _blocks(knowledge: Knowledge, query: str) -> Iterator[str]:
    for rows in (_organisations, _packages, _models, _licence_words, _groups):
        yield from rows(knowledge, query)


def _organisations(knowledge: Knowledge, query: str) -> Iterator[str]:
    row = (
        knowledge.organisation(query.casefold())
        or knowledge.by_name(query)
        or knowledge.by_domain(query)
    )
    accounts = [knowledge.by_owner(host, query) for host in (*HOSTS, "hub")]
    for found in [row, *accounts]:
        if found:
            periods = reversed(knowledge.organisations[found.id])
            yield "\n\n".join(_organisation(knowledge, period) for period in periods)


def _packages(knowledge: Knowledge, query: str) -> Iterator[str]:
    """Packages, and accounts that say nothing of an origin."""
    package = knowledge.package(query)
    if package:
        entry, steward = package
        seat = f", seat {steward.seat}" if steward.seat else ""
        yield (
            f"package {entry.name}: {steward.name} [{steward.id}] -> {steward.origin}{seat}\n"
            f"  source   {entry.source} (as of {entry.as_of})"
        )
    for where in ("pypi", "github"):
        if person := knowledge.person_run(where, query):
            yield (
                f"{where} {person.key}: run by one person; no country is recorded\n  source  "
                f" {person.source} (as of {person.as_of})"
            )
    for where in ("huggingface", "modelscope", "github"):
        if row := knowledge.not_origin(query, "", where):
            yield (
                f"{where} {row.namespace}: never an origin ({row.kind}: {row.why})\n  source  "
                f" {row.source} (as of {row.as_of})"
            )


def _models(knowledge: Knowledge, query: str) -> Iterator[str]:
    if family := knowledge.families.get(query):
        designers = [(one, knowledge.organisation(one)) for one in family.organisations]
        answers = [
            f"{row.name} [{row.id}] -> {row.origin}" if row else one for one, row in designers
        ]
        yield (
            f"model_type {query}: {'; '.join(answers)} ({family.basis})\n  source  "
            f" {family.source} (as of {family.as_of})" + _note(family.note)
        )


def _licence_words(knowledge: Knowledge, query: str) -> Iterator[str]:
    """What words mean as a licence, and what a licence allows and asks."""
    for kind in ("text", "classifier", "hub", "name"):
        if licence := knowledge.licence(kind, query):
            yield (
                f"licence words ({kind}) {licence.words!r}: {licence.expression}\n  source  "
                f" {licence.source}" + _note(licence.note)
            )
    if terms := knowledge.terms(query):
        yield _licence(knowledge, terms)


def _groups(knowledge: Knowledge, query: str) -> Iterator[str]:
    """Countries and groups of countries."""
    code = query.upper()
    if code in knowledge.countries:
        yield _country(knowledge, code)
    if members := knowledge.members(code):
        yield f"group {code}: {', '.join(sorted(members))}"


def _licence(knowledge: Knowledge, row: Licence) -> str:
    """What a licence allows and asks."""
    words = {"1": "yes", "0": "no", "": "not settled"}
    steward = knowledge.organisation(row.steward)
    cells = (
        ("use", row.use),
        ("change", row.modify),
        ("pass on", row.share),
        ("any purpose", row.any_field),
        ("no name", row.no_naming),
    )
    lines = [
        f"licence {row.id}: {row.name}",
        f"  allows   {', '.join(f'{name}: {words[cell]}' for name, cell in cells)}",
    ]
    threshold = f" ({int(row.user_threshold):,} users)" if row.user_threshold else ""
    lines.append(f"  asks     {', '.join(row.obligations) or 'nothing'}{threshold}")
    if steward:
        lines.append(f"  text of  {steward.name} [{steward.id}] -> {steward.origin}")
    return "\n".join(lines) + f"\n  source   {row.source} (as of {row.as_of})" + _note(row.note)


def _organisation(knowledge: Knowledge, row: Organisation) -> str:
    period = (
        f"  ({row.valid_from or '...'} to {row.valid_to or 'now'})"
        if row.valid_from or row.valid_to
        else ""
    )
    parent = " ".join(
        part
        for part in (row.ultimate_parent or row.name, f"({row.ultimate_parent_country})")
        if part != "()"
    )
    lines = [
        f"{row.name} [{row.id}], {row.kind}{period}",
        f"  origin   {row.origin} (scope {row.scope})",
    ]
    if row.seat:
        lines.append(f"  seats    legal {row.seat} (of the body that holds it), effective several")
    if row.scope == "national":
        lines.append(
            f"  seats    legal {row.legal_seat or '?'}, effective {row.effective_seat or '?'};"
            f" ultimate parent {parent}"
        )
    if chain := _chain(knowledge, row):
        lines.append(f"  parents  {' -> '.join(chain)}")
    for label, values in (
        ("names", (*row.aliases, *row.holders)),
        ("domains", row.domains),
        ("github", row.github),
        ("gitlab", row.gitlab),
        ("gitee", row.gitee),
        ("hub", row.hub),
    ):
        if values:
            lines.append(f"  {label:8} {'; '.join(dict.fromkeys(values))}")
    lines.append(f"  source   {row.source} (as of {row.as_of}, confidence {row.confidence})")
    return "\n".join(lines) + _note(row.note)


def _chain(knowledge: Knowledge, row: Organisation) -> list[str]:
    chain: list[str] = []
    while row.parent and row.parent not in chain:
        chain.append(row.parent)
        above = knowledge.organisation(row.parent)
        if above is None:
            break
        row = above
    return chain


def _country(knowledge: Knowledge, code: str) -> str:
    rows = sorted(
        periods[-1].id for periods in knowledge.organisations.values() if periods[-1].origin == code
    )
    groups = sorted({row.group for row in knowledge.groups if row.member == code and not row.until})
    listed = ", ".join(rows) if rows else "none"
    inside = f", in {', '.join(groups)}" if groups else ""
    return (
        f"country {code}: {knowledge.countries[code]}{inside}\n  {len(rows)} organisation(s):"
        f" {listed}"
    )


def _note(note: str) -> str:
    return f"\n  note     {note}" if note else ""
