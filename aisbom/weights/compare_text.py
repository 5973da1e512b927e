"""The answer of a comparison for a terminal: the two sentences first, then what they rest on, then
what is no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(answer: Mapping[str, Any]) -> str:
    """Lines for a reader; everything in them is in the JSON form too."""
    controls = answer["controls"]
    again = controls["relabelled"]
    shifted = controls["shifted"]
    lines = [
        f"verdict: {answer['verdict']}",
        "",
        answer["summary"],
        "",
        f"  p (corrected)      10^{answer['log10_p']}: {answer['p_is']}",
        (
            f"  equal numbers      {answer['evidential_share']:.1%} of the evidential parameters of"
            f" B ({_ways(answer['tensors']['equal'])})"
        ),
    ]
    effect = answer["effect"]
    if effect:
        low, high = effect["interval"]
        lines.append(
            f"  effect             r = {effect['r']:.4f} (relabelling spread {low:.4f} to"
            f" {high:.4f}); {effect['power']}"
        )
    if answer["found_by"]:
        lines.append(
            f"  found by           {answer['found_by']}, in {answer['groups']} tensor groups"
        )
    for row in answer["layer_map"][:8]:
        lines.append(f"  {row['a']} -> {row['b']}: {row['in_place']} of {row['of']} units in place")
    if len(answer["layer_map"]) > 8:
        lines.append(f"  ... and {len(answer['layer_map']) - 8} more")
    lines += _heads(answer["heads"])
    shapes = sorted(
        {
            f"{row['shape']}{' (' + row['detail'] + ')' if row['detail'] else ''}"
            for row in answer["residuals"]
        }
    )
    if shapes:
        lines.append(f"  what differs       {'; '.join(shapes[:4])}")
    for row in answer["symmetries"]:
        kept = f", from r = {row['detectable_r']:.2f}" if "detectable_r" in row else ""
        lines.append(f"  {row['status']}{kept}: {row['what']} ({row['how']})")
    unrelated = controls["unrelated"]
    told = (
        unrelated
        if isinstance(unrelated, str)
        else "; ".join(
            f"{row['reference']}: at most {row['most_in_place']} of {row['of']} in place"
            for row in unrelated
        )
    )
    by_chance = f"{again['mean']} units in place on average, {again['most']} at most"
    lines += [
        "controls",
        f"  B relabelled {again['times']:,} times: {by_chance}; here {again['in_place']}",
        (
            f"  layers shifted by one: at most {shifted['most']} in place over {shifted['pairs']}"
            " pairs"
        ),
        f"  unrelated models: {told}",
        f"  corrected for {controls['factor']} pairs looked at; seed {controls['seed']}",
        "not evidence",
        f"  {_norms(answer['not_evidence'])}",
        "doubts",
        *(f"  {doubt}" for doubt in answer["doubts"]),
    ]
    lines += [f"note: {note}" for note in answer["notes"][:10]]
    return "\n".join(lines)


def _heads(compared: Mapping[str, Any] | None) -> list[str]:
    """The best of what was found of attention heads, where they were compared."""
    if compared is None:
        return []
    best = max(compared["in_place"], key=lambda row: (row["in_place"], row["tensors"]))
    through = f", seen through {best['through']}" if best["through"] else ""
    hits = f"{best['in_place']} of {best['of']} heads in place by {best['tensors']} matrices"
    control = f"after relabelling at most {best['relabelled_most']}"
    return [f"  attention          {hits}{through}; {control}"]


def _ways(equal: Mapping[str, int]) -> str:
    return ", ".join(f"{count} tensors: {how}" for how, count in equal.items()) or "no tensor"


def _norms(row: Mapping[str, Any]) -> str:
    if not row["tensors"]:
        return str(row["said"])
    return (
        f"LayerNorm cosine {row['layernorm_cosine']:.4f}; after shuffling both:"
        f" {row['layernorm_cosine_shuffled']:.4f}. {row['said']}"
    )
