"""References in YAML, TOML and JSON settings of trainers and servers, and the commands of compose
files, workflows and manifests.

A value is a name where it is an id of the hub and its key promises one (key_words.py). Files of a
model folder are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.parsed import nodes, yaml_nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.references import catalogues, hydra, model_zoos, workflows
from aisbom.collect.references.command_lines import Line, Locator, references
from aisbom.collect.references.key_words import REGISTRIES, purpose, reads_a_file, words
from aisbom.collect.references.rows import Source, host_of, private
from aisbom.collect.references.variables import Variable, find_key, variables
from aisbom.collect.references.variables import references as references_of
from aisbom.lazy_module import Module, compile_later
from aisbom.model import Gap, Observation, Row, facts, part_names
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    import yaml
else:
    yaml = Module("yaml")

NAME = "settings-references"
MAX_READ = 2 * 1024 * 1024
MAX_NODES = 50_000
MAX_LEVEL = 40
MAX_ITEMS = 5_000

_ADDRESSES = frozenset({"path", "hf_path", "dataset_path", "data_path", "repo_id", "hub_id"})
_OPEN_CLIP_TAG = re.compile(r"(?:laion(?:2b|400m|5b)|datacomp|dfn|webli|commonpool)[\w.\-]{0,60}")
"""Tags of weights of open_clip."""
_TRACKED = frozenset({"report_to", "log_with", "logger", "loggers", "tracker"})
_URL_KEYS = frozenset({"api_base", "base_url", "openai_api_base", "api_url", "endpoint_url"})
_SERVED = frozenset({"model", "model_name", "llm_model", "chat_model", "deployment"})
"""Keys of a client's settings for what it asks for."""
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
    rb"|class_type",
    re.IGNORECASE,
)
_TRAINS = compile_later(r"train|sft|dpo|finetun|tune", re.IGNORECASE)
_SHARE = compile_later(r"\d{0,6}(?:\.\d{0,6})?")
_FREEZES = compile_later(r"freeze_(?P<part>\w+)")
_HOLDERS = frozenset(
    {"args", "entries", "init_args", "items", "kwargs", "list", "options", "params", "sources"}
)
"""Keys that say of what they hold no more than the one above them does."""
_BASES = ("model_name_or_path", "base_model", "pretrained_model_name_or_path")
# Files of a model folder have collectors of their own, and what tools write is no setting.
_NOT = compile_later(
    r"(?:adapter_config|generation_config|tokenizer_config|preprocessor_config|processor_config|special_tokens_map|added_tokens|tokenizer|vocab"
    r"|package|package-lock|tsconfig.*|composer|dataset_infos|croissant|modules|trainer_state|.*\.index|aisbom.*|.*\.cdx|.*\.spdx)\.json"
    r"|(?:poetry|uv|pdm|pixi|Pipfile|pylock.*)\.(?:lock|toml|yaml)|pyproject\.toml|environment\.ya?ml|mkdocs\.yml|aisbom\.toml"
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
        or b"defaults:" in data
        or _SIGNS.search(data)
    )
    return bool(names_one or _WEIGHTS.search(data)) and b"{{" not in data[:200]


class _Reader:
    """One document walked without recursion."""

    def __init__(self, file: File, document: nodes.Document) -> None:
        self.file = file
        self.document = document
        self.source = Source(NAME, "manifest-analysis")
        self.text = document.text.split("\n")

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
            if purpose(_keys(node.path[:-1])[0]) == "dataset":
                used = "training"
                yield from self.source.dataset(
                    key, node.at, node.excerpt, loader="mixture", used=used, named_by="key"
                )
        elif key in _COMMANDS:
            yield from self._command(node, holder)
        elif key in ("environment", "env", "env_file"):
            read = self._environment_files if key == "env_file" else self._environment
            yield from read(node)
        elif name := find_key(key, text):
            yield from self._key(name, node, holder)
        elif not text:
            return
        elif key == "model" and "litellm_params" in map(str, node.path):
            yield from self._router_model(text, node, holder)
        elif key in _URL_KEYS and host_of(text):
            host = host_of(text)
            yield from self.source.service(
                host.partition(":")[0], "host", node.at, f"{key}: {host}", endpoint=host
            )
        elif key in _TRACKED and text == "wandb":
            yield from self.source.service("wandb.init", "class", node.at, node.excerpt)
        elif key in _SERVED and (asked := _served_at(holder)) is not None:
            yield from self._served_model(text, asked, node)
        elif key in _FORMATS:
            yield from self.source.format(key.replace("_", "-"), text, node.at, node.excerpt)
        else:
            yield from self._open_clip(key, text, node, str(holder.get("arch") or ""))
            yield from self._value(text, node, holder)

    def _key(self, name: str, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
        """The key of a service. Beside an address it is that server's, which the address tells."""
        hosts = [
            host
            for other, value in holder.items()
            if _is_base(str(other), name) and (host := host_of(str(value)))
        ]
        if not hosts:
            yield from self.source.service(name, "env", node.at, name, authenticated="yes")
        elif not private(hosts[0]):
            host = hosts[0].partition(":")[0]
            yield from self.source.service(host, "host", node.at, name, endpoint=hosts[0])

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

    def _value(
        self, text: str, node: Node, holder: Mapping[str, Any] | None = None
    ) -> Iterator[Row]:
        """An id of the hub, by the nearest key that promises one; a folder where the key names
        a model.
        """
        key, above = _keys(node.path)
        target = (holder or {}).get("_target_")
        if isinstance(target, str) and not purpose(key, above):
            above = target.rpartition(".")[2]  # Hydra: the class that gets these arguments
        if key == "repo_id" and not purpose(key, above):
            key = "model"  # huggingface_hub's own word for a repository of the hub
        if key in _TRACKED and text == "wandb":
            yield from self.source.service("wandb.init", "class", node.at, node.excerpt)
            return
        if model_zoos.address(text):
            yield from self.source.model(text, node.at, node.excerpt, loader=key)
            return
        # Beside a path, a name is a title or that of a part.
        titled = key == "name" and not _ADDRESSES.isdisjoint(holder or {})
        # An address with words behind it cites where something was read, and loads nothing.
        cited = re.fullmatch(r"https?://\S+\s.*", text.strip(), re.DOTALL)
        if names.HOSTED.fullmatch(text) and purpose(key, above) in ("model", "encoder"):
            more = {"model": text, "named_by": "setting"}
            yield from self.source.service(text, "model", node.at, node.excerpt, **more)
            return
        if titled or cited or not purpose(key, above):
            if reads_a_file(key):
                yield from self.source.file(text, node.at, node.excerpt, loader=key)
            return
        yield from self._read_promise(text, node, holder, key, above)

    def _read_promise(
        self,
        text: str,
        node: Node,
        holder: Mapping[str, Any] | None,
        key: str,
        above: str,
    ) -> Iterator[Row]:
        """What a key holds that promises a model or a data set, by itself or by the one above."""
        if purpose(key, above) == "dataset":
            used = ""
            if _TRAINS.search(key) or not _SERVER_KEYS.isdisjoint(holder or {}):
                used = "training"
            if names.dataset_id(text) or (names.bare(text) and re.search(r"[\dA-Z_\-]", text)):
                more = {"registry": REGISTRIES[key]} if key in REGISTRIES else {}
                yield from self.source.dataset(
                    text, node.at, node.excerpt, loader=key, used=used, named_by="key", **more
                )
        elif key == "model" and node.path[0] == "models" and "compose" in self.file.name:
            # Docker's own models (`ai/smollm2`) are images of its registry, no ids of the hub.
            yield from self.source.model(
                text.partition(":")[0], node.at, node.excerpt, loader="models", registry="docker"
            )
        elif "/" in text or text[:1].isalnum():
            if not names.hub_id(text) and names.local(text):
                yield from self.source.folder(text, node.at, key)
                yield from self.source.identify_value(
                    text, node.at, node.excerpt, key=key, holder=above
                )
            else:
                yield from self.source.identify_value(
                    text, node.at, node.excerpt, key=key, holder=above
                )

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

    def _router_model(self, text: str, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
        """litellm: `provider/model`; with an `api_base` of one's own it is one's own server, which
        the key of the base says.
        """
        base = str(holder.get("api_base") or "")
        host = host_of(base)
        if base and (not host or private(host)):
            return
        keyed = "yes" if holder.get("api_key") else ""
        more = {"model": text, "authenticated": keyed, **({"endpoint": host} if host else {})}
        yield from self.source.service(text, "model", node.at, node.excerpt, **more)

    def _served_model(self, text: str, host: str, node: Node) -> Iterator[Row]:
        """`groq_llm: {api_key: ..., model: ...}`: a model that the provider serves, whose name
        stands above, or whose address beside it.
        """
        above = _keys(node.path)[1]
        named = [f"{word}/{text}" for word in words(above)] if not host else [text]
        for name in named:
            more = {"model": text, **({"endpoint": host} if host else {})}
            yield from self.source.service(name, "model", node.at, node.excerpt, **more)

    def _command(self, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
        """`command:` as text or as a list of words, with the image's own program where only flags
        are given.
        """
        image = str(holder.get("image") or "")
        launcher = (
            "vllm"
            if "vllm" in image
            else "sglang"
            if "sglang" in image
            else "text-generation-launcher"
            if "text-generation" in image
            else ""
        )
        if isinstance(node.value, str):
            start = node.line
            joined = re.sub(r"[\\]\n\s*", " ", node.value)
            for number, line in enumerate(joined.split("\n")):
                found = self._line_of(line, start + number)
                yield from references(
                    [Line(f"{launcher} {line}".strip(), 1)],
                    self.source,
                    Locator(self.file.at(), found, [line]),
                )
        elif isinstance(node.value, list):
            words = [item for item in node.value[:400] if isinstance(item, str)]
            wheres = {
                item: node.below(number, item).line
                for number, item in enumerate(node.value[:400])
                if isinstance(item, str)
            }
            line = " ".join(
                f'"{word}"' if " " in word and '"' not in word else word
                for word in [launcher, *words]
                if word
            )
            rows = references(
                [Line(line, 1)], self.source, Locator(self.file.at(), node.line, [line])
            )
            for row in rows:
                yield _move_to_word(row, wheres, self.document)

    def _line_of(self, words: str, near: int) -> int:
        """The line of the file that holds these words, from `near` on."""
        first = next(iter(re.findall(r"\S{6,}", words)), words.strip())
        for number in range(near, min(near + 200, len(self.text)) + 1):
            if first and first in self.text[number - 1]:
                return number
        return near

    def _environment_files(self, node: Node) -> Iterator[Row]:
        """The files that hold the environment of a container, whatever they are called."""
        items = node.value if isinstance(node.value, list) else [node.value]
        for item in items[:20]:
            path = item.get("path") if isinstance(item, dict) else item
            named = path if isinstance(path, str) and not path.startswith(("/", "~")) else ""
            # Files of these names are read as what they are.
            if named and not re.search(r"(?:^|/)\.env(?:\.|$)|\.env$", named):
                beside = self.file.sibling(named)
                if beside is not None and beside.size <= MAX_READ:
                    found = variables(beside.text(MAX_READ), beside)
                    yield from references_of(found, self.source)

    def _environment(self, node: Node) -> Iterator[Row]:
        """`MODEL_ID: owner/name`, and names of keys; values of keys are not kept."""
        pairs: list[tuple[str, str, Node]] = []
        if isinstance(node.value, dict):
            pairs = [
                (str(k), v if isinstance(v, str) else "", node.below(k, v))
                for k, v in node.value.items()
            ]
        elif isinstance(node.value, list):
            for number, item in enumerate(node.value[:400]):
                if isinstance(item, str):
                    name, _, value = item.partition("=")
                    pairs.append((name.strip(), value.strip(), node.below(number, item)))
                elif isinstance(item, dict) and isinstance(item.get("name"), str):
                    given = item.get("value")
                    pairs.append(
                        (
                            item["name"],
                            given if isinstance(given, str) else "",
                            node.below(number, item),
                        )
                    )
        found = [Variable(name, value, where.at) for name, value, where in pairs]
        yield from references_of(found, self.source)


def _is_base(key: str, of: str) -> bool:
    """Whether a key holds the address of the server that the key `of` is for: `base_url`, and
    `OPENAI_API_BASE` of `OPENAI_API_KEY`.
    """
    told = words(key)
    ends = "_".join(told).endswith(("base_url", "api_base", "endpoint", "api_url", "host"))
    return ends and (key.lower() in _URL_KEYS or told[0] in words(of))


def _served_at(holder: Mapping[str, Any]) -> str | None:
    """The host at which the client of these settings asks for a model, `""` where only a key says
    that it asks somebody; None where nothing does, or where it asks a server of one's own.
    """
    bases = [str(value) for key, value in holder.items() if key in _URL_KEYS and value]
    if bases:
        host = host_of(bases[0])
        return host if host and not private(host) else None
    keyed = any({"api", "key"} <= set(words(str(key))) for key in holder)
    return "" if keyed else None


def _keys(path: tuple[str | int, ...]) -> tuple[str, str]:
    """(the nearest key that is no number, the next one above it that says something): `path`,
    `datasets`.
    """
    keys = [part for part in path if isinstance(part, str)]
    above = [key for key in keys[:-1] if key not in _HOLDERS] or keys[:-1]
    return (keys[-1] if keys else ""), (above[-1] if above else "")


def _move_to_word(row: Row, wheres: Mapping[str, int], document: nodes.Document) -> Row:
    """The row at the line of the word that names it, where the words of a command stand on lines of
    their own.
    """

    if isinstance(row, Observation):
        for word, line in wheres.items():
            if row.name in word or (row.fact("format") and row.name in word):
                return replace(
                    row,
                    evidence=replace(
                        row.evidence, at=document.at(line), excerpt=document.words(line)[:200]
                    ),
                )
    return row


COLLECTOR = get_collector(NAME)
