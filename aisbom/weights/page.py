"""The answer of a comparison as one page for somebody who has to decide and has never seen a
weight: what was asked and found, the odds in words, the controls, what could hide a copy, and what
is not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from aisbom.weights.page_words import WORDS

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.6em}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}"
    ".found{font-size:1.2em;border-left:4px solid #333;padding-left:.8em}"
)
_ACCUSING = ("identical", "identical-after-transform", "quantised-copy", "common-origin")


def page(answer: Mapping[str, Any], language: str) -> str:
    """A self-contained HTML page in `en` or `ko`, the same text every time."""
    words = WORDS[language]
    verdict = answer["verdict"]
    lines = [
        "<!doctype html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(words['title'])}</h1>",
        "<p>" + "<br>".join(f"{k}: <b>{escape(answer[k.lower()]['label'])}</b>" for k in "AB"),
        "</p>",
        *_section(words["asked"], [words["asked-text"]]),
        f"<h2>{escape(words['found'])}</h2>",
        f'<p class="found">{escape(words[verdict])}</p>',
        *_section(words["odds"], _odds(answer, words)),
        *_section(words["controls"], _controls(answer["controls"], words)),
        *_hiding(answer["symmetries"], words),
        *_section(words["not-said"], _not_said(answer, words)),
        *_section(
            words["again"],
            [
                words["again-text"].format(
                    a=answer["a"]["digest"][:16],
                    b=answer["b"]["digest"][:16],
                    seed=answer["controls"]["seed"][:16],
                )
            ],
        ),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, rows: list[str]) -> list[str]:
    return [f"<h2>{escape(title)}</h2>", *(f"<p>{escape(row)}</p>" for row in rows)]


def _odds(answer: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    digits = int(-answer["log10_p"])
    if answer["verdict"] not in _ACCUSING or digits < 1:
        return [words["odds-none"]] if answer["log10_p"] > -2 else [f"p = 10^{answer['log10_p']}"]
    times = words["beyond"].format(digits=digits + 1)
    if digits in (6, 9):
        times = words["million" if digits == 6 else "billion"]
    told = answer["p_is"]
    kind = "exact" if told.startswith("an exact") else "empirical"
    if told.startswith("the modelled"):
        kind = "modelled"
    return [words["odds-low"].format(times=times), words[kind]]


def _controls(controls: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    again, shifted, unrelated = (controls[k] for k in ("relabelled", "shifted", "unrelated"))
    rows = [
        words["relabelled"].format(
            times=f"{again['times']:,}",
            mean=again["mean"],
            most=again["most"],
            here=again["in_place"],
        ),
        words["shifted"].format(pairs=shifted["pairs"], most=shifted["most"]),
    ]
    if isinstance(unrelated, str):
        rows.append(words["unrelated-none"])
    else:
        rows += [
            words["unrelated"].format(
                name=row["reference"], most=row["most_in_place"], of=row["of"]
            )
            for row in unrelated
        ]
    return [*rows, words["factor"].format(factor=f"{controls['factor']:,}")]


def _hiding(rows: list[Mapping[str, Any]], words: Mapping[str, str]) -> list[str]:
    if not rows:
        return []
    lines = [f"<h2>{escape(words['hide'])}</h2>", "<table>"]
    head = "".join(f"<th>{escape(words[k])}</th>" for k in ("what", "status"))
    lines.append(f"<tr>{head}</tr>")
    for row in rows:
        kept = row.get("detectable_r")
        seen = words[row["status"]]
        if kept is not None:
            seen += f", {words['kept'].format(r=f'{kept:.2f}')}"
        cells = "".join(f"<td>{escape(text)}</td>" for text in (words[f"hide-{row['id']}"], seen))
        lines.append(f"<tr>{cells}</tr>")
    return [*lines, "</table>"]


def _not_said(answer: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    rows = [words[k] for k in ("direction", "seed", "distilled", "licence")]
    norms = answer["not_evidence"]
    if norms["tensors"]:
        rows.append(
            words["cosine"].format(
                value=f"{norms['layernorm_cosine']:.4f}",
                shuffled=f"{norms['layernorm_cosine_shuffled']:.4f}",
            )
        )
    return rows
