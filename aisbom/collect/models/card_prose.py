"""The prose of a model card: what it says about use and limits, how large the model is, and from
what it was made.

Only lines of running text count: code, tables of results and quoted commands do not. A sentence is
kept as the words that stand there; what it means for a claim is for the identifiers to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aisbom.lazy_module import compile_later

MAX_TEXT = 600
MAX_STATEMENTS = 40

_HEADING = compile_later(r"(#{1,6})[ \t]++(.+)")
_SECTIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("users", compile_later(r"(?:intended|primary|target) users?\b|대상 사용자", re.IGNORECASE)),
    (
        "limitations",
        compile_later(
            r"limitation|out[- ]of[- ]scope|\brisks?\b|known issues|한계|제한", re.IGNORECASE
        ),
    ),
    (
        "ethics",
        compile_later(
            r"ethic|\bbias(?:es)?\b|\bsafety\b|responsib|fairness|윤리|편향|안전", re.IGNORECASE
        ),
    ),
    ("tradeoffs", compile_later(r"trade-?offs?", re.IGNORECASE)),
    (
        "uses",
        compile_later(
            r"intended use|direct use|downstream use|use cases?|^uses?$|^intended\b"
            r"|사용 목적|용도|활용",
            re.IGNORECASE,
        ),
    ),
)

_SCRATCH = compile_later(
    r"(?P<before>.{0,60}?)(?:\b(?:pre-?)?train(?:ed|ing|s)?\b[^.]{0,80}?\bfrom[ -]scratch\b|\bfrom["
    r" -]scratch\b[^.]{0,40}?\btrain|"
    r"\b(?:built|developed|made|created)\b[^.]{0,40}?\bfrom[ -]scratch\b|\brandom(?:ly)?["
    r" -]initiali[sz](?:ed|ation)\b|"
    r"처음부터[^.]{0,30}(?:학습|훈련|개발)|프롬 ?스크래치|무작위(?:로)? ?초기화"
    r"|(?<![A-Za-z])from[ -]scratch(?:로|에서|부터|으로)?\s?[^.A-Za-z]{0,12}(?:학습|훈련|개발)"
    r"|从(?:头|零)(?:开始)?[^。，,]{0,8}(?:训练|构建|研发)|從(?:頭|零)(?:開始)?[^。，,]{0,8}(?:訓練|建構)"
    r"|(?:ゼロから|(?:フル)?スクラッチ(?:から|で)?)[^。、]{0,12}(?:学習|開発|構築))",
    re.IGNORECASE,
)
_OF_SCRATCH = compile_later(
    r"scratch|random|처음부터|프롬|무작위|[从從]|ゼロ|スクラッチ", re.IGNORECASE
)
"""What stands in everything that `_SCRATCH` finds, which takes sixty times as long to look."""
_NEGATED = compile_later(
    r"\b(?:not|never|n't|rather than|instead of|without|unlike|versus|than|no need|compared"
    r" (?:to|with))\b|아니|않|없이|대신|비해"
    r"|不是|并非|無需|无需|而非|不需要|没有|ではなく|せずに|不要|よりも",
    re.IGNORECASE,
)
_TAKEN = compile_later(
    r"initiali[sz]|\bbased on\b|\bbase"
    r" model\b|\bderived\b|fine-?tun|pre-?trained\b|\bfrozen\b|warm[-"
    r" ]?start|distill|\badopt(?:s|ed)?\b|"
    r"\bborrow|\bweights (?:of|from)\b|\bcheckpoint\b|\bcontinu|\bwe use(?:d)? the\b|\buses"
    r" the\b|\badapted\b|\bbuilt (?:on|upon)\b|"
    r"\b(?:vision|image|audio|speech|text|visual)["
    r" -](?:encoder|tower|backbone)s?\b|인코더|기반|초기화|동결|가져|파인튜닝|미세 ?조정",
    re.IGNORECASE,
)
_COUNT = compile_later(
    r"(?<![\d.,])(?P<n>\d{1,4}(?:[.,]\d{1,6})?)[ \t]*(?P<u>B|M|T|billion|million|trillion)"
    r"[ \t-]*(?:\w{1,40}[ \t-]+){0,1}?(?:model )?"
    r"(?:param(?:eter)?s?\b|파라미터|매개변수)|"
    r"(?:parameters?(?: count)?|params|파라미터|매개변수)(?: 수)?[ \t]*[:|=]"
    r"[ \t*]*(?P<n2>\d{1,4}(?:[.,]\d{1,6})?)[ \t]*"
    r"(?P<u2>B|M|T|billion|million|trillion)\b",
    re.IGNORECASE,
)
_APPROACHES = (
    ("self-supervised", "self-"),
    ("semi-supervised", "semi-"),
    ("unsupervised", "unsup"),
    ("reinforcement-learning", "reinf"),
    ("supervised", "sup"),
)
_APPROACH = compile_later(
    r"\b(?:self-supervised|semi-supervised|unsupervised|reinforcement learning|supervised"
    r" (?:fine-?tun|train|learn))",
    re.IGNORECASE,
)
_UNITS = {"m": 10**6, "b": 10**9, "t": 10**12}
_HUB_LINK = compile_later(
    r"huggingface\.co/(?!datasets/|spaces/|papers/|docs/|blog/|collections/)([A-Za-z0-9][\w.\-]*/[A-Za-z0-9][\w.\-]*)"
)
_PAPER = compile_later(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")


@dataclass(frozen=True, slots=True)
class ProseStatement:
    """Something the prose says: `kind` is a section (`uses`, `users`, `limitations`, `ethics`,
    `tradeoffs`), `from-scratch`, `taken-over`, `names-model`, `parameters` (a number), `approach`,
    `title`, `summary` or `paper`; `line` counts from 1 in the file.
    """

    kind: str
    line: int
    text: str


def read_prose(text: str, skip: int = 0) -> Iterator[ProseStatement]:  # noqa: C901, PLR0912
    """What the prose after the first `skip` lines says, in the order of the file."""
    statements = 0
    section = ""
    body: list[str] = []
    begun = 0
    summary = title = approached = False
    for number, raw, prose in _lines(text, skip):
        heading = _HEADING.match(raw) if prose else None
        if heading:
            yield from _close_section(section, begun, body)
            words = heading[2].rstrip(" \t#")
            section, begun, body = _section(words), number, []
            if len(heading[1]) == 1 and not title:
                title = True
                yield ProseStatement("title", number, plain(words)[:120])
            continue
        words = plain(raw) if prose else ""
        if section and words:
            body.append(words)
        approach = _APPROACH.search(words)
        if approach and not approached:
            approached = True
            yield ProseStatement(
                "approach",
                number,
                next(
                    name for name, words_ in _APPROACHES if approach[0].lower().startswith(words_)
                ),
            )
        for match in _COUNT.finditer(raw if prose or raw.lstrip().startswith("|") else ""):
            yield ProseStatement("parameters", number, str(_number(match)))
        if prose:
            for paper in _PAPER.findall(raw):
                yield ProseStatement("paper", number, paper)
        if not words:
            continue
        if title and not summary and len(words) > 30:
            summary = True
            yield ProseStatement("summary", number, _cut(words, 300))
        if statements < MAX_STATEMENTS:
            for kind in _statements(words):
                statements += 1
                yield ProseStatement(kind, number, words[:300])
                if kind == "taken-over":
                    for model in dict.fromkeys(_HUB_LINK.findall(raw)):
                        yield ProseStatement("names-model", number, model)
    yield from _close_section(section, begun, body)


def _lines(text: str, skip: int) -> Iterator[tuple[int, str, bool]]:
    """(line number, line, whether it is prose or a heading)."""
    fence = ""
    for number, raw in enumerate(text.split("\n"), 1):
        if number <= skip:
            continue
        mark = re.match(r"[ \t]{0,3}(`{3,}|~{3,})", raw)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1][:3]
            continue
        yield (
            number,
            raw[:4000],
            not fence and not raw.startswith(("    ", "\t")) and not raw.lstrip().startswith("|"),
        )


def may_tell_of_scratch(text: str) -> bool:
    """Whether a document holds a word of what says that a model was trained from scratch."""
    return _OF_SCRATCH.search(text) is not None


def _statements(words: str) -> Iterator[str]:
    scratch = _OF_SCRATCH.search(words) and _SCRATCH.search(words)
    if scratch:
        # "not trained from scratch", "instead of pre-training from scratch": what stands before the
        # words, in the same sentence; in Korean and Japanese also behind them.
        head = re.split(r"[.!?] |[。！？]", words[: scratch.end()])[-1]
        tail = re.split(r"[.!?](?: |$)|[。！？]", words[scratch.end() :])[0]
        behind = "" if scratch[0].isascii() else tail[:20]
        if not _NEGATED.search(head + behind):
            yield "from-scratch"
    if _TAKEN.search(words):
        yield "taken-over"


def _section(heading: str) -> str:
    return next((name for name, pattern in _SECTIONS if pattern.search(plain(heading))), "")


def _close_section(section: str, line: int, body: list[str]) -> Iterator[ProseStatement]:
    text = " ".join(" ".join(body).split())
    if section and len(text) > 3:
        yield ProseStatement(section, line, _cut(text, MAX_TEXT))


def _cut(text: str, most: int) -> str:
    """At most so many characters, to the end of a sentence where there is one."""
    if len(text) <= most:
        return text
    end = max(text.rfind(mark, 0, most) for mark in (". ", "! ", "? ", "다. "))
    return text[: end + 1] if end > most // 3 else text[: most - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Markdown as words: links by their text, no emphasis, no HTML."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]{1,200}>", " ", text[:4000])
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(
        re.sub(
            r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|^[ \t]*(?:[-*+>]|\d{1,3}\.)[ \t]+", "", text
        ).split()
    )


def _number(match: re.Match[str]) -> int:
    number = float((match["n"] or match["n2"]).replace(",", "."))
    return round(number * _UNITS[(match["u"] or match["u2"])[0].lower()])
