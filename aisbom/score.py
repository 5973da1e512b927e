"""Share per role and leg as an interval, with every contribution listed (method and limits: docs/score.md).

Unknown counts as [0, 1] and contested as [min, max] of the contested values, so a number never comes from nowhere: more evidence
can only narrow an interval. Inside a class a component weighs its natural size; one of unknown size could weigh anything, which
widens the class's interval to hold its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aisbom.classify.profile import LEGS, Profile
from aisbom.ledger import Answer, resolve
from aisbom.model import Claim, Component, Scan

Interval = tuple[float, float]
WHOLE: Interval = (0.0, 1.0)
SCORED = ("core", "peripheral")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One component's degree under one leg. `size` is parameters, lines or a count; None where it is not known."""

    ref: str
    name: str
    role: str
    kind: str
    leg: str
    low: float
    high: float
    size: int | None
    answered: bool
    why: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """What settling one open question would do to the score of its role."""

    ref: str
    name: str
    role: str
    leg: str
    question: str
    now: Interval
    best: Interval
    worst: Interval


@dataclass(frozen=True, slots=True)
class Score:
    """`legs[role][leg]` and `totals[role]` are intervals in [0, 1]; role is `core`, `peripheral` or `overall`.

    `coverage` is the share of weight whose questions have an answer; `countries[role]` maps a country (or `international`,
    `person-undisclosed`, `contested`, `unknown`) to its share of weight; `missing` are expected classes of which nothing was found.
    """

    profile: str
    profile_digest: str
    home: tuple[str, ...]
    home_from: str
    legs: Mapping[str, Mapping[str, Interval]]
    totals: Mapping[str, Interval]
    coverage: float
    countries: Mapping[str, Mapping[str, float]]
    weakest: str
    missing: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    moves: tuple[Move, ...] = field(default=())


Freedom = Callable[[str], float | None]
"""Licence expression -> the share of the freedoms to use, change and pass on that it grants; None where it is not known."""


def score(scan: Scan, profile: Profile, home: Iterable[str], home_from: str, freedom: Freedom) -> Score:
    """The score of a classified scan. `home` are ISO 3166-1 alpha-2 codes; empty: origin is not scored, shares are shown."""
    homes = tuple(sorted(set(home)))
    claims: dict[str, dict[str, list[Claim]]] = {}
    for claim in scan.claims:
        claims.setdefault(claim.subject, {}).setdefault(claim.attribute, []).append(claim)
    contributions: list[Contribution] = []
    shares: dict[str, dict[str, list[tuple[str, int | None]]]] = {}
    for component in _counted(scan):
        answers = {attribute: resolve(rows) for attribute, rows in claims.get(component.ref, {}).items()}
        role, kind = _value(answers, "role"), _value(answers, "class")
        if role not in SCORED or kind not in profile.roles:
            continue
        origin = answers.get(f"origin.{profile.facets[kind]}", Answer("unknown"))
        licence = _licence(answers)
        size = _size(component, kind)
        for leg, (interval, why, answer) in _degrees(
            origin, licence, kind, homes=homes, neutral=profile.international, freedom=freedom
        ).items():
            answered = answer.state != "unknown" and not (leg == "origin" and not homes)
            refs = tuple(c.ref for c in answer.carried)
            contributions.append(Contribution(component.ref, component.name, role, kind, leg, *interval, size, answered, why, refs))
        shares.setdefault(role, {}).setdefault(kind, []).append((_country(origin), size))
    missing = tuple(c for c in profile.expected if not any(x.kind == c for x in contributions))
    legs, totals = _table(contributions, profile, missing)
    ordered = tuple(sorted(contributions, key=lambda c: (c.role, c.kind, c.name, c.ref, LEGS.index(c.leg))))
    return Score(
        f"{profile.name}@{profile.version}",
        profile.digest,
        homes,
        home_from,
        legs,
        totals,
        _coverage(contributions, profile, missing),
        {role: _by_country(shares.get(role, {}), profile, [m for m in missing if profile.roles[m] == role]) for role in SCORED},
        _weakest(contributions),
        missing,
        ordered,
        _moves(contributions, profile, missing, totals, homes),
    )


def _counted(scan: Scan) -> list[Component]:
    """The components that carry weight: not the whole, not the files of a model, not a project whose code counts by itself."""
    models = {c.ref for c in scan.components if c.kind == "machine-learning-model"}
    parts = {r.target for r in scan.relations if r.kind == "contains" and r.source in models}
    holders = {r.source for r in scan.relations if r.kind == "contains"} - models
    tokenizers = {c.ref for c in scan.components if "tokenizer" in c.kinds and c.kind == "file"}
    return [c for c in scan.components if c.ref != scan.root and c.ref not in holders and (c.ref not in parts or c.ref in tokenizers)]


def _value(answers: Mapping[str, Answer], attribute: str) -> str:
    """The agreed value; for role and class, which are judgements of the program, a weak one counts too."""
    answer = answers.get(attribute)
    if answer is None:
        return ""
    if answer.state == "agreed":
        return answer.value
    return answer.against[0].value if answer.against and answer.state == "unknown" else ""


def _licence(answers: Mapping[str, Answer]) -> Answer:
    for attribute in ("licence.concluded", "licence.declared", "licence.observed"):
        answer = answers.get(attribute)
        if answer is not None and answer.state != "unknown":
            return answer
    return Answer("unknown")


def _size(component: Component, kind: str) -> int | None:
    if kind.endswith("-weights"):
        return sum(int(o.fact("parameters")) for o in component.weights) or None
    if kind.endswith("-code"):
        return sum(int(o.fact("lines") or 0) for o in component.observations if o.kind == "source") or None
    return 1 if kind in ("dependency", "service", "build-tool", "tokenizer", "training-data") else None


def _degrees(
    origin: Answer, licence: Answer, kind: str, *, homes: Sequence[str], neutral: float, freedom: Freedom
) -> dict[str, tuple[Interval, str, Answer]]:
    ours = _hull(_home_share(value, homes, neutral) for value in origin.values) if homes and origin.values else WHOLE
    if not homes:
        said = "no home jurisdiction given (--home)"
    else:
        said = {"unknown": "origin unknown", "contested": "contested: " + " / ".join(origin.values)}.get(origin.state, origin.value)
    free = [freedom(value) for value in licence.values]
    control = _hull((f, f) if f is not None else WHOLE for f in free) if free else WHOLE
    carried = licence
    why = " / ".join(licence.values) or "licence unknown"
    if ours == (1.0, 1.0):
        control, carried, why = (1.0, 1.0), origin, "ours"
    elif homes and ours[1] == 1.0:
        control = (control[0], 1.0)  # it may yet turn out to be ours, and then no licence binds us
    # What is declared with its licence is attributed as far as this version looks; whether copied code lost a notice it does not.
    known = licence.state == "agreed" and not kind.endswith("-code")
    attribution = (1.0, 1.0) if known else WHOLE
    noted = "declared with a licence" if known else "notices of copied code not examined" if kind.endswith("-code") else "licence unknown"
    return {
        "origin": (ours, said, origin),
        "control": (control, why, carried),
        "attribution": (attribution, noted, licence if known else Answer("unknown")),
    }


def _home_share(value: str, homes: Sequence[str], neutral: float) -> Interval:
    if value == "international":
        return (neutral, neutral)
    codes = value.split(",")
    if not all(len(code) == 2 and code.isupper() for code in codes) or "ZZ" in codes:
        return WHOLE
    inside = [code in homes for code in codes]
    # Several countries, some of them home: how much of it is ours was not stated.
    return (1.0, 1.0) if all(inside) else (0.0, 0.0) if not any(inside) else WHOLE


def _hull(intervals: Iterable[Interval]) -> Interval:
    rows = list(intervals)
    return (min(low for low, _ in rows), max(high for _, high in rows))


def _mean(rows: Sequence[tuple[Interval, int | None]]) -> Interval:
    """The interval of one class: the mean weighted by size, widened to hold every row whose size is not known."""
    sized = [(interval, size) for interval, size in rows if size is not None]
    total = sum(size for _, size in sized)
    parts = [interval for interval, size in rows if size is None]
    if total:
        parts.append((sum(i[0] * s for i, s in sized) / total, sum(i[1] * s for i, s in sized) / total))
    return _hull(parts) if parts else WHOLE


def _weighted(rows: Iterable[tuple[Interval, float]]) -> Interval:
    found = [(interval, weight) for interval, weight in rows if weight > 0]
    total = sum(weight for _, weight in found)
    if not total:
        return WHOLE
    low = sum(interval[0] * weight for interval, weight in found) / total
    high = sum(interval[1] * weight for interval, weight in found) / total
    return (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0))


def _table(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]
) -> tuple[dict[str, dict[str, Interval]], dict[str, Interval]]:
    """Intervals by role and leg, and the total of each role; a class is averaged first, then classes by the profile's weights."""
    rows: dict[tuple[str, str], dict[str, list[tuple[Interval, int | None]]]] = {}
    for c in contributions:
        rows.setdefault((c.role, c.leg), {}).setdefault(c.kind, []).append(((c.low, c.high), c.size))
    classes: dict[tuple[str, str], list[tuple[Interval, float]]] = {}
    for role in SCORED:
        for leg in LEGS:
            cells = [(_mean(found), profile.weights[kind]) for kind, found in sorted(rows.get((role, leg), {}).items())]
            cells += [(WHOLE, profile.weights[kind]) for kind in missing if profile.roles[kind] == role]
            classes[role, leg] = cells
    for leg in LEGS:
        classes["overall", leg] = [cell for role in SCORED for cell in classes[role, leg]]
    legs = {role: {leg: _weighted(classes[role, leg]) for leg in LEGS} for role in ("overall", *SCORED)}
    totals = {role: _weighted((legs[role][leg], profile.legs[leg]) for leg in LEGS) for role in legs}
    return legs, totals


def _weights(contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]) -> tuple[list[float], float]:
    """The share of each contribution in the whole, and what missing classes take."""
    sizes: dict[tuple[str, str], list[int | None]] = {}
    for c in contributions:
        sizes.setdefault((c.role, c.kind), []).append(c.size) if c.leg == "origin" else None
    kinds = {kind: profile.weights[kind] for _, kind in sizes}
    total = sum(profile.weights[kind] for _, kind in sizes) + sum(profile.weights[m] for m in missing)
    legs = sum(profile.legs.values()) or 1.0
    shares = []
    for c in contributions:
        row = sizes[c.role, c.kind]
        known = [size for size in row if size is not None]
        # For reporting only: one of unknown size is shown as if it had the largest known one.
        size = c.size if c.size is not None else max(known, default=1)
        whole = sum(known) + (len(row) - len(known)) * max(known, default=1)
        shares.append(kinds[c.kind] / total * size / (whole or 1) * profile.legs[c.leg] / legs if total else 0.0)
    return shares, sum(profile.weights[m] for m in missing) / total if total else 0.0


def _coverage(contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]) -> float:
    shares, _ = _weights(contributions, profile, missing)
    return sum(share for share, c in zip(shares, contributions, strict=True) if c.answered)


def _country(origin: Answer) -> str:
    return origin.value


def _by_country(rows: Mapping[str, Sequence[tuple[str, int | None]]], profile: Profile, missing: Sequence[str]) -> dict[str, float]:
    total = sum(profile.weights[kind] for kind in [*rows, *missing])
    shares: dict[str, float] = {}
    for kind, found in rows.items():
        largest = max((size for _, size in found if size), default=1)
        whole = sum(size or largest for _, size in found)
        for country, size in found:
            shares[country] = shares.get(country, 0.0) + profile.weights[kind] / total * (size or largest) / whole if total else 0.0
    for kind in missing:
        shares["unknown"] = shares.get("unknown", 0.0) + (profile.weights[kind] / total if total else 0.0)
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


def _weakest(contributions: Sequence[Contribution]) -> str:
    """The ref of the core component with the lowest sure degrees; the lowest possible one first."""
    degrees: dict[str, list[tuple[float, float]]] = {}
    for c in contributions:
        if c.role == "core":
            degrees.setdefault(c.ref, []).append((c.low, c.high))
    return min(degrees, key=lambda ref: (sum(h for _, h in degrees[ref]), sum(low for low, _ in degrees[ref]), ref), default="")


_QUESTIONS = {
    "origin": "whose is it",
    "control": "under what licence is it used",
    "attribution": "are its licence and notices kept",
}
_FEW = 3
"""More open components of one class than this are one question, not many."""


def _moves(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str], totals: Mapping[str, Interval], homes: Sequence[str]
) -> tuple[Move, ...]:
    """The open questions, those that move the score of their role most first (at most ten)."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, c in enumerate(contributions):
        # Without a home no origin can be settled: that is one question to the user, not one a component.
        if c.high > c.low and (homes or c.leg != "origin"):
            groups.setdefault((c.role, c.kind, c.leg), []).append(number)
    questions: list[tuple[str, str, str, str, frozenset[int]]] = []
    for (role, kind, leg), numbers in sorted(groups.items()):
        if len(numbers) > _FEW:
            count = len({c.ref for c in contributions if (c.role, c.kind) == (role, kind)})
            name = f"{len(numbers)} of {count} x {kind}"
            questions.append(("", name, role, leg, frozenset(numbers)))
        else:
            questions += [(contributions[n].ref, contributions[n].name, role, leg, frozenset([n])) for n in numbers]
    moves = [
        Move(ref, name, role, leg, _QUESTIONS[leg], totals[role], *_ends(contributions, profile, missing, role, numbers))
        for ref, name, role, leg, numbers in questions
    ]
    for kind in missing:
        role = profile.roles[kind]
        if role in SCORED:
            rest = [m for m in missing if m != kind]
            best, worst = (
                _table([*contributions, *(_whole(kind, role, leg, degree) for leg in LEGS)], profile, rest)[1][role]
                for degree in (1.0, 0.0)
            )
            moves.append(Move("", kind, role, "all", "nothing of this class is in the tree: where is it", totals[role], best, worst))
    moves = [m for m in moves if m.best != m.worst]
    return tuple(sorted(moves, key=lambda m: (-(m.best[0] - m.worst[0] + m.best[1] - m.worst[1]), m.role, m.name, m.leg))[:10])


def _ends(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str], role: str, numbers: frozenset[int]
) -> tuple[Interval, Interval]:
    """The role's total if these contributions were settled at their best, and at their worst."""
    ends = []
    for best in (True, False):
        rows = list(contributions)
        for n in numbers:
            degree = rows[n].high if best else rows[n].low
            rows[n] = replace(rows[n], low=degree, high=degree)
        ends.append(_table(rows, profile, missing)[1][role])
    return ends[0], ends[1]


def _whole(kind: str, role: str, leg: str, degree: float) -> Contribution:
    return Contribution("", kind, role, kind, leg, degree, degree, 1, True, "", ())
