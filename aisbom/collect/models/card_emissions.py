"""`co2_eq_emissions` of a model card: the carbon dioxide and the energy that went into the model.

The keys are those of the hub (https://huggingface.co/docs/hub/model-cards-co2): `emissions` in
grams of CO2 equivalent, `source`, `training_type`, `geographical_location`, `hardware_used`. Cards
that sentence-transformers writes add `energy_consumed`, the kilowatt-hours that CodeCarbon measured
(https://mlco2.github.io/codecarbon/output.html). A bare number is grams.
"""

from __future__ import annotations

import math
import re
from typing import Any

from aisbom.model.facts import Emissions

_NUMBERS = ("emissions", "energy_consumed")
_GRAMS_OF_A_TONNE = 1_000_000
_ACTIVITIES = {"pretraining": "training", "training": "training", "finetuning": "fine-tuning"}


def read_emissions(stated: Any) -> tuple[Emissions | None, bool]:
    """What the value of the key states, None for nothing, and whether a part of it could not be
    read: a number that is none, or negative.
    """
    if stated is None:
        return None, False
    row = stated if isinstance(stated, dict) else {"emissions": stated}
    grams, kwh = (_number(row.get(key)) for key in _NUMBERS)
    unread = any(row.get(key) is not None and _number(row[key]) is None for key in _NUMBERS)
    if grams is None and kwh is None:
        return None, unread
    texts = (_text(row.get(key)) for key in ("source", "geographical_location", "hardware_used"))
    tonnes = None if grams is None else grams / _GRAMS_OF_A_TONNE
    return Emissions(_activity(row.get("training_type")), kwh, tonnes, *texts), unread


def _number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}(?:\.\d{1,12})?", value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _activity(value: Any) -> str:
    word = re.sub(r"[\W_]", "", value.lower()) if isinstance(value, str) else ""
    return _ACTIVITIES.get(word, "other")


def _text(value: Any) -> str:
    return " ".join(value.split())[:200] if isinstance(value, str) else ""
