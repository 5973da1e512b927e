"""The `modelCard` of a model, its parents in `pedigree`, and the properties that are registered for
models: what files state, no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from packageurl import PackageURL

from aisbom.model import Component, Observation, Scan
from aisbom.model.facts import RESULT
from aisbom.model.ledger import Answer

Json = dict[str, Any]

_APPROACHES = (
    "supervised",
    "unsupervised",
    "reinforcement-learning",
    "semi-supervised",
    "self-supervised",
)

# What goes in and out, by the task that the card states (the task names of the Hugging Face hub).
_FORMATS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(
        ("text-generation", "text2text-generation", "summarization", "translation", "fill-mask"),
        (("text",), ("text",)),
    ),
    **dict.fromkeys(
        ("question-answering", "conversational", "text-classification", "token-classification"),
        (("text",), ("text",)),
    ),
    **dict.fromkeys(("zero-shot-classification", "text-ranking"), (("text",), ("text",))),
    **dict.fromkeys(("feature-extraction", "sentence-similarity"), (("text",), ("vector",))),
    "image-feature-extraction": (("image",), ("vector",)),
    **dict.fromkeys(
        ("image-classification", "image-to-text", "image-segmentation", "object-detection"),
        (("image",), ("text",)),
    ),
    **dict.fromkeys(
        ("image-text-to-text", "visual-question-answering", "document-question-answering"),
        (("image", "text"), ("text",)),
    ),
    "video-text-to-text": (("video", "text"), ("text",)),
    **dict.fromkeys(
        ("automatic-speech-recognition", "audio-classification"), (("audio",), ("text",))
    ),
    "audio-text-to-text": (("audio", "text"), ("text",)),
    **dict.fromkeys(("text-to-speech", "text-to-audio"), (("text",), ("audio",))),
    "text-to-image": (("text",), ("image",)),
    "image-to-image": (("image",), ("image",)),
    "text-to-video": (("text",), ("video",)),
}
_ANY = {"any-to-any"}
_MODALITIES = (("vision-encoder", "image"), ("video-encoder", "video"), ("audio-encoder", "audio"))


def model_card(subject: Component, data: Mapping[str, str]) -> Json:
    """`modelCard`; empty where no file states any of it. `data` gives the refs of the data sets
    that are components, by name.
    """
    made: Json = {}
    parameters = _parameters(subject, data)
    if parameters:
        made["modelParameters"] = parameters
    metrics = _metrics(subject)
    if metrics:
        made["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    considerations = _considerations(subject)
    if considerations:
        made["considerations"] = considerations
    return made


def data_refs(scan: Scan) -> dict[str, dict[str, str]]:
    """`{model: {name of a data set in lower case: ref}}` for the data sets of the document that its
    card names.
    """
    held = {c.ref: c for c in scan.components if c.kind == "data"}
    found: dict[str, dict[str, str]] = {}
    for relation in scan.relations:
        data = held.get(relation.target)
        if data is not None and relation.kind == "depends-on":
            names = {
                data.name,
                *(value for key in ("alias", "dataset-id") for value, _ in data.facts(key)),
            }
            found.setdefault(relation.source, {}).update({name.lower(): data.ref for name in names})
    return found


def _parameters(subject: Component, data: Mapping[str, str]) -> Json:
    made: Json = {}
    approach = subject.fact("approach")
    if approach in _APPROACHES:
        made["approach"] = {"type": approach}
    task = subject.fact("pipeline-tag")
    if task:
        made["task"] = task
    family = subject.fact("model-type") or subject.fact("header-architecture")
    if family:
        made["architectureFamily"] = family
    if subject.fact("architecture"):
        made["modelArchitecture"] = subject.fact("architecture")
    datasets = [value for value, _ in subject.facts("dataset")]
    if datasets:
        # Two names of one data set are one reference.
        found = dict.fromkeys(
            (data.get(value.lower(), ""), "" if value.lower() in data else value)
            for value in datasets
        )
        made["datasets"] = [
            {"ref": ref} if ref else {"type": "dataset", "name": value} for ref, value in found
        ]
    formats = _FORMATS.get(task)
    if formats:
        made["inputs"] = [{"format": name} for name in formats[0]]
        made["outputs"] = [{"format": name} for name in formats[1]]
    return made


def _metrics(subject: Component) -> list[Json]:
    """The results of the card's `model-index`."""
    rows = []
    for result, _ in subject.get(RESULT):
        row = {"type": result.kind, "value": result.value, "slice": result.of}
        rows.append({key: words for key, words in row.items() if words})
    return rows


def _considerations(subject: Component) -> Json:
    made: Json = {}
    for key, fact in (
        ("users", "card-users"),
        ("useCases", "card-uses"),
        ("technicalLimitations", "card-limitations"),
        ("performanceTradeoffs", "card-tradeoffs"),
    ):
        texts = _texts(subject, fact)
        if texts:
            made[key] = texts
    ethics = _texts(subject, "card-ethics")
    if ethics:
        made["ethicalConsiderations"] = [{"name": text} for text in ethics]
    return made


def _texts(subject: Component, fact: str) -> list[str]:
    """In the order of the card."""
    rows = sorted(subject.facts(fact), key=lambda row: (row[1].at, row[0]))
    return list(dict.fromkeys(text for text, _ in rows))


def pedigree(subject: Component, weights: Answer | None) -> Json:
    """`pedigree` with the models that this one was made from: a card's base models, and what is
    agreed of where its weights come from.

    The relation (finetune, adapter, quantized, merge) is the card's word, or that of an adapter's
    configuration; else there is none.
    """
    relations = sorted({value for value, _ in subject.facts("base-model-relation")})
    parents: dict[str, tuple[list[str], str]] = {}
    for value, evidence in subject.facts("base-model"):
        parents.setdefault(value, (relations, str(evidence.at)))
    for claim in weights.carried if weights and weights.state != "unknown" else ():
        parents.setdefault(claim.value, (["weights"], str(claim.evidence[0].at)))
    rows = []
    for value, (relation, at) in sorted(parents.items()):
        group, _, name = value.rpartition("/")
        row: Json = {"type": "machine-learning-model", "name": name or value}
        if group and re.fullmatch(r"[\w.\-]+", group):
            row["group"] = group
            row["purl"] = f"pkg:huggingface/{group}/{name}"
        elif value.startswith("pkg:"):
            row.update(_of_purl(value), purl=value)
        row["properties"] = [
            *({"name": "aisbom:model:base_model_relation", "value": word} for word in relation),
            {"name": "aisbom:component:path", "value": at},
        ]
        rows.append(row)
    return {"ancestors": rows} if rows else {}


def _of_purl(value: str) -> Json:
    try:
        parsed = PackageURL.from_string(value)
    except ValueError:
        return {"name": value}
    return {"name": parsed.name, **({"group": parsed.namespace} if parsed.namespace else {})}


def references(subject: Component) -> list[tuple[str, str, Json]]:
    """(type, url, more) of papers that the card links to, and of where a hub keeps it."""
    rows: list[tuple[str, str, Json]] = []
    if subject.purl.startswith("pkg:huggingface/") and subject.kind == "machine-learning-model":
        name, _, commit = subject.purl.removeprefix("pkg:huggingface/").partition("@")
        url = f"https://huggingface.co/{name}"
        rows.append(("website", url, {}))
        if commit:
            rows.append(("distribution", f"{url}/tree/{commit}", {}))
            if any(o.fact("file-kind") == "card" for o in subject.observations):
                rows.append(("model-card", f"{url}/blob/{commit}/README.md", {}))
    for value, _ in subject.facts("paper"):
        rows.append(
            (
                "documentation",
                f"https://arxiv.org/abs/{value}",
                {"comment": "a paper that the model card links to"},
            )
        )
    return rows


def properties(subject: Component) -> list[tuple[str, str]]:
    """Properties of a model or of a part of one: registered names first."""
    if subject.kind != "machine-learning-model":
        return _tokenizer(subject) if "tokenizer" in subject.kinds else []
    rows: list[tuple[str, str]] = []
    languages = sorted({value.lower() for value, _ in subject.facts("language")})
    codes = [value for value in languages if re.fullmatch("[a-z]{2}", value)]
    if codes:
        rows.append(("cdx:ai-ml:model:language", ",".join(codes)))
    count = sum(int(o.fact("parameters")) for o in subject.weights)
    if count >= 1_000_000:
        rows.append(("cdx:ai-ml:model:parameter:count", short(count)))
    methods = sorted({value.lower() for value, _ in subject.facts("adapter")})
    rows += [("cdx:ai-ml:model:parameter:tune_method", value) for value in methods]
    for key in (
        "hidden-size",
        "num-hidden-layers",
        "num-attention-heads",
        "vocab-size",
        "torch-dtype",
        "max-position-embeddings",
    ):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"cdx:ai-ml:model:hyperparameter:{key.replace('-', '_')}", value))
    for key in ("base-model", "base-model-relation", "language", "library-name"):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"aisbom:model:{key.replace('-', '_')}", value))
    if "submodel" in subject.kinds:
        rows += [
            ("aisbom:model:prefix", o.fact("prefix"))
            for o in subject.observations
            if o.kind == "submodel" and o.fact("prefix")
        ]
    for key in (
        "part",
        "quantisation",
        "auto-map",
        "remote-code",
        "stated-parameters",
        "signature",
    ):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"aisbom:model:{key.replace('-', '_')}", value))
    if "submodel" in subject.kinds and not any(map(_held, subject.observations)):
        rows.append(("aisbom:unknown", "weights"))
    return rows


def _tokenizer(subject: Component) -> list[tuple[str, str]]:
    rows = [("cdx:ai-ml:model:tokenizer", "true")]
    for key, name in (
        ("vocabulary", "vocabulary"),
        ("vocabulary-digest", "vocabulary_digest"),
        ("merges", "merges"),
    ):
        prefix = "sha256:" if key.endswith("digest") else ""
        rows += [
            (f"aisbom:tokenizer:{name}", f"{prefix}{value}")
            for value in dict.fromkeys(v for v, _ in subject.facts(key))
        ]
    return rows + [
        ("aisbom:tokenizer:comparison", value)
        for value in dict.fromkeys(v for v, _ in subject.facts("comparison"))
    ]


def _held(o: Observation) -> bool:
    return o.kind == "weights" or o.fact("basis") == "tensors"


def short(count: int) -> str:
    """A number of parameters as names of models write it: `22.7M`, `7B`, `1.5T`."""
    for unit, size in (("T", 10**12), ("B", 10**9), ("M", 10**6)):
        if count >= size:
            return f"{count / size:.3g}{unit}" if count < 1000 * size else f"{count // size}{unit}"
    return str(count)
