"""One part as a package of SPDX 3: an AI package, a dataset package, or software."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aisbom.bom import Digest, Part
from aisbom.emit.spdx3.rows import Json
from aisbom.model.facts import Emissions

_ALGORITHMS = {"SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_PURPOSES = {
    "application": "application",
    "library": "library",
    "framework": "framework",
    "file": "file",
    "container": "container",
    "machine-learning-model": "model",
    "data": "data",
    "operating-system": "operatingSystem",
    "firmware": "firmware",
    "device": "device",
    "platform": "platform",
}
_HUB = re.compile(r"pkg:huggingface/(?P<name>(?:datasets/)?[\w.-]+/[\w.-]+)(?:@(?P<commit>\w+))?")
_HYPERPARAMETER = "hyperparameter."
_ACTIVITIES = {
    "training": "ai_trainingEnergyConsumption",
    "fine-tuning": "ai_finetuningEnergyConsumption",
}
_SAID = ("component.role", "component.class", "component.path_role", "initialisation")
_STAGES = ("developed", "trained", "collected", "operated")


def package(part: Part) -> Json:
    """The fields of the package, without id and creation."""
    row: Json = {"type": "software_Package", "name": part.name}
    if part.kind == "machine-learning-model":
        row = {"type": "ai_AIPackage", "name": part.name, **_of_model(part)}
    elif part.kind == "data":
        row |= {"type": "dataset_DatasetPackage", "dataset_datasetType": ["noAssertion"]}
    row["software_primaryPurpose"] = _PURPOSES.get(part.kind, "other")
    links = {link.kind: link.url for link in reversed(part.links)}
    for key, value in (
        ("software_packageVersion", part.version),
        ("software_packageUrl", part.purl),
        ("software_homePage", links.get("website", "")),
        ("software_downloadLocation", links.get("distribution", "") or _on_the_hub(part.purl)),
        ("summary", part.description),
        ("software_copyrightText", "\n".join(part.holders)),
        ("software_attributionText", list(part.authors)),
        ("comment", _comment(part)),
        ("verifiedUsing", [hash_of(one) for one in part.digests if one.algorithm in _ALGORITHMS]),
        ("externalIdentifier", [_identifier(part.purl)] if part.purl else []),
    ):
        if value:
            row[key] = value
    return row


def _on_the_hub(purl: str) -> str:
    """Where the files of a purl of the Hugging Face hub lie, by the definition of its type."""
    found = _HUB.fullmatch(purl)
    if not found:
        return ""
    return f"https://huggingface.co/{found['name']}" + (
        f"/tree/{found['commit']}" if found["commit"] else ""
    )


def _identifier(purl: str) -> Json:
    return {
        "type": "ExternalIdentifier",
        "externalIdentifierType": "packageUrl",
        "identifier": purl,
    }


def hash_of(one: Digest) -> Json:
    """A digest as SPDX writes it."""
    return {"type": "Hash", "algorithm": _ALGORITHMS[one.algorithm], "hashValue": one.hex}


def _of_model(part: Part) -> Json:
    card = part.card
    parameters = [
        _entry(name.removeprefix(_HYPERPARAMETER), value)
        for name, value in part.facts
        if name.startswith(_HYPERPARAMETER)
    ]
    metrics = [
        _entry(f"{one.kind} ({one.of})" if one.of else one.kind, one.value) for one in card.metrics
    ]
    rows: Json = {
        "ai_typeOfModel": [one for one in (card.approach, card.family, card.architecture) if one],
        "ai_domain": [card.task] if card.task else [],
        "ai_hyperparameter": parameters,
        "ai_metric": metrics,
        "ai_limitation": "\n".join(card.limitations),
        "ai_informationAboutApplication": "\n".join(card.uses),
        "ai_informationAboutTraining": "\n".join(
            [*(f"{log.path}: {log.words}" for log in part.logs), *map(_carbon, card.emissions)]
        ).strip(),
        "ai_energyConsumption": _energy(card.emissions),
    }
    return {key: value for key, value in rows.items() if value}


def _energy(stated: Sequence[Emissions]) -> Json:
    """By activity; SPDX knows training and fine-tuning, and wants the energy of each."""
    row: Json = {}
    for one in stated:
        if one.kwh is not None and one.activity in _ACTIVITIES:
            row.setdefault(_ACTIVITIES[one.activity], []).append(
                {
                    "type": "ai_EnergyConsumptionDescription",
                    "ai_energyQuantity": one.kwh,
                    "ai_energyUnit": "kilowattHour",
                }
            )
    return {"type": "ai_EnergyConsumption", **row} if row else row


def _carbon(one: Emissions) -> str:
    return "" if one.tonnes is None else f"{one.tonnes:g} tonnes of CO2 equivalent ({one.activity})"


def _entry(key: str, value: str) -> Json:
    return {"type": "DictionaryEntry", "key": key, "value": value}


def _comment(part: Part) -> str:
    """What matters of the facts for which SPDX has no field: role, class, origins, sources."""
    said = [f"{name.rpartition('.')[2]}: {part.value(name)}" for name in _SAID if part.value(name)]
    if part.hosting:
        said.append("hosted service")
    for stage in _STAGES:
        countries = part.values(f"origin.{stage}.country")
        if countries:
            whose = part.value(f"origin.{stage}.organisation")
            said.append(f"{stage}: {', '.join(countries)}{f' ({whose})' if whose else ''}")
    for name in ("weights-from", "code-from", "architecture-from", "contradiction", "runs-code"):
        said += [f"{name}: {value}" for value in part.values(name)]
    if part.pedigree.parents:
        parents = ", ".join(one.purl or one.name for one in part.pedigree.parents)
        said.append(f"made from: {parents}")
    return "; ".join(said)
