"""Models, data sets and hosted services that Python code uses, read from its syntax tree: nothing
is imported or run.

A name that cannot be settled makes no row; how many calls of loaders had none is one fact of the
file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from aisbom.collect.collector import Collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.references import loaders, python_services, python_trees
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.key_words import purpose, weak
from aisbom.collect.references.loaders import BY_NAME, Loader
from aisbom.collect.references.python_constants import Constants, imports
from aisbom.collect.references.python_names import Call, Entry
from aisbom.collect.references.python_tables import nested
from aisbom.collect.references.python_values import Text
from aisbom.collect.references.rows import Place, Source
from aisbom.model import Gap, Location, Observation, Row, facts
from aisbom.source import python_text
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "python-references"
MAX_SOURCE = 1024 * 1024
"""A syntax tree takes some hundred times the memory of its source."""
MAX_SEARCHED = 32 * 1024 * 1024
MAX_ROWS = 2000
MAX_OPEN = 20
"""Calls that are not settled are shown up to this number a file; all are counted."""


def wanted(data: bytes) -> bool:
    """Whether the bytes of a source file are worth parsing: most files name nothing."""
    return (
        loaders.loads(data)
        or loaders.connects(data)
        or loaders.names_weights(data)
        or (imports(data) and loaders.calls(data))
        or loaders.names_ids(data)
    )


def _collect(file: File) -> Iterator[Row]:
    if file.size > MAX_SEARCHED:
        raise Unreadable(f"larger than {MAX_SEARCHED:,} bytes: references not looked for")
    data = file.read(MAX_SEARCHED)
    if not wanted(data):
        return
    if len(data) > MAX_SOURCE:
        raise Unreadable(f"larger than {MAX_SOURCE:,} bytes: references not looked for")
    text = decode(data)
    tree = python_trees.tree(file)
    if line := python_text.long_name(text):
        yield Gap(
            NAME, file.at(line), f"a name of more than {python_text.MAX_PARTS} parts: not read"
        )
    lines = text.split("\n")
    constants = Constants(file, len(lines) + 2)

    def place(line: int) -> tuple[Location, str]:
        imported = constants.place(line)
        if imported:
            at, words = place(imported[0])
            return at, f"{words} ({imported[1]})"
        return file.at(line), lines[line - 1].strip()[:400] if 0 < line <= len(lines) else ""

    downloads = any(word in data for word in loaders.DOWNLOADS)
    # What `python -m package` starts is the program itself.
    part = file.name != "__main__.py" and file.sibling("__init__.py") is not None
    guards = _guards(tree) if b"__main__" in data and part else []
    for row in found(Module(tree, constants.texts), Source(NAME), place, downloads=downloads):
        guarded = isinstance(row, Observation) and any(
            first <= row.evidence.at.line <= last for first, last in guards
        )
        yield (
            replace(row, facts=facts(*row.facts, ("main-guard", "yes")))
            if guarded and isinstance(row, Observation)
            else row
        )


def _guards(tree: ast.Module) -> list[tuple[int, int]]:
    """First and last line of what a module of a package does only where it is started by itself
    (`if __name__ == "__main__":`).
    """
    tests = [
        (node.test, node)
        for node in tree.body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare)
    ]
    return [
        (node.lineno, node.end_lineno or node.lineno)
        for test, node in tests
        if isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and not node.orelse
    ]


def found(module: Module, source: Source, place: Place, *, downloads: bool) -> Iterator[Row]:
    """The rows of one module: each once, at most MAX_ROWS."""
    seen: set[Row] = set()
    open_calls: list[int] = []
    for number, row in enumerate(_rows(module, source, place, downloads, open_calls)):
        if number >= MAX_ROWS:
            yield Gap(
                source.by, place(1)[0], f"more than {MAX_ROWS:,} references: the rest was not read"
            )
            break
        if row not in seen:
            seen.add(row)
            yield row
    at = place(1)[0]
    if module.spent:
        yield Gap(source.by, at, "its constants lead too far: references not all resolved")
    if open_calls:
        told = facts(("unresolved-loader-calls", len(open_calls)))
        yield Observation(
            "format", "unresolved", "", "", source.evidence(Location(at.path), "", "low"), told
        )
    for line in dict.fromkeys(open_calls[:MAX_OPEN]):
        seen_at, words = place(line)
        told = facts(("unresolved-loader", f"{seen_at.path}:{seen_at.line}"))
        yield Observation(
            "format", "unresolved", "", "", source.evidence(seen_at, words, "low"), told
        )


def _rows(
    module: Module, source: Source, place: Place, downloads: bool, open_calls: list[int]
) -> Iterator[Row]:
    loaded: set[tuple[Location, str]] = set()
    for call in module.calls:
        last = call.name.rpartition(".")[2]
        loader = next((one for one in BY_NAME.get(last, ()) if _fits(call.name, one)), None)
        if loader is not None:
            rows = list(
                _loaded(module, call, loader, source=source, place=place, open_calls=open_calls)
            )
            loaded |= {(r.evidence.at, r.name) for r in rows if isinstance(r, Observation)}
            yield from rows
        elif call.node.args and purpose(last):
            yield from _constructed(module, call, last, source, place)
    for row in _entries(module, source, place):
        # What a loader gets stands under its keyword, too.
        if not isinstance(row, Observation) or (row.evidence.at, row.name) not in loaded:
            yield row
    yield from _strings(module, source, place, downloads)
    yield from python_services.services(module, source, place)


def _fits(name: str, loader: Loader) -> bool:
    if not loader.within:
        # A class of this very name, not a method of something else.
        return name != loader.name or loader.name[0].islower() or loader.space != "hub"
    holder = name.rpartition(".")[0]
    return loaders.within(holder, loader.within)


def _loaded(  # noqa: C901, PLR0912, PLR0913
    module: Module,
    call: Call,
    loader: Loader,
    *,
    source: Source,
    place: Place,
    open_calls: list[int],
) -> Iterator[Row]:
    holder = call.name.rpartition(".")[0].rpartition(".")[2]
    part = loader.part
    position = loader.position
    if loader.name == "from_pretrained":
        part = loaders.part_of(holder)
        if part == "adapter" and holder.startswith("Peft"):
            position = 1
    if loader.space == "timm" and not _given(call, "pretrained"):
        return
    node = module.argument(call, position, loader.keywords)
    if node is None:
        return
    texts = [text for text in module.texts(node, call.scope) if text.value]
    kind = _one(module, call, "repo_type")
    revision = _one(module, call, "revision")
    label = (
        f"{holder}.{loader.name}"
        if holder and holder[:1].isupper()
        else call.name
        if "()" not in call.name
        else loader.name
    )
    if kind == "space" or (loader.space == "torch-hub" and _one(module, call, "source") == "local"):
        return
    if not texts:
        open_calls.append(call.node.lineno)
    for text in texts:
        at, words = place(text.line)
        more = {"revision": revision, "part": part}
        if text.folder:
            if names.local(text.value):
                yield from source.folder(text.value, at, label)
        elif loader.what == "dataset" or kind == "dataset":
            # A builder of files (`json`, data_files=...) reads what its files say, and no data set.
            if text.value not in loaders.BUILDERS:
                used = "training" if module.trains else ""
                yield from source.dataset(
                    text.value, at, words, loader=label, used=used, revision=revision
                )
        elif loader.space == "torch-hub":
            yield from _torch_hub(module, call, text.value, source, (at, words))
        elif loader.space == "open-clip":
            yield from _open_clip(module, call, text.value, source, (at, words))
        else:
            if call.name.startswith("modelscope."):
                more["registry"] = "modelscope"
            value = text.value.replace("/", "-") if loader.space == "clip" else text.value
            yield from source.model(value, at, words, space=loader.space, loader=label, **more)


def _constructed(
    module: Module, call: Call, last: str, source: Source, place: Place
) -> Iterator[Row]:
    """`AudioTokenizer("owner/name")`: the id that a class or function named after a part gets
    first. A function (`save_model("a/b")`) may do anything with it: there its owner must be known.
    """
    node = call.node.args[0]
    what = purpose(last)
    if not isinstance(node, ast.Constant | ast.Name | ast.Attribute):
        return
    for text in module.texts(node, call.scope):
        at, words = place(text.line)
        if what == "dataset" and names.bare(text.value) and not text.folder:
            yield from source.named(text.value, at, words, key="dataset")
        if text.folder or not names.hub_id(text.value):
            continue
        by = "key" if last[0].isupper() and not weak(last) else "word"
        if what == "dataset":
            yield from source.dataset(text.value, at, words, loader=last, named_by=by)
        else:
            part = "weights" if what == "model" else what
            yield from source.model(text.value, at, words, loader=last, part=part, named_by=by)


def _torch_hub(
    module: Module, call: Call, repository: str, source: Source, seen: tuple[Location, str]
) -> Iterator[Row]:
    """`torch.hub.load("owner/repository[:ref]", "entry")`: the entry point of a repository, which
    loads its own weights.
    """
    match = re.fullmatch(r"([\w.\-]+/[\w.\-]+)(?::[\w.\-/]+)?", repository)
    entry = module.argument(call, 1, ("model",))
    if match and names.hub_id(match[1]):
        for model in module.texts(entry, call.scope):
            if re.fullmatch(r"[\w.\-]{2,80}", model.value):
                name = f"{match[1]}:{model.value}"
                purl = f"pkg:github/{match[1].lower()}#{model.value}"
                told = facts(
                    ("space", "torch-hub"),
                    ("loader", "torch.hub.load"),
                    ("part", "weights"),
                    ("repository", match[1]),
                )
                yield Observation("reference", name, "", purl, source.evidence(*seen), told)


def _open_clip(
    module: Module, call: Call, name: str, source: Source, seen: tuple[Location, str]
) -> Iterator[Row]:
    """Without `pretrained=` it is an architecture; with a tag, the weights of that tag."""
    if names.hub_id(name):
        yield from source.model(name, *seen, loader=call.name)
        return
    for tag in module.texts(module.argument(call, 1, ("pretrained",)), call.scope):
        if names.local(tag.value) and "/" in tag.value:
            yield from source.folder(tag.value, seen[0], call.name)
        elif re.fullmatch(r"[\w.\-]{2,60}", tag.value) and re.fullmatch(r"[\w.\-/@]{2,80}", name):
            told = facts(
                ("space", "open-clip"),
                ("loader", call.name),
                ("part", "weights"),
                ("architecture", name),
                ("tag", tag.value),
            )
            yield Observation(
                "reference", f"{name}:{tag.value}", "", "", source.evidence(*seen), told
            )


def _given(call: Call, keyword: str) -> bool:
    """Whether a flag is set, or may be."""
    node = next((k.value for k in call.node.keywords if k.arg == keyword), None)
    return node is not None and not (isinstance(node, ast.Constant) and not node.value)


def _one(module: Module, call: Call, keyword: str) -> str:
    """The single text of a keyword, or `""`."""
    node = next((k.value for k in call.node.keywords if k.arg == keyword), None)
    texts = {text.value for text in module.texts(node, call.scope)} if node is not None else set()
    return texts.pop() if len(texts) == 1 else ""


def _entries(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """Ids under names that promise one: keywords, defaults, fields, options, constants, tables."""
    for entry in module.entries:
        if not purpose(entry.name, entry.holder):
            continue
        for node in nested(entry.node):
            # A list of names without owners is a list of labels: models to compare, to support.
            listed = node is not entry.node
            for text in module.texts(node, entry.scope):
                # What stands under its own name is a label, too: `"TTS/CL": "TTS/CL"`.
                label = text.value == entry.name or (listed and "/" not in text.value)
                if not text.folder and not label:
                    yield from _named(text, entry, source, place)


def _named(text: Text, entry: Entry, source: Source, place: Place) -> Iterator[Row]:
    value = text.value
    if entry.name in loaders.HUB_KEYWORDS and names.local(value):
        # Tables of pretrained models also write `owner/name/file`.
        value = "/".join(value.split("/")[:2])
    yield from source.named(value, *place(text.line), key=entry.name, holder=entry.holder)


def _strings(module: Module, source: Source, place: Place, downloads: bool) -> Iterator[Row]:
    """Addresses of the hub, and URLs of weights in a file that downloads or under a name that
    promises a model.
    """
    promised = {
        id(entry.node)
        for entry in module.entries
        if purpose(entry.name, entry.holder) in ("model", "tokenizer")
    }
    for node in module.strings:
        text = node.value
        if not isinstance(text, str) or len(text) > 2000:
            continue
        if text.startswith(("hf://", "hf-hub:")):
            yield from source.model(text, *place(node.lineno), loader="hf://")
        elif (
            (downloads or id(node) in promised)
            and "://" in text
            and loaders.WEIGHT_FILE.fullmatch(text)
        ):
            yield from source.model(text, *place(node.lineno), loader="url")


COLLECTOR = Collector(NAME, 3, ("*.py",), _collect, sees="reference")
