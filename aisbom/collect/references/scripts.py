"""References in shell scripts, Makefiles, Dockerfiles, Ollama Modelfiles and `.env` files (names of
variables, never their values).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.references import python_references, python_trees
from aisbom.collect.references.command_lines import Locator, logical, ollama, references
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.here_documents import here_documents
from aisbom.collect.references.key_words import purpose
from aisbom.collect.references.python_names import Names
from aisbom.collect.references.rows import Place, Source
from aisbom.collect.references.variables import find_key, keys, offered
from aisbom.collect.references.variables import references as references_of
from aisbom.collect.references.variables import variables as variables_of
from aisbom.lazy_module import compile_later
from aisbom.model import Gap, Location, Row
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "script-references"
MODELFILE = "modelfile"
ENV = "env-names"
INI = "ini-references"
MAX_READ = 1024 * 1024

_WORDS = (
    b"--",
    b"ollama",
    b"hf download",
    b"huggingface",
    b"hf.co",
    b"://",
    b"serve ",
    b"=",
    b"<<",
)
MAX_ELEMENTS = 200
_ARRAY = compile_later(
    r"^[ \t]*(?:(?:declare|local|readonly) (?:-a )?)?(?P<name>[A-Za-z_]\w{1,40})"
    r"=\((?P<body>[^()]{3,8000})\)",
    re.MULTILINE,
)
_ELEMENT = compile_later(r"\"[^\"\s$]{2,200}\"|'[^'\s$]{2,200}'|(?<![\"'\w$])[\w./:\-]{2,200}")
_KEY = re.compile(r"\s*[\"']?([A-Za-z_][\w.\-]{1,60})[\"']?\s*[=:]\s*(\S.*)")
_HEAD = compile_later(r"\s*\[([\w.\- :]{1,100})\]\s*")
"""`[components.transformer.model]`: a section of an INI file."""


def collect_script(file: File) -> Iterator[Row]:
    """What the commands of a script or a build file fetch and serve."""
    text = _text(file, _WORDS)
    if text:
        lines = text.split("\n")
        at = Locator(file.at(), 1, lines)
        yield from dict.fromkeys(
            references(logical(text), Source(NAME), at, script=lambda path: _script(file, path))
        )
        if "=(" in text:
            yield from dict.fromkeys(_read_arrays(text, lines, file))
        if "<<" in text:
            yield from dict.fromkeys(_read_here_documents(text, lines, file))


def _read_arrays(text: str, lines: list[str], file: File) -> Iterator[Row]:
    """What an array of a shell names: `MODELS=("owner/norae-7b" "norae-13b")`."""
    source = Source(NAME)
    for match in _ARRAY.finditer(text):
        first = text.count("\n", 0, match.start("body")) + 1
        told = purpose(match["name"])
        for number, line in enumerate(match["body"].split("\n") if told else (), first):
            said = re.sub(r"(?:^|\s)#.*", "", line)
            for value in _ELEMENT.findall(said)[:MAX_ELEMENTS]:
                seen = (file.at(number), lines[number - 1].strip()[:400])
                yield from source.identify_value(value.strip("\"'"), *seen, key=match["name"])


def _script(file: File, path: str) -> str:
    """The text of a script that another one calls by a path from its own folder or the top of the
    tree; empty where there is none to read.
    """
    up = "../" * file.path.count("/")
    found = file.sibling(path) or file.sibling(up + path)
    try:
        return _text(found, (b"$",)) if found else ""
    except Unreadable:
        return ""  # it is a gap of its own


def _read_here_documents(text: str, lines: list[str], file: File) -> Iterator[Row]:
    """What here-documents name: Python that the script runs, settings that it writes."""
    source = Source(NAME)
    for one in here_documents(text):

        def place(line: int, first: int = one.first) -> tuple[Location, str]:
            number = first + line - 1
            words = lines[number - 1].strip()[:400] if 0 < number <= len(lines) else ""
            return file.at(number), words

        if one.kind == "settings":
            yield from _settings(one.body, source, place)
        elif one.kind == "python":
            try:
                tree = python_trees.parse_python(one.body)
            except Unreadable as error:
                yield Gap(NAME, file.at(one.first), f"a here-document: {error}")
                continue
            yield from python_references.read_module(
                Module(Names(tree)), source, place, downloads=True
            )


def collect_modelfile(file: File) -> Iterator[Row]:
    """`FROM` names a model of the Ollama library or the hub, or a file beside; `ADAPTER` a file."""
    text = _text(file, (b"FROM", b"from"))
    source = Source(MODELFILE, "manifest-analysis")
    for number, line in enumerate(text.split("\n"), 1):
        match = re.fullmatch(r"\s*(FROM|ADAPTER)\s+(\S+)\s*", line, re.IGNORECASE)
        if not match or len(line) > 1000:
            continue
        value, part = match[2], "adapter" if match[1].upper() == "ADAPTER" else "weights"
        if names.local(value) and (
            value.startswith(".") or value.endswith((".gguf", ".safetensors", ".bin"))
        ):
            yield from source.folder(value, file.at(number), match[1].upper())
            told = {"loader": match[1].upper(), "part": part}
            yield from source.file(value, file.at(number), line, **told)
        elif names.hub_id(value.partition(":")[0]) and value.startswith(
            ("hf.co/", "huggingface.co/")
        ):
            yield from source.model(
                value.partition(":")[0], file.at(number), line, loader=match[1].upper(), part=part
            )
        else:
            yield from ollama(value, source, file.at(number), line)


def collect_env(file: File) -> Iterator[Row]:
    """The names of variables are shown to the knowledge, which knows whose keys they are; of what
    they are set to, only ids of models and hosts are kept. Those in comments are offered to
    whoever needs them: shown, not set.
    """
    text = _text(file, (b"=",))
    source = Source(ENV, "manifest-analysis")
    yield from references_of(variables_of(text, file), source)
    yield from keys(offered(text, file), source, named_by="text")


def collect_ini(file: File) -> Iterator[Row]:
    """`model = owner/name` in INI files and the like, and keys of services (`${NORAE_API_KEY}`)."""
    text = _text(file, (b"/", b"KEY", b"_key", b"ollama"))
    lines = text.split("\n")
    source = Source(INI, "manifest-analysis")
    yield from _settings(text, source, lambda line: (file.at(line), lines[line - 1].strip()))
    for number, line in enumerate(lines, 1):
        match = _KEY.match(line[:400])
        if match and (name := find_key(match[1], match[2])):
            yield from source.service(name, "env", file.at(number), name, authenticated="yes")
        elif match and match[1].endswith(".model") and "ollama" in match[1].split("."):
            # `spring.ai.ollama.chat.options.model`
            yield from ollama(match[2].strip(), source, file.at(number), line)


def _settings(text: str, source: Source, place: Place) -> Iterator[Row]:
    """`key = owner/name` and `key: "owner/name",`, line by line, below the name of a section."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if head := _HEAD.match(line[:400]):
            section = head[1].rpartition(".")[2]
            continue
        match = _KEY.match(line[:400])
        value = match[2].strip().rstrip(",").strip("\"'") if match else ""
        if match and (names.hub_id(value) or names.folder_name(value)):
            yield from source.identify_value(value, *place(number), key=match[1], holder=section)


def _text(file: File, words: tuple[bytes, ...]) -> str:
    if file.size > MAX_READ:
        raise Unreadable(f"larger than {MAX_READ:,} bytes: references not looked for")
    data = file.read(MAX_READ)
    return decode(data).replace("\0", "") if any(word in data for word in words) else ""


COLLECTOR = get_collector(NAME)
MODELFILE_COLLECTOR = get_collector(MODELFILE)
ENV_COLLECTOR = get_collector(ENV)
INI_COLLECTOR = get_collector(INI)
