"""Sentences that say under which licence something is: `the code is licensed under Apache 2.0, the
weights under CC-BY-NC 4.0`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from aisbom.lazy_module import compile_later
from aisbom.licences.model_licences import model_licences

Part = Literal["all", "code", "weights", "data", "docs"]

_UNDER = compile_later(
    r"\b(?:licen[cs]ed|released|distributed|available|open[- ]?sourced?|provided|published|covered"
    r"|governed|offered|shared|falls?|subject|comply|complies|use|used|are|is|be)(?:\s++\w++){0,3}?"
    r"\s++(?:under|by|to)\s++(?=(?P<what>[^\n]{3,}))"
    r"|\blicen[cs]e(?:\s++of\s++(?:the\s++)?[\w ]{0,30})?"
    r"\s*+(?:is|:)\s++(?=(?P<is>[^\n]{3,}))"
    r"|\b(?:weights?|models?|checkpoints?|code|data(?: ?sets?)?)\s++under"
    r"\s++(?=(?P<bare>[^\n]{3,}))",
    re.IGNORECASE,
)
_HEADING = compile_later(r"#{1,6}\s+(.{1,120})$")
_ON_LICENCES = compile_later(
    r"lin?c[ei]n?[cs]e|licen[cs]|라이[선센]스|저작권|许可|許可|授权|授權|协议|協議|ライセンス",
    re.IGNORECASE,
)
_OF_LICENCE = compile_later(
    r"\b(?:licen[cs]ed|released|distributed|available|published|covered|governed|provided|follows?"
    r"|subject|under|adopts?|uses?|compl(?:y|ies) with|based on(?= [^\n]{0,60}\blicen[cs]e))\b"
    r"|라이[선센]스|하에|따르|따릅|따름|따라|적용|배포[되됩됨]|遵循|采用|採用|使用|基于|依据|根据"
    r"|ライセンス|の?下で|従[いう]|適用",
    re.IGNORECASE,
)
_NOT_OURS = compile_later(
    r"\b(?:which|who|whose|original(?:ly)?|upstream|third|based|built|derived|adapted|borrowed"
    r"|dependenc\w+|their|respective|if|unless|not|from|thank\w*)\b|원본|上游|第三方",
    re.IGNORECASE,
)
_OF_A_PROJECT = compile_later(
    r"\s*(?:[-*+|]\s*)?\[[^\]]{1,100}\]\(https?://(?![^)\s]*licen[cs]e)[^)\s]{1,300}\)\s*[:：|–—-]",
    re.IGNORECASE,
)
"""`[X](address): MIT`, in a list of what others made."""
_SAYS_WHAT_IT_ALLOWS = compile_later(r"[\W_]*under\s[^,;:]{3,100}[,，]\s*\w", re.IGNORECASE)
"""`Under the Norae License, the maker confirms:` tells of a licence that was named before."""
_ASKED_FOR = compile_later(r"\blicen[cs]ed\s+under\s[^\n]{3,160}?,\s*copyright\b", re.IGNORECASE)
"""`Norae is licensed under the Norae Licence, Copyright (c) its maker`: the notice that the licence
of a model asks of whoever builds on it.
"""
_SENTENCE_LENGTH = 400
_WORDS = 8
"""Words of a line without a verb (`MIT License`, `[Apache 2.0](LICENSE)`)."""
_SUBJECT = 160
_NAMED = 120
_BARE = 24
"""Characters behind a subject in which a licence is named: fewer where no verb says so."""

_SENTENCE = compile_later(r"(?<=[.!?。])\s++|(?:(?<!\s)\s++)?+;\s++")
_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (
        "weights",
        compile_later(
            r"\b(?:weights?|checkpoints?|(?:pre-?trained |our )?models?)\b"
            r"|모델|가중치|체크포인트|模型|权重|權重|モデル|重み",
            re.IGNORECASE,
        ),
    ),
    (
        "data",
        compile_later(
            r"\b(?:data ?sets?|data|corpus|annotations?)\b"
            r"|데이터|말뭉치|코퍼스|数据|數據|データ|语料",
            re.IGNORECASE,
        ),
    ),
    ("docs", compile_later(r"\b(?:documentation|docs)\b", re.IGNORECASE)),
    (
        "code",
        compile_later(
            r"\b(?:source|code|software|scripts?)\b|코드|소스|代码|代碼|コード", re.IGNORECASE
        ),
    ),
    (
        "all",
        compile_later(
            r"\b(?:project|repository|repo|library|package|work|content|everything|it|framework"
            r"|toolkit|product|program)\b"
            r"|프로젝트|저장소|레포지|리포지|패키지|项目|專案|仓库|プロジェクト|リポジトリ",
            re.IGNORECASE,
        ),
    ),
)
# A subject that points to what somebody else made.
_OTHERS = compile_later(
    r"\b(?:which|who|whose|original(?:ly)?|upstream|third|based|built|derived|adapted|borrowed"
    r"|dependenc\w+|llama|their|respective|if|unless|not|portions?|separate(?:ly)?)\b",
    re.IGNORECASE,
)
_LINK_TARGET = compile_later(r"\]\([^)\s]{0,500}\)|https?://\S+")
_PATH = compile_later(
    r"(?<![\w:/.\-])(?:\.{1,2}/[\w.\-/]+|(?:[\w.\-]+/)+(?:(?![\w/])|[\w.\-]*\.[a-z]{1,5}\b)"
    r"|[\w\-]+\.(?:py|cpp|cu|c|h|rs|js|ts|sh|ipynb)\b)"
)
"""A file or folder in a sentence: what is said of it is said of nothing else."""
_OF_OTHERS = compile_later(
    r"\b(?:not|n't) (?:cover|apply|extend|include)|\b(?:under|with|has|have) (?:its|their) own\b"
    r"|\bexcept(?:ing)?\b|\bexclud(?:es|ing)\b",
    re.IGNORECASE,
)
"""A sentence on what the licence is not of: `This does not cover the model, which has its own`."""
_OF_PORTIONS = compile_later(
    r"\b(?:portions?|parts?|components?|files?)\b[^.]{0,60}"
    r"\b(?:separate|different|other|their own)\s+(?:\w+\s+)?(?:licen[cs]es?|terms)\b",
    re.IGNORECASE,
)
"""What follows says under which: `portions of it are under separate license terms: ...`."""
_LISTS_OTHERS = compile_later(
    r"(?:\b(?:data ?sets?|dependenc\w+|third[- ]part\w+|libraries|packages|models? used)\b"
    r"|데이터 ?셋|의존성|외부 |라이브러리|数据集|依赖|第三方|データセット|依存)"
    r"[^.。:：]{0,60}[:：]\s{0,9}$",
    re.IGNORECASE,
)
"""What leads to a list of what others made, with their licences."""
_ITEM = compile_later(r"\s{0,20}(?:[-*+•|]|\d{1,2}[.)]|$)")
_USED_IN = compile_later(r"\bused\s+(?:in|by|with|within|for)\b.*", re.IGNORECASE | re.DOTALL)
"""What a thing is used in is not what is licensed: `the fonts used in the demo code`."""
_OWNED = compile_later(r"\b(?:this|our|the|all|these|both|its|your)\b", re.IGNORECASE)
_PARTICIPLE = compile_later(r"(?:licen[cs]ed|released|distributed|published|covered)\b", re.I)
_VERB = compile_later(r"\b(?:is|are|be|been|being|was|were)(?:\s+\w+){0,2}\s*$", re.I)
_GOES_ON = compile_later(r"[^,;.:]{0,60}\b(?:is|are|was|were|has|have|can|may|must|will)\b", re.I)
"""`Models released under MIT are newer` speaks of some models."""
_VERSIONED = compile_later(r"(?<=\d)\.(?=\d)")
"""The dot of a version, which ends no sentence."""
_STOP = compile_later(r"[,;(]|\b(?:and|but|while|whereas)\b", re.I)
_VERSION = r"[\s,-]*(?:v(?:ersion)?\.?\s*)?"
_CC = compile_later(
    r"(?:CC|Creative[\s-]Commons)[\s-]+(?P<by>BY|Attribution)"
    r"(?P<more>(?:[\s-]+(?:NC|NonCommercial|Non-Commercial|SA|ShareAlike|Share-Alike|ND|NoDerivs|NoDerivatives))*)"
    r"[\s,-]*(?P<version>[1-4]\.0)?",
    re.IGNORECASE,
)
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Letters of other scripts end a word: `MIT를`, `はMIT`.
    (
        "Apache-2.0",
        compile_later(
            rf"(?:apache(?:[\s-]+(?:software[\s-]+)?licen[cs]e)?|\bASL){_VERSION}2(?:\.0)?",
            re.I | re.A,
        ),
    ),
    ("MIT", compile_later(r"\bMIT\b(?![\s-]*(?:0|CMU|University))", re.A)),
    (
        "AGPL-{}",
        compile_later(
            rf"(?:\bAGPL|affero general public licen[cs]e){_VERSION}(?P<version>3(?:\.0)?)",
            re.I | re.A,
        ),
    ),
    (
        "LGPL-{}",
        compile_later(
            r"(?:\bLGPL|(?:lesser|library) general public licen[cs]e)"
            rf"{_VERSION}(?P<version>2\.1|2(?:\.0)?|3(?:\.0)?)",
            re.I | re.A,
        ),
    ),
    (
        "GPL-{}",
        compile_later(
            r"(?:(?<![AL])\bGPL|(?<!affero )(?<!lesser )(?<!library )general public licen[cs]e)"
            rf"{_VERSION}(?P<version>[23](?:\.0)?)",
            re.I | re.A,
        ),
    ),
    (
        "BSD-3-Clause",
        compile_later(r"BSD[\s-]*(?:3|three)[\s-]*clause|(?:3|three)-clause BSD", re.I | re.A),
    ),
    (
        "BSD-2-Clause",
        compile_later(r"BSD[\s-]*(?:2|two)[\s-]*clause|(?:2|two)-clause BSD", re.I | re.A),
    ),
    (
        "MPL-2.0",
        compile_later(rf"(?:\bMPL|mozilla public licen[cs]e){_VERSION}2(?:\.0)?", re.I | re.A),
    ),
    ("CC0-1.0", compile_later(r"\bCC0\b|CC[\s-]zero", re.I | re.A)),
    ("ISC", compile_later(r"\bISC\b(?= licen)", re.A)),
    ("OFL-1.1", compile_later(r"SIL open font licen[cs]e|\bOFL\b", re.I | re.A)),
)


class Statement(NamedTuple):
    """A licence and what it is said to hold for: `part`, the SPDX id or `LicenseRef-*` of `name`,
    and the line (from 1).
    """

    part: Part
    name: str
    line: int
    words: str


def statements(text: str, first: int = 1, *, on_licences: bool = False) -> list[Statement]:
    """The statements in a text whose first line has this number; one `on_licences` is read as a
    section under that heading. A sentence about what others made states nothing.
    """
    found: list[Statement] = []
    inside = on_licences
    begun = ""
    of_others = False
    for number, raw in enumerate(text.split("\n"), first):
        if len(raw) > 4000:
            continue
        line = re.sub(r"[*`]|\b_|_\b", "", raw)
        of_others = of_others and _ITEM.match(line) is not None
        if of_others:
            continue
        of_others = _LISTS_OTHERS.search(line[-200:]) is not None
        if heading := _HEADING.match(line):
            inside = _ON_LICENCES.search(heading[1]) is not None
            continue
        *whole, last = _SENTENCE.split(line)
        for sentence in (*whole, last):
            if "opyright" in sentence and "nder" in sentence and _ASKED_FOR.search(sentence):
                begun = ""
                continue
            told = list(_of_sentence(sentence, number))
            others = _OF_OTHERS.search(f"{begun} {sentence}" if begun else sentence)
            found += told or (_of_section(sentence, number) if inside and not others else ())
            begun = ""
            if _OF_PORTIONS.search(sentence):
                break
        # A sentence may go on in the next line.
        begun = "" if not last.strip() or last.endswith((".", "!", "?", "。", ":")) else last[-200:]
    return list(dict.fromkeys(found))[:20]


def _behind_a_name(subject: str) -> str:
    """What follows the licence that a subject names: `and the weights` of `the code is MIT and the
    weights`; `""` where it names none.
    """
    cuts = [stop.start() for stop in _STOP.finditer(subject)]
    return subject[
        max((at for at in cuts if any(find_licence_names(subject[:at]))), default=len(subject)) :
    ]


def _path_in(words: str) -> bool:
    """Whether words name a file or a folder that is no licence file."""
    plain = _LINK_TARGET.sub(" ", words)
    return any(not _ON_LICENCES.search(hit[0]) for hit in _PATH.finditer(plain))


def section(text: str) -> tuple[int, str] | None:
    """The first words under a heading on licences and their line (from 1): terms that no statement
    may be made of are terms all the same.
    """
    inside = False
    for number, raw in enumerate(text.split("\n"), 1):
        if len(raw) > 4000:
            continue
        if heading := _HEADING.match(raw):
            inside = _ON_LICENCES.search(heading[1]) is not None
        elif inside and re.search(r"\w", raw):
            return number, " ".join(raw.split())[:200]
    return None


def _of_section(sentence: str, line: int) -> Iterator[Statement]:
    """A sentence in a section on licences that names one licence, and nobody else's work, is about
    the whole where it says of no part that it is about that.
    """
    names = list(dict.fromkeys(find_licence_names(sentence)))
    plain = _LINK_TARGET.sub(" ", sentence)
    under = _OF_LICENCE.search(plain)
    subject = plain[: under.start()] if under else ""
    if len(names) != 1 or len(plain) > _SENTENCE_LENGTH or _NOT_OURS.search(subject):
        return
    if _path_in(plain):
        return
    if _OF_A_PROJECT.match(sentence) or _SAYS_WHAT_IT_ALLOWS.match(plain):
        return
    if not under and len(plain.split()) > _WORDS:
        return
    parts = tuple(part for part, pattern in _PARTS if pattern.search(subject)) or ("all",)
    for part in ("all",) if "all" in parts else parts:
        yield Statement(part, names[0], line, " ".join(sentence.split())[:200])


def _of_sentence(sentence: str, line: int) -> Iterator[Statement]:
    parts: tuple[Part, ...] = ()
    start = 0
    for hit in _UNDER.finditer(sentence):
        subject = sentence[start : hit.end() if hit["bare"] else hit.start()][-_SUBJECT:]
        what = (hit["what"] or hit["is"] or "")[:_NAMED] or (hit["bare"] or "")[:_BARE]
        follows = _UNDER.search(what)
        names = list(find_licence_names(what[: follows.start()] if follows else what))
        own = not start or bool(_OWNED.search(subject))
        if rest := _behind_a_name(subject):
            # `..., and weights are under ...` goes on with another part.
            subject, own = rest, True
        if _OTHERS.search(subject) or _path_in(subject):
            return
        if (
            _PARTICIPLE.match(hit[0])
            and not _VERB.search(subject)
            and _GOES_ON.match(_VERSIONED.sub("", what))
        ):
            return
        thing, of_a_thing = _USED_IN.subn("", subject)
        told = tuple(part for part, pattern in _PARTS if pattern.search(thing))
        if told or of_a_thing:
            parts = told if own else ()
        if "all" in parts and len(parts) > 1:
            parts = ("all",)
        if len(names) == 1 and parts:
            for part in parts:
                yield Statement(part, names[0], line, " ".join(sentence.split())[:200])
        start = hit.end()


def find_licence_names(words: str) -> Iterator[str]:
    """The licences that words name: SPDX ids, `LicenseRef-CC-BY-*` for one without its version."""
    plain = _LINK_TARGET.sub(" ", words.replace("\N{NO-BREAK SPACE}", " "))
    for cc in _CC.finditer(plain):
        more = re.sub(r"[^A-Z]", " ", cc["more"].upper())
        short = "".join(
            f"-{sign}"
            for sign, full in (("NC", "NONCOMMERCIAL"), ("SA", "SHARE"), ("ND", "NODERIV"))
            if sign in more.split() or full in more.replace(" ", "")
        )
        version = cc["version"]
        yield f"CC-BY{short}-{version}" if version else f"LicenseRef-CC-BY{short}"
    for name, pattern in _NAMES:
        for hit in pattern.finditer(plain):
            if plain[: hit.start()].lower().endswith("modified "):
                continue  # another licence, which is like it
            version = hit.groupdict().get("version") or ""
            yield name.format(version if "." in version else f"{version}.0")
            break
    yield from model_licences(plain)
