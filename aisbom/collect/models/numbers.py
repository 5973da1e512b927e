"""The sizes that a configuration states, under whatever key its family writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIZES: dict[str, tuple[str, ...]] = {
    "hidden-size": ("hidden_size", "d_model", "n_embd", "embed_dim"),
    "num-hidden-layers": ("num_hidden_layers", "n_layer", "num_layers", "depth", "encoder_layers"),
    "num-attention-heads": (
        "num_attention_heads",
        "n_head",
        "num_heads",
        "encoder_attention_heads",
    ),
    "intermediate-size": ("intermediate_size",),
    "vocab-size": ("vocab_size",),
}


def sizes(config: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    """(fact, value) for each of SIZES; None where the configuration does not say."""
    return [
        (fact, next((n for key in keys if (n := number(config.get(key))) is not None), None))
        for fact, keys in SIZES.items()
    ]


def number(value: Any) -> int | None:
    """A whole number that is not negative and fits 64 bits, else None."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
        else None
    )
