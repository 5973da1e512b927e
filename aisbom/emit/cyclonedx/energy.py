"""Energy and carbon dioxide that a model card states as CycloneDX's `environmentalConsiderations`,
and back.

An `energyConsumption` requires the energy in kilowatt-hours and a provider of it. A card that
states only carbon dioxide therefore has a property instead, and no number is made up. No card says
who provided the energy: the one provider is said to be unknown, and to have provided all of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.emit.cyclonedx.names import Json, facts_of, rows_of
from aisbom.model.facts import EMISSIONS, Emissions

_WORDS = ("source", "place", "hardware")


def write_emissions(stated: Iterable[Emissions]) -> Json:
    """The object; empty where nothing is stated."""
    consumptions, properties = [], []
    for one in stated:
        if one.kwh is None:
            properties.append(EMISSIONS(one))
        else:
            consumptions.append(_consumption(one, one.kwh))
    found = {"energyConsumptions": consumptions, "properties": rows_of(tuple(properties))}
    return {key: value for key, value in found.items() if value}


def read_emissions(row: Json) -> tuple[Emissions, ...]:
    """What `write_emissions` wrote."""
    measured = [_read_consumption(one) for one in row.get("energyConsumptions", [])]
    others = [EMISSIONS.parse(value) for key, value in facts_of(row) if key == EMISSIONS.name]
    return (*measured, *others)


def _consumption(one: Emissions, kwh: float) -> Json:
    energy = {"value": kwh, "unit": "kWh"}
    row: Json = {
        "activity": one.activity,
        "energyProviders": [
            {
                "organization": {"name": "unknown"},
                "energySource": "unknown",
                "energyProvided": energy,
            }
        ],
        "activityEnergyCost": energy,
    }
    if one.tonnes is not None:
        row["co2CostEquivalent"] = {"value": one.tonnes, "unit": "tCO2eq"}
    words = rows_of(
        tuple((f"emissions.{key}", getattr(one, key)) for key in _WORDS if getattr(one, key))
    )
    return {**row, "properties": words} if words else row


def _read_consumption(row: Json) -> Emissions:
    said = dict(facts_of(row))
    carbon = row.get("co2CostEquivalent")
    return Emissions(
        str(row["activity"]),
        float(row["activityEnergyCost"]["value"]),
        None if carbon is None else float(carbon["value"]),
        *(said.get(f"emissions.{key}", "") for key in _WORDS),
    )
