"""Which tensors of two checkpoints hold equal numbers, and how many of the parameters that could be
evidence they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aisbom.weights.fused import LOG10_EQUAL_SUMS, find_fused
from aisbom.weights.identity import Keys

HOWS = ("identical", "layout", "permutation", "signs", "cast")
"""How equal, strongest first: same bytes and shape; another shape or transposed; the same values in
another order; the same without their signs; the same after rounding to 16 bits.

Two more: `fused`, several of one side strung together in the other; and `values`, the same values
in an order that was not compared, since the keys of one side are of an older form.
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A tensor of A and one of B that hold the same numbers."""

    a: str
    b: str
    how: str
    parameters: int
    log10_chance: float


@dataclass(frozen=True, slots=True)
class Shared:
    """`share` is that of B's evidential parameters, `share_of_a` of A's; `ignored` counts equal
    tensors that are no evidence, by reason.
    """

    matches: tuple[Match, ...]
    evidential: int
    evidential_a: int
    share: float
    share_of_a: float
    ignored: tuple[tuple[str, int], ...]

    def share_of(self, hows: Collection[str]) -> float:
        """The share of B's evidential parameters that are equal in one of these ways."""
        return (
            sum(m.parameters for m in self.matches if m.how in hows) / self.evidential
            if self.evidential
            else 0.0
        )

    @property
    def log10_p(self) -> float:
        """Modelled chance of the best of them, corrected for the pairs looked at by the caller; 0
        without any.
        """
        return min((m.log10_chance for m in self.matches), default=0.0)


def find_shared(a: Sequence[Keys], b: Sequence[Keys], common: Collection[str] = ()) -> Shared:
    """Match every tensor of B with one of A. `common` are contents (`Keys.content`) that
    independent lineages are known to share.
    """
    across = len({key.form for keys in (a, b) for key in keys}) > 1
    table: dict[str, dict[str, Keys]] = defaultdict(dict)
    for key in a:
        for how, values in _ways(key, across).items():
            for value in values:
                table[how].setdefault(value, key)
    found, ignored, used = [], Counter[str](), set()
    unmatched: list[Keys] = []
    for key in b:
        ways = _ways(key, across)
        for how in HOWS:
            other = next((table[how][value] for value in ways[how] if value in table[how]), None)
            if other is None:
                continue
            why_not = (
                key.why_not
                or other.why_not
                or ("common to independent models" if key.content in common else "")
            )
            if why_not:
                if how == "identical":
                    ignored[why_not] += 1
            else:
                used.add(other.name)
                found.append(_match(other, key, how))
            break
        else:
            unmatched.append(key)
    left = [k for k in a if k.name not in used and k.content not in common]
    unmatched = [k for k in unmatched if k.content not in common]
    for row in find_fused(unmatched, left):
        used.update(k.name for k in row.parts if not k.why_not)
        found.append(
            Match(
                "+".join(k.name for k in row.parts),
                row.whole.name,
                "fused",
                row.whole.numel,
                row.log10_chance,
            )
        )
    for row in find_fused([k for k in left if k.name not in used], unmatched):
        used.add(row.whole.name)
        found += [
            Match(row.whole.name, k.name, "fused", k.numel, row.log10_chance)
            for k in row.parts
            if not k.why_not
        ]
    total_a = sum(k.numel for k in a if not k.why_not and k.content not in common)
    total_b = sum(k.numel for k in b if not k.why_not and k.content not in common)
    taken = sum(m.parameters for m in found)
    taken_a = sum(k.numel for k in a if k.name in used)
    return Shared(
        tuple(found),
        total_b,
        total_a,
        taken / total_b if total_b else 0.0,
        taken_a / total_a if total_a else 0.0,
        tuple(sorted(ignored.items())),
    )


def _match(a: Keys, b: Keys, how: str) -> Match:
    chance = b.log10_chance
    if how == "permutation" and a.form != b.form:
        how = "permutation" if b.tells_order(a) else "values"
        chance = max(chance, LOG10_EQUAL_SUMS)
    return Match(a.name, b.name, how, b.numel, chance)


def _ways(key: Keys, across: bool) -> dict[str, list[str]]:
    """The keys to look a tensor up by, per way of being equal. A cast matches the exact values of
    the narrower side, or both rounded. `across` forms, the order-free sum of as many values stands
    for the multiset, as it does for tensors strung together.
    """
    values = [key.multiset] if key.multiset else []
    if across and key.total:
        values.append(f"{key.numel}:{key.total}")
    return {
        "identical": [key.id] if key.id else [],
        "layout": [v for v in (key.id_t, key.flat) if v] + ([key.id] if key.id else []),
        "permutation": values,
        "signs": [key.magnitudes] if key.magnitudes else [],
        "cast": [v for v in (key.cast_bf16, key.cast_f16, key.multiset) if v],
    }
