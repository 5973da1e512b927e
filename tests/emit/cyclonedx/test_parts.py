"""How the sides of a part are spelled: services, pedigrees, cards, judgements."""

from __future__ import annotations

import pytest

from aisbom.bom import (
    Card,
    DataSet,
    Digest,
    Hosting,
    Licence,
    Link,
    Log,
    Maker,
    Parent,
    Part,
    Pedigree,
    Place,
)
from aisbom.emit.cyclonedx import training
from aisbom.emit.cyclonedx.component import read_component, write_component
from aisbom.emit.cyclonedx.judgements import read_judgements, write_judgements
from aisbom.emit.cyclonedx.model_card import read_card, write_card
from aisbom.emit.cyclonedx.pedigree import read_pedigree, write_pedigree
from aisbom.emit.cyclonedx.service import read_service, write_service
from aisbom.model import Claim, Evidence, Location
from aisbom.model.facts import Emissions, Metric

SPDX = frozenset({"MIT", "Apache-2.0"})


def test_a_service_crosses_a_boundary_unless_it_is_one_s_own() -> None:
    hosting = Hosting(Maker("X", "KR", ("https://x.example",)), ("x.example:8",), True, True)
    part = Part("service:x", "service", "x", hosting=hosting, facts=(("service.id", "x"),))
    row = write_service(part, hosting)
    assert row["provider"] == {
        "name": "X",
        "address": {"country": "KR"},
        "url": ["https://x.example"],
    }
    assert (row["endpoints"], row["authenticated"]) == (["https://x.example:8"], True)
    assert row["x-trust-boundary"] is True
    assert read_service(row) == part
    own = Hosting(own=True)
    assert write_service(part, own)["x-trust-boundary"] is False


def test_places_of_a_service_stand_in_properties() -> None:
    places = (
        Place(Location("a b.py", 3), "references", "client = X()"),
        Place(Location("a [b].py", 4), "references", "x"),
    )
    part = Part("service:x", "service", "x", hosting=Hosting(), places=places)
    row = write_service(part, Hosting())
    assert [p["value"] for p in row["properties"]] == [
        "a b.py:3 [references] client = X()",
        '["a [b].py",4,"","references","x"]',
    ]
    assert read_service(row).places == places


def test_a_release_is_an_ancestor_with_patches() -> None:
    parent = Parent(
        "library",
        "norae",
        version="1.1",
        purl="pkg:pypi/norae@1.1",
        licence="Own",
        repository="https://x.example/r",
        comment="tag v1.1",
    )
    found = Pedigree((parent,), ("a b/c#d.py",), "identical 3")
    row = write_pedigree(found, SPDX)
    assert row["ancestors"][0]["licenses"] == [{"license": {"name": "Own"}}]
    assert row["patches"] == [{"type": "unofficial", "diff": {"url": "a%20b/c%23d.py"}}]
    assert read_pedigree(row) == found
    assert write_pedigree(Pedigree(), SPDX) == {}


def test_a_card_says_what_it_says_and_no_more() -> None:
    card = Card(
        task="t", datasets=(DataSet("r", "ref"), DataSet("n")), metrics=(Metric("a", "1", ""),)
    )
    row = write_card(card)
    assert row == {
        "modelParameters": {
            "task": "t",
            "datasets": [
                {
                    "type": "dataset",
                    "name": "r",
                    "classification": "not stated",
                    "contents": {"properties": [{"name": "aisbom:dataset:ref", "value": "ref"}]},
                },
                {"type": "dataset", "name": "n", "classification": "not stated"},
            ],
        },
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "a", "value": "1"}]},
    }
    assert read_card(row) == card
    assert write_card(Card()) == {}


def test_energy_is_written_where_it_is_stated_and_carbon_alone_as_a_property() -> None:
    measured = Emissions("training", 3.4, 0.0012, "codecarbon", "", "8 x A100")
    carbon = Emissions("other", None, 0.5, "", "", "")
    card = Card(emissions=(measured, carbon))
    row = write_card(card)["considerations"]["environmentalConsiderations"]
    (consumption,) = row["energyConsumptions"]
    assert consumption["activityEnergyCost"] == {"value": 3.4, "unit": "kWh"}
    assert consumption["co2CostEquivalent"] == {"value": 0.0012, "unit": "tCO2eq"}
    (provider,) = consumption["energyProviders"]
    assert (provider["organization"], provider["energySource"]) == ({"name": "unknown"}, "unknown")
    assert row["properties"] == [
        {"name": "aisbom:emissions", "value": '["other",null,0.5,"","",""]'}
    ]
    assert read_card(write_card(card)) == card


@pytest.mark.parametrize(
    ("licences", "row"),
    [
        ((Licence("MIT", "declared"),), {"license": {"id": "MIT", "acknowledgement": "declared"}}),
        (
            (Licence("LicenseRef-x", "concluded"),),
            {"expression": "LicenseRef-x", "acknowledgement": "concluded"},
        ),
        (
            (Licence("LicenseRef-x", "concluded", "text"),),
            {
                "license": {
                    "name": "LicenseRef-x",
                    "acknowledgement": "concluded",
                    "text": {"contentType": "text/plain", "content": "text"},
                }
            },
        ),
        (
            (Licence("MIT OR Apache-2.0", "declared"),),
            {"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"},
        ),
    ],
)
def test_ids_names_and_expressions(licences: tuple[Licence, ...], row: object) -> None:
    part = Part("r", "library", "r", licences=licences)
    written = write_component(part, SPDX)
    assert written["licenses"] == [row]
    assert read_component(written) == part


def test_a_name_of_the_hub_has_a_group() -> None:
    part = Part("r", "machine-learning-model", "a/b", purl="pkg:huggingface/a/b")
    row = write_component(part, SPDX)
    assert (row["group"], row["name"]) == ("a", "b")
    assert read_component(row) == part
    plain = Part("r", "library", "@a/b", purl="pkg:npm/%40a/b")
    assert write_component(plain, SPDX)["name"] == "@a/b"


def test_logs_stand_beside_links() -> None:
    link = Link("vcs", "https://x.example", "c", (Digest("SHA-256", "0" * 64),))
    part = Part("r", "machine-learning-model", "r", links=(link,), logs=(Log("a b", by="X"),))
    row = write_component(part, SPDX)
    assert [r["type"] for r in row["externalReferences"]] == ["vcs", "evidence"]
    assert read_component(row) == part


def test_what_a_log_says_stands_in_a_workflow() -> None:
    log = Log("a: b", "0" * 64, "steps 1 to 2", "", "2026-01-01T00:00:00Z", "")
    part = Part("r", "machine-learning-model", "r", logs=(log,))
    workflows = training.read_formulation(training.formulation([part]))
    told = read_component(write_component(part, SPDX))
    assert told != part
    assert training.with_words(told, workflows) == part


def test_a_judgement_is_one_property() -> None:
    seen = Evidence("class/x", "other", "low", Location("a#b", 3), 'w "x"', (("k", "v"),))
    claim = Claim("r", "class", "dependency", (seen,))
    (row,) = write_judgements([claim])
    assert row["name"] == "aisbom:component:judgement"
    assert list(read_judgements("r", [row["value"]])) == [claim]
