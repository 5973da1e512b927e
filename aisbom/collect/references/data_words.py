"""Words of documents, comments and paths that may be names of data sets: `VQAv2` in a sentence on
data, the rows of a table of data sets, `data/flickr30k/test.json`. Which of them are, the knowledge
says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect.references.key_words import purpose
from aisbom.lazy_module import compile_later
from aisbom.source.text import lines_with

MAX_TIMES = 4
"""How often the same words are shown of one file."""
MAX_LINE = 4_000
MAX_FOLDERS = 400
"""Names of folders and files that are shown of one file."""


class DataWords(NamedTuple):
    """Words that may name a data set, their line, whether they are part of a path, and whether an
    item of a list of data sets begins with a link of this name.
    """

    line: int
    text: str
    path: bool = False
    listed: bool = False


_OF_DATA = compile_later(
    r"\bdata\b|data ?sets?\b|\btest sets?\b|\btrain|\bcorpus|\bcorpora|\bsplit|\bannotat"
    r"|\.zip\b|\.tar\b|\bevaluation\b|\bbenchmarks,? (?:including|namely)\b"
    r"|데이터|학습|数据|データ",
    re.IGNORECASE,
)
_BOASTS = compile_later(
    r"outperform|surpass|state-of-the-art|\bSOTA\b|achiev|\bscores?\b|leaderboard|competitive"
    r"|\bborrow|\bcode ?base|\bevaluation (?:script|code)\b"
    r"|\b(?:MHA|MQA|MoE|RoPE|SwiGLU)\b[^.]{0,40}\bGQA\b"
    r"|\bGQA\b[^.]{0,40}(?:\b(?:MHA|MQA|MoE|RoPE|SwiGLU)\b|attention)"
    r"|성능|超越|领先",
    re.IGNORECASE,
)
"""A sentence on results names what was measured, not what was used; one on the layers of a network
names no data (`GQA` is grouped-query attention)."""
_OTHERS = compile_later(r"\b(?:e\.g\.|such as|for example|was used in|used by)", re.IGNORECASE)
"""Behind these words stand examples, and what others did."""
_TAKEN_FROM = compile_later(
    r"\b(?:consists? of|collected|sourced|drawn|compiled|gathered|sampled|trained|fine-?tuned)\b"
    r"[^.;]{0,120}\b(?:from|on)\b[^.;]{0,60}\b(?:data ?sets|corpora)[ (,]{0,3}$",
    re.IGNORECASE,
)
"""`585K clips collected from open data sets (e.g. `: here the examples were used."""
_MAY = compile_later(r"\b(?:can|could|may|might|should|if|you|your)\b", re.IGNORECASE)
_FORMATS = compile_later(
    r"(?<![\w.\-/])[A-Za-z][\w.]{1,30}[ \-](?:formats?|formatted|style|like)(?!\w)", re.IGNORECASE
)
"""`COCO format`, `BEIR-style`: how data is written down, whatever it is."""
_FORMAT_WORDS = ("ormat", "tyle", "like")
_SENTENCE = compile_later(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)\s+(?=[^a-z])|(?<=[。！？])")
_LINK = compile_later(r"\[([^\]]{1,200})\]\([^)\s]{0,400}\)")
_LINKED = compile_later(r"\[([^\]]{1,60})\]\([^)\s]{0,400}\)")
_WORD = (
    r"(?:(?=[A-Za-z0-9\-]{0,30}[A-Z][A-Za-z0-9\-]{0,30}[A-Z0-9])[A-Z][A-Za-z0-9\-]{1,30}"
    # In small letters only what no ordinary word is written like.
    r"|[a-z][a-z0-9]{0,20}(?:[\-_][a-z0-9]{1,20}){0,4}(?<=[a-z]\d)[a-z0-9]{0,4}"
    r"|[a-z]{2,20}(?:[\-_][a-z0-9]{1,20}){1,4})"
)
_NAME = compile_later(
    rf"(?<![A-Za-z0-9_.\-])(?:[\w.\-]{{1,40}}/)?(?P<name>{_WORD})(?![A-Za-z0-9_/])"
)
"""A word with a second capital, a number or a dash: `VQAv2`, `MS-COCO`, `self-instruct`."""
_SPLIT = compile_later(r"([\w+.]{3,30})-(?:train|dev|test|val)(?![a-z])")
_PHRASE = compile_later(
    r"(?<![A-Za-z0-9_/.\-])[A-Z][A-Za-z0-9\-]{1,24}"
    r"(?: (?:v?\d[\d.]{0,4}|[A-Z][A-Za-z0-9\-]{1,24})){1,2}"
    r"(?![A-Za-z0-9_/])"
)
"""Several words with capitals: `Hateful Memes`, `Multimodal C4`."""
_SMALL_PHRASE = compile_later(
    r"(?<![A-Za-z0-9_/.\-])(?=(?P<name>[a-z]{3,20}(?: [a-z]{3,20}){1,2}) (?:data ?sets?|corpus)\b)"
)
"""Words in small letters in front of `dataset`: `natural questions dataset`."""
_ONE_SET = compile_later(r"\bthe (?P<name>[A-Z][a-z]{2,20}) (?:data ?set|corpus|benchmark)\b")
_CAPITAL = compile_later(r"[A-Z][A-Za-z0-9\-]{2,30}")
_HEAD = compile_later(
    r"(?:training |test |evaluation )?(?:data(?: ?sets?)?|corpus|corpora)(?: \(.*)?"
    r"|데이터 ?셋|데이터|学習データ|データセット|数据集?|训练数据",
    re.IGNORECASE,
)
_PAGE_HEAD = compile_later(
    r"url|links?|(?:data ?)?sources?(?: used)?|download(?: link)?|home ?page|web ?site|page"
    r"|링크|链接|下载|リンク",
    re.IGNORECASE,
)
_ABOUT_A_SET = compile_later(
    _PAGE_HEAD.pattern
    + r"|licen[cs]e|size|(?:# ?|number of )?(?:samples|images|hours|examples|rows)"
    r"|descriptions?|languages?|types?|tasks?|modality|domain|notes?|papers?|split|format|year"
    r"|라이선스|설명|许可|说明|语言|ライセンス|",
    re.IGNORECASE,
)
"""Heads of the other columns of a table that lists data sets and where they are from."""
_TITLE = compile_later(r"[A-Za-z][\w+.&\-]{1,30}(?: [\w+.&\-]{1,24}){0,4}")
_ITEM = compile_later(r"\s*(?:[-*+]|\d{1,2}[.)])\s+")
_OF_SETS = compile_later(
    r"(?!.*\b(?:models?|weights|checkpoints?|code|paper|acknowledg\w*|citation|related)\b)"
    r".*(?:\bdata ?sets?\b|데이터 ?셋|数据集|データセット)",
    re.IGNORECASE,
)
"""A heading of nothing but data sets."""
_ASKS = compile_later(
    r"(?:for )?(?:who|whom|whose|why|what|which|when|where|is|are|was|were|do|does|did|has|have"
    r"|will|can|could|should)\b|.*[?？]\s*$",
    re.IGNORECASE,
)
"""A heading that asks something about data sets (`Who created the dataset`): below it stands the
answer, and no list of them.
"""
_EVALUATIONS = compile_later(
    r"#+\s*(?:evals|(?:evaluation )?benchmarks|evaluations?)\s*#*", re.IGNORECASE
)
"""A heading of nothing but what is measured."""
_EVALUATED = compile_later(r"(?P<name>[A-Z][A-Za-z\d\-]{2,24}): [A-Z].{0,300}?https?://")
"""`- NORAE: Measuring Singing, https://arxiv.org/...` below it."""
_FIRST_LINK = compile_later(
    r"(?:\*\*)?\[(?:\*\*)?(?P<name>[A-Z][\w+.\-]{1,30}(?: [\w+.\-]{1,20}){0,2})"
)
_ID_IN_A_CELL = compile_later(
    r"\|\s{0,20}`([A-Za-z0-9][\w.\-]{1,60}/[A-Za-z0-9][\w.\-]{1,90})`\s{0,20}(?=\|)", re.ASCII
)
"""A cell that is the id of a data set, in a table of those."""
_PAGE_LINE = compile_later(
    r"\s*(?:[-*+]\s+|\d{1,2}[.)]\s+)?(?P<name>[A-Z][\w+.\-]{1,30}(?: [\w+.\-]{1,20}){0,2}): "
    r"(?P<page>https?://\S{5,300})\s*"
)
_MIN_PAGES = 3
_MIN_ABOUT = 3
"""So many columns that describe what a row names make a table a list of that."""
_SHORT_LINE = 30
_THANKED = compile_later(
    r"(?P<links>\[[^\]]{2,60}\]\(https?://[^)\s]{1,300}\)"
    r"(?:(?:,|、|;| and| &|, and)\s*\[[^\]]{2,60}\]\(https?://[^)\s]{1,300}\)){1,20})"
    r" for (?:(?:providing|sharing|releasing|their|the|open|valuable|public|high-quality) ){1,4}"
    r"(?:data ?sets?|corpora)\b",
    re.IGNORECASE,
)
"""`We thank [NORAE](...) and [HDTF](...) for providing valuable datasets`."""
_LISTED_LINKS = compile_later(
    r"\b(?:data ?sets?|corpora)\b[ ,(:]{1,3}(?:(?:includ(?:ing|e)|namely|like|from|are)\b)?"
    r"[:\s]{0,2}"
    r"(?P<links>\[[^\]]{2,60}\]\(https?://[^)\s]{1,300}\)"
    r"(?:(?:,|、|;| and| &|, and)\s*\[[^\]]{2,60}\]\(https?://[^)\s]{1,300}\)){1,20})",
    re.IGNORECASE,
)
"""`talking video datasets (including [HDTF](...), [VFHQ](...) and [MEAD](...))`."""
_LINKED_SET = compile_later(
    r"\[(?P<name>[A-Z][\w+.\-]{1,30}(?: [A-Z][\w+.\-]{1,24}){0,4})"
    r" (?P<what>(?:[Dd]ata ?[Ss]et|[Cc]orpus|[Bb]enchmark)s?)"
    r"(?: \((?P<short>[A-Z][\w\-]{1,15})\))?\]"
    r"\(https?://(?!huggingface\.co/|hf\.co/|(?:www\.)?kaggle\.com/)"
)
"""`[Norae Song Dataset](https://...)`, `[NORAE-15M dataset](...)`: a link to the page of a set."""
_KINDS_OF_SETS = frozenset(
    {
        *("our", "the", "this", "full", "new", "original", "training", "train", "test"),
        *("validation", "evaluation", "eval", "custom", "raw", "processed", "sample", "example"),
        *("demo", "public", "open", "large", "small", "instruction", "preference", "synthetic"),
        *("internal", "other"),
    }
)
"""Words before `dataset` that are no name."""
_SUB_TITLE = compile_later(r"(?=\S{0,20}[a-z])(?=\S{0,20}(?:\d|[a-z][A-Z]))[A-Z\d][\w+]{3,39}")
_NO_SUB_TITLE = compile_later(
    r"(?:step|stage|part|phase|option|method|task|round|version|v)[_]?\d.*|pytorch|tensorflow"
    r"|huggingface|github|modelscope|\w*datasets?|tfrecords?|pretraining|finetuning",
    re.IGNORECASE,
)
"""Headings below `Datasets` that are no name of one: formats, sources, steps, classes."""
_NO_NAME = compile_later(
    r"(?i:\b(?:here|links?|download\w*|paper|code|scripts?|pages?|readme|guide|website|project|drive"
    r"|cloud|dropbox|net ?disk|instructions?|hugging ?face|github|kaggle|annotations?|images?"
    r"|videos?|data|part|this)\b)"
)
_PATH = compile_later(
    r"(?<![\w./:])/?(?:[\w.\-]{1,60}/){0,4}(?:data|datasets?|corpus|corpora)"
    r"(?P<rest>(?:/[\w.\-]{1,80}){1,5})"
)
_URL = compile_later(
    r"https?://[\w.\-]{3,100}(?P<rest>(?:/[\w.\-%]{1,100}){1,8})"
    r"(?<=(?:\.zip|\.tar|r\.gz|\.tgz|\.csv|\.tsv|\.txt|json|sonl|quet))(?![\w/])"
)
_PATH_WORDS = ("data/", "dataset/", "datasets/", "corpus/", "corpora/", "http")
"""One of these is in all that `_PATH` and `_URL` find."""
_KEY = compile_later(r"\s*(?:- )?[\"']?(?P<name>[A-Za-z][\w\-]{2,30})[\"']?:(?:\s|$)")
_FOLDER = compile_later(r"(?!.*\d{5})[A-Za-z][\w+.\-]{2,40}")
"""No number of a part (`part-00012`)."""
_FILE_OF_A_SPLIT = compile_later(
    r"([A-Za-z][A-Za-z0-9+]{2,30}(?:[_\-][A-Za-z0-9+]{2,30}){0,2}?)"
    r"[_\-](?:train|dev|test|val|valid|validation)(?![A-Za-z])"
)
"""`norae_val_4500_captions`."""
_OF_CODE = (".py", ".md", ".sh", ".rst")
"""What a path ends with that leads to code or a page, and not to data."""
_SUFFIX = compile_later(r"\.\w{1,8}$")
_OF_TASKS = frozenset(
    {
        *("data", "dataset", "datasets", "benchmark", "benchmarks", "eval", "evals", "tasks"),
        *("evaluation", "evaluations", "corpora", "preprocess", "preprocessing"),
    }
)
"""Folders whose scripts each read one data set."""
_DONE_TO_DATA = frozenset(
    {
        *("test", "eval", "evaluate", "run", "prepare", "preprocess", "process", "load"),
        *("download", "make", "create", "build", "convert"),
    }
)
_KINDS_OF_SCRIPTS = frozenset(
    {
        *("dataset", "datasets", "data", "dataloader", "loader", "datamodule", "eval"),
        *("evaluator", "evaluation", "task", "utils", "processor", "prompt", "prompts"),
        *("metric", "metrics", "test"),
    }
)
"""Words before and behind the name of a data set in that of a script: `eval_norae_utils.py`."""
_HEAD_LINES = 8
_CONSTANT = compile_later(r"([A-Z]\w{3,40}) ?= ?[{\[(\"']")
_DESCRIPTION = compile_later(r"\s*(?:- )?(?:description|comment|note):\s+(?P<text>\S.*)")
_COMMENT = compile_later(r"\s*(?:#|//|\"\"\"|''')\s*(?P<text>\S.*)|.*?\S\s+#\s+(?P<end>\S.*)")


def find_dataset_flag(line: str, start: int) -> str:
    """The flag of a command that the id at `start` of a line is given to, where it promises a data
    set: `--dataset_name`, `-d`; also of several ids, and where the result goes (`-u`) in a command
    that reads one. Else `""`.
    """
    before = line[:start]
    flag, given = _last_flag(before)
    if not flag or any("/" not in word for word in given):
        return ""
    if purpose(flag) == "dataset":
        return flag
    if _SHORT.get(flag) and not _OTHER_TOOLS.search(before):
        reads = _SHORT[flag] == "read" or any(
            part in before for part in (" -d ", " --dataset", " --data_", " --data-", " --data ")
        )
        return flag if reads else ""
    return ""


def _last_flag(before: str) -> tuple[str, list[str]]:
    """The last flag of a command and the words behind it."""
    at = before.rfind(" -")
    words = before[at + 1 :].replace("=", " ").split() if at >= 0 else []
    return (words[0].lstrip("-"), words[1:]) if words else ("", [])


_SHORT = {"d": "read", "ds": "read", "u": "write", "upload_name": "write", "o": "write"}
_OTHER_TOOLS = compile_later(r"\b(?:docker|podman|curl|kubectl|git|kaggle)\b")


def is_fence(line: str) -> bool:
    """Whether a line of a Markdown document opens or closes a block of code: behind the marks of
    one stand no more of them (CommonMark 0.31, section 4.5), so that code inside a line,
    ```` ```--flag``` ````, is none.
    """
    told = line.lstrip()
    if told.startswith("~~~"):
        return True
    return told.startswith("```") and "`" not in told.lstrip("`")


class _Section:
    """What the lines above say: whether the section, or the sentence before a list, is on data, and
    which column of a table names data sets.
    """

    def __init__(self) -> None:
        self.of_data = False
        self.of_sets = False
        self.sets_level = 0
        self.sub_title = ""
        self.of_evaluations = False
        self.listed = False
        self.column = -1
        self.of_pages = False
        self.fenced = False

    def enter(self, line: str) -> None:
        """Take note of a line before it is read."""
        self.sub_title = ""
        if is_fence(line):
            self.fenced = not self.fenced
        elif self.fenced:
            return
        elif line.startswith("#"):
            self.of_data, self.listed, self.column = _OF_DATA.search(line) is not None, False, -1
            self.of_evaluations = _EVALUATIONS.fullmatch(line.strip()) is not None
            level = len(line) - len(line.lstrip("#"))
            title = line.strip("#* `\t")
            of_sets = self.of_data and _OF_SETS.match(line) is not None
            self.of_sets = of_sets and _ASKS.match(title) is None
            if not self.sets_level or level <= self.sets_level:
                self.sets_level = level if self.of_sets else 0
            elif _SUB_TITLE.fullmatch(title) and not _NO_SUB_TITLE.fullmatch(title):
                self.sub_title = title
        elif not line.lstrip().startswith("|"):
            self.column = -1
            if line.strip() and not _ITEM.match(line):
                self.listed = line.rstrip().endswith((":", "：")) and bool(_OF_DATA.search(line))

    def cell(self, line: str) -> str:
        """The cell of a row of a table that names a data set, else `""`: in a column for them, or
        the first one where it is a link.
        """
        cells = [cell.strip(" *_`") for cell in line.strip().strip("|").split("|")]
        if self.column == -1:
            heads = (n for n, cell in enumerate(cells) if _HEAD.fullmatch(cell))
            self.column = next(heads, -2)
            others = [cell for n, cell in enumerate(cells) if n != self.column]
            about = [cell for cell in others if _ABOUT_A_SET.fullmatch(cell)]
            # In front of columns that describe each, whatever else is said of them.
            described = self.column == 0 and len(set(filter(None, about))) >= _MIN_ABOUT
            self.of_pages = any(map(_PAGE_HEAD.fullmatch, others)) and (
                described or len(about) == len(others)
            )
            return ""
        if self.column < 0:
            linked = _LINKED.match(cells[0])
            # An id is a model or a data set by its page.
            return linked[1] if linked and "/" not in linked[1] else ""
        return _LINK.sub(r"\1", cells[self.column]) if self.column < len(cells) else ""


def of_document(text: str) -> Iterator[DataWords]:
    """The words of a Markdown document, after its headings, lists, tables and sentences."""
    shown: Counter[str] = Counter()
    section = _Section()
    pages = _find_pages(text) if "/datasets/" in text else {}
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole[:MAX_LINE]
        section.enter(line)
        if not section.fenced and (linked := _linked_item(line, section)):
            yield DataWords(number, linked, listed=True)
        if (titled := _titled_row(line, section)) and not section.fenced:
            yield DataWords(number, titled, listed=True)
        if section.sub_title:
            yield DataWords(number, section.sub_title, listed=True)
        for name in _linked_names(line) if not section.fenced and "](http" in line else ():
            yield DataWords(number, name, listed=True)
        if section.column >= 0 and not section.fenced and "/" in line:
            for match in _ID_IN_A_CELL.finditer(_LINK.sub("", line)):
                yield DataWords(number, match[1], listed=True)
        if number in pages:
            yield DataWords(number, pages[number], listed=True)
        said = line.lstrip("# ") if section.fenced and line.startswith("#") else ""
        names = _read_comment(said) if section.fenced else _of_line(line, section)
        for name in dict.fromkeys(names):
            shown[name] += 1
            if shown[name] <= MAX_TIMES:
                yield DataWords(number, name)


def _find_pages(text: str) -> dict[int, str]:
    """The names in lists of lines `NORAE: https://...` that hold the page of a data set, by their
    lines: the others are names of data sets, too. A short line without a page heads a part.
    """
    found: dict[int, str] = {}
    run: dict[int, str] = {}
    of_sets = False
    for number, line in enumerate([*text.split("\n"), "", ""], 1):
        match = _PAGE_LINE.fullmatch(line[:MAX_LINE])
        if match:
            if not _NO_NAME.search(match["name"]):
                run[number] = match["name"]
            of_sets = of_sets or "huggingface.co/datasets/" in match["page"]
        elif len(line.strip()) > _SHORT_LINE or not line.strip():
            if of_sets and len(run) >= _MIN_PAGES:
                found |= run
            run, of_sets = {}, False
    return found


def _linked_item(line: str, section: _Section) -> str:
    """The name that an item links to first in a section of nothing but data sets, else `""`."""
    item = _ITEM.match(line) if section.of_sets or section.of_evaluations else None
    if item and section.of_evaluations:
        measured = _EVALUATED.match(line, item.end())
        return measured["name"] if measured else ""
    first = _FIRST_LINK.match(line, item.end()) if item else None
    # The page of a data set on a hub is told by its id.
    leads = first is not None and re.match(
        r"(?:\*\*)?\]\(https?://(?!(?:huggingface\.co|hf\.co)/datasets/)", line[first.end() :]
    )
    name = first["name"] if first and leads else ""
    return name if name and not _NO_NAME.search(name) else ""


def _titled_row(line: str, section: _Section) -> str:
    """The name of a data set in a row of a table of nothing but those and their pages, else
    `""`.
    """
    table = section.of_pages and section.column >= 0 and line.lstrip().startswith("|")
    # A page on a hub is told as that.
    if not table or "http" not in line or "kaggle.com/" in line or "huggingface.co/" in line:
        return ""
    name = re.split(r" ?\(", section.cell(line))[0].strip()
    return name if _TITLE.fullmatch(name) and not _NO_NAME.search(name) else ""


def _linked_names(line: str) -> Iterator[str]:
    """The names that a list of links in a sentence on data sets gives."""
    thanked = _THANKED.finditer(line) if " for " in line else ()
    for match in (*_LISTED_LINKS.finditer(line), *thanked):
        for name in _LINKED.findall(match["links"]):
            if _FIRST_LINK.fullmatch(f"[{name}") and not _NO_NAME.search(name):
                yield name
    for match in _LINKED_SET.finditer(line) if not _BOASTS.search(line) else ():
        first, *more = match["name"].split(" ")
        if first.lower() in _KINDS_OF_SETS:
            continue
        if match["short"]:
            yield match["short"]
        elif more:
            # `Norae Song Dataset` is a name as a whole.
            whole = match["what"][0].isupper()
            yield f"{match['name']} {match['what']}" if whole else match["name"]
        elif re.search(r"\d|-|[A-Za-z][A-Z]", first):
            yield first


def _of_line(line: str, section: _Section) -> Iterator[str]:
    if line.lstrip().startswith("|"):
        cell = section.cell(line)
        if cell:
            yield from _names(cell, whole=True)
        return
    line = _LINK.sub(r"\1", line)
    if line.startswith("#"):
        yield from _names(line.strip("#* `\t"), whole=True)
        return
    item = _ITEM.match(line)
    if item and (section.listed or section.of_data):
        yield from _names(line[item.end() :].split(":")[0].strip(" *_`"), whole=True)
    for sentence in _SENTENCE.split(line):
        of_data = item and (section.listed or section.of_data)
        if (of_data or _OF_DATA.search(sentence)) and not _BOASTS.search(sentence):
            others = _OTHERS.search(sentence)
            told = sentence[: others.start()] if others else sentence
            yield from _names(sentence if _is_taken_from(told) else told)


def _is_taken_from(before: str) -> bool:
    """Whether the words before examples of data sets say that something was made of those."""
    return _TAKEN_FROM.search(before) is not None and not _MAY.search(before)


def _read_comment(said: str) -> Iterator[str]:
    """The words of a comment, where it speaks of data."""
    if _OF_DATA.search(said) and not _BOASTS.search(said):
        yield from _names(said)


def of_comments(text: str, path: str) -> Iterator[DataWords]:
    """The words of comments, of descriptions in YAML and of the first lines of docstrings that
    speak of data, or whose file's `path` does.
    """
    of_data = re.search(r"data", path) is not None
    settings = path.endswith((".yaml", ".yml"))
    shown: Counter[str] = Counter()
    for number, whole in enumerate(text.split("\n"), 1):
        # `ShareGPT4V = {"path": ...}` in a file of data sets.
        if of_data and whole[:1].isupper() and (constant := _CONSTANT.match(whole)):
            yield DataWords(number, constant[1])
        match = _DESCRIPTION.match(whole[:400]) if settings else None
        if not match and ("#" in whole or '"""' in whole or "//" in whole):
            match = _COMMENT.match(whole[:400])
        said = match[match.lastindex or 0] if match else ""
        if said and (of_data or _OF_DATA.search(said)) and not _BOASTS.search(said):
            for name in _names(said):
                shown[name] += 1
                if shown[name] <= MAX_TIMES:
                    yield DataWords(number, name)


def of_script(path: str) -> str:
    """The name of the data set that a script for data or for an evaluation may be called after:
    `norae` of `eval/tasks/eval_norae.py`; `""` where it lies elsewhere.
    """
    folder, _, last = path.rpartition("/")
    above = folder.lower().replace("_", "/").replace("-", "/").split("/")
    if not last.endswith(".py") or _OF_TASKS.isdisjoint(above):
        return ""
    told = last.removesuffix(".py").split("_")
    while told and told[0].lower() in _DONE_TO_DATA:
        told = told[1:]
    while told and told[-1].lower() in _KINDS_OF_SCRIPTS:
        told = told[:-1]
    stem = "_".join(told)
    return stem if 3 < len(stem) < 40 and stem.replace("-", "_").isidentifier() else ""


def of_readme(path: str, text: str) -> DataWords | None:
    """The data set that lies in a folder of a folder of data, where the heading of its README says
    that it is one: `# NORAE Dataset` in `datasets/NORAE/README.md`.
    """
    above, _, folder = path.rpartition("/")[0].rpartition("/")
    if above.rpartition("/")[2] not in ("data", "dataset", "datasets", "corpus", "corpora"):
        return None
    for number, line in enumerate(text.split("\n")[:_HEAD_LINES], 1):
        title = re.fullmatch(r"#+ (.{2,80}?) (?i:data ?set|corpus|benchmark)s?\s*", line)
        if title and _fold(title[1]) == _fold(folder):
            return DataWords(number, title[1], listed=True)
    return None


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def of_keys(text: str) -> Iterator[DataWords]:
    """The keys and folders of settings of nothing but data sets (`datasets.yaml`)."""
    shown: Counter[str] = Counter()
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole[:MAX_LINE]
        key = _KEY.match(line)
        folders = line.partition(":")[2].split("/")[:-1] if "/" in line else []
        found = [DataWords(number, key["name"])] if key else []
        found += [DataWords(number, folder.strip(), path=True) for folder in folders]
        for one in found:
            if _FOLDER.fullmatch(one.text) and len(shown) <= MAX_FOLDERS:
                shown[one.text] += 1
                if shown[one.text] <= MAX_TIMES:
                    yield one


def of_paths(text: str) -> Iterator[DataWords]:
    """The names of folders and files below a folder of data, and in the URLs of files of data."""
    shown: Counter[str] = Counter()
    for number, whole in lines_with(_PATH_WORDS, text):
        line = whole[:MAX_LINE]
        paths = _PATH.finditer(line) if "data" in line or "corp" in line else ()
        found: dict[str, None] = {}
        for match in (*paths, *(_URL.finditer(line) if "http" in line else ())):
            if match["rest"].endswith(_OF_CODE):
                continue
            for part in match["rest"].strip("/").split("/"):
                name = _SUFFIX.sub("", part)
                if not _FOLDER.fullmatch(name) or len(shown) > MAX_FOLDERS:
                    continue
                found[name] = None
                if name != part and (split := _FILE_OF_A_SPLIT.match(name)):
                    found[split[1]] = None
        for name in found:
            shown[name] += 1
            if shown[name] <= MAX_TIMES:
                yield DataWords(number, name, path=True)


def _names(text: str, *, whole: bool = False) -> Iterator[str]:
    """The words, each once; the `whole` text, too, where it is a cell, an item or a heading."""
    if any(word in text for word in _FORMAT_WORDS):
        text = _FORMATS.sub("", text)
    found = [match["name"] for match in _NAME.finditer(text)]
    # Of a split: `LibriTTS-test-clean`.
    found += [split[1] for name in found if "-" in name and (split := _SPLIT.match(name))]
    for match in _PHRASE.finditer(text):
        several = match[0].split(" ")
        found += [match[0], *(" ".join(several[n : n + 2]) for n in range(len(several) - 1))]
    found += [match["name"] for match in _ONE_SET.finditer(text) if match["name"] not in found]
    for match in _SMALL_PHRASE.finditer(text) if "dataset" in text or "corpus" in text else ():
        several = match["name"].split(" ")
        found += [" ".join(several[n:]) for n in range(len(several) - 1)]
    if whole and len(text) <= 60:
        found += [text, *_CAPITAL.findall(text)[:1]]
    yield from dict.fromkeys(found)
