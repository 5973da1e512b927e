"""Ids of models and data sets that stand in the text of a file: comments, docstrings, examples of
use, settings in languages that are not parsed here.

A text says little: an id in it is kept only where its owner is a lab that is known or that the same
tree loads from, and nothing becomes part of a product by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.models.model_card import front_matter
from aisbom.collect.references import data_words, prose
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.key_words import purpose, weak
from aisbom.collect.references.rows import LINK, LINK_WORDS, Source
from aisbom.lazy_module import Function, compile_later
from aisbom.model import Gap, Location, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "text-references"
MAX_READ = 4 * 1024 * 1024
MAX_LINE = 4_000
MAX_ROWS = 4_000
MAX_TIMES = 4
"""How often the same id is shown of one file."""

_ID = compile_later(
    r"(?<![\w./@:\-\\}$~%])[A-Za-z0-9][\w.\-]{1,60}/[A-Za-z0-9][\w.\-]{1,90}+(?![\w/\\{$<:(]|\s\\n)",
    re.ASCII,
)
"""An id; none in the list of a message (`- owner/name \\n- ...`), which diffusers copies about."""
_WRITES_TO = compile_later(
    r"(?:^|[\s\-\"'])(?:output|out|save|saved|logs?|logging|results?|cache|export)"
    r"(?:[_-](?:dir|path|folder|root|name|to))?[\"']?\s*[:=]\s*[\"']?$",
    re.IGNORECASE,
)
"""Before a name on its line: where something is written to."""
_LINK_TO = compile_later(
    r"[`*_]{0,3}\]\(https?://(?P<host>[\w.\-]{1,80})/(?P<path>[^)\s]{1,200})\)"
)
_DOCUMENTS = (".md", ".mdx", ".markdown", ".rst")
_DATA = compile_later(r"\bdata ?-?_?sets?\b|데이터 ?셋|数据集|データセット", re.IGNORECASE)
_DATA_FILE = compile_later(r"\.(?:jsonl?|parquet|arrow|tfrecords?|csv|tsv)\b")
_WEIGHTS = compile_later(
    r"https?://[\w.\-]{4,100}/[\w.\-/%+=~]{1,300}"
    r"\.(?:pth?|pyth|ckpt|bin|safetensors|gguf|onnx|nemo|tar|tar\.gz|tgz|zip)(?![\w/.])"
)
"""Weights, and archives that may hold some; which of those do, their names say."""
_LINKED_FILE = compile_later(
    r"\[`?(?P<file>[\w.\-]{5,80}\.(?:pth?|ckpt|safetensors|gguf|onnx|jit|nemo))`?\]\(https?://"
)
"""The name of a file of weights, on a link to where they are."""
_IN_REPOSITORY = compile_later(
    r"https?://(?:huggingface\.co|hf\.co|hf-mirror\.com)/[^/]+/[^/]+/(?:resolve|raw|blob)/[^/]+"
    r"/(?:(?:onnx|gguf|openvino|tflite|pytorch|safetensors|fp16|int8|weights|checkpoints|ckpts?)/)?[^/]+"
)
"""A file at the top of a repository, or in a folder that is called after its format."""
_FETCHES = compile_later(r"[\s#>$]*(?:wget|curl)\s")
"""A command in a comment or a docstring."""
_UPLOADS = compile_later(
    r"\b(?:hub_model_id|push_to_hub\w*|upload_repo\w*|hub_repo_id|output_dataset\w*)\b"
)
"""Where a result is published: nothing is taken from there."""
_UPLOAD_WORDS = ("hub_model_id", "push_to_hub", "upload_repo", "hub_repo_id", "output_dataset")
_CLIP = compile_later(r"(?<![a-z])clip(?![a-z])", re.IGNORECASE)
_VIT = compile_later(
    r"(?<![A-Za-z0-9])(?P<name>ViT-(?:B|L|H|g|G|bigG)[\-/](?:14|16|32))(?![0-9A-Za-z])(?P<file>\.pt\b)?"
)
_API = compile_later(
    r"https?://[\w\-.]{0,80}(?:api|inference|router|gateway|dashscope|bigmodel|serving)[\w\-.]{0,80}"
    r"(?:/v\d|/api|/inference|/openapi|/compatible|/chat|/models/|/deployments|/\{)",
    re.IGNORECASE,
)
# A picture that lies on the hub is no use of the data set that holds it.
_PICTURE = compile_later(
    r"/(?:resolve|raw|blob)/[^\s\"')>\]]{1,300}\.(?:svg|png|jpe?g|gif|webp|mp4|wav|mp3|pdf)",
    re.IGNORECASE,
)
# A call or a flag in an example of use, in a document or a comment.
_EXAMPLE = compile_later(
    r"(?:(?:from_pretrained|snapshot_download|hf_hub_download|SentenceTransformer|(?P<data>load_dataset)"
    r"|\bLLM)\(\s*(?:[a-z_]{1,40}\s*=\s*)?['\"]"
    r"|--(?:model|model[-_]path|model[-_]base|model[-_]name|model[-_]name[-_]or[-_]path)[ =]['\"]?)"
    r"(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95}+)(?![\w/])",
    re.ASCII,
)
_CLASS_CALL = compile_later(
    r"(?:model|llm|encoder|embedder|reranker|pipe|pipeline|tts|asr|vlm)\s{0,3}=\s{0,3}"
    r"(?P<name>[A-Z]\w{2,40})\(\s{0,3}['\"]"
    r"(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})['\"]",
    re.ASCII,
)
"""`model = NoraeModel("owner/name"`."""
_LOADS_BARE = compile_later(r"from_pretrained\(\s{0,3}['\"](?P<name>[a-z][\w.\-]{3,60})['\"]")
_UNDER_A_KEY = compile_later(
    r"(?<![\w.\-])[\"']?(?P<key>[A-Za-z_][\w\-]{2,40})[\"']?\s{0,3}[=:]\s{0,3}[\"']?"
    r"(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})(?=[\"']|\s|,|$)",
    re.ASCII,
)
"""`adapter_id = "owner/name"`, `"model": "owner/name"`: a setting in an example."""
_OPENS = compile_later(r"(?P<indent> {0,40})(?:- )?(?P<key>[A-Za-z_][\w\-]{2,40}):\s{0,9}(?:#.*)?")
"""`train_dataset:`, above the keys of a setting in YAML."""
_OPTION = compile_later(r"(?<![\w.\-])(?P<key>[A-Za-z_][\w.]{1,50})=$")
_CLASS_OF = compile_later(r"[\"']: {0,40}[\"'][A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,8}[\"']")
_FILES_OF_CODE = compile_later(
    r"/(?:resolve|raw|blob)/[^\s\"')>\]]{1,300}\.(?:py|rs|cpp|js|ts)(?![\w.])"
)
"""Code that was taken from there: no use of the weights beside it."""
_TERMS = compile_later(r"/(?:resolve|raw|blob)/[^\s\"')>\]]{1,80}/LICENSE\w*")
"""The terms of such code, where a comment names them."""
_BARE_PAGE = compile_later(
    r"(?<![\w.\-])huggingface\.co/(?P<name>[a-z0-9][\w.\-]{2,60})"
    r"(?=[)\]\s\"'>]|/(?:raw|resolve|blob)/|$)"
)
"""The page of a model that the hub keeps under a name without owner: `huggingface.co/gpt2`."""
_BARE_SET = compile_later(
    r"(?<![\w.\-])huggingface\.co/datasets/(?P<name>[a-z0-9][\w.\-]{2,60})(?=[)\]\s\"'>]|$)"
)
"""The page of a data set that it keeps so: `huggingface.co/datasets/squad`."""
_SCHEME = compile_later(
    r"\bhf://(?:(?P<data>datasets/)|models/)?"
    r"(?!(?:buckets|spaces|datasets|models)/)(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})",
    re.ASCII,
)
"""How `load("hf://owner/name")` and a flag of an example name what lies on the hub."""
_KAGGLE = compile_later(
    r"\bkaggle(?:\.com/datasets/| datasets download (?:-d |--dataset )?)"
    r"(?P<set>[\w\-]{2,80}/[\w\-]{2,100})"
    r"|\bkaggle(?:\.com/c(?:ompetitions)?/| competitions download (?:-c )?)"
    r"(?P<competition>[\w\-]{2,80}+)(?:/(?:data|overview))?(?![\w/])"
)
"""Data sets on Kaggle and those of its competitions: their pages, and the command that fetches
them.
"""
_OF_A_SPACE = compile_later(r"^sdk:", re.MULTILINE)
_ITEM = compile_later(r"[ \t]*-[ \t]+['\"]?(?P<id>[\w.\-]{1,96}/[\w.\-]{1,96})['\"]?[ \t]*")
_OFFERED = compile_later(
    r"^[ \t]*(?:case[ \t]+)?\"[\w.\-]{1,96}/[\w.\-:]{1,96}\""
    r"(?:,|:[ \t]*[^\"\n]{0,120}|[ \t]*//[^\n]*)$",
    re.MULTILINE,
)
"""A line of a Go program that is an id, with a price at most: one model of many that a server
offers.
"""
_HUB_IN_GO = ("huggingface.co", "go-huggingface", "/hugot")
_OFFERS = 4
"""So many of them are what servers offer; Go itself loads no model of the hub."""
# Words and pieces of prose that only look like one: `and/or`, `train/eval`, `CPU/GPU`.
_NAMED = compile_later(r"[0-9\-_]|[a-z][A-Z]")


def mentions(
    text: str,
    source: Source,
    place: Callable[[int], Location],
    first: int = 1,
    *,
    document: bool = False,
) -> Iterator[Row]:
    """The rows of one text whose first line is number `first`; `place` says where a line is. Of a
    document the calls and flags in examples of use are read, too.
    """
    shown: Counter[str] = Counter()
    # To look for words is many times as fast as the expressions that need them.
    links = any(word in text for word in LINK_WORDS)
    above = _KeyAbove()
    uploads = any(word in text for word in _UPLOAD_WORDS)
    for number, whole in enumerate(text.split("\n"), first):
        if document:
            above.enter(whole)
        named = "/" in whole or "ViT-" in whole or "kaggle competitions" in whole
        if not named and not (document and "from_pretrained(" in whole):
            continue
        line = whole[:MAX_LINE]
        ids = [*_ID.finditer(line)]
        shows = document or "wget" in line or "curl" in line
        if not (ids or links or shows or "://" in line or "ViT-" in line or "kaggle" in line):
            continue
        if uploads and _UPLOADS.search(line):
            continue
        at, words = place(number), line.strip()
        if links:
            yield from _links(line, source, at, shown)
        yield from _other_pages(line, source, at, document=document)
        if shows:
            yield from _examples(line, source, at, above.key, document=document)
        elif line.lstrip().startswith(("#", "//")):
            yield from _keyed(line, source, at)
        for match in ids:
            found = names.hub_id(match[0].rstrip(".-_"))
            flag = data_words.find_dataset_flag(line, match.start()) if found else ""
            elsewhere = found and (
                _WRITES_TO.search(line[: match.start()])
                or _is_page(line, match.end(), found)
                or _is_name_of_code(line, match)
            )
            if found and (flag or _NAMED.search(found)) and not elsewhere:
                shown[found] += 1
                if shown[found] <= MAX_TIMES:
                    near = line[max(0, match.start() - 30) : match.end() + 20]
                    of_data = bool(flag) or _speaks_of_data(line, match.start(), near)
                    of_data = of_data or _is_key_of_data(line, match, above.key)
                    yield from source.mention(found, at, words, of_data=of_data, flag=flag)
        yield from _hosts(line, source, at)
        yield from _sizes(line, source, at, document=document)


def _speaks_of_data(line: str, start: int, near: str) -> bool:
    """Whether the words around an id speak of a data set, or it is a comment behind a file of data:
    `train.json # released in owner/name`.
    """
    before, mark, _ = line[:start].rpartition("#")
    behind = bool(mark) and _DATA_FILE.search(before) is not None
    return behind or _DATA.search(near) is not None


def _is_key_of_data(line: str, found: re.Match[str], above: str) -> bool:
    """Whether an id stands under a plain key (`repo_id`) of a data set, as the one above says."""
    keyed = _UNDER_A_KEY.search(line) if above else None
    return (
        keyed is not None
        and keyed.start("id") == found.start()
        and purpose(keyed["key"], above) == "dataset"
    )


def _links(line: str, source: Source, at: Location, shown: Counter[str]) -> Iterator[Row]:
    """The models and data sets that a line links to."""
    words = line.strip()
    for match in LINK.finditer(line):
        if match["id"].endswith(("/raw", "/resolve", "/blob", "/tree")):
            continue  # of a model without owner
        others = (_PICTURE, _FILES_OF_CODE, *((_TERMS,) if words.startswith("#") else ()))
        if any(other.match(line, match.end()) for other in others):
            continue
        shown[match["id"]] += 1
        if shown[match["id"]] <= MAX_TIMES:
            yield from source.link(match, at, words)


def _other_pages(line: str, source: Source, at: Location, *, document: bool) -> Iterator[Row]:
    """Pages of the hub without owner, addresses of it that are no pages, data on Kaggle."""
    for match in _BARE_PAGE.finditer(line) if "huggingface.co/" in line else ():
        yield from source.model(match["name"], at, line.strip(), named_by="link", part="")
    for match in _BARE_SET.finditer(line) if "huggingface.co/datasets/" in line else ():
        yield from source.dataset(match["name"], at, line.strip(), named_by="list")
    for match in _SCHEME.finditer(line) if document and "hf://" in line else ():
        rows = source.dataset if match["data"] else source.model
        yield from rows(match["id"].rstrip(".-"), at, line.strip(), named_by="link")
    for match in _KAGGLE.finditer(line) if "kaggle" in line else ():
        name = match["set"] or f"competitions/{match['competition']}"
        more = {"named_by": "link", "registry": "kaggle"}
        yield from source.dataset(name, at, line.strip(), **more)


def _is_page(line: str, end: int, name: str) -> bool:
    """Whether `owner/name` is the text of a link to a page of that path on another host than a hub:
    a repository of code, a model that is only served.
    """
    link = _LINK_TO.match(line, end)
    return (
        link is not None
        and not any(word in link["host"] for word in LINK_WORDS)
        and link["path"].lower().startswith(name.lower())
    )


def _is_name_of_code(line: str, match: re.Match[str]) -> bool:
    """Whether a name is that of an option of a program (`experiment=lm/norae`), or what a table
    calls a class of the tree (`"seq/norae": "norae.models.Norae"`).
    """
    if line[match.start() - 1 : match.start()] == "=":
        option = _OPTION.search(line, max(0, match.start() - 60), match.start())
        above, _, last = option["key"].rpartition(".") if option else ("", "", "model")
        return not purpose(last, above.rpartition(".")[2])
    return _CLASS_OF.match(line, match.end()) is not None


def _examples(
    line: str, source: Source, at: Location, above: str, *, document: bool
) -> Iterator[Row]:
    """What a document shows: calls and flags of examples, links to weights; of other texts what a
    command in them downloads.
    """
    words = line.strip()
    for match in _EXAMPLE.finditer(line) if document else ():
        if names.hub_id(match["id"]):
            rows = source.dataset if match["data"] is not None else source.model
            yield from rows(match["id"], at, words, named_by="link")
    if document:
        yield from _keyed(line, source, at, above)
        yield from _called(line, source, at)
    for match in _LINKED_FILE.finditer(line) if document and "](http" in line else ():
        yield from source.file(match["file"], at, words, loader="")
    for match in _WEIGHTS.finditer(line) if document or _FETCHES.match(line) else ():
        # A file of a repository that is called as everybody's is that repository.
        if names.weight_file(match[0]) or not _IN_REPOSITORY.fullmatch(match[0]):
            yield from source.download(match[0], at, words, named_by="link")


def _called(line: str, source: Source, at: Location) -> Iterator[Row]:
    """The id that a class of the project's own is given in an example, and the name without owner
    that a loader gets there.
    """
    for match in _CLASS_CALL.finditer(line) if '("' in line or "('" in line else ():
        what = purpose(match["name"])
        if what in ("", "model") and names.hub_id(match["id"]) and _NAMED.search(match["id"]):
            yield from source.model(match["id"], at, line.strip(), named_by="link")
    for match in _LOADS_BARE.finditer(line) if "from_pretrained(" in line else ():
        yield from source.model(match["name"], at, line.strip(), named_by="link")


class _KeyAbove:
    """The key of YAML in a document that holds the line it is at, `""` for none."""

    def __init__(self) -> None:
        self.key = ""
        self._indent = 0

    def enter(self, line: str) -> None:
        """Take note of a line before it is read."""
        if self.key and line.strip() and len(line) - len(line.lstrip(" ")) <= self._indent:
            self.key = ""
        if ":" in line[:90] and (opened := _OPENS.fullmatch(line[:90])):
            self.key, self._indent = opened["key"], len(opened["indent"])


def _keyed(line: str, source: Source, at: Location, above: str = "") -> Iterator[Row]:
    """The ids under keys of a setting that a document shows, or that a comment keeps: there an id
    has a number, since words with a slash between them have none. What a plain key (`repo_id`) is
    of, says the one `above` it.
    """
    if "=" not in line and ": " not in line and '":' not in line:
        return
    comment = line.lstrip().startswith(("#", "//"))
    for match in _UNDER_A_KEY.finditer(line):
        what = purpose(match["key"], above)
        numbered = re.search(r"\d", match["id"]) is not None
        of_data = what == "dataset" and purpose(match["key"]) != what
        if not (of_data or what in ("model", "tokenizer")) or not names.hub_id(match["id"]):
            continue
        # A key of many meanings asks for a number, too: a placeholder (`some/adapter`) has none,
        # nor has an option of a program (`model=rnn/gru`).
        option = f"{match['key']}={match['id']}" in match[0]
        if not numbered and (comment or option or weak(match["key"], above)):
            continue
        if of_data:
            yield from source.dataset(
                match["id"], at, line.strip(), loader=match["key"], named_by="link"
            )
        else:
            part = "weights" if what == "model" else what
            yield from source.model(
                match["id"], at, line.strip(), loader=match["key"], named_by="link", part=part
            )


def _sizes(line: str, source: Source, at: Location, *, document: bool) -> Iterator[Row]:
    """Sizes of CLIP in a sentence that names it, and everywhere its files (`ViT-L-14.pt`). Other
    networks have the same sizes.
    """
    for match in _VIT.finditer(line) if "ViT-" in line else ():
        start = line.rfind(". ", 0, match.start()) + 1
        sentence = line[start : match.end() + 60].partition(". ")[0]
        if match["file"] or (document and _CLIP.search(sentence)):
            name = match["name"].replace("/", "-")
            yield from source.model(name, at, line.strip(), named_by="text", part="")


def _hosts(line: str, source: Source, at: Location) -> Iterator[Row]:
    """Hosts in examples of use that look like an interface of a service."""
    for match in _API.finditer(line) if "://" in line else ():
        host = host_of(match[0])
        if host and not private(host):
            yield from source.service(
                *(host.partition(":")[0], "host", at, line.strip()), endpoint=host, named_by="text"
            )


def _list_used_in_space(
    matter: str, source: Source, place: Callable[[int], Location]
) -> Iterator[Row]:
    """The models and data sets that the front matter of a space of the hub lists."""
    held = ""
    for number, line in enumerate(matter.split("\n"), 2):
        item = _ITEM.fullmatch(line)
        if item is None:
            held = line.strip().removesuffix(":")
        elif held in ("models", "datasets") and names.hub_id(item["id"]):
            rows = source.model if held == "models" else source.dataset
            yield from rows(item["id"], place(number), line.strip(), named_by="link")


_without_inline_tests = Function("aisbom.collect.references.code_text", "without_inline_tests")

_PROMPTS = frozenset({"prompt", "prompts"})
"""Folders of what models are told."""
_NEVER = frozenset({"aisbom.toml", "Cargo.toml"})
"""What `owner/name` stands for there is no model: a declaration of ours, a feature of a crate."""


def collect(file: File) -> Iterator[Row]:
    """The models and data sets that a text names by address."""
    data = file.read(MAX_READ) if file.size <= MAX_READ else file.head(MAX_READ)
    document = file.name.endswith(_DOCUMENTS)
    of_data = "data" in file.name
    if script := data_words.of_script(file.path):
        more = {"loader": "name of the script", "named_by": "path"}
        yield from Source(NAME, "filename").dataset(script, file.at(1), file.name, **more)
    if not (document or of_data or b"/" in data or b"ViT-" in data) or file.name in _NEVER:
        return
    text = decode(data)
    if file.name.endswith(".rs"):
        text = _without_inline_tests(text, file)
    # The front matter of a card is read as one (model_card.py, datasets.py).
    matter = front_matter(text) if file.name.endswith(".md") else ""
    skip = matter.count("\n") + 2 if matter else 0
    rest = text.split("\n", skip)[-1] if skip else text
    if file.name.endswith(".go") and not any(word in text for word in _HUB_IN_GO):
        offered = list(_OFFERED.finditer(rest))
        rest = _OFFERED.sub("", rest) if len(offered) >= _OFFERS else rest
    source = Source(NAME, "other")
    if matter and _OF_A_SPACE.search(matter):
        yield from _list_used_in_space(matter, source, file.at)
    # What a model is told in a prompt, or shown as an example, is no word on this tree.
    prompts = not document and not _PROMPTS.isdisjoint(file.folder.lower().split("/"))
    rows = iter(()) if prompts else mentions(rest, source, file.at, skip + 1, document=document)
    if document and file.name.upper().startswith("README"):
        titled = data_words.of_readme(file.path, text)
        if titled is not None:
            at = file.at(titled.line)
            yield from source.dataset(titled.text, at, titled.text, named_by="list")
    if document:
        rows = chain(rows, prose.of_document(text, source, file.at, matter))
    else:
        rows = chain(rows, prose.of_comments(text, source, file.at, file.path))
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            yield Gap(NAME, file.at(), f"more than {MAX_ROWS:,} names: the rest was not read")
            return
        yield row


COLLECTOR = get_collector(NAME)
