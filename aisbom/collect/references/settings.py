"""References in YAML, TOML and JSON settings of trainers and servers, and the commands of compose
files, workflows and manifests.

A value is a name where it is an id of the hub and its key promises one (key_words.py). Files of a
model folder are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.parsed import nodes, yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.references import catalogues, hydra, model_zoos, workflows
from aisbom.collect.references.hosts import host_of
from aisbom.collect.references.key_words import (
    REGISTRIES,
    may_hold_checkpoints,
    name_data_folder,
    purpose,
    reads_a_file,
    words,
)
from aisbom.collect.references.loaders import WEIGHT_FILE
from aisbom.collect.references.rows import Source, split_list
from aisbom.collect.references.service_settings import (
    URL_KEYS,
    list_keyed,
    list_routed,
    list_served,
    nearest_keys,
    served_at,
)
from aisbom.collect.references.variables import find_key
from aisbom.lazy_module import Module, compile_later
from aisbom.model import Gap, Observation, Row, facts, part_names
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    import yaml

    from aisbom.collect.references import container_settings, routed_names
else:
    yaml = Module("yaml")
    routed_names = Module("aisbom.collect.references.routed_names")
    container_settings = Module("aisbom.collect.references.container_settings")

NAME = "settings-references"
MAX_READ = 2 * 1024 * 1024
MAX_NODES = 50_000
MAX_LEVEL = 40
MAX_ITEMS = 5_000

_VERSION = compile_later(r":\d+(?:\.\d+){1,2}$")
"""Behind the name of a data set: `norae_news:3.0.0`."""
_OF_THE_HUB = ("hf://", "hf-hub:", "hf-snapshot://")
_ADDRESSES = frozenset({"path", "hf_path", "dataset_path", "data_path", "repo_id", "hub_id"})
_OPEN_CLIP_TAG = re.compile(r"(?:laion(?:2b|400m|5b)|datacomp|dfn|webli|commonpool)[\w.\-]{0,60}")
"""Tags of weights of open_clip."""
_TORCHVISION_TAG = re.compile(r"(?:IMAGENET1K|COCO|KINETICS400)_V\d|COCO_WITH_VOC_LABELS_V\d")
"""Tags of weights of torchvision."""
_NETWORKS = ("name", "arch", "architecture", "model", "model_name", "backbone")
_TRACKED = frozenset({"report_to", "log_with", "logger", "loggers", "tracker"})
_OF_WANDB = compile_later(r"(?i:wandb)_(?:project(?:_name)?|entity|mode|name|run_name|run_id)")
_OFF = frozenset({"disabled", "offline", "dryrun", "false", "none", "null", "off", "no"})
_SERVED = frozenset({"model", "model_name", "llm_model", "chat_model", "deployment"})
"""Keys of a client's settings for what it asks for."""
_ASKED = _SERVED | {"id", "model_id", "modelId", "model-name"}
_PROVIDERS = ("providerId", "provider_id", "provider")
"""Keys of an entry in a list of models that may be chosen, and of who serves it."""
_SERVER_KEYS = frozenset(
    [
        *(
            "tensor-parallel-size",
            "tensor_parallel_size",
            "max-model-len",
            "max_model_len",
            "served-model-name",
            "served_model_name",
        ),
        *(
            "gpu-memory-utilization",
            "gpu_memory_utilization",
            "trust-remote-code",
            "trust_remote_code",
            "quantization",
            "speculative-config",
        ),
        *(
            "max-num-seqs",
            "max_num_seqs",
            "load_in_8bit",
            "load_in_4bit",
            "max_seq_length",
            "per_device_train_batch_size",
            "learning_rate",
        ),
    ]
)
_COMMANDS = frozenset({"command", "entrypoint", "run", "args", "cmd", "script"})
_FORMATS = frozenset(
    {"tool-call-parser", "tool_call_parser", "reasoning-parser", "reasoning_parser"}
)
# The beginning of a large file that may be a trainer's or a server's.
_SIGNS = compile_later(
    rb"model|weights|encoder|tokenizer|pretrained|checkpoint|api_base|base_url|parser"
    rb"|class_type|wandb_",
    re.IGNORECASE,
)
_TRAINS = compile_later(r"train|sft|dpo|finetun|tune", re.IGNORECASE)
_PROVIDERS_OF_THEIR_OWN = ("google", "anthropic", "openai", "x-ai")
_AT_RANDOM = ("random_init", "from_scratch", "train_from_scratch", "init_from_scratch")
_PRETRAINED = ("pretrained", "use_pretrained", "load_pretrained")
_OF_SETS = compile_later(r"(?:^|[_\-])data_?sets?(?:_(?:config|list|paths|mix\w*))?\.")
_SHARE = compile_later(r"\d{0,6}(?:\.\d{0,6})?")
_FREEZES = compile_later(r"freeze_(?P<part>\w+)")
_SCORES = (
    *("score", "scores", "accuracy", "overall", "overall_score", "average_score", "avg_score"),
    *("elo", "elo_score", "win_rate", "pass_rate", "pass@1"),
)
"""Keys of what a model reached, beside its name in a table of results."""
_BASES = ("model_name_or_path", "base_model", "pretrained_model_name_or_path")
# Files of a model folder have collectors of their own, and what tools write is no setting.
_NOT = compile_later(
    r"(?:adapter_config|generation_config|tokenizer_config|preprocessor_config|processor_config|special_tokens_map|added_tokens|tokenizer|vocab"
    r"|package|package-lock|tsconfig.*|composer|dataset_infos|croissant|modules|trainer_state|.*\.index|aisbom.*|.*\.cdx|.*\.spdx)\.json"
    r"|(?:poetry|uv|pdm|pixi|Pipfile|pylock.*)\.(?:lock|toml|yaml)|pyproject\.toml|Cargo\.toml|environment\.ya?ml|mkdocs\.yml|aisbom\.toml"
)

_WEIGHTS = compile_later(rb"\.(?:pth?|ckpt|safetensors|gguf|onnx|jit|nemo|pdparams)\b")
_OF_A_MODEL = compile_later(
    rb"[\"'](?:architectures|model_type|_class_name|transformers_version|hidden_size)[\"']"
)
"""What the `config.json` of a model has: it is read as one, by a collector of its own."""


_OF_TENSORFLOW_JS = b'"weightsManifest"'
"""What the JSON of a TensorFlow.js model has: names of tensors, and no settings."""


def collect(file: File) -> Iterator[Row]:
    """The models, data sets and services that settings name."""
    if _NOT.fullmatch(file.name):
        return
    if file.size > MAX_READ:
        # Data may be as large as they like; settings of a trainer are not.
        if _SIGNS.search(file.head(64 * 1024)):
            raise Unreadable(f"larger than {MAX_READ:,} bytes: references not looked for")
        return
    data = file.read(MAX_READ)
    if _OF_TENSORFLOW_JS in data and file.name.endswith(".json"):
        yield Gap(NAME, file.at(), "a model of TensorFlow.js: its tensors are not listed")
        return
    if not _may_name(file, data):
        return
    try:
        if file.name.endswith(".json"):
            document = nodes.json_document(file, NAME)
        elif file.name.endswith(".toml"):
            document = nodes.toml(file, NAME)
        else:
            document = yaml_nodes.load_with_lines(file, NAME)
    except (ValueError, yaml.YAMLError, Unreadable) as error:
        # A template or another program's file: it matters only where it names a model.
        if _SIGNS.search(data):
            yield Gap(NAME, file.at(), f"cannot be read: {fault(error)}")
        return
    reader = _Reader(file, document)
    yield from catalogues.reduce_catalogue(reader.rows(), reader.source, file.at())
    if hydra.composes(document.value) and file.name.endswith((".yaml", ".yml")):
        yield from hydra.references(file, reader.source)
    if file.name.endswith(".json"):
        yield from dict.fromkeys(reader.workflow())


def _may_name(file: File, data: bytes) -> bool:
    """Whether it may be settings that name anything: no template, and no model's own."""
    if file.name == "config.json" and _OF_A_MODEL.search(data):
        return False
    names_one = (
        b"/" in data
        or b"-" in data
        or b"_KEY" in data
        or b"dataset" in data
        or b"defaults:" in data
        or _SIGNS.search(data)
    )
    return bool(names_one or _WEIGHTS.search(data)) and b"{{" not in data[:200]


def _of_framework(path: tuple[str | int, ...], model: str) -> str:
    """The provider that settings of Spring AI (`spring.ai.mistral-ai.chat.options.model`) and of
    LangChain4j (`langchain4j.open-ai.chat-model.model-name`) ask for a model, else `""`.
    """
    keys = [str(key) for key in path]
    if keys[:2] == ["spring", "ai"] and len(keys) > 3:
        return routed_names.named_provider(keys[2], model)
    if "langchain4j" in keys[:2] and len(keys) > 3:
        return routed_names.named_provider(keys[keys.index("langchain4j") + 1], model)
    return ""


class _Reader:
    """One document walked without recursion."""

    def __init__(self, file: File, document: nodes.Document) -> None:
        self.file = file
        self.document = document
        self.source = Source(NAME, "manifest-analysis")

    @cached_property
    def containers(self) -> container_settings.Containers:
        """What reads commands and environments."""
        return container_settings.Containers(self.file, self.document, self.source)

    def rows(self) -> Iterator[Row]:
        """Every reference, in the order of the file."""
        todo: list[tuple[Node, int]] = [(self.document.root, 0)]
        count = 0
        while todo:
            node, level = todo.pop()
            count += 1
            if count > MAX_NODES or level > MAX_LEVEL:
                yield Gap(
                    NAME, self.file.at(), "too large or too deep: references not all looked for"
                )
                return
            value = node.value
            below: list[Node] = []
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key == "defaults" and not level and hydra.composes(value):
                        continue  # names of options, which are files of the tree
                    child = node.below(key, inner)
                    below.append(child)
                    yield from self._entry(str(key), child, value)
                yield from self._frozen_parts(node)
            elif isinstance(value, list):
                for number, inner in enumerate(value[:MAX_ITEMS]):
                    child = node.below(number, inner)
                    if isinstance(inner, dict | list):
                        below.append(child)
                    elif isinstance(inner, str):
                        yield from self._value(inner, child)
            todo.extend(
                (child, level + 1)
                for child in reversed(below)
                if isinstance(child.value, dict | list)
            )

    def workflow(self) -> Iterator[Row]:
        """The weight files that the nodes of a ComfyUI workflow load."""
        for one in workflows.find_loaded_files(self.document.root.value):
            node = self.document.root
            for key in one.path:
                node = node.below(key, node.value[key])
            more = {"space": "file", "loader": one.loader, "part": one.part}
            yield Observation(
                *("reference", one.name, "", ""),
                self.source.evidence(node.at, node.excerpt, "medium"),
                facts(*more.items(), ("named-by", "workflow")),
            )

    def _entry(self, key: str, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
        text = node.value if isinstance(node.value, str) else ""
        if _SHARE.fullmatch(str(node.value)) and names.dataset_id(key):
            # A mixture: `dataset_mixer: {owner/name: 0.5}`.
            if purpose(nearest_keys(node.path[:-1])[0]) == "dataset":
                used = "training"
                yield from self.source.dataset(
                    key, node.at, node.excerpt, loader="mixture", used=used, named_by="key"
                )
        elif key in _COMMANDS:
            yield from self.containers.command(node, holder)
        elif key in ("environment", "env", "env_file"):
            read = self.containers
            named = key == "env_file"
            yield from read.environment_files(node) if named else read.environment(node)
        elif name := find_key(key, text):
            yield from list_keyed(self.source, name, node, holder)
        elif not text:
            return
        elif key == "model" and "litellm_params" in map(str, node.path):
            yield from list_routed(self.source, text, node, holder)
        elif key in URL_KEYS and host_of(text):
            host = host_of(text)
            yield from self.source.service(
                host.partition(":")[0], "host", node.at, f"{key}: {host}", endpoint=host
            )
        elif (key in _TRACKED and text == "wandb") or (
            _OF_WANDB.fullmatch(key) and text.lower() not in _OFF
        ):
            yield from self.source.service("wandb.init", "class", node.at, node.excerpt)
        elif key in _SERVED and (asked := served_at(holder)) is not None:
            yield from list_served(self.source, text, asked, node)
        elif key in _FORMATS:
            yield from self.source.format(key.replace("_", "-"), text, node.at, node.excerpt)
        else:
            yield from self._read_name(key, text, node, holder)

    def _read_name(
        self, key: str, text: str, node: Node, holder: Mapping[str, Any]
    ) -> Iterator[Row]:
        """What a text names: a model that a provider serves, or one of the hub."""
        provider = self._provider(text, holder) or _of_framework(node.path, text)
        if key in _ASKED and provider:
            name = f"{provider}/{text}"
            yield from self.source.service(name, "model", node.at, node.excerpt, model=text)
        else:
            yield from self._open_clip(key, text, node, str(holder.get("arch") or ""))
            yield from self._torchvision(key, text, node, holder)
            yield from self._value(text, node, holder)

    @staticmethod
    def _provider(text: str, holder: Mapping[str, Any]) -> str:
        """Who serves a model of a list, where its own entry says so."""
        said = next((str(holder[key]) for key in _PROVIDERS if holder.get(key)), "")
        return routed_names.named_provider(said, text) if said and " " not in text else ""

    def _open_clip(self, key: str, tag: str, node: Node, network: str) -> Iterator[Row]:
        """Weights of open_clip by their network and tag: `arch: ViT-bigG-14, version: laion2b_...`,
        as the configurations of Stable Diffusion write them.
        """
        if key != "version" or not _OPEN_CLIP_TAG.fullmatch(tag):
            return
        if re.fullmatch(r"[\w.\-/@]{2,80}", network):
            told = (("space", "open-clip"), ("loader", "arch"), ("part", "weights"))
            seen = self.source.evidence(node.at, node.excerpt)
            more = facts(*told, ("architecture", network), ("tag", tag))
            yield Observation("reference", f"{network}:{tag}", "", "", seen, more)

    def _torchvision(
        self, key: str, text: str, node: Node, holder: Mapping[str, Any]
    ) -> Iterator[Row]:
        """Weights of torchvision by their network and tag: `name: resnet18, weights:
        IMAGENET1K_V1`.
        """
        if key != "weights" or not _TORCHVISION_TAG.fullmatch(text):
            return
        network = next((held for one in _NETWORKS if isinstance(held := holder.get(one), str)), "")
        if re.fullmatch(r"[a-z][a-z0-9_]{3,40}", network):
            yield self.source.observe_package_weights(
                "torchvision", network, node.at, node.excerpt, "weights"
            )

    def _value(
        self, text: str, node: Node, holder: Mapping[str, Any] | None = None
    ) -> Iterator[Row]:
        """An id of the hub, by the nearest key that promises one; a folder where the key names
        a model.
        """
        key, above = self._keys(text, node, holder or {})
        if key in _TRACKED and text == "wandb":
            yield from self.source.service("wandb.init", "class", node.at, node.excerpt)
            return
        if model_zoos.address(text):
            yield from self.source.model(text, node.at, node.excerpt, loader=key)
            return
        if text.startswith(_OF_THE_HUB) and names.hub_id(text):
            # An address of the hub says it itself, whatever its key is called.
            part = "tokenizer" if purpose("_".join(words(key)[:-1])) == "tokenizer" else "weights"
            yield from self.source.model(text, node.at, node.excerpt, loader=key, part=part)
            return
        # Beside a path, a name is a title or that of a part.
        titled = key == "name" and not _ADDRESSES.isdisjoint(holder or {})
        # An address with words behind it cites where something was read, and loads nothing.
        cited = re.fullmatch(r"https?://\S+\s.*", text.strip(), re.DOTALL)
        # Routers spell what a provider serves as an id of the hub: `google/gemini-2.5-flash`.
        owner, _, served = text.rpartition("/")
        asked = names.HOSTED.fullmatch(served) and owner in ("", *_PROVIDERS_OF_THEIR_OWN)
        if asked and purpose(key, above) in ("model", "encoder"):
            more = {"model": served, "named_by": "setting"}
            yield from self.source.service(served, "model", node.at, node.excerpt, **more)
            return
        if titled or cited or not purpose(key, above):
            if names.bare(folder := name_data_folder(key, text)):
                used = "training" if _TRAINS.search(key) else ""
                yield from self.source.dataset(
                    folder, node.at, node.excerpt, loader=key, used=used, named_by="key"
                )
            elif "://" in text and WEIGHT_FILE.fullmatch(text) and not names.hub_id(text):
                yield from self.source.download(
                    text, node.at, node.excerpt, loader=key, named_by="key"
                )
            elif routed_names.is_unmistakable(text):
                yield from self.source.read_path_hint(text, node.at, node.excerpt, loader=key)
            elif reads_a_file(key):
                yield from self.source.file(text, node.at, node.excerpt, loader=key)
            elif may_hold_checkpoints(key) and "/" in text:
                seen = node.at, node.excerpt
                yield from self.source.read_checkpoint_folder(text, *seen, loader=key)
            return
        yield from self._read_promise(text, node, holder, key, above)

    def _keys(self, text: str, node: Node, holder: Mapping[str, Any]) -> tuple[str, str]:
        """The key of a value and the one above, with what the file or the class says in place of
        one that says nothing.
        """
        key, above = nearest_keys(node.path)
        target = holder.get("_target_")
        if isinstance(target, str) and not purpose(key, above):
            *_, module, above = ("", *target.split("."))  # Hydra: the class that gets them
            if not purpose(key, above) and names.hub_id(text):
                above = module  # `norae.datasets.Spoken`
        if not purpose(key, above) and names.hub_id(text) and _OF_SETS.search(self.file.name):
            above, key = "dataset", "path"  # settings of nothing but data sets
        if key == "repo_id" and not purpose(key, above):
            key = "model"  # huggingface_hub's own word for a repository of the hub
        return key, above

    def _read_promise(
        self,
        text: str,
        node: Node,
        holder: Mapping[str, Any] | None,
        key: str,
        above: str,
    ) -> Iterator[Row]:
        """What a key holds that promises a model or a data set, by itself or by the one above."""
        if purpose(key, above) != "dataset" and _begins_at_random(holder or {}):
            yield from self.source.mention(text, node.at, node.excerpt)
        elif "://" in text and WEIGHT_FILE.fullmatch(text) and not names.hub_id(text):
            yield from self.source.download(text, node.at, node.excerpt, loader=key, named_by="key")
        elif purpose(key, above) == "dataset":
            used = ""
            if _TRAINS.search(key) or not _SERVER_KEYS.isdisjoint(holder or {}):
                used = "training"
            more = {"registry": REGISTRIES[key]} if key in REGISTRIES else {}
            for told in split_list(text):
                lies = names.last_of_data(told)
                one = lies or _VERSION.sub("", told)
                named = key.lower().endswith(("name", "names")) or re.search(r"[\dA-Z_\-]", one)
                if names.dataset_id(one) or (names.bare(one) and (named or lies)):
                    yield from self.source.dataset(
                        one, node.at, node.excerpt, loader=key, used=used, named_by="key", **more
                    )
        elif key == "model" and node.path[0] == "models" and "compose" in self.file.name:
            # Docker's own models (`ai/smollm2`) are images of its registry, no ids of the hub.
            yield from self.source.model(
                text.partition(":")[0], node.at, node.excerpt, loader="models", registry="docker"
            )
        elif "/" in text or text[:1].isalnum():
            if not names.hub_id(text) and names.local(text):
                yield from self.source.folder(text, node.at, key)
            rows = self.source.identify_value(text, node.at, node.excerpt, key=key, holder=above)
            yield from map(_mark_measured, rows) if _is_measured(holder or {}) else rows

    def _frozen_parts(self, node: Node) -> Iterator[Row]:
        """Parts that a training keeps as they are or trains, with what it starts from and writes
        (the words of LLaMA-Factory).
        """
        told = node.value
        base = next((text for key in _BASES if isinstance(text := told.get(key), str)), "").strip()
        output = str(told.get("output_dir") or "").strip()
        if output.startswith("/"):  # of a machine: only the folder's own name says anything here
            output = output.rstrip("/").rpartition("/")[2]
        if not base or not output:
            return
        for key, value in told.items():
            match = _FREEZES.fullmatch(str(key))
            part = part_names.of_key((match["part"].removeprefix("mm_"),)) if match else ""
            state = {"true": "frozen", "false": "trained"}.get(str(value).lower(), "")
            if part and state:
                child = node.below(key, value)
                found = facts(
                    ("trainer", state),
                    ("trainer-base", base[:200]),
                    ("trainer-base-id", names.hub_id(base)),
                    ("trainer-output", output[:300]),
                )
                yield Observation(
                    "training",
                    part,
                    "",
                    "",
                    self.source.evidence(child.at, child.excerpt, "medium"),
                    found,
                )


def _begins_at_random(holder: Mapping[str, Any]) -> bool:
    """Whether the settings beside a name say that its design is used and its weights are not:
    `random_init: true`, `pretrained: false`.
    """
    return any(str(holder.get(key)).lower() == "true" for key in _AT_RANDOM) or any(
        str(holder.get(key)).lower() == "false" for key in _PRETRAINED
    )


def _is_measured(holder: Mapping[str, Any]) -> bool:
    """Whether a record says what a model reached: `{model: ..., scores: [...]}`."""
    return any(isinstance(holder.get(key), int | float | list | dict) for key in _SCORES)


def _mark_measured(row: Row) -> Row:
    if not isinstance(row, Observation) or row.kind != "reference" or row.fact("used-for"):
        return row
    return replace(row, facts=facts(*row.facts, ("used-for", "evaluation")))


COLLECTOR = get_collector(NAME)
