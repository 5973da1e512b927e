"""What a card states of energy and carbon dioxide, in the units of the hub and of CodeCarbon."""

from __future__ import annotations

from typing import Any

import pytest

from aisbom.collect.models.card_emissions import read_emissions
from aisbom.collect.models.model_card import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.model.facts import EMISSIONS, Emissions
from tests.conftest import MakeTree, collect

CARD = """---
pipeline_tag: sentence-similarity
co2_eq_emissions:
  emissions: 72.5
  energy_consumed: 0.19
  source: codecarbon
  training_type: fine-tuning
  geographical_location: Seoul,  South Korea
  hardware_used: 1 x NVIDIA GeForce RTX 3090
---
# m
"""


def test_a_card_of_sentence_transformers(make_tree: MakeTree) -> None:
    (found,) = collect(make_tree({"m/README.md": CARD}), COLLECTOR)
    assert isinstance(found, Observation)
    assert found.get(EMISSIONS) == (
        Emissions(
            *("fine-tuning", 0.19, 7.25e-05, "codecarbon"),
            *("Seoul, South Korea", "1 x NVIDIA GeForce RTX 3090"),
        ),
    )


@pytest.mark.parametrize(
    ("stated", "kwh", "tonnes", "activity"),
    [
        (1200, None, 0.0012, "other"),
        ("250", None, 0.00025, "other"),
        ({"emissions": 7600, "training_type": "pre-training"}, None, 0.0076, "training"),
        ({"energy_consumed": 3, "training_type": "Fine tuning"}, 3.0, None, "fine-tuning"),
        ({"emissions": 0, "training_type": ["x"]}, None, 0.0, "other"),
    ],
)
def test_what_is_stated_and_no_more(
    stated: Any, kwh: float | None, tonnes: float | None, activity: str
) -> None:
    found, unread = read_emissions(stated)
    assert found == Emissions(activity, kwh, tonnes, "", "", "")
    assert not unread


@pytest.mark.parametrize("stated", [None, {}, {"source": "codecarbon"}, {"emissions": None}])
def test_nothing_is_stated(stated: Any) -> None:
    assert read_emissions(stated) == (None, False)


@pytest.mark.parametrize(
    "value", ["1.2 tons", "N/A", "1e3", -1, True, [], float("nan"), float("inf"), 10**400]
)
def test_what_is_no_number_is_not_read(value: Any) -> None:
    assert read_emissions({"emissions": value}) == (None, True)
    found, unread = read_emissions({"emissions": value, "energy_consumed": 2})
    assert (found, unread) == (Emissions("other", 2.0, None, "", "", ""), True)


def test_it_is_a_gap(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"m/README.md": CARD.replace("72.5", "72.5 kg")}), COLLECTOR)
    assert [row.reason for row in rows if isinstance(row, Gap)] == [
        "co2_eq_emissions: not a number of grams or kilowatt-hours: not read"
    ]
