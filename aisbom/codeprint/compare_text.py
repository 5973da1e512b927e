"""The answer of a comparison of code for a terminal: the sentences first, then what they
rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(answer: Mapping[str, Any]) -> str:
    """Lines for a reader; everything in them is in the JSON form too."""
    counts = answer["counts"]
    lines = [
        f"basis: {answer['basis']}",
        "",
        answer["summary"],
        "",
        (
            f"  containment   {answer['containment']:.1%} of A is in B ({counts['files_a']} files"
            f" in A, {counts['files_b']} in B)"
        ),
        f"  percentile    {answer['percentile']:g} of {answer['null']}",
        f"  attribution   {answer['attribution']}",
    ]
    for row in answer["holders"][:15]:
        known = ", ".join(word for word in (row["organisation"], row["country"]) if word)
        places = [f"B {row['b']['path']}:{row['b']['line']}"]
        if row["a"]:
            places.append(f"A {row['a']['path']}:{row['a']['line']} {row['a']['holder']}")
        lines.append(
            f"    {row['verdict']:<17} {row['holder']}{f' ({known})' if known else ''}:"
            f" {', '.join(places)}"
        )
    if answer["functions"]:
        lines.append(f"functions alike, longest first ({counts['functions']})")
    for row in answer["functions"][:15]:
        a, b = row["a"], row["b"]
        but = f" (there {row['their_name']}; alike but for names)" if row["renamed"] else ""
        lines.append(
            f"  {row['name']}: {a['path']}:{a['line']}-{a['end']} ="
            f" {b['path']}:{b['line']}-{b['end']}{but}"
        )
    if len(answer["functions"]) > 15:
        lines.append(f"  ... and {counts['functions'] - 15} more")
    if len(answer["files"]) > 1:
        lines.append("files with most in common")
        lines += [
            f"  {row['a']} in {row['b']}: {row['containment']:.1%}" for row in answer["files"][:10]
        ]
    if answer["order"]:
        lines.append("what shows an order")
        lines += [f"  {what}" for what in answer["order"]]
    lines += [f"note: {note}" for note in answer["notes"][:10]]
    return "\n".join(lines)
