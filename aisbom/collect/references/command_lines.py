"""Models and data sets that command lines name: launchers of servers and trainers, downloads, and
the variables they take values from.

A line is taken apart into words like a shell would, variables of the same file are filled in, and
nothing is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from aisbom.collect.models import hub_names as names
from aisbom.collect.references.hosts import host_of
from aisbom.collect.references.key_words import held_in_folder, purpose, words
from aisbom.collect.references.loaders import BUCKETS, WEIGHT_FILE, WRITTEN_TO
from aisbom.collect.references.rows import Source, split_list
from aisbom.lazy_module import Module, compile_later
from aisbom.model import Location, Observation, Row

if TYPE_CHECKING:
    from aisbom.collect.references import command_services
    from aisbom.collect.references import variables as environment
else:
    command_services = Module("aisbom.collect.references.command_services")
    environment = Module("aisbom.collect.references.variables")

MAX_LINE = 20_000
MAX_WORDS = 400

_ASSIGN = compile_later(
    r"(?:(?:export|ARG|ENV|readonly|local|declare(?:"
    r" -\w+)?)\s+)?([A-Za-z_]\w*)\s*(?::|\?|\+)?=\s*(.*)",
    re.DOTALL,
)
_EXPORTED = compile_later(r"\s*(?:export|ARG|ENV)\s")
_ARGUMENT = compile_later(r"\s*ARG\s+([A-Z][A-Z0-9_]{3,60})\s*$")
_ENV_OLD = compile_later(r"ENV\s+([A-Za-z_]\w*)\s+(\S.*)")
_VARIABLE = compile_later(
    r"\$\{([A-Za-z_]\w*|\d)(?::?[-=]([^{}]*))?\}|\$\(([A-Za-z_]\w*)\)|\$([A-Za-z_]\w*|\d)"
)
_WORD = compile_later(r""""((?:[^"\\]|\\.)*+)"|'([^']*+)'|([^\s"']+)""")
_QUOTED = compile_later(r""""([^"]{1,200})"|'([^']{1,200})'""")
_OVERRIDE = compile_later(
    r"\+{0,2}(?P<key>[A-Za-z_][\w.]{1,100})="
    r"(?P<id>(?=[^\s/]*/)[\w.~$/{}\-]{3,300})",
    re.ASCII,
)
"""A word of a command that Hydra and OmegaConf read: an id or a path."""
_CONVERTS = compile_later(r"\bconvert(?:[-_]hf[-_]to[-_]gguf)?\.py\s+(?P<folder>[^\s\-]\S+)")
"""llama.cpp's scripts, which write the model in a folder in another format."""
_LLAMA = compile_later(r"-hf|-m|--hf-repo")
_LLAMA_TOOL = compile_later(
    r"\bllama-(?:[a-z0-9]+-)?(?:cli|server|bench|run|embedding|perplexity|simple|imatrix|batched"
    r"|speculative|parallel)\b"
)
_TRAINS = compile_later(r"train|sft|dpo|tune", re.IGNORECASE)
_FORMAT = compile_later(
    r"--(tool[-_]call[-_]parser|reasoning[-_]parser|chat[-_]template|tool[-_]parser)"
)
_FAIRSEQ = compile_later(r"\bfairseq-(?:train|hydra-train)\b|\bfairseq_cli/train\.py\b")
_LAUNCHER = compile_later(
    r"\b(?:vllm|sglang|lmdeploy|trtllm-serve|trtllm-build|text-generation-launcher|text-embeddings-router|llama-server|llama-cli|llamafactory-cli"
    r"|litellm|axolotl|swift|mlx_lm|accelerate|torchrun|deepspeed|python3?|lm_eval|trl|tune|infinity_emb|tgi|ktransformers|aphrodite)\b"
)
_SERVE = compile_later(
    r"\b(?:vllm|trtllm-serve)\s+serve\s+(\S+)|\blmdeploy\s+serve\s+\w+\s+(\S+)|\btrtllm-serve\s+(?!serve\b)(\S+)"
)
_DOWNLOAD = compile_later(r"\b(?:huggingface-cli|hf)\s+download\s+(.*)", re.DOTALL)
_NEXT = compile_later(r"&&|\|\||[;|]")
_MODELSCOPE = compile_later(
    r"\bmodelscope\s++download\s++(?:--)?(model|dataset)?[ =]*+([A-Za-z0-9][\w.\-]*/[\w.\-]+)"
)
_DOWNLOAD_FLAGS = compile_later(
    r"--(?:repo-type|revision|local-dir|cache-dir|include|exclude|token)[ =]\S+"
)
_CLONE = compile_later(
    r"\bgit\s++(?:lfs\s++)?clone\s++.{0,300}?https://(?:[^\s/@]+@)?"
    r"(?:huggingface\.co|hf\.co|(?P<modelscope>(?:www\.)?modelscope\.(?:cn|ai))(?!/studios/)(?:/models)?)"
    r"/(?P<data>datasets/)?(?P<id>[\w.\-]+/[\w.\-]+)"
)
_OLLAMA = compile_later(r"\bollama\s+(?:run|pull)\s+([\w.\-/:]+)")
_CREATES = compile_later(r"\bollama\s+create\s+(?P<name>[\w.\-/]+)")
_EXEC = compile_later(r"\s*(?:CMD|ENTRYPOINT|RUN)\s+(\[.*\])\s*$", re.DOTALL)
_CALL = compile_later(
    r"\b(?:bash|sh|zsh)\s+(?:-\w+\s+)*(?P<path>[\w./\-]{1,200}\.sh)\s+(?P<words>[^;|&<>]{1,2000})"
)
_FETCH = compile_later(r"\b(?:wget|curl|aria2c|axel|gdown)\b")
_DATA_FILE = compile_later(
    r"/(?P<stem>[A-Za-z][\w\-]{1,60})\.(?:jsonl?|parquet|arrow|csv|tsv|tfrecords?)(?![\w.])"
)
MAX_FILES = 100
"""Files of data that are shown of one variable."""
_FOLDERS = ("path", "dir", "folder")
_CLIENTS = ("ngrok", "wandb", "modal")
"""One of these is in a command that reaches a service (command_services.py)."""
_BASE_URL = compile_later(r"--?(?:base[-_]url|api[-_]base|endpoint)")


class Line:
    """One logical line: its words (text) and the number of the line that each character run starts
    on is its first.
    """

    def __init__(self, text: str, number: int) -> None:
        self.text = text
        self.number = number


def logical(text: str) -> Iterator[Line]:
    """Lines with those that a backslash continues joined; comments are left out."""
    held, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if (
            len(line) > MAX_LINE
            or (not held and line.lstrip().startswith("#"))
            or (held and line.lstrip().startswith("#"))
        ):
            continue
        start = start or number
        stripped = line.rstrip()
        if stripped.endswith(("\\", "`", "^")) and len(held) < MAX_LINE:
            held += stripped[:-1] + "\n"
            continue
        if held or stripped:
            yield Line(held + stripped, start)
        held, start = "", 0
    if held:
        yield Line(held, start)


def references(
    lines: Iterable[Line],
    source: Source,
    at: Locator,
    known: Mapping[str, str] | None = None,
    script: Callable[[str], str] | None = None,
) -> Iterator[Row]:
    """The rows of command lines. `known` are variables that stand elsewhere in the file; `script`
    gives the text of another script of the tree, whose arguments are followed into its commands.
    """
    variables = dict(known or {})
    places: dict[str, tuple[Location, str]] = {}
    told: list[environment.Variable] = []
    branches: Branches = {}
    for line in lines:
        assigned = _ENV_OLD.match(line.text.strip()) or _ASSIGN.match(line.text.strip())
        filled = _fill(_plain(line.text), variables)
        if assigned is None and (named := _ARGUMENT.match(line.text)):
            told.append(environment.Variable(named[1], "", at(line.number)[0]))
        if assigned and len(variables) < 500:
            if _EXPORTED.match(line.text):
                told.append(environment.Variable(assigned[1], assigned[2], at(line.number)[0]))
            value = (
                _fill(assigned[2], variables).strip().strip("\"'").partition(" ")[0]
                if "$(" not in assigned[2][:2]
                else ""
            )
            if "$" not in value:
                variables[assigned[1]] = value
                places.setdefault(value, at(line.number))
            made = _is_made(assigned[1], variables)
            if not made or names.hub_id(value):
                yield from _of_value(assigned[1], value, at(line.number), source, branches)
            if purpose(assigned[1]) == "dataset":
                given = _fill(assigned[2], variables)
                yield from _of_files(assigned[1], given, line, source, at)
        if line.text.lstrip().startswith(("echo ", "printf ")):
            continue
        yield from _of(filled, line, source, at)
        yield from _of_branches(line.text, source, branches)
        for match in _CALL.finditer(filled) if script else ():
            text = script(match["path"]) if script and "/" in match["words"] else ""
            if text:
                yield from _of_script(text, match["words"], source, at(line.number), places)
    if told:
        yield from environment.keys(told, source)


def _is_made(name: str, variables: Mapping[str, str]) -> bool:
    """Whether a variable of a script is the folder of checkpoints that a training makes
    (`CHECKPOINT_PATH`): the script names what it starts from in another one (`BASE_MODEL`).
    """
    told = words(name)
    if len(told) < 2 or told[-2] not in ("checkpoint", "ckpt") or told[-1] not in _FOLDERS:
        return False
    return any("base" in words(one) and purpose(one) == "model" for one in variables)


def _of_files(name: str, value: str, line: Line, source: Source, at: Locator) -> Iterator[Row]:
    """The data sets that the files are called after which a variable lists:
    `train_datasets="$DATA/norae.jsonl $DATA/hanul.jsonl"`.
    """
    files = [match["stem"] for match in _DATA_FILE.finditer(value)][:MAX_FILES]
    for stem in dict.fromkeys(files):
        found = max(line.text.find(stem), 0)
        seen = at(line.number + line.text.count("\n", 0, found))
        yield from source.dataset(stem, *seen, loader=name, named_by="key")


Branches = dict[str, list[tuple[str, tuple[Location, str]]]]
"""The addresses of weights that a variable is given, one after the other."""


def _of_value(
    name: str, value: str, where: tuple[Location, str], source: Source, branches: Branches
) -> Iterator[Row]:
    """What a variable is given: an id, or an address that is kept until something fetches it."""
    if (names.hub_id(value) or names.folder_name(value)) and purpose(name):
        yield from source.identify_value(value, *where, key=name)
    elif value.startswith("https://") and names.is_weights(value.rpartition("/")[2]):
        branches.setdefault(name, []).append((value, where))


def _of_branches(text: str, source: Source, branches: Branches) -> Iterator[Row]:
    """The downloads of a variable to which each branch of a `case` gives another address; the last
    one is filled in like any other.
    """
    if not branches or not _FETCH.search(text):
        return
    for name in [one for one in branches if f"${one}" in text or f"${{{one}}}" in text]:
        for url, where in branches.pop(name)[:-1]:
            yield from source.download(url, *where, loader="download")


def _of_script(
    text: str,
    arguments: str,
    source: Source,
    called: tuple[Location, str],
    places: Mapping[str, tuple[Location, str]],
) -> Iterator[Row]:
    """What another script does with the ids that it is given: said where they stand here."""
    words = [_word(match) for match in _WORD.finditer(arguments)][:9]
    known = {str(number): word for number, word in enumerate(words, 1)}
    for row in references(logical(text), source, Locator(called[0]), known):
        if isinstance(row, Observation) and row.name in words:
            at, excerpt = places.get(row.name, called)
            yield replace(row, evidence=source.evidence(at, excerpt, row.evidence.confidence))


def _word(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


class Locator:
    """The place of a line of this text in its file."""

    def __init__(self, file_at: Location, first: int = 1, lines: list[str] | None = None) -> None:
        self._at = file_at
        self._first = first
        self._lines = lines or []

    def __call__(self, number: int) -> tuple[Location, str]:
        """Location and words of a line of the text, counted from 1."""
        words = self._lines[number - 1].strip()[:300] if 0 < number <= len(self._lines) else ""
        return Location(self._at.path, number + self._first - 1, self._at.member), words


Where = Callable[[str], tuple[Location, str]]
"""The place and the words of the line that holds a text."""


def _of(text: str, line: Line, source: Source, at: Locator) -> Iterator[Row]:
    def place(value: str) -> tuple[Location, str]:
        found = line.text.find(value)
        return at(line.number + (line.text.count("\n", 0, found) if found > 0 else 0))

    for match in _SERVE.finditer(text):
        value = next(group for group in match.groups() if group).strip("\"'")
        if not value.startswith("-"):
            yield from _model(value, source, place, "serve")
    if (converted := _CONVERTS.search(text)) and (folder := converted["folder"].strip("\"'")):
        yield from source.read_path_hint(folder, *place(folder), loader="convert")
    launched = _LAUNCHER.search(text) is not None
    words = [_word(match) for match in islice(_WORD.finditer(text), MAX_WORDS)]
    for number, word in enumerate(words):
        flag, _, given = word.partition("=")
        value = given if "=" in word else words[number + 1] if number + 1 < len(words) else ""
        value = value.strip("\"',")
        if flag.startswith("-") and value and not value.startswith("-"):
            yield from _flag(flag, value, text, source, place, launched=launched)
        elif number and words[number - 1] in ("env", "-e"):
            yield from _read_assignment(word, source, place)
        elif launched and number and (override := _OVERRIDE.fullmatch(word)):
            yield from _read_override(override["key"], override["id"], source, place)
    if any(word in text for word in _CLIENTS):
        yield from command_services.rows(text, source, place)
    yield from _downloads(text, source, place)


def _flag(  # noqa: PLR0913
    flag: str, value: str, text: str, source: Source, place: Where, *, launched: bool
) -> Iterator[Row]:
    if flag == "--arch" and _FAIRSEQ.search(text):
        # A design of fairseq's registry: what is trained begins with no weights of anybody.
        yield from source.format("fairseq architecture", value, *place(flag))
    elif _FORMAT.fullmatch(flag):
        yield from source.format(flag.lstrip("-").replace("_", "-"), value, *place(flag))
    elif _LLAMA.fullmatch(flag):
        if _LLAMA_TOOL.search(text):
            yield from _model(value, source, place, flag)
    elif _BASE_URL.fullmatch(flag):
        host = host_of(value)
        if host:
            yield from source.service(host.partition(":")[0], "host", *place(value), endpoint=host)
    elif purpose(flag) == "dataset":
        used = "training" if _TRAINS.search(text) else ""
        yield from _read_sets(flag, value, used, source, place(value))
    elif purpose(flag):
        part = "tokenizer" if purpose(flag) == "tokenizer" else "weights"
        for one in _split_list(value):
            if launched and (names.hub_id(one) or names.local(one)):
                yield from _model(one, source, place, flag, part)
            else:
                yield from source.identify_value(one, *place(one), key=flag)
    elif part := held_in_folder(flag):
        yield from source.read_path_hint(value, *place(value), loader=flag, part=part)


def _read_sets(
    flag: str, value: str, used: str, source: Source, seen: tuple[Location, str]
) -> Iterator[Row]:
    """The data sets that a flag is given: one, a part of one (`owner/set:korean`), or a list."""
    for one in map(names.split_part_behind, split_list(value)):
        if names.dataset_id(one):
            yield from source.dataset(one, *seen, loader=flag, used=used, named_by="key")


def _split_list(value: str) -> list[str]:
    """The texts of a list that is given as one word, `["a/b", "c/d"]`; else the word itself."""
    if not value.startswith("["):
        return [value]
    found = [double or single for double, single in _QUOTED.findall(value)]
    return found[:MAX_WORDS] or [value]


def _read_override(key: str, value: str, source: Source, place: Where) -> Iterator[Row]:
    """`model.path=owner/name`, which Hydra puts in the place of a setting. Without a dot the key
    may be that of a group, of which the value is an option (`model=rnn/gru`): there the owner has
    to be known.
    """
    above, _, last = key.rpartition(".")
    holder = above.rpartition(".")[2]
    if above:
        yield from source.identify_value(value, *place(value), key=last, holder=holder)
    elif purpose(last) == "model" and names.hub_id(value):
        yield from source.model(value, *place(value), loader=last, part="weights", named_by="word")


def _read_assignment(word: str, source: Source, place: Where) -> Iterator[Row]:
    """`MODEL_ID=owner/name`, `export`ed or not."""
    name, _, value = word.partition("=")
    if value and re.fullmatch(r"[A-Za-z_]\w*", name) and purpose(name):
        value = value.strip("\"'")
        if names.hub_id(value) or names.folder_name(value):
            yield from source.identify_value(value, *place(value), key=name)


def _downloads(text: str, source: Source, place: Where) -> Iterator[Row]:
    for command in _NEXT.split(text):
        if match := _DOWNLOAD.search(command):
            yield from _from_the_hub(match[1], source, place)
    for match in _MODELSCOPE.finditer(text):
        if match[1] != "dataset":
            yield from source.model(
                match[2], *place(match[2]), loader="modelscope download", registry="modelscope"
            )
    for match in _CLONE.finditer(text):
        rows = source.dataset if match["data"] else source.model
        more = {"registry": "modelscope"} if match["modelscope"] else {}
        at, words = place(match["id"])
        yield from rows(match["id"].removesuffix(".git"), at, words, loader="git clone", **more)
    for match in _CREATES.finditer(text):
        # A name of one's own for what a Modelfile says.
        seen = source.evidence(*place(match["name"]))
        yield Observation("registered", match["name"].lower(), "", "", seen, ())
    for match in _OLLAMA.finditer(text):
        yield from ollama(match[1], source, *place(match[1]))
    if any(scheme in text for scheme in BUCKETS):
        yield from _stored(text, source, place)
    if _FETCH.search(text):
        for match in WEIGHT_FILE.finditer(text):
            yield from source.model(match[0], *place(match[0]), loader="download")
            if names.hub_id(match[0]) and names.weight_file(match[0]):
                # Among other files of a repository: a release of its own.
                yield from source.download(match[0], *place(match[0]), loader="download")


def _stored(text: str, source: Source, place: Where) -> Iterator[Row]:
    """Models in buckets that a command copies here or is given; none that it writes."""
    for command in _NEXT.split(text):
        words = [word.strip("\"'`") for word in command.split()]
        copies = not {"cp", "sync", "mv", "rsync"}.isdisjoint(words)
        for word in words[:-1] if copies else words:
            flag, _, value = word.rpartition("=")
            if value.startswith(BUCKETS) and not WRITTEN_TO.search(flag):
                yield from source.in_bucket(value, *place(value), loader="download")


def _from_the_hub(words: str, source: Source, place: Where) -> Iterator[Row]:
    """`hf download owner/name file`: the repository, and beside it a file with its own name."""
    given = [w.strip("\"'") for w in _DOWNLOAD_FLAGS.sub(" ", words).split()]
    given = [word for word in given if not word.startswith("-")]
    value = next(iter(given), "")
    kind = re.search(r"--repo-type[ =](\w+)", words)
    if kind and kind[1] == "dataset":
        yield from source.dataset(value, *place(value), loader="hf download")
    elif not kind or kind[1] == "model":
        yield from _model(value, source, place, "hf download")
        for file in filter(names.weight_file, given[1:] if names.hub_id(value) else ()):
            url = f"https://huggingface.co/{value}/resolve/main/{file}"
            yield from source.download(url, *place(file), loader="hf download")


def ollama(name: str, source: Source, at: Location, words: str) -> Iterator[Row]:
    """A name of the Ollama library or `hf.co/owner/name:quantisation`; a bare library name stays
    one only where a table knows it.
    """
    if name.startswith(("hf.co/", "huggingface.co/")):
        yield from source.model(
            name.partition("/")[2].partition(":")[0], at, words, loader="ollama"
        )
    elif re.fullmatch(r"[a-z0-9][\w.\-]*(?:/[\w.\-]+)?(?::[\w.\-]+)?", name):
        yield from source.model(
            name.partition(":")[0],
            at,
            words,
            space="ollama",
            loader="ollama",
            tag=name.partition(":")[2],
        )


def _model(
    value: str,
    source: Source,
    place: Where,
    loader: str,
    part: str = "weights",
) -> Iterator[Row]:
    if names.hub_id(value) or names.bare(value) or names.local(value):
        yield from source.model(value, *place(value), loader=loader, part=part)


def _plain(text: str) -> str:
    """The exec form of a Dockerfile (`CMD ["vllm", "serve", ...]`) as words with spaces between."""
    match = _EXEC.match(text)
    if match:
        try:
            words = json.loads(match[1])
        except (ValueError, RecursionError):
            return text
        if isinstance(words, list):
            return " ".join(str(word) for word in words[:MAX_WORDS])
    return text


def _fill(text: str, variables: Mapping[str, str]) -> str:
    if "$" not in text:
        return text

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[3] or match[4]
        return variables.get(name, match[2] if match[2] is not None else match[0])[:1000]

    for _ in range(3):
        changed = _VARIABLE.sub(value, text)[: MAX_LINE * 4]
        if changed == text:
            break
        text = changed
    return text
