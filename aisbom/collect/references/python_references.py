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
from typing import TYPE_CHECKING, NamedTuple

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.references import (
    http_requests,
    key_words,
    loader_signs,
    loaders,
    model_zoos,
    package_weights,
    python_services,
    python_trees,
    weight_names,
)
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.key_words import purpose, reads_a_file, weak
from aisbom.collect.references.loader_calls import LoaderCall, argument, loader_of
from aisbom.collect.references.loaders import Loader
from aisbom.collect.references.other_modules import OtherModules, imports
from aisbom.collect.references.python_names import Call, Entry, Names
from aisbom.collect.references.python_tables import walk_values
from aisbom.collect.references.python_values import Text
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import Module as LazyModule
from aisbom.lazy_module import compile_later
from aisbom.model import Gap, Location, Observation, Row, facts
from aisbom.source import python_text
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

if TYPE_CHECKING:
    from aisbom.collect.references import model_tables, routed_names, shell_calls
else:
    model_tables = LazyModule("aisbom.collect.references.model_tables")
    routed_names = LazyModule("aisbom.collect.references.routed_names")
    shell_calls = LazyModule("aisbom.collect.references.shell_calls")

NAME = "python-references"
MAX_SOURCE = 1024 * 1024
"""A syntax tree takes some hundred times the memory of its source."""
MAX_SEARCHED = 32 * 1024 * 1024
_REGISTERS = b"register_model"
_SHELLS = (b"os.system(", b"os.popen(", b"subprocess.")
_SHELL_CALLS = ("os.system", "os.popen", "subprocess.")
MAX_ROWS = 2000
_PLAIN = frozenset({"path", "name"})
"""Names that say nothing of their values: an id of a known lab says it itself."""
_HISTORY = re.compile(r"(?:.*/)?(?:migrations/\d{4}_|versions/[0-9a-f]{10,14}_)\w+\.py")
"""Steps of Django's and Alembic's from one form of a database to the next: what once was."""
MAX_LISTED = 200
"""Names of data sets that are shown of one list."""
MAX_OPEN = 20
"""Calls that are not settled are shown up to this number a file; all are counted."""


def is_relevant(data: bytes) -> bool:
    """Whether the bytes of a source file are worth parsing: most files name nothing."""
    return (
        loader_signs.loads(data)
        or package_weights.is_imported(data)
        or loader_signs.connects(data)
        or loader_signs.names_weights(data)
        or (imports(data) and loader_signs.calls(data))
        or loader_signs.names_ids(data)
        or _REGISTERS in data
        or weight_names.in_bytes(data)
        or http_requests.is_used(data)
        or (any(call in data for call in _SHELLS) and shell_calls.is_relevant(data))
    )


def collect(file: File) -> Iterator[Row]:
    """The models, data sets and services that Python code names."""
    if _HISTORY.fullmatch(file.path):
        return
    if file.size > MAX_SEARCHED:
        raise Unreadable(f"larger than {MAX_SEARCHED:,} bytes: references not looked for")
    data = file.read(MAX_SEARCHED)
    if not is_relevant(data):
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
    others = OtherModules(file, len(lines) + 2)

    def place(line: int) -> tuple[Location, str]:
        stated = ""
        while imported := others.place(line):
            line, words = imported
            stated = f" ({words}){stated}"
        words = lines[line - 1].strip()[:400] if 0 < line <= len(lines) else ""
        return file.at(line), words + stated

    downloads = any(word in data for word in loader_signs.DOWNLOADS)
    # What `python -m package` starts is the program itself.
    part = file.name != "__main__.py" and _in_package(file)
    guards = _guards(tree) if b"__main__" in data and part else []
    if _REGISTERS in data:
        yield from _read_registrations(tree, Source(NAME), place)
    module = Module(Names(tree), others.texts)
    for row in read_module(module, Source(NAME), place, downloads=downloads, others=others):
        guarded = isinstance(row, Observation) and any(
            first <= row.evidence.at.line <= last for first, last in guards
        )
        yield (
            replace(row, facts=facts(*row.facts, ("main-guard", "yes")))
            if guarded and isinstance(row, Observation)
            else row
        )


_PROGRAMS = frozenset({"scripts", "script", "tools", "bin", "cli", "apps", "examples", "demo"})


def _in_package(file: File) -> bool:
    """Whether a module is part of a package: one without a file of its own in a package, too,
    unless what lies there are programs.
    """
    if file.sibling("__init__.py") is not None:
        return True
    folder = file.folder.rpartition("/")[2]
    return folder not in _PROGRAMS and file.sibling("../__init__.py") is not None


def _read_registrations(tree: ast.Module, source: Source, place: Place) -> Iterator[Row]:
    """The functions of the tree that timm's registry knows from here on (`@register_model`): what
    `create_model` gets by their names is no model of timm's.
    """
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(
            ast.unparse(decorator).partition("(")[0].endswith("register_model")
            for decorator in node.decorator_list
        ):
            at, words = place(node.lineno)
            yield Observation("registered", node.name, "", "", source.evidence(at, words), ())


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


class _Reading(NamedTuple):
    """One module while its calls are read: `open_calls` are the lines of those not settled."""

    module: Module
    source: Source
    place: Place
    others: OtherModules | None
    open_calls: list[int]


def read_module(
    module: Module,
    source: Source,
    place: Place,
    *,
    downloads: bool,
    others: OtherModules | None = None,
) -> Iterator[Row]:
    """The rows of one module: each once, at most MAX_ROWS. `others` are those that it imports."""
    seen: set[Row] = set()
    reading = _Reading(module, source, place, others, [])
    for number, row in enumerate(_rows(reading, downloads)):
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
    if reading.open_calls:
        told = facts(("unresolved-loader-calls", len(reading.open_calls)))
        yield Observation(
            "format", "unresolved", "", "", source.evidence(Location(at.path), "", "low"), told
        )
    for line in dict.fromkeys(reading.open_calls[:MAX_OPEN]):
        seen_at, words = place(line)
        told = facts(("unresolved-loader", f"{seen_at.path}:{seen_at.line}"))
        yield Observation(
            "format", "unresolved", "", "", source.evidence(seen_at, words, "low"), told
        )


def _rows(reading: _Reading, downloads: bool) -> Iterator[Row]:
    module, source, place, _, _ = reading
    loaded: set[tuple[Location, str]] = set()
    rest: list[Row] = []
    for call in module.calls:
        loader = loader_of(call)
        rows = list(package_weights.rows(module, call, source, place))
        rows += _of_loader(reading, call, loader) if loader else _of_wrapper(reading, call)
        loaded |= {
            (r.evidence.at, name)
            for r in rows
            if isinstance(r, Observation)
            for name in (r.name, r.name.rpartition(":")[2])
        }
        yield from rows
        if loader is None and not rows:
            rest += weight_names.of_call(module, call, source, place)
        if call.name.startswith(_SHELL_CALLS):
            yield from shell_calls.rows(module, call, source, place)
        last = call.name.rpartition(".")[2]
        if loader is None and not rows and call.node.args and purpose(last):
            yield from _of_constructor(module, call, last, source, place)
    for row in _entries(module, source, place):
        # What a loader gets stands under its keyword, too.
        if not isinstance(row, Observation) or (row.evidence.at, row.name) not in loaded:
            rest.append(row)
    yield from weight_names.without_others(module, rest)
    yield from _choices(module, source, place)
    yield from _compared(module, source, place)
    yield from _strings(module, source, place, downloads)
    yield from python_services.services(module, source, place)
    yield from http_requests.rows(module, source, place)


def _of_loader(reading: _Reading, call: Call, loader: Loader) -> Iterator[Row]:
    """What a call of a loader loads; one that is not settled is noted."""
    module = reading.module
    node = argument(module, call, loader)
    found = LoaderCall(module, call, loader)
    if node is None or found.foreign:
        return
    texts = [text for text in module.texts(node, call.scope) if text.value]
    named = module.names.resolve_name(node) if isinstance(node, ast.Attribute) else ""
    if named in package_weights.CONSTANTS and not texts:
        package, constant = named.partition(".")[0], named.rpartition(".")[2]
        at, words = reading.place(call.node.lineno)
        yield reading.source.observe_package_weights(package, constant, at, words, found.part)
        return
    if not texts:
        reading.open_calls.append(call.node.lineno)
        if loader.what == "model" and (name := _read_joined_path(node)):
            at, words = reading.place(call.node.lineno)
            yield from reading.source.read_path_hint(
                name, at, words, loader=call.name, part=found.part
            )
    yield from found.rows(texts, reading.source, reading.place)


def _of_wrapper(reading: _Reading, call: Call) -> Iterator[Row]:
    """What a call of a function or class in another module of the tree makes that load."""
    module, source, place, others, _ = reading
    for loader, texts in others.find_loaders(module, call) if others else ():
        if loader is None:
            for text in texts:
                yield from source.model(text.value, *place(text.line), loader="url")
        elif not loader.foreign:
            yield from loader.rows(texts, source, place)


def _of_constructor(
    module: Module, call: Call, last: str, source: Source, place: Place
) -> Iterator[Row]:
    """`AudioTokenizer("owner/name")`: the id that a class or function named after a part gets
    first. A function (`save_model("a/b")`) may do anything with it: there its owner must be known.
    """
    node = call.node.args[0]
    what = purpose(last)
    if name := _read_joined_path(node):
        if what != "dataset":
            part = "weights" if what == "model" else what
            yield from source.read_path_hint(name, *place(node.lineno), loader=last, part=part)
        return
    if not isinstance(node, ast.Constant | ast.Name | ast.Attribute):
        return
    for text in module.texts(node, call.scope):
        at, words = place(text.line)
        if what == "dataset" and names.bare(text.value) and not text.folder:
            yield from source.identify_value(text.value, at, words, key="dataset")
        if text.folder or not names.hub_id(text.value):
            continue
        by = "key" if last[0].isupper() and not weak(last) else "word"
        if what == "dataset":
            yield from source.dataset(text.value, at, words, loader=last, named_by=by)
        else:
            part = "weights" if what == "model" else what
            yield from source.model(text.value, at, words, loader=last, part=part, named_by=by)


def _read_joined_path(node: ast.expr) -> str:
    """The folder or file of `os.path.join(anything, "name")`, `anything / "name"` and
    `f"{anything}/name"`, as a path; `""` for anything else.
    """
    last: ast.expr | None = None
    if isinstance(node, ast.JoinedStr):
        match node.values:
            case [ast.FormattedValue(), ast.Constant(value=str() as end)]:
                return f".{end}" if end.startswith("/") and end.count("/") == 1 else ""
        return ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        last = node.right
    elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
        last = node.args[-1] if ast.unparse(node.func).endswith("path.join") else None
    named = isinstance(last, ast.Constant) and isinstance(last.value, str)
    return f"./{last.value!s}" if named and isinstance(last, ast.Constant) else ""


def _entries(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """Ids under names that promise one: keywords, defaults, fields, options, constants, tables."""
    served = _asks_elsewhere(module)
    hosted = _asked_of_providers(module)
    beside = _find_names_beside_providers(module)
    written = weight_names.find_written(module)
    asked_for = _lines_asked_for(module)
    for entry in module.entries:
        if names.hub_id(entry.name) or entry.name in written:
            continue  # what stands under an id is told of it: `{"owner/name": "https://..."}`
        yield from _read_listed_sets(entry, source, place)
        if not purpose(entry.name, entry.holder):
            yield from _of_other_name(module, entry, source, place)
            continue
        if _is_body_of_request(entry) or _is_record_of_settings(entry):
            continue  # what it says stands under its own keys
        for key, loads in (
            model_tables.find_ids_of_models(entry) if purpose(entry.name) == "model" else ()
        ):
            at, words = place(key.lineno)
            if loads:
                yield from source.identify_value(str(key.value), at, words, key=entry.name)
            else:
                yield from source.model(str(key.value), at, words, named_by="link", part="")
        path = _read_joined_path(entry.node) or weight_names.read_path_call(entry.node)
        if path and purpose(entry.name, entry.holder) == "model":
            yield from source.file(path, *place(entry.node.lineno), loader=entry.name)
        for node in walk_values(entry.node):
            # A list of names without owners is a list of labels: models to compare, to support. One
            # with tags (`qwen2.5:7b`) names what is loaded.
            listed = node is not entry.node and not model_tables.maps_to_names(entry)
            texts = module.texts(node, entry.scope)
            for text in texts:
                # What stands under its own name is a label, too: `"TTS/CL": "TTS/CL"`,
                # `WHISPER_TINY_NATIVE = "whisper_tiny_native"`.
                label = _fold(text.value) == _fold(entry.name) or (
                    listed and not set("/:") & set(text.value)
                )
                # One of several files says nothing of what is read here.
                several = len(texts) > 1 and names.weight_file(text.value)
                # A name that a client asks somebody else's server for.
                asked = entry.name in _ASKED and (served or id(entry.node) in hosted)
                asked = (asked or key_words.words(entry.name) in beside) and "/" not in text.value
                asked = asked or (text.line in asked_for and not isinstance(entry.node, ast.Dict))
                if not text.folder and not label and not several and not asked:
                    yield from _of_entry(text, entry, source, place)


def _choices(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """The data sets and the ids of models that an option may be given (`--dataset`,
    `choices=[...]`).
    """
    for entry in module.names.choices:
        what = purpose(entry.name)
        if what not in ("dataset", "model"):
            continue
        for node in walk_values(entry.node):
            for text in module.texts(node, entry.scope):
                if text.folder:
                    continue
                at, words = place(text.line)
                if what == "model":
                    if names.hub_id(text.value):
                        yield from source.identify_value(text.value, at, words, key=entry.name)
                    continue
                by = "key" if names.hub_id(text.value) else "choice"
                more = {"loader": f"--{entry.name}", "named_by": by}
                yield from source.dataset(text.value, at, words, **more)


def _compared(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """The ids that code knows of, since it compares what it is to load with them."""
    for entry in module.names.compared:
        value = entry.node.value if isinstance(entry.node, ast.Constant) else ""
        found = names.hub_id(str(value)) if purpose(entry.name) == "model" else ""
        if re.search(r"\d", found.partition("/")[2]):  # the beginning of several has none
            yield from source.model(found, *place(entry.node.lineno), named_by="link", part="")


_SETS = frozenset({"dataset", "datasets", "corpus", "corpora", "benchmarks"})
_LEADS_FROM_SETS = compile_later(r"(?:data_?set|benchmark)s?(?:2|_to_|_2_)\w+", re.IGNORECASE)
"""A table that leads from data sets to something: `Benchmark2File`."""


def _read_listed_sets(entry: Entry, source: Source, place: Place) -> Iterator[Row]:
    """The names without owner in a list of data sets, and the keys of a table of them, whatever
    else its name says (`dataset_split = {"norae": ["train"], ...}`): a known one of them counts.
    """
    node = entry.node
    of_keys = isinstance(node, ast.Dict) and _LEADS_FROM_SETS.fullmatch(entry.name) is not None
    if _SETS.isdisjoint(key_words.words(entry.name)) and not of_keys:
        return
    if isinstance(node, ast.Dict):
        told = [key for key in node.keys if key is not None]
    else:
        told = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
    for one in told[:MAX_LISTED] if len(told) > 1 else ():
        if isinstance(one, ast.Constant) and names.bare(str(one.value)):
            yield from source.dataset(
                str(one.value), *place(one.lineno), loader=entry.name, named_by="choice"
            )


def _is_body_of_request(entry: Entry) -> bool:
    """Whether a table under a word for data asks a server for a model: `data={"model": ...}`."""
    return isinstance(entry.node, ast.Dict) and any(
        isinstance(key, ast.Constant) and purpose(str(key.value)) == "model"
        for key in entry.node.keys
        if purpose(entry.name) == "dataset"
    )


def _is_record_of_settings(entry: Entry) -> bool:
    """Whether it is a table of one setting: `scheduler = {"name": "lr/adam", "interval": 1}`."""
    return isinstance(entry.node, ast.Dict) and purpose(entry.name, entry.holder) == "settings"


def _fold(name: str) -> str:
    return name.lower().replace("-", "_")


def _of_other_name(module: Module, entry: Entry, source: Source, place: Place) -> Iterator[Row]:
    """What stands under a name that promises no model: a file that is read, the folder of a model
    (`norae_model_dir`), an id under a name of no meaning (`path = path or "owner/name"`), whose
    owner has to be a known lab.
    """
    node = entry.node
    path = node.value if isinstance(node, ast.Constant) else _read_joined_path(node)
    if isinstance(path, str) and reads_a_file(entry.name):
        yield from source.file(path, *place(entry.node.lineno), loader=entry.name)
    elif isinstance(path, str) and (folder := key_words.name_data_folder(entry.name, path)):
        yield from source.dataset(
            folder, *place(entry.node.lineno), loader=entry.name, named_by="key"
        )
    elif isinstance(path, str) and "/" in path and key_words.may_hold_checkpoints(entry.name):
        seen = place(entry.node.lineno)
        yield from source.read_checkpoint_folder(path, *seen, loader=entry.name)
    elif isinstance(path, str) and (part := key_words.held_in_folder(entry.name)):
        seen = place(entry.node.lineno)
        yield from source.read_path_hint(path, *seen, loader=entry.name, part=part)
    elif (
        isinstance(path, str)
        and ("Model" in entry.holder or "Checkpoint" in entry.holder)
        and model_tables.lists_models(entry.holder)
        and model_tables.is_listed(path)
    ):
        seen = place(entry.node.lineno)
        yield from source.model(path, *seen, loader=f"class {entry.holder}", named_by="key")
    table = isinstance(node, ast.Dict) and len(node.keys) > 1
    for key in model_tables.find_ids_of_table(node) if table else ():
        seen = place(key.lineno)
        yield from source.model(str(key.value), *seen, named_by="link", part="")
    for text in module.texts(entry.node, entry.scope) if entry.name.lower() in _PLAIN else ():
        if names.hub_id(text.value) and not text.folder:
            at, words = place(text.line)
            yield from source.model(text.value, at, words, loader=entry.name, named_by="word")


_ASKED = frozenset({"model", "model_name", "model_id", "engine", "llm", "llm_model", "chat_model"})
_MODEL_WORDS = ((), ("model",), ("model", "name"), ("model", "id"))
_SERVERS = frozenset({"base_url", "api_base", "openai_api_base", "model_server", "api_url"})
_ADDRESSES = frozenset({"url", "endpoint"})
"""Names of much else, too: what stands there is an interface where its path has a version."""


_OF_PROVIDERS = frozenset(
    {
        *("anthropic", "cohere", "mistralai", "groq", "together", "fireworks", "zhipuai"),
        *("langchain_anthropic", "langchain_cohere", "langchain_mistralai", "langchain_groq"),
        *("langchain_together", "langchain_fireworks", "langchain_upstage", "langchain_deepseek"),
        *("langchain_xai", "langchain_google_genai", "langchain_google_vertexai", "voyageai"),
        *("langchain_naver", "langchain_voyageai"),
    }
)
"""Packages whose clients ask nobody but one provider."""


def _lines_asked_for(module: Module) -> frozenset[int]:
    """The lines of tables of what one provider serves of others (`together_models = {...}`): what
    code picks from them it asks for, and loads nothing.
    """
    tables = (
        entry.node
        for entry in module.entries
        if isinstance(entry.node, ast.Dict) and routed_names.name_provider_of_others(entry.name)
    )
    return frozenset(
        line
        for table in tables
        for line in range(table.lineno, (table.end_lineno or table.lineno) + 1)
    )


def _asked_of_providers(module: Module) -> frozenset[int]:
    """The arguments of such clients."""
    return frozenset(
        id(keyword.value)
        for call in module.calls
        if call.name.partition(".")[0] in _OF_PROVIDERS
        for keyword in call.node.keywords
    )


def _find_names_beside_providers(module: Module) -> frozenset[tuple[str, ...]]:
    """The words of names under which a model stands that a provider beside it is asked for
    (`planner_provider = "groq"`: `planner`, `planner_model`), where all that the module names under
    `planner_provider` are known ones that serve models.
    """
    told: dict[tuple[str, ...], bool] = {}
    for entry in module.entries:
        *above, last = key_words.words(entry.name) or ("",)
        for text in module.texts(entry.node, entry.scope) if last == "provider" else ():
            served = bool(routed_names.named_provider(text.value, ""))
            told[*above] = told.get((*above,), True) and served
    found = [above for above, served in told.items() if served]
    return frozenset((*above, *rest) for above in found for rest in _MODEL_WORDS)


def _asks_elsewhere(module: Module) -> bool:
    """Whether all servers that a module gives its clients are somebody else's."""
    hosts = [
        host_of(text.value)
        for entry in module.entries
        if entry.name in _SERVERS or entry.name in _ADDRESSES
        for text in module.texts(entry.node, entry.scope)
        if "://" in text.value and (entry.name in _SERVERS or re.search(r"/v\d/\w", text.value))
    ]
    return bool(hosts) and not any(map(private, hosts))


def _of_entry(text: Text, entry: Entry, source: Source, place: Place) -> Iterator[Row]:
    value = text.value
    if entry.name in loaders.HUB_KEYWORDS and names.local(value):
        # Tables of pretrained models also write `owner/name/file`.
        value = "/".join(value.split("/")[:2])
    yield from source.identify_value(value, *place(text.line), key=entry.name, holder=entry.holder)


def _pieces(module: Module) -> Iterator[int]:
    """The constants in formatted strings: what such a string leads to, only running it would
    tell.
    """
    given = (node for call in module.calls for node in call.node.args)
    for node in (*(entry.node for entry in module.entries), *given):
        if isinstance(node, ast.JoinedStr):
            yield from map(id, node.values)


def _strings(module: Module, source: Source, place: Place, downloads: bool) -> Iterator[Row]:
    """Addresses of the hub, and URLs of weights in a file that downloads or under a name that
    promises a model.
    """
    promised = {
        id(entry.node)
        for entry in module.entries
        if purpose(entry.name, entry.holder) in ("model", "tokenizer")
        or entry.name.lower() in ("url", "urls", "link")
    }
    written = {
        id(entry.node) for entry in module.entries if loaders.WRITTEN_TO.search(entry.name.lower())
    } | set(_pieces(module))
    for node in module.strings:
        text = node.value
        if not isinstance(text, str) or len(text) > 2000:
            continue
        if ":" in text and (repository := names.split_file_behind(text)):
            yield from source.model(repository, *place(node.lineno), loader="key", named_by="key")
        elif text.lower().startswith(("hf://", "hf-hub:")):
            yield from source.model(text, *place(node.lineno), loader="hf://")
        elif text.startswith(loaders.BUCKETS):
            if id(node) not in written:
                yield from source.in_bucket(text, *place(node.lineno), loader="url")
        elif text.startswith(model_zoos.SCHEMES):
            yield from source.model(text, *place(node.lineno), loader="zoo")
        elif (
            (downloads or id(node) in promised)
            and "://" in text
            and loaders.WEIGHT_FILE.fullmatch(text)
        ):
            yield from source.model(text, *place(node.lineno), loader="url")


COLLECTOR = get_collector(NAME)
