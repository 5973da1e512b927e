"""The rows of calls that load a model or a data set, whatever module they stand in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from aisbom.collect.models import hub_names as names
from aisbom.collect.references import loaders, model_zoos
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.loaders import BY_NAME, Loader
from aisbom.collect.references.python_names import Call
from aisbom.collect.references.python_values import Text
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Observation, Row, facts

_NO_WEIGHTS = re.compile(
    r"(?:.*/)?(?:dist|build|static|web)[\w.\-]*\.(?:tgz|zip|tar\.gz)"
    r"|.*\.(?:html?|css|js|png|jpe?g|gif|svg|webp|mp4|mp3|wav|flac|ogg|pdf)",
    re.IGNORECASE,
)
_REGISTRIES = frozenset({"kaggle", "tfhub"})
"""Registries whose names are no ids of the hub."""
_HANDLE = re.compile(
    r"(?:https://(?:www\.)?(?:tfhub\.dev|kaggle\.com/models)/)?(?P<id>[\w.\-]{2,80}/[\w.\-]{2,120})"
    r"(?:/[\w.\-]{1,80}){0,3}/?"
)
"""`https://tfhub.dev/owner/name/3`, `owner/name/framework/variation`."""
Seen = tuple[Location, str]
"""A place and its words."""


def loader_of(call: Call) -> Loader | None:
    """What a call loads by, None where it is no loader of a library."""
    last = call.name.rpartition(".")[2]
    return next((one for one in BY_NAME.get(last, ()) if _fits(call.name, one)), None)


def _fits(name: str, loader: Loader) -> bool:
    if not loader.within:
        # A class of this very name, not a method of something else.
        return name != loader.name or loader.name[0].islower() or loader.space != "hub"
    return loaders.within(name.rpartition(".")[0], loader.within)


def argument(module: Module, call: Call, loader: Loader) -> ast.expr | None:
    """The expression that names what is loaded; None where none does."""
    if loader.space == "timm" and not _is_set(call, "pretrained"):
        return None
    if loader.name == "get" and not _is_set(call, "trained"):
        return None  # an untrained network of the zoo
    holder = call.name.rpartition(".")[0].rpartition(".")[2]
    peft = loader.name == "from_pretrained" and holder.startswith("Peft")
    return module.argument(call, 1 if peft else loader.position, loader.keywords)


_OPEN_CLIP_TAG = compile_later(
    r"(?:openai|webli|mrl|metaclip|datacomp|dfn|datologyai)[\w.\-]{0,60}|(?=[^\d]*\d)[\w.\-]{2,60}"
)
"""Tags of weights of open_clip: the makers that have them without a number, or a number."""


class LoaderCall:
    """A call of a loader in a module."""

    def __init__(self, module: Module, call: Call, loader: Loader) -> None:
        self.module = module
        self.call = call
        self.loader = loader
        holder = call.name.rpartition(".")[0].rpartition(".")[2]
        self.part = loader.part
        if loader.name == "from_pretrained":
            self.part = loaders.part_of(holder)
        self.label = (
            f"{holder}.{loader.name}"
            if holder and holder[:1].isupper()
            else call.name
            if "()" not in call.name
            else loader.name
        )
        self.kind = self._one("repo_type")

    @property
    def foreign(self) -> bool:
        """Whether it loads no model and no data set: a page of the hub, a checkout."""
        return (
            self.kind == "space"
            or (self.loader.space == "torch-hub" and self._one("source") == "local")
            or self._other_file()
        )

    def _other_file(self) -> bool:
        """Whether one file is downloaded of a repository that is no weights: a page, a picture."""
        if self.loader.name not in ("hf_hub_download", "hf_hub_url"):
            return False
        node = self.module.argument(self.call, 1, ("filename",))
        files = self.module.texts(node, self.call.scope) if node is not None else []
        return bool(files) and all(_NO_WEIGHTS.fullmatch(text.value) for text in files)

    def rows(self, texts: Sequence[Text], source: Source, place: Place) -> Iterator[Row]:
        """The rows of what its argument may stand for."""
        revision = self._one("revision")
        for text in texts:
            at, words = place(text.line)
            if text.folder:
                if names.local(text.value):
                    yield from source.folder(text.value, at, self.label)
                if self.loader.what == "model":
                    yield from source.read_path_hint(
                        text.value, at, words, loader=self.label, part=self.part
                    )
                elif names.dataset_id(text.value):
                    # `for ds_dir in ["owner/name"]`: called a folder, and an id all the same.
                    more = {"loader": self.label, "named_by": "key"}
                    yield from source.dataset(text.value, at, words, **more)
            elif self.loader.what == "dataset" or self.kind == "dataset":
                # A builder of files (`json`, data_files=...) reads what its files say.
                if text.value not in loaders.BUILDERS:
                    used = "training" if self.module.trains else ""
                    more = {"registry": "kaggle"} if self.loader.space == "kaggle" else {}
                    told = {"loader": self.label, "used": used, "revision": revision, **more}
                    yield from source.dataset(text.value, at, words, **told)
            else:
                yield from self._model(text.value, source, (at, words), revision)

    def _model(self, value: str, source: Source, seen: Seen, revision: str) -> Iterator[Row]:
        space = self.loader.space
        if space == "torch-hub":
            yield from self._torch_hub(value, source, seen)
        elif space == "open-clip":
            yield from self._open_clip(value, source, seen)
        elif space in _REGISTRIES:
            if match := _HANDLE.fullmatch(value):
                more = {"registry": space, "part": self.part}
                at, words = seen
                yield from source.model(match["id"], at, words, loader=self.label, **more)
        elif space == "zoo":
            found = model_zoos.entry(self.call.name, value)
            if found and self.part == "settings":
                yield from source.format("configuration", found.name, *seen)
            elif found:
                yield source.entry(*found, *seen, space="zoo", loader=self.label)
        else:
            more = {"revision": revision, "part": self.part, "subfolder": self._one("subfolder")}
            if self.call.name.startswith("modelscope."):
                more["registry"] = "modelscope"
            name, (at, words) = value.replace("/", "-") if space == "clip" else value, seen
            yield from source.model(name, at, words, space=space, loader=self.label, **more)

    def _torch_hub(self, repository: str, source: Source, seen: Seen) -> Iterator[Row]:
        """`torch.hub.load("owner/repository[:ref]", "entry")`: the entry point of a repository,
        which loads its own weights.
        """
        match = re.fullmatch(r"([\w.\-]+/[\w.\-]+)(?::[\w.\-/]+)?", repository)
        entry = self.module.argument(self.call, 1, ("model",))
        if match and names.hub_id(match[1]):
            for model in self.module.texts(entry, self.call.scope):
                if re.fullmatch(r"[\w.\-]{2,80}", model.value):
                    yield source.entry(
                        match[1], model.value, *seen, space="torch-hub", loader="torch.hub.load"
                    )

    def _open_clip(self, name: str, source: Source, seen: Seen) -> Iterator[Row]:
        """Without `pretrained=` it is an architecture; with a tag, the weights of that tag."""
        if names.hub_id(name):
            yield from source.model(name, *seen, loader=self.call.name, part="encoder")
            return
        given = self.module.argument(self.call, 1, ("pretrained",))
        for tag in self.module.texts(given, self.call.scope):
            if names.local(tag.value) and "/" in tag.value:
                yield from source.folder(tag.value, seen[0], self.call.name)
            elif _OPEN_CLIP_TAG.fullmatch(tag.value) and re.fullmatch(r"[\w.\-/@]{2,80}", name):
                told = facts(
                    ("space", "open-clip"),
                    ("loader", self.call.name),
                    ("part", "weights"),
                    ("architecture", name),
                    ("tag", tag.value),
                )
                yield Observation(
                    "reference", f"{name}:{tag.value}", "", "", source.evidence(*seen), told
                )

    def _one(self, keyword: str) -> str:
        """The single text of a keyword, or `""`."""
        node = next((k.value for k in self.call.node.keywords if k.arg == keyword), None)
        if node is None:
            return ""
        texts = {text.value for text in self.module.texts(node, self.call.scope)}
        return texts.pop() if len(texts) == 1 else ""


def _is_set(call: Call, keyword: str) -> bool:
    """Whether a flag is set, or may be."""
    node = next((k.value for k in call.node.keywords if k.arg == keyword), None)
    return node is not None and not (isinstance(node, ast.Constant) and not node.value)
