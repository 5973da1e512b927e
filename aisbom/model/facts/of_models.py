"""Facts about models, their weights, tokenizers and training."""

from __future__ import annotations

from typing import Any

from aisbom.model.facts.key import Key, Stage

NESTED = ("text", "vision", "audio")
"""Nested configurations of a model whose sizes are told beside its own, as `text-hidden-size`."""

_OF_A_PART: tuple[tuple[str, type[Any], tuple[Stage, ...]], ...] = (
    ("hidden-size", int, ("identify",)),
    ("num-hidden-layers", int, ("identify",)),
    ("num-attention-heads", int, ()),
    ("intermediate-size", int, ()),
    ("vocab-size", int, ("identify", "bom")),
    ("model-type", str, ("identify",)),
    ("torch-dtype", str, ()),
)

_OF_MODELS: tuple[Key[Any], ...] = (
    Key(
        "adapter",
        str,
        ("collect",),
        ("identify", "classify", "bom"),
        "the method of an adapter (`LORA`)",
    ),
    Key("approach", str, ("collect",), ("bom",), "how a model learns, as its card says"),
    Key(
        "architecture",
        str,
        ("collect",),
        ("merge", "classify", "bom"),
        "a class that a model is built by",
    ),
    Key("auto-map", str, ("collect",), ("bom",), "a class that loading a model would run"),
    Key(
        "base-model",
        str,
        ("collect",),
        ("identify", "bom"),
        "id of a model that this one was made from",
    ),
    Key(
        "base-model-relation",
        str,
        ("collect",),
        ("identify", "classify", "bom"),
        "how: finetune, adapter, quantized, merge",
    ),
    Key("base-model-revision", str, ("collect",), (), "the revision of the base"),
    Key("card-ethics", str, ("collect",), ("bom",), "what a card says of ethics"),
    Key("card-limitations", str, ("collect",), ("bom",), "what a card says of limits"),
    Key("card-tradeoffs", str, ("collect",), ("bom",), "what a card says of trade-offs"),
    Key("card-users", str, ("collect",), ("bom",), "for whom a model is"),
    Key("card-uses", str, ("collect",), ("bom",), "what for"),
    Key(
        "comparison",
        str,
        ("merge",),
        ("bom",),
        "how two vocabularies stand to each other, a sentence",
    ),
    Key("controls", str, ("examine",), (), "how unrelated references compared, a sentence"),
    Key("dataset", str, ("collect",), ("examine", "bom"), "a data set that a card names"),
    Key("dataset-id", str, ("collect", "examine"), ("identify", "bom"), "its id on the hub"),
    Key("dtype", str, ("collect",), ("identify", "bom"), "number format of tensors"),
    Key("ended", str, ("collect",), ("bom",), "when a training ended, ISO 8601"),
    Key("equal-tensors", int, ("examine",), (), "how many tensors are equal"),
    Key("feature-extractor", str, ("collect",), (), "class that prepares inputs"),
    Key("first-step", int, ("collect",), ("bom",), "the first step of a log"),
    Key(
        "from-scratch",
        str,
        ("collect",),
        ("identify",),
        "a sentence that claims training from scratch",
    ),
    Key("frozen", bool, ("collect",), ("identify",), "whether a part is kept as it was"),
    Key("hardware", str, ("collect",), ("bom",), "what a training ran on"),
    Key("header-architecture", str, ("collect",), ("identify", "bom"), "architecture in a header"),
    Key("header-base", str, ("collect",), ("identify",), "a parent that a header names"),
    Key("header-licence", str, ("collect",), (), "licence in a header"),
    Key("header-name", str, ("collect",), ("bom",), "name in a header"),
    Key("header-organisation", str, ("collect",), ("identify",), "maker in a header"),
    Key("hidden-size", int, ("collect",), ("identify", "bom"), "width of a network"),
    Key("image-processor", str, ("collect",), (), "class that prepares images"),
    Key("in-place", int, ("examine",), (), "units in the places of a reference's"),
    Key("in-width", int, ("collect",), ("identify",), "what a projector takes"),
    Key("intermediate-size", int, ("collect",), ("identify",), "width inside a layer"),
    Key("language", str, ("collect",), ("bom",), "a language, of text or of code"),
    Key("last-step", int, ("collect",), ("bom",), "the last step of a log"),
    Key("layers", int, ("collect",), ("identify",), "how many layers the names of tensors show"),
    Key("library-name", str, ("collect",), ("bom",), "the library of a model"),
    Key("log10-chance", float, ("examine",), (), "log10 of the chance of one equal tensor"),
    Key("log10-p", float, ("examine",), (), "log10 of the chance of a likeness"),
    Key("loss-end", float, ("collect",), ("bom",), "the last loss of a log"),
    Key("loss-start", float, ("collect",), ("bom",), "the first loss of a log"),
    Key("max-position-embeddings", int, ("collect",), ("bom",), "length of the context"),
    Key(
        "merged-branches",
        str,
        ("examine",),
        ("identify",),
        "that the history holds merges of the branches of a credited project, a sentence",
    ),
    Key("merges", int, ("collect",), ("bom",), "how many merges a tokenizer has"),
    Key("merges-digest", str, ("collect",), ("merge",), "their digest"),
    Key("merges-sketch", str, ("collect",), (), "their sketch"),
    Key("metric", str, ("collect",), (), "a metric that a card names"),
    Key("model", str, ("collect",), ("bom",), "a model that a service is asked for"),
    Key("model-id", str, ("collect", "examine"), ("examine", "merge", "identify"), "id on the hub"),
    Key(
        "model-type",
        str,
        ("collect",),
        ("identify", "classify", "bom", "merge"),
        "type of a network",
    ),
    Key("name-or-path", str, ("collect",), ("identify",), "from where a configuration was loaded"),
    Key("names-digest", str, ("collect",), ("model",), "digest of the names of tensors"),
    Key("names-model", str, ("collect",), ("identify",), "a model that a sentence of a card names"),
    Key("new-version", str, ("collect",), (), "what follows this model"),
    Key("num-attention-heads", int, ("collect",), ("identify", "bom"), "attention heads"),
    Key("num-experts", int, ("collect",), ("identify",), "experts"),
    Key("num-hidden-layers", int, ("collect",), ("identify", "bom"), "layers of a network"),
    Key("num-key-value-heads", int, ("collect",), ("identify",), "heads of keys and values"),
    Key(
        "of-model",
        bool,
        ("examine", "merge"),
        ("identify",),
        "whether it belongs to the model of the tree",
    ),
    Key("out-width", int, ("collect",), ("identify",), "what an encoder gives"),
    Key(
        "parameters",
        int,
        ("collect",),
        ("identify", "classify", "judge", "bom", "model"),
        "how many parameters",
    ),
    Key(
        "part",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "classify", "bom"),
        "which part of a model it is",
    ),
    Key("pipeline-tag", str, ("collect",), ("classify", "bom"), "task of a model on the hub"),
    Key("points", int, ("collect",), (), "how many points a log has"),
    Key("prefix", str, ("collect",), ("bom",), "first part of the names of tensors"),
    Key("processor", str, ("collect",), (), "class that prepares inputs of all kinds"),
    Key(
        "projector-in",
        int,
        ("collect",),
        ("identify",),
        "what a projector takes, by the configuration",
    ),
    Key("quantisation", str, ("collect",), ("identify", "bom"), "how a model is quantised"),
    Key("quantized-by", str, ("collect",), (), "who quantised it"),
    Key("rank", int, ("collect",), (), "rank of an adapter"),
    Key("remote-code", str, ("collect",), ("bom",), "a file that loading a model would run"),
    Key(
        "same-values", str, ("examine",), ("identify", "bom"), "path of a file with the same values"
    ),
    Key("shard", str, ("collect",), ("identify",), "a file that an index names"),
    Key("signature", str, ("collect",), ("bom",), "a signature of a model, in words"),
    Key(
        "space",
        str,
        ("collect",),
        ("examine", "classify"),
        "the table that a bare name belongs to",
    ),
    Key("started", str, ("collect",), ("bom",), "when a training began, ISO 8601"),
    Key(
        "stated-parameters", int, ("collect",), ("identify", "bom"), "parameters that a card states"
    ),
    Key("structure-digest", str, ("collect",), (), "digest of names and shapes"),
    Key(
        "subfolder", str, ("collect",), ("classify",), "folder of a repository that is taken alone"
    ),
    Key("submodel", str, ("collect",), (), "a part that names of tensors reveal"),
    Key("table-rows", int, ("collect",), ("identify",), "its length"),
    Key("table-width", int, ("collect",), ("identify",), "its width"),
    Key("task", str, ("collect",), (), "task of a data set"),
    Key("tensor-digest", str, ("collect",), ("bom",), "digest of the list of tensors"),
    Key("tensors", int, ("collect",), ("examine", "bom", "classify", "fleet"), "how many tensors"),
    Key("tokenizer-class", str, ("collect",), (), "class of a tokenizer"),
    Key("tokenizer-from", str, ("collect",), ("bom",), "where a tokenizer was loaded from"),
    Key("tokenizer-model", str, ("collect",), (), "kind of a tokenizer"),
    Key("tokens", int, ("collect",), (), "tokens of a file that was compared"),
    Key("torch-dtype", str, ("collect",), ("bom",), "number format in a configuration"),
    Key("total-size", int, ("collect",), (), "bytes of all tensors"),
    Key("trainer", str, ("collect",), ("identify",), "what a training does with a part"),
    Key("trainer-base", str, ("collect",), ("identify",), "what a training starts from"),
    Key("trainer-base-id", str, ("collect",), ("identify",), "its id"),
    Key("trainer-output", str, ("collect",), ("merge",), "where a training writes to"),
    Key("transformers-version", str, ("collect",), (), "version of transformers"),
    Key("unlayered", bool, ("collect",), ("classify",), "tensors that no network is made of"),
    Key("used-for", str, ("collect", "examine"), ("classify",), "what a data set is used for"),
    Key("values-of", str, ("collect",), ("merge",), "the file whose values these are"),
    Key("vocab-size", int, ("collect",), ("identify", "bom"), "size of a vocabulary"),
    Key("vocabulary", int, ("collect",), ("merge", "bom"), "how many tokens a tokenizer has"),
    Key("vocabulary-digest", str, ("collect",), ("merge", "bom"), "their digest"),
    Key("vocabulary-sketch", str, ("collect",), ("merge",), "their sketch"),
    Key(
        "weights-budget", str, ("examine",), ("bom",), "bytes of values that may be read, or `all`"
    ),
    Key("weights-bytes", int, ("examine",), ("identify", "bom"), "bytes of values"),
    Key(
        "weights-from",
        str,
        ("examine",),
        ("identify", "bom"),
        "the known model whose values these are",
    ),
    Key("weights-left", int, ("examine",), ("bom",), "tensors beyond the budget"),
    Key("weights-read", int, ("examine",), ("identify", "bom"), "bytes of values that were read"),
    Key("width", int, ("collect",), ("identify",), "the length of most one-dimensional tensors"),
    Key("world-size", int, ("collect",), ("bom",), "processes of a training"),
)

_OF_NETWORK_FILES: tuple[Key[Any], ...] = (
    Key("configures", str, ("collect",), ("merge",), "path of a configuration that settings name"),
    Key("network-class", str, ("collect",), ("identify",), "a class of a library's network"),
    Key("network-module", str, ("collect",), ("identify",), "the module that it is imported from"),
    Key("own-class", str, ("collect",), ("merge",), "the class that inherits a library's network"),
    Key("network-use", str, ("collect",), ("identify",), "how: inherits, builds"),
    Key("feeds-width", int, ("collect",), ("identify",), "width of what a network feeds"),
)
"""Of networks that a file of settings describes (`merge/network_files.py`) or code builds."""

_OF_PARTS: tuple[Key[Any], ...] = tuple(
    Key(f"{part}-{name}", shape, ("collect",), read_by, f"{name} of the {part} part")
    for part in NESTED
    for name, shape, read_by in _OF_A_PART
)

OF_MODELS: tuple[Key[Any], ...] = (*_OF_MODELS, *_OF_PARTS, *_OF_NETWORK_FILES)
