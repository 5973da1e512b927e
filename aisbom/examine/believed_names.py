"""Which of the ids that only stand somewhere are names of models or data sets: what a file says of
them, and what the rest of the scan and the knowledge say of their owner.

An id that a loader gets, and a link to its page, is believed as it stands. One under a key that
promises a model is believed, too, unless the words of the key have many meanings. For the rest the
owner has to be a lab on the hub or one that the same tree loads from, and the name has to look like
that of a model: a family that is known, a size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from packageurl import PackageURL

from aisbom.knowledge import Knowledge, dataset_names
from aisbom.knowledge.hub_table import statements
from aisbom.knowledge.references import hub_name, is_relayed, is_routed, key_name, service
from aisbom.knowledge.release_names import publisher
from aisbom.lazy_module import compile_later
from aisbom.model import Observation, Row, facts

if TYPE_CHECKING:
    from aisbom.examine.shorter_names import ShorterNames

_SIZE = compile_later(r"(?<![a-z0-9])(?:\d{1,2}x)?\d{1,4}(?:\.\d{1,2})?[bm](?![a-z0-9])")
_VARIANT = compile_later(
    r"(?<![a-z])(?:instruct|chat|base|large|small|tiny|mini|medium|xl|xxl|turbo|it|hf|gguf|awq|gptq"
    r"|int4|int8|fp8|patch\d+|v\d+(?:[._]\d+)*)(?![a-z])|\d"
)
_SIZED = compile_later(
    _SIZE.pattern + r"|(?<![a-z])(?:base|large|huge|giant|small|tiny|so400m)(?![a-z])"
)
_RELEASED = compile_later(_SIZED.pattern + r"|\d[^/]{0,40}?(?<![a-z])(?:chat|instruct)(?![a-z])")
_VIT = compile_later(r"vit-(?:b|l|h|g|bigg)[-/_](?:14|16|32)(?:-336)?(?:-quickgelu)?(?:@336px)?")
"""The sizes of CLIP, as its first release and open_clip name them."""
_ARCHIVE = compile_later(r"\.(?:tar|tar\.gz|tgz|zip)$")
_VERSIONED = compile_later(r"(?<![a-z])v\d+(?:\.\d+)*(?![a-z0-9])")
_OF_CHECKPOINTS = compile_later(r"/[^/]*(?:checkpoint|ckpt|pretrain|weights)[^/]*/[^/]*$")
_HOSTED = compile_later(r"(?:chat)?gpt-?[345]|claude|gemini-|text-embedding|o[134](?:-|$)")
"""Names of models that are only served."""
_ALIAS = compile_later(
    r"(?:openai|huggingface|hf|azure|aws|gcp|ollama|bedrock|vertex|cohere|groq|together|openrouter"
    r"|fireworks|databricks|mock)_"
)
"""A name of the project's own for what it has from somewhere: `huggingface_all_mpnet_base_v2`."""
_OF_ONES_OWN = frozenset(
    {
        *("pretrain", "pretrained", "pretraining", "finetune", "finetuned", "ft", "sft", "dpo"),
        *("rlhf", "ppo", "grpo", "lora", "qlora", "stage", "ours", "my", "our", "exp", "run"),
        *("merged", "merge", "delta", "output", "ckpt", "checkpoint", "step", "epoch", "test"),
        *("debug", "train", "trained", "task", "tuned", "tune", "new", "final", "last", "best"),
    }
)
"""Words that a training, or who runs it, puts into the name of what it writes."""
_PROMISED = frozenset({"key", "link", "declared"})
_MIN_LISTED = 6
"""Names that make a list, in which those that no table knows are what the others are."""
_MIN_KNOWN = 3
_AND = compile_later(r",? (?:and|&) |, ")
_SETTINGS_FILE = compile_later(r"/([\w.+\-]{1,80})\.(?:ya?ml|toml)$")
SCRIPT = "name of the script"
"""The loader of a data set that a script is called after."""
_OF_LIBRARIES = frozenset({"package", "timm"})
"""Spaces of what a library loads by a name of its own."""
# Types of networks whose first word is an everyday word.
_EVERYDAY = frozenset(
    {
        *("bit", "beam", "text", "vision", "audio", "image", "speech", "decision", "time", "data"),
        *("coarse", "fine", "dab", "table", "patch", "prophet", "open", "depth", "nat", "seed"),
        *("tvp", "sam", "dac", "video", "swin", "timm", "encoder", "retri", "switch", "cpm"),
        *("git", "biogpt", "fast", "small", "large", "base"),
    }
)


_SHORT = frozenset({"t5", "mt5", "byt5", "umt5"})
"""Families whose number is a part of the name."""


class NameBeliefs:
    """What one scan says of owners and ids, asked row by row."""

    def __init__(self, rows: Iterable[Row], knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._models: set[str] = set()
        self._fetched: set[str] = set()
        self._datasets: set[str] = set()
        self._data_asked: set[str] = set()
        self._opened: set[str] = set()
        self._named_sets: set[str] = set()
        self._owners: set[str] = set()
        self._spelt: dict[str, str] = {}
        self._shown: set[tuple[str, int, str]] = set()
        self._phrases: dict[tuple[str, int], set[str]] = {}
        self._pages: dict[tuple[str, int], set[str]] = {}
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._sets_of: dict[str, set[str]] = {}
        self._listed: dict[tuple[str, str], set[str]] = {}
        self._whole: dict[str, str] = {}
        self._settings: set[str] = set()
        self._linked: set[str] = set()
        self._addresses: dict[str, Observation] = {}
        self._loaded: dict[str, Observation] = {}
        self.rows = [self._convert_folder_name(row) for row in rows]
        """The rows as they were given, but for ids that are folders."""
        self._registered = {
            row.name
            for row in self.rows
            if isinstance(row, Observation) and row.kind == "registered"
        }
        for row in self.rows:
            if isinstance(row, Observation) and "/" in row.evidence.at.path:
                self._folders.add(row.evidence.at.path.partition("/")[0])
                if stem := _SETTINGS_FILE.search(row.evidence.at.path):
                    self._settings.add(stem[1].lower())
            if isinstance(row, Observation) and row.kind in ("reference", "dataset"):
                self._hear(row)
            elif isinstance(row, Observation) and row.kind == "weights":
                self._files.add(row.evidence.at.path.rpartition("/")[2].lower())
        self._spelt = {
            spelling: self._repository_of(name) or name for spelling, name in self._spelt.items()
        }

    def _hear_of_data(self, row: Observation, by: str) -> None:
        at, last = row.evidence.at, row.name.rpartition("/")[2]
        if by == "choice" or (by == "key" and row.evidence.technique == "manifest-analysis"):
            self._listed.setdefault((at.path, row.fact("loader")), set()).add(row.name)
        if "/" in row.name or by == "text":
            self._sets_of.setdefault(at.path, set()).add(last)
        if row.purl and by != "text":
            self._pages.setdefault((at.path, at.line), set()).add(last)

    def _hear(self, row: Observation) -> None:
        by = row.fact("named-by")
        if not by and row.fact("space") in _OF_LIBRARIES:
            self._loaded.setdefault(row.name.rpartition(":")[2].lower(), row)
        if row.fact("url"):
            self._addresses.setdefault(row.name.lower(), row)
        if by == "text" and row.kind == "dataset" and dataset_names.known_in_text(row.name):
            at = row.evidence.at
            self._phrases.setdefault((at.path, at.line), set()).add(row.name.lower())
        if row.kind == "dataset":
            self._hear_of_data(row, by)
        if "/" in row.name and by != "key":
            self._named_sets.add(row.name.lower())
        if by in ("text", "word") or "/" not in row.name:
            return
        name = row.name.lower()
        (self._datasets if row.kind == "dataset" else self._models).add(name)
        self._hear_use(row, by, name)
        if by != "key":
            self._linked.add(name)
            if row.kind == "reference" and not _is_option(row):
                self._fetched.add(name)
        if row.kind == "reference" and row.purl:
            # Two ids of one spelling: a bare name of that spelling may be either, or neither.
            self._whole.setdefault(fold_spelling(name), row.name)
            spelling = fold_spelling(name.rpartition("/")[2])
            first = self._spelt.setdefault(spelling, row.name)
            if first.lower() != name:
                self._spelt[spelling] = ""
        if by not in ("key", "declared") or self._model_like(name):
            self._owners.add(name.partition("/")[0])
        at = row.evidence.at
        self._shown.add((at.path, at.line, name))

    def _convert_folder_name(self, row: Row) -> Row:
        """A model whose owner is called as a release is, with its size (`Norae-8x7B_new/hf`): no
        account is called so. It is a folder, which is called after what somebody put there.
        """
        if not isinstance(row, Observation) or row.kind != "reference" or "/" not in row.name:
            return row
        owner = row.name.partition("/")[0]
        release = _SIZE.search(owner.lower()) is not None and self._release(owner.lower())
        if not release or not row.purl.startswith("pkg:huggingface/") or self._lab(owner.lower()):
            return row
        told = (
            ("space", "hub"),
            ("loader", row.fact("loader")),
            ("part", row.fact("part")),
            ("named-by", "folder"),
        )
        return replace(row, name=owner, version="", purl="", facts=facts(*told))

    def _hear_use(self, row: Observation, by: str, name: str) -> None:
        if row.kind == "dataset" and by in ("", "key"):
            self._data_asked.add(name)
        elif row.kind == "reference" and not by:
            self._opened.add(name)

    def judge(self, row: Observation) -> Observation | None:
        """The row as what it is (a text may name a data set), or None where it is not believed."""
        if "/" in row.name and (repository := self._folder_of(row)):
            row = _as_model(replace(row, name=repository))
        by = row.fact("named-by")
        name = row.name.lower()
        if not self._registered.isdisjoint((row.name, name)) and "/" not in name:
            return None  # a network of the tree, or a name that it gives to what it has
        if by == "file":
            return self._of_a_file(row, name)
        if by in ("", "workflow") or row.fact("url"):
            loads = not by or by == "workflow" or not _ARCHIVE.search(name)
            return row if loads or self._named_like_one(row, name) else None
        at = row.evidence.at
        if by == "text" and (at.path, at.line, name) in self._shown:
            return None
        if "/" not in name:
            return self._without_owner(row, by, name)
        return self._of_an_owner(row, by, name)

    def _lies_here(self, row: Observation, by: str) -> bool:
        """Whether `own_folder/name` is a path of this tree: a folder at its top is called so, with
        a dash below that hardly an account has, and no account that is known.
        """
        owner = row.name.partition("/")[0]
        written = by in ("key", "word") and "_" in owner and owner in self._folders
        return written and not self._lab(owner.lower()) and row.name.lower() not in self._linked

    def _folder_of(self, row: Observation) -> str:
        """The repository that a row's `name/folder` lies in, else `""`."""
        return self._repository_of(row.name) if row.kind == "reference" else ""

    def _repository_of(self, name: str) -> str:
        """The repository that `name/folder` lies in where the tree names one `owner/name`, and no
        account is called so; else `""`.
        """
        owner = name.partition("/")[0]
        telling = any(letter.isdigit() or letter in "_-" for letter in owner)
        known = self._spelt.get(fold_spelling(owner), "") if telling else ""
        mine = known.partition("/")[0].lower() == owner.lower()
        other = len(owner) > 4 and not self._lab(owner.lower())
        return known if other and not mine else ""

    def _of_a_file(self, row: Observation, name: str) -> Observation | None:
        """Weights by the name of their file: none that lie here, those of an id that the tree names
        in this spelling, or those of the address that it downloads a file of this name from.
        """
        if name in self._files:
            return None
        if known_id := self._spelt.get(fold_spelling(name.rpartition(".")[0])):
            return _as_model(replace(row, name=known_id))
        known = self._addresses.get(name)
        if known is None:
            return row
        of_address = (("url", known.fact("url")), ("download-host", known.fact("download-host")))
        return replace(row, purl=known.purl, facts=facts(*row.facts, *of_address))

    def _named_like_one(self, row: Observation, name: str) -> bool:
        """Whether the name of an archive is that of a model: with a size, of a family, or with a
        version in a folder of checkpoints.
        """
        stem = _ARCHIVE.sub("", name)
        kept = _VERSIONED.search(stem) is not None and _OF_CHECKPOINTS.search(row.fact("url"))
        return (
            _SIZE.search(stem) is not None
            or bool(kept and "data" not in stem)
            or (self._family(stem) and re.search(r"\d", stem) is not None)
        )

    def _without_owner(self, row: Observation, by: str, name: str) -> Observation | None:
        # What is only served is asked for by its own name, whatever repository is called so.
        own = row.kind == "reference" and not _HOSTED.match(name)
        known = self._spelt.get(fold_spelling(name)) if own else None
        if own and by == "declared":
            known = known or self._find_meant(row, name)
        if by == "folder":
            whole = self._whole.get(fold_spelling(name), "")  # `owner_norae-7b`
            return self._of_a_folder(row, name, known or whole)
        if known and by in _PROMISED:
            return _as_model(replace(row, name=known))
        if own and by in _PROMISED and (name in self._loaded or self._is_network(row)):
            # What a library publishes under this name is what the tree loads.
            loaded = self._loaded.get(name)
            return replace(loaded, evidence=row.evidence) if loaded else None
        if by == "text":
            told = (
                self._is_dataset_mention(row, name)
                if row.kind == "dataset"
                else _VIT.fullmatch(name)
            )
            return row if told else None
        if row.kind == "dataset" and self._is_among_known(row, by):
            row, by = replace(row, facts=_told_by(row, "list")), "list"
        if by == "list":
            return None if self._like_model(name) else row
        believed = by in _PROMISED or (
            by in ("path", "choice")
            and (
                dataset_names.known_in_path(name)
                or (by == "choice" and dataset_names.find_within(name))
            )
            and not (row.fact("loader") == SCRIPT and self._is_told_inside(row, name))
        )
        return row if believed and self._bare(row) and not self._is_option(row, name) else None

    def _is_option(self, row: Observation, name: str) -> bool:
        """Whether a name that no table knows is an option of the program, which another file of
        settings is called after.
        """
        return (
            row.kind == "reference"
            and row.fact("named-by") == "key"
            and name in self._settings
            and not re.search(rf"/{re.escape(name)}\.\w+$", row.evidence.at.path.lower())
            and key_name(self._knowledge, row.fact("space"), row.name) is None
        )

    def _is_among_known(self, row: Observation, by: str) -> bool:
        """Whether a name that no table knows stands in a list of settings for data sets of which
        most are known.
        """
        near = self._listed.get((row.evidence.at.path, row.fact("loader")), set())
        if len(near) < _MIN_LISTED:
            return False
        if by == "choice":  # an option may be anything: an everyday name as it is spelled
            known = sum(map(dataset_names.known_in_path, near - {row.name}))
            return dataset_names.is_spelled(row.name) and known >= _MIN_KNOWN
        if by != "key" or dataset_names.is_known(row.name):
            return False
        return 2 * sum(map(dataset_names.known_in_path, near)) >= len(near)

    def _is_told_inside(self, row: Observation, name: str) -> bool:
        """Whether the file names a data set itself, by an id or in words, that it is called after,
        or that a longer name in it begins with (`norae-clean` beside `owner/norae`).
        """
        told = self._sets_of.get(row.evidence.at.path, ())
        return any(dataset_names.same(name, one) for one in told)

    def _is_network(self, row: Observation) -> bool:
        """Whether a name is that of a network, in a tree that loads none of the weights that timm
        publishes of it. A tag (`vit_base_patch16_224.augreg_in21k`) is one of weights.
        """
        used = any(loaded.fact("space") == "timm" for loaded in self._loaded.values())
        named = "_" in row.name and "." not in row.name
        return named and not used and hub_name(self._knowledge, "timm", row.name) is not None

    def _of_a_folder(self, row: Observation, name: str, known: str) -> Observation | None:
        """A folder is called after what somebody put there. It names a model where the tree names
        one of that spelling, where a table knows one such model, or where it is that of a release,
        in a size, without a word of what a training writes (`norae-7b-sft`).
        """
        row = replace(row, facts=facts(*row.facts, ("alias", row.name)))
        table = hub_name(self._knowledge, "folder", name)
        if table is None and re.search(r"\d", name):
            table = key_name(self._knowledge, "hub", row.name)
        if known := known or (table[0] if table else ""):
            return _as_model(replace(row, name=known))
        sized = _SIZED.search(name) is not None and self._release(name)
        words = set(re.split(r"[^a-z]+", name))
        return row if sized and words.isdisjoint(_OF_ONES_OWN) else None

    def _of_an_owner(self, row: Observation, by: str, name: str) -> Observation | None:
        asked = bool(by) and (by != "link" or _is_option(row))  # what loads or links is the hub's
        if is_routed(self._knowledge, row.name) or (asked and is_relayed(row.name)):
            return None
        part = by == "key" and row.kind == "dataset" and self._is_part_of_set(name)
        if part or self._lies_here(row, by):
            return None
        linked = name in self._datasets - self._fetched
        if by and row.kind == "reference" and (linked or name in self._data_asked - self._opened):
            return _as_dataset(row)  # named or asked for, and linked or loaded as a data set alone
        return self._of_an_id(row, by, name)

    def _of_an_id(self, row: Observation, by: str, name: str) -> Observation | None:
        if by == "declared" and not (self._known_owner(name) or self._is_id(row.name)):
            return None
        if by in _PROMISED or (name in self._models and row.kind == "reference"):
            return row
        if _HOSTED.match(name.partition("/")[2]):
            return None  # `OpenAI/GPT-5` of a table: served, and no id
        if row.kind == "reference" and statements(name):
            return row  # an id that catalogues of the hub list
        if name in self._datasets:
            return row if row.kind == "dataset" else _as_dataset(row)
        # A flag of a command says what it is given.
        told = row.fact("loader")
        if row.kind == "dataset" and not told and self._like_model(name):
            row = _as_model(row)
        mine = row.kind == "reference" and self._called_after_owner(name)
        return row if mine or (self._known_owner(name) and self._fits(row)) else None

    def _is_part_of_set(self, name: str) -> bool:
        """Whether a name that stands under a key alone is that of a data set that is named
        elsewhere, with a word behind it: `owner/set_de` for the configuration `de` of `owner/set`.
        """
        whole = name.rpartition("_")[0]
        return "/" in whole and whole in self._named_sets and name not in self._named_sets

    def _called_after_owner(self, name: str) -> bool:
        """`Norae/Norae-210m`: a release in a size by an account that is called as it is."""
        owner, _, last = name.partition("/")
        return len(owner) > 3 and last.startswith(f"{owner}-") and _SIZE.search(last) is not None

    def _is_dataset_mention(self, row: Observation, name: str) -> bool:
        """Whether words of a text name a data set, and are no piece of a longer name beside them
        (`C4` in `Multimodal C4`) and no title of the page that they stand beside.
        """
        at = (row.evidence.at.path, row.evidence.at.line)
        return (
            (dataset_names.known_in_text(row.name) or self._is_told_with_others(row, at))
            and not any(
                name != other and re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", other)
                for other in self._phrases.get(at, ())
            )
            and not any(dataset_names.same(name, page) for page in self._pages.get(at, ()))
        )

    def _is_told_with_others(self, row: Observation, at: tuple[str, int]) -> bool:
        """Whether a name that is also an ordinary word stands right beside one of another data set
        (`MATH and GSM8K`) or in front of what it is (`the Norae dataset`), as it is spelled.
        """
        own, said = re.escape(row.name), row.evidence.excerpt
        if not dataset_names.is_spelled(row.name) or row.name not in said:
            return False
        if re.search(rf"\bthe {own} (?:data ?set|corpus|benchmark)\b", said):
            return True
        told, own = _AND.sub("/", said.lower()), own.lower()
        return any(
            re.search(rf"\b{other}/{own}\b|\b{own}/{other}\b", told)
            for other in map(re.escape, sorted(self._phrases.get(at, ())))
        )

    def _like_model(self, name: str) -> bool:
        return name in self._models or self._model_like(name)

    def _is_id(self, name: str) -> bool:
        """Whether `owner/name` of a sentence whose owner is not known is an id, and no two words
        (`sample/document`, `LoRA/QLoRA`) or releases (`Phi-3/Phi-4`).
        """
        owner, _, last = name.partition("/")
        telling = r"\d" if name.islower() else r"[\d_\-]"
        return re.search(telling, last) is not None and not self._family(owner.lower())

    def _known_owner(self, name: str) -> bool:
        owner, _, last = name.partition("/")
        return (
            owner in self._owners
            or self._lab(owner)
            or self._knowledge.not_origin(owner, last) is not None
        )

    def _lab(self, owner: str) -> bool:
        return self._knowledge.by_owner("hub", owner) is not None

    def _fits(self, row: Observation) -> bool:
        return row.kind == "dataset" or self._model_like(row.name.lower())

    def _bare(self, row: Observation) -> bool:
        """Whether a name without owner stands for something published: a table knows it, or it is
        a known family in a size.
        """
        name = row.name.lower()
        if row.kind == "reference" and _HOSTED.match(name):
            return False  # also where somebody keeps its tokenizer on the hub
        if key_name(self._knowledge, row.fact("space"), row.name) is not None:
            return row.fact("named-by") != "text"
        if row.kind == "dataset":
            by = row.fact("named-by")
            inside = dataset_names.find_within(row.name) if by in ("key", "choice") else ""
            return dataset_names.is_known(row.name) or (
                bool(inside) and not self._is_told_inside(row, inside)
            )
        if row.fact("tag"):
            return self._family(name) or publisher(name) is not None
        if _ALIAS.match(name) or service(self._knowledge, "model", name) is not None:
            return False
        return row.kind == "reference" and (
            (self._family(name) and _RELEASED.search(name) is not None)
            or (publisher(name) is not None and _SIZE.search(name) is not None)
            or (row.fact("loader").startswith("class ") and self._is_release_of_owner(name))
            or (row.fact("named-by") == "declared" and self._release(name))
            or (
                row.fact("named-by") == "declared"
                and self._shorter.is_lone_encoder(name, row.fact("part"))
            )
            or _VIT.fullmatch(name) is not None
        )

    def _is_release_of_owner(self, name: str) -> bool:
        """Whether a name in a class that lists models begins like an id that the tree loads or
        links to, and has a size: `norae-0.2-500m` beside `owner/norae-1.0-1b`.
        """
        first = re.split(r"[-_.\d]", name)[0]
        stems = {re.split(r"[-_.\d]", one.partition("/")[2])[0] for one in self._fetched}
        return len(first) > 4 and first in stems and _SIZE.search(name) is not None

    def _find_meant(self, row: Observation, name: str) -> str | None:
        """The one id of the tree that a sentence means by a shorter name."""
        longer = self._shorter.list_meant(name, row.fact("part"))
        found = {self._spelt.get(fold_spelling(one)) for one in longer}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _shorter(self) -> ShorterNames:
        from aisbom.examine.shorter_names import ShorterNames  # few sentences need it

        asked = (
            f"{row.fact('space')}/{row.name}".lower()
            for row in self.rows
            if isinstance(row, Observation) and row.kind == "reference" and not row.fact("named-by")
        )
        return ShorterNames(self._models, (*self._loaded, *asked))

    def _release(self, name: str) -> bool:
        """Whether a name in a sentence is that of a release: a known one with a number."""
        known = self._family(name) or publisher(name) is not None
        return known and re.search(r"\d", name) is not None

    def _model_like(self, name: str) -> bool:
        last = name.rpartition("/")[2]
        if _SIZE.search(last):
            return True
        return self._family(last) and _VARIANT.search(last) is not None

    def _family(self, name: str) -> bool:
        families = _families(tuple(self._knowledge.families))
        return any(
            word in families or word in _SHORT or word.rstrip("0123456789.") in families
            for word in re.split(r"[-_]+", name)
        )


@lru_cache(maxsize=4)
def _families(types: tuple[str, ...]) -> frozenset[str]:
    """The first words of all known types of networks, without numbers."""
    words = {re.split(r"[-_]", name.lower())[0].rstrip("0123456789.") for name in types}
    return frozenset(word for word in words if len(word) > 2 and word not in _EVERYDAY)


def _told_by(row: Observation, by: str) -> tuple[tuple[str, str], ...]:
    """The facts of a row, named in another way."""
    return facts(*((key, value) for key, value in row.facts if key != "named-by"), ("named-by", by))


def fold_spelling(name: str) -> str:
    """A name without what spellings differ in: `Norae-o-4_5` and `Norae-o 4.5`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _as_model(row: Observation) -> Observation:
    owner, _, name = row.name.partition("/")
    purl = PackageURL("huggingface", owner, name).to_string()
    told = facts(
        ("space", "hub"),
        ("model-id", row.name),
        ("named-by", row.fact("named-by")),
        ("part", row.fact("part")),
        ("loader", row.fact("loader")),
        ("alias", row.fact("alias")),
    )
    return replace(row, kind="reference", version="", purl=purl, facts=told)


def _is_option(row: Observation) -> bool:
    """Whether an option of a command names it."""
    return row.fact("loader").startswith("--")


def _as_dataset(row: Observation) -> Observation:
    owner, _, name = row.name.partition("/")
    purl = PackageURL("huggingface", f"datasets/{owner}", name).to_string()
    told = facts(("space", "dataset"), ("dataset-id", row.name), ("named-by", row.fact("named-by")))
    return replace(row, kind="dataset", version="", purl=purl, facts=told)
