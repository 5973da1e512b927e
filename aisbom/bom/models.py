"""What the files of a model state of it, no more: its card, what it was made from, and where more
is to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packageurl import PackageURL

from aisbom.bom import Card, DataSet, Link, Parent, Pedigree
from aisbom.model import Component, Observation, Scan
from aisbom.model.facts import EMISSIONS, RESULT
from aisbom.model.ledger import Answer

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


def card(subject: Component, data: Mapping[str, str]) -> Card:
    """The card; empty where no file states any of it. `data` gives the refs of the data sets that
    are components, by name.
    """
    approach, task = subject.fact("approach"), subject.fact("pipeline-tag")
    inputs, outputs = _FORMATS.get(task, ((), ()))
    return Card(
        approach if approach in _APPROACHES else "",
        task,
        subject.fact("model-type") or subject.fact("header-architecture"),
        subject.fact("architecture"),
        _datasets(subject, data),
        inputs,
        outputs,
        tuple(result for result, _ in subject.get(RESULT)),
        _texts(subject, "card-users"),
        _texts(subject, "card-uses"),
        _texts(subject, "card-limitations"),
        _texts(subject, "card-tradeoffs"),
        _texts(subject, "card-ethics"),
        tuple(dict.fromkeys(said for said, _ in subject.get(EMISSIONS))),
    )


def data_refs(scan: Scan) -> dict[str, dict[str, str]]:
    """`{model: {name of a data set in lower case: ref}}` for the data sets of the scan that its
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


def _datasets(subject: Component, data: Mapping[str, str]) -> tuple[DataSet, ...]:
    """Two names of one data set are one, by the longer name: the one with its owner."""
    rows: dict[str, DataSet] = {}
    for value, _ in subject.facts("dataset"):
        row = DataSet(value, data.get(value.lower(), ""))
        before = rows.setdefault(row.ref or value, row)
        if len(before.name) < len(value):
            rows[row.ref or value] = row
    return tuple(rows.values())


def _texts(subject: Component, fact: str) -> tuple[str, ...]:
    """In the order of the card."""
    rows = sorted(subject.facts(fact), key=lambda row: (row[1].at, row[0]))
    return tuple(dict.fromkeys(text for text, _ in rows))


def parents(subject: Component, weights: Answer | None) -> Pedigree:
    """The models that this one was made from: a card's base models, and what is agreed of where its
    weights come from.

    The relation (finetune, adapter, quantized, merge) is the card's word, or that of an adapter's
    configuration; else there is none.
    """
    relations = tuple(sorted({value for value, _ in subject.facts("base-model-relation")}))
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for value, evidence in subject.facts("base-model"):
        found.setdefault(value, (relations, str(evidence.at)))
    for claim in weights.carried if weights and weights.state != "unknown" else ():
        found.setdefault(claim.value, (("weights",), str(claim.evidence[0].at)))
    return Pedigree(tuple(_parent(value, *said) for value, said in sorted(found.items())))


def _parent(value: str, relations: tuple[str, ...], path: str) -> Parent:
    group, _, name = value.rpartition("/")
    purl = ""
    if group and re.fullmatch(r"[\w.\-]+", group):
        purl = f"pkg:huggingface/{group}/{name}"
    elif value.startswith("pkg:"):
        (name, group), purl = _of_purl(value), value
    else:
        group = ""
    return Parent(
        "machine-learning-model",
        name or value,
        group,
        purl=purl,
        relations=relations,
        path=path,
    )


def _of_purl(value: str) -> tuple[str, str]:
    """Name and group."""
    try:
        parsed = PackageURL.from_string(value)
    except ValueError:
        return value, ""
    return parsed.name, parsed.namespace or ""


def links(subject: Component) -> Iterator[Link]:
    """Papers that the card links to, and where a hub keeps the model."""
    if subject.purl.startswith("pkg:huggingface/") and subject.kind == "machine-learning-model":
        name, _, commit = subject.purl.removeprefix("pkg:huggingface/").partition("@")
        url = f"https://huggingface.co/{name}"
        yield Link("website", url)
        if commit:
            yield Link("distribution", f"{url}/tree/{commit}")
            if any(o.fact("file-kind") == "card" for o in subject.observations):
                yield Link("model-card", f"{url}/blob/{commit}/README.md")
    for value, _ in subject.facts("paper"):
        yield Link(
            "documentation",
            f"https://arxiv.org/abs/{value}",
            "a paper that the model card links to",
        )


def model_facts(subject: Component) -> list[tuple[str, str]]:
    """Facts of a model or of a part of one."""
    if subject.kind != "machine-learning-model":
        return _tokenizer(subject) if "tokenizer" in subject.kinds else []
    rows: list[tuple[str, str]] = []
    languages = sorted({value.lower() for value, _ in subject.facts("language")})
    codes = [value for value in languages if re.fullmatch("[a-z]{2}", value)]
    if codes:
        rows.append(("languages", ",".join(codes)))
    count = sum(int(o.fact("parameters")) for o in subject.weights)
    if count >= 1_000_000:
        rows.append(("parameter-count", short(count)))
    methods = sorted({value.lower() for value, _ in subject.facts("adapter")})
    rows += [("tune-method", value) for value in methods]
    for key in (
        "hidden-size",
        "num-hidden-layers",
        "num-attention-heads",
        "vocab-size",
        "torch-dtype",
        "max-position-embeddings",
    ):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"hyperparameter.{key.replace('-', '_')}", value))
    for key in ("base-model", "base-model-relation", "language", "library-name"):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"model.{key.replace('-', '_')}", value))
    if "submodel" in subject.kinds:
        rows += [
            ("model.prefix", o.fact("prefix"))
            for o in subject.observations
            if o.kind == "submodel" and o.fact("prefix")
        ]
    for key in (
        "part",
        "quantisation",
        "producer",
        "header-name",
        "auto-map",
        "remote-code",
        "stated-parameters",
        "signature",
    ):
        for value in dict.fromkeys(v for v, _ in subject.facts(key)):
            rows.append((f"model.{key.replace('-', '_')}", value))
    if "submodel" in subject.kinds and not any(map(_holds_tensors, subject.observations)):
        rows.append(("unknown", "weights"))
    return rows


def _tokenizer(subject: Component) -> list[tuple[str, str]]:
    rows = [("is-tokenizer", "true")]
    for key, name in (
        ("vocabulary", "vocabulary"),
        ("vocabulary-digest", "vocabulary_digest"),
        ("merges", "merges"),
        ("tokenizer-from", "loaded_from"),
    ):
        prefix = "sha256:" if key.endswith("digest") else ""
        rows += [
            (f"tokenizer.{name}", f"{prefix}{value}")
            for value in dict.fromkeys(v for v, _ in subject.facts(key))
        ]
    return rows + [
        ("tokenizer.comparison", value)
        for value in dict.fromkeys(v for v, _ in subject.facts("comparison"))
    ]


def _holds_tensors(o: Observation) -> bool:
    return o.kind == "weights" or o.fact("basis") == "tensors"


def short(count: int) -> str:
    """A number of parameters as names of models write it: `22.7M`, `7B`, `1.5T`."""
    for unit, size in (("T", 10**12), ("B", 10**9), ("M", 10**6)):
        if count >= size:
            return f"{count / size:.3g}{unit}" if count < 1000 * size else f"{count // size}{unit}"
    return str(count)
