"""A catalogue as one page for the organiser: it needs no network and no script."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet import query
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.query import Answer
from aisbom.fleet.rescore import rescore
from aisbom.judge import profile as profiles
from aisbom.model.plain import plain

MATRIX = 60
"""Submissions of the matrix and the graph: those that share most."""

PAIRS = 500
"""Pairs that are listed; the table `matches` has them all."""

_RADIUS = 190.0
_VERDICTS = """
SELECT current.submission, current.unit, s.profile, s.verdict,
       max(CASE WHEN s.role = 'core' THEN s.low END),
       max(CASE WHEN s.role = 'core' THEN s.high END)
FROM current JOIN (
    SELECT unit, profile, verdict, role, leg, low, high FROM scores
    UNION SELECT unit, profile, verdict, role, leg, low, high FROM rescored
) s USING (unit)
WHERE s.leg = '' GROUP BY ALL ORDER BY ALL
"""
_MATCHES = """
SELECT DISTINCT a.submission, b.submission, m.kind, m.verdict, m.a_path, m.b_path, m.shared,
       m.log10_p, m.pairs, m.words
FROM matches m JOIN current a ON a.unit = m.a JOIN current b ON b.unit = m.b
WHERE m.verdict <> 'inconclusive' AND (m.a <> m.b OR a.submission < b.submission) ORDER BY ALL
"""


def report(catalogue: Catalogue) -> bytes:
    """The page in UTF-8. Judges every submission under the profiles that are not there yet. Raises
    UsageError where Jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise UsageError("a report needs Jinja2: pip install 'aisbom[report]'") from error
    from markupsafe import Markup

    _judge_under_all(catalogue)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (files("aisbom.emit.html") / "report.css").read_text("utf-8")
    template = (files("aisbom.fleet") / "report.html").read_text("utf-8")
    page = environment.from_string(template).render(
        style=Markup(style),  # noqa: S704  our own file
        **_page(catalogue),
    )
    return page.encode()


def _judge_under_all(catalogue: Catalogue) -> None:
    units = {entry.unit for entry in catalogue.entries()}
    there = query.query(
        catalogue,
        "SELECT split_part(profile, '@', 1), unit FROM scores UNION"
        " SELECT split_part(profile, '@', 1), unit FROM rescored",
    )
    judged: dict[str, set[str]] = defaultdict(set)
    for name, unit in there.rows:
        judged[name].add(unit)
    empty = "SELECT unit FROM submissions WHERE document_sha256 = ''"
    units -= {row[0] for row in query.query(catalogue, empty).rows}
    missing = [name for name in sorted(profiles.list_profiles()) if units - judged[name]]
    if missing:
        rescore(catalogue, missing)


def _page(catalogue: Catalogue) -> dict[str, Any]:
    matches = query.query(catalogue, _MATCHES)
    sharing = _sharing(matches)
    failed = query.query(
        catalogue,
        "SELECT submission, round, location, state, words FROM entries WHERE state <> 'done'"
        " ORDER BY ALL",
    )
    rounds = query.query(catalogue, "SELECT round FROM rounds ORDER BY position")
    return {
        "home": ", ".join(catalogue.question.home),
        "profile": catalogue.question.profile,
        "rounds": [plain(row[0]) for row in rounds.rows if row[0]],
        **_verdicts(query.query(catalogue, _VERDICTS)),
        "unknown": _texts(query.ask(catalogue, "unknown")),
        "changed": _texts(query.ask(catalogue, "changed")) if len(rounds.rows) > 1 else [],
        "failed": _texts(failed),
        "matches": _texts(matches)[:PAIRS],
        "match_count": len(matches.rows),
        "matched": catalogue.store.exists("added/matches-all.parquet"),
        "names": sharing,
        "cells": _cells(matches, sharing),
        **_graph(matches, sharing),
    }


def _verdicts(answer: Answer) -> dict[str, Any]:
    """One row a submission, one column a profile."""
    columns = sorted({row[2] for row in answer.rows})
    table: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for submission, _, profile, verdict, low, high in answer.rows:
        core = f"{low:.2f} to {high:.2f}" if low is not None else "no core"
        table[plain(submission)][profile] = {"verdict": verdict, "core": core}
    return {"profiles": columns, "verdicts": sorted(table.items())}


def _sharing(matches: Answer) -> list[str]:
    """The submissions that share something, those with most partners first where all do not fit."""
    partners: dict[str, set[str]] = defaultdict(set)
    for a, b, *_ in matches.rows:
        partners[a].add(b)
        partners[b].add(a)
    most = sorted(partners, key=lambda name: (-len(partners[name]), name))[:MATRIX]
    return sorted(most)


def _cells(matches: Answer, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The matrix: `w` for weights, `f` and a number for functions."""
    held: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for a, b, kind, _, _, _, shared, *_ in matches.rows:
        for pair in ((a, b), (b, a)):
            held[pair][kind] += shared if kind == "function" else 1
    rows = []
    for a in names:
        cells = []
        for b in names:
            found = held.get((a, b), {})
            weights = sum(n for kind, n in found.items() if kind != "function")
            words = [f"w{weights}"] if weights else []
            words += [f"f{found['function']}"] if found.get("function") else []
            cells.append(" ".join(words))
        rows.append((plain(a), cells))
    return rows


def _graph(matches: Answer, names: Sequence[str]) -> dict[str, Any]:
    """Names on a circle; a thick line for weights, a thin one for code."""
    at = {
        name: (
            round(_RADIUS * math.cos(math.tau * number / len(names)), 1),
            round(_RADIUS * math.sin(math.tau * number / len(names)), 1),
        )
        for number, name in enumerate(names)
    }
    lines = sorted(
        {(a, b, "code" if kind == "function" else "weights") for a, b, kind, *_ in matches.rows}
    )
    return {
        "nodes": [
            {"name": plain(name), "x": x, "y": y, "end": "start" if x >= 0 else "end"}
            for name, (x, y) in at.items()
        ],
        "lines": [
            {"from": at[a], "to": at[b], "kind": kind, "title": plain(f"{a} and {b}: {kind}")}
            for a, b, kind in lines
            if a in at and b in at
        ],
    }


def _texts(answer: Answer) -> list[list[str]]:
    return [["" if v is None else plain(str(v)) for v in row] for row in answer.rows]
