"""Share per role and leg as an interval, with every contribution listed (method and limits:
docs/score.md).

Unknown counts as [0, 1] and contested as [min, max] of the contested values, so a number never
comes from nowhere: more evidence can only narrow an interval. Inside a class a component weighs its
natural size; one of unknown size could weigh anything, which widens the class's interval to hold
its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aisbom.judge import table
from aisbom.judge.counted import select_counted
from aisbom.judge.freedoms import Freedom
from aisbom.judge.interval import WHOLE, Interval, Shares, compute_weighted_mean, hull, mean
from aisbom.judge.profile import LEVELS, Objective, Profile
from aisbom.judge.table import SCORED, Contribution
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Answer, Ledger
from aisbom.model.vocabulary import LEGS

_UNKNOWN = Answer("unknown")


@dataclass(frozen=True, slots=True)
class Home:
    """The home jurisdiction: ISO 3166-1 alpha-2 codes, and who gave them. Without any, origin is
    not scored and shares are shown.
    """

    codes: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one objective of a framework is met: `share` from the files or from the declared
    `level`, [0, 1] where neither says.
    """

    id: str
    title: str
    weight: float
    share: Interval
    level: int | None
    answered_by: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """`legs[role][leg]` and `totals[role]` are intervals in [0, 1]; role is `core`, `peripheral` or
    `overall`.

    `coverage` is the share of weight whose questions have an answer; `countries[role]` maps a
    country (or `international`, `person-undisclosed`, `contested`, `unknown`) to its share of
    weight; `missing` are expected classes of which nothing was found. `overrides` tells of the
    roles and classes that the configuration sets against the program's own; `definition` is the
    profile.
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
    objectives: tuple[Standing, ...]
    overrides: tuple[str, ...]
    definition: Profile

    @property
    def shares(self) -> Shares:
        """The intervals that a rule may ask for."""
        legs = {(role, leg): i for role, by in self.legs.items() for leg, i in by.items()}
        return Shares(self.profile, {**legs, **{(r, ""): i for r, i in self.totals.items()}})


def score(scan: Scan, ledger: Ledger, profile: Profile, home: Home, freedom: Freedom) -> Score:
    """The score of a classified scan."""
    homes = home.codes
    contributions: list[Contribution] = []
    shares: dict[str, dict[str, list[tuple[str, int | None]]]] = {}
    rows = select_counted(scan, ledger)
    within = _within(rows)
    for component in rows:
        ref = component.ref
        role, kind = _get_judgement(ledger, ref, "role"), _get_judgement(ledger, ref, "class")
        if role not in SCORED or kind not in profile.roles:
            continue
        origin = ledger.answer(ref, f"origin.{profile.facets[kind]}")
        size = _size(component, kind, within.get(ref, 0))
        asked = _Answers(
            origin,
            ledger.licence(ref),
            ledger.answer(ref, "control"),
            ledger.answer(ref, "attribution"),
        )
        for leg, (interval, why, answer) in _degrees(
            asked, kind, homes=homes, neutral=profile.international, freedom=freedom
        ).items():
            answered = answer.state != "unknown" and not (leg == "origin" and not homes)
            refs = tuple(c.ref for c in answer.carried)
            contributions.append(
                Contribution(
                    component.ref,
                    component.name,
                    role,
                    kind,
                    leg,
                    *interval,
                    size,
                    answered,
                    why,
                    refs,
                )
            )
        shares.setdefault(role, {}).setdefault(kind, []).append((origin.value, size))
    missing = tuple(c for c in profile.expected if not any(x.kind == c for x in contributions))
    legs, totals = table.totals(contributions, profile, missing)
    ordered = tuple(
        sorted(contributions, key=lambda c: (c.role, c.kind, c.name, c.ref, LEGS.index(c.leg)))
    )
    return Score(
        f"{profile.name}@{profile.version}",
        profile.digest,
        homes,
        home.source,
        legs,
        totals,
        _coverage(contributions, profile, missing),
        {
            role: _by_country(
                shares.get(role, {}), profile, [m for m in missing if profile.roles[m] == role]
            )
            for role in SCORED
        },
        _weakest(contributions),
        missing,
        ordered,
        tuple(
            _standing(
                objective,
                contributions,
                profile,
                missing,
                ledger.answer(scan.root, f"objective.{objective.id}"),
            )
            for objective in profile.objectives
        ),
        tuple(
            f"{c.subject}: {c.evidence[0].excerpt} ({c.evidence[0].at})"
            for c in scan.claims
            if _override(c)
        ),
        profile,
    )


def _override(claim: Claim) -> bool:
    return claim.attribute in ("role", "class") and claim.status == "declared"


def weighted_share(objectives: Sequence[Standing]) -> Interval:
    """The share of all objectives together, by their weights."""
    return compute_weighted_mean((row.share, row.weight) for row in objectives)


def _standing(
    objective: Objective,
    contributions: Sequence[Contribution],
    profile: Profile,
    missing: Sequence[str],
    declared: Answer,
) -> Standing:
    """Files answer by the mean of a leg over classes, whatever their role; else a level declared of
    the root does.
    """
    levels = [int(value) for value in declared.values if value.isdecimal() and int(value) <= LEVELS]
    level = min(levels) if declared.state == "agreed" and levels else None
    refs = tuple(c.ref for c in declared.carried)
    if objective.leg:
        kinds: dict[str, list[tuple[Interval, int | None]]] = {}
        for c in contributions:
            if c.leg == objective.leg and c.kind in objective.classes:
                kinds.setdefault(c.kind, []).append(((c.low, c.high), c.size))
        cells = [(mean(rows), profile.weights[kind]) for kind, rows in sorted(kinds.items())]
        cells += [(WHOLE, profile.weights[kind]) for kind in missing if kind in objective.classes]
        return Standing(
            objective.id,
            objective.title,
            objective.weight,
            compute_weighted_mean(cells),
            level,
            "files" if kinds else "",
            refs,
        )
    shares = [level_ / LEVELS for level_ in levels]
    share = (min(shares), max(shares)) if shares else WHOLE
    return Standing(
        objective.id,
        objective.title,
        objective.weight,
        share,
        level,
        "declaration" if shares else "",
        refs,
    )


def _get_judgement(ledger: Ledger, ref: str, attribute: str) -> str:
    """The value of a judgement; a contested one is none."""
    values = ledger.list_judgements(ref, attribute)
    return values[0] if len(values) == 1 else ""


def _within(components: Iterable[Component]) -> dict[str, int]:
    """`{ref of a model: parameters of its counted parts that lie in the model's own files}`
    (`model:<place>#<part>`).
    """
    found: dict[str, int] = {}
    for component in components:
        whole, mark, _ = component.ref.partition("#")
        if mark and component.ref.startswith("model:"):
            found[whole] = found.get(whole, 0) + sum(
                int(o.fact("parameters")) for o in component.weights
            )
    return found


def _size(component: Component, kind: str, within: int = 0) -> int | None:
    if kind.endswith("-weights"):
        return max(0, sum(int(o.fact("parameters")) for o in component.weights) - within) or None
    if kind.endswith("-code"):
        return (
            sum(int(o.fact("lines") or 0) for o in component.observations if o.kind == "source")
            or None
        )
    return (
        1 if kind in ("dependency", "service", "build-tool", "tokenizer", "training-data") else None
    )


class _Answers(NamedTuple):
    """The answers from which the degrees of one component are made; `parent` is the country of the
    ultimate parent.
    """

    origin: Answer
    licence: Answer
    parent: Answer
    notices: Answer


def _degrees(
    asked: _Answers, kind: str, *, homes: Sequence[str], neutral: float, freedom: Freedom
) -> dict[str, tuple[Interval, str, Answer]]:
    origin, licence, parent, notices = asked
    ours = (
        hull(_home_share(value, homes, neutral) for value in origin.values)
        if homes and origin.values
        else WHOLE
    )
    if not homes:
        said = "no home jurisdiction given (--home)"
    else:
        said = {
            "unknown": "origin unknown",
            "contested": "contested: " + " / ".join(origin.values),
        }.get(origin.state, origin.value)
    free = [freedom(value) for value in licence.values]
    control = hull((f, f) if f is not None else WHOLE for f in free) if free else WHOLE
    carried = licence
    why = " / ".join(licence.values) or "licence unknown"
    owned = (
        hull(_home_share(value, homes, neutral) for value in parent.values)
        if homes and parent.values
        else WHOLE
    )
    if ours == (1.0, 1.0) and owned == (1.0, 1.0):
        control, carried, why = (1.0, 1.0), origin, "ours, and so is the ultimate parent"
    elif ours[1] == 1.0 and homes and owned == (0.0, 0.0):
        why += f"; ultimate parent in {' / '.join(parent.values)}"
    elif homes and ours[1] == 1.0:
        control = (
            control[0],
            1.0,
        )  # it may yet turn out to be ours, parent and all, and then no licence binds us
        why += "; ultimate parent unknown" if ours == (1.0, 1.0) else ""
    return {
        "origin": (ours, said, origin),
        "control": (control, why, carried),
        "attribution": _rate_attribution(licence, notices, kind),
    }


_NOTICES: Mapping[str, Interval] = {
    "kept": (1.0, 1.0),
    "missing": (0.0, 0.0),
    "replaced": (0.0, 0.0),
}


def _rate_attribution(licence: Answer, notices: Answer, kind: str) -> tuple[Interval, str, Answer]:
    """A part that states its licence is attributed; of code it counts whether the notices of what
    was taken over are kept.
    """
    if kind.endswith("-code"):
        if notices.values:
            return (
                hull(_NOTICES.get(value, WHOLE) for value in notices.values),
                f"notices {' / '.join(notices.values)}",
                notices,
            )
        return WHOLE, "notices of copied code not examined", _UNKNOWN
    if licence.state == "agreed":
        return (1.0, 1.0), "declared with a licence", licence
    return WHOLE, "licence unknown", _UNKNOWN


def _home_share(value: str, homes: Sequence[str], neutral: float) -> Interval:
    if value == "international":
        return (neutral, neutral)
    codes = value.split(",")
    if not all(len(code) == 2 and code.isupper() for code in codes) or "ZZ" in codes:
        return WHOLE
    inside = [code in homes for code in codes]
    # Several countries, some of them home: how much of it is ours was not stated.
    return (1.0, 1.0) if all(inside) else (0.0, 0.0) if not any(inside) else WHOLE


def _weights(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]
) -> list[float]:
    """The share of each contribution in the whole, of which missing classes take theirs."""
    sizes: dict[tuple[str, str], list[int | None]] = {}
    for c in contributions:
        sizes.setdefault((c.role, c.kind), []).append(c.size) if c.leg == "origin" else None
    kinds = {kind: profile.weights[kind] for _, kind in sizes}
    total = sum(profile.weights[kind] for _, kind in sizes) + sum(
        profile.weights[m] for m in missing
    )
    legs = sum(profile.legs.values()) or 1.0
    # For reporting only: one of unknown size is shown as if it had the largest known one.
    largest = {
        key: max((size for size in row if size is not None), default=1)
        for key, row in sizes.items()
    }
    wholes = {
        key: sum(largest[key] if size is None else size for size in row) or 1
        for key, row in sizes.items()
    }
    shares = []
    for c in contributions:
        key = (c.role, c.kind)
        size = largest[key] if c.size is None else c.size
        shares.append(
            kinds[c.kind] / total * size / wholes[key] * profile.legs[c.leg] / legs
            if total
            else 0.0
        )
    return shares


def _coverage(
    contributions: Sequence[Contribution], profile: Profile, missing: Sequence[str]
) -> float:
    shares = _weights(contributions, profile, missing)
    return sum(share for share, c in zip(shares, contributions, strict=True) if c.answered)


def _by_country(
    rows: Mapping[str, Sequence[tuple[str, int | None]]], profile: Profile, missing: Sequence[str]
) -> dict[str, float]:
    total = sum(profile.weights[kind] for kind in [*rows, *missing])
    shares: dict[str, float] = {}
    for kind, found in rows.items():
        largest = max((size for _, size in found if size), default=1)
        whole = sum(size or largest for _, size in found)
        for country, size in found:
            shares[country] = (
                shares.get(country, 0.0) + profile.weights[kind] / total * (size or largest) / whole
                if total
                else 0.0
            )
    for kind in missing:
        shares["unknown"] = shares.get("unknown", 0.0) + (
            profile.weights[kind] / total if total else 0.0
        )
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


def _weakest(contributions: Sequence[Contribution]) -> str:
    """The ref of the core component with the lowest sure degrees; the lowest possible one first."""
    degrees: dict[str, list[tuple[float, float]]] = {}
    for c in contributions:
        if c.role == "core":
            degrees.setdefault(c.ref, []).append((c.low, c.high))
    return min(
        degrees,
        key=lambda ref: (sum(h for _, h in degrees[ref]), sum(low for low, _ in degrees[ref]), ref),
        default="",
    )
