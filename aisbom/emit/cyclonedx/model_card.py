"""The card of a model as CycloneDX's `modelCard`, and back."""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.bom import Card, DataSet
from aisbom.emit.cyclonedx.names import Json, facts_of, rows_of
from aisbom.lazy_module import Function
from aisbom.model.facts import Metric

_write_emissions = Function("aisbom.emit.cyclonedx.energy", "write_emissions")
_read_emissions = Function("aisbom.emit.cyclonedx.energy", "read_emissions")
_REF = "dataset.ref"


def write_card(card: Card) -> Json:
    """The object; empty where the card says nothing."""
    considerations = {
        "users": list(card.users),
        "useCases": list(card.uses),
        "technicalLimitations": list(card.limitations),
        "performanceTradeoffs": list(card.tradeoffs),
        "ethicalConsiderations": [{"name": text} for text in card.ethics],
        "environmentalConsiderations": (_write_emissions(card.emissions) if card.emissions else {}),
    }
    metrics = [_metric(metric) for metric in card.metrics]
    return _drop_empty(
        {
            "modelParameters": _parameters(card),
            "quantitativeAnalysis": _drop_empty({"performanceMetrics": metrics}),
            "considerations": _drop_empty(considerations),
        }
    )


def read_card(row: Json) -> Card:
    """The card that `write_card` wrote."""
    parameters = row.get("modelParameters", {})
    said = row.get("considerations", {})
    impact = said.get("environmentalConsiderations")
    metrics = row.get("quantitativeAnalysis", {}).get("performanceMetrics", [])
    return Card(
        approach=str(parameters.get("approach", {}).get("type", "")),
        task=str(parameters.get("task", "")),
        family=str(parameters.get("architectureFamily", "")),
        architecture=str(parameters.get("modelArchitecture", "")),
        datasets=tuple(_read_data_set(entry) for entry in parameters.get("datasets", [])),
        inputs=tuple(str(entry["format"]) for entry in parameters.get("inputs", [])),
        outputs=tuple(str(entry["format"]) for entry in parameters.get("outputs", [])),
        metrics=tuple(
            Metric(*(str(metric.get(key, "")) for key in ("type", "value", "slice")))
            for metric in metrics
        ),
        users=_texts(said.get("users", [])),
        uses=_texts(said.get("useCases", [])),
        limitations=_texts(said.get("technicalLimitations", [])),
        tradeoffs=_texts(said.get("performanceTradeoffs", [])),
        ethics=_texts(entry["name"] for entry in said.get("ethicalConsiderations", [])),
        emissions=_read_emissions(impact) if impact else (),
    )


def _parameters(card: Card) -> Json:
    return _drop_empty(
        {
            "approach": _drop_empty({"type": card.approach}),
            "task": card.task,
            "architectureFamily": card.family,
            "modelArchitecture": card.architecture,
            "datasets": [_data_set(data) for data in card.datasets],
            "inputs": [{"format": name} for name in card.inputs],
            "outputs": [{"format": name} for name in card.outputs],
        }
    )


def _data_set(data: DataSet) -> Json:
    """By its name: most readers cannot follow a `ref`, and some give the document up for one, or
    for data without a classification.
    """
    row: Json = {"type": "dataset", "name": data.name, "classification": "not stated"}
    if data.ref:
        row["contents"] = {"properties": rows_of(((_REF, data.ref),))}
    return row


def _read_data_set(row: Json) -> DataSet:
    if "ref" in row:  # as versions before 0.2 wrote it
        return DataSet(str(row["ref"]), str(row["ref"]))
    ref = next((value for key, value in facts_of(row.get("contents", {})) if key == _REF), "")
    return DataSet(str(row["name"]), ref)


def _metric(metric: Metric) -> Json:
    return _drop_empty({"type": metric.kind, "value": metric.value, "slice": metric.of})


def _drop_empty(row: Json) -> Json:
    return {key: value for key, value in row.items() if value}


def _texts(texts: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, texts))
