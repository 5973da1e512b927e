"""Addresses of code in comments and docstrings, where the words around one say that the code beside
it comes from there: `From: <url>`, a list below `adapted from the repositories below`, a bare
address at the top of a file or above a function.

An address of an issue, a page or a paper is none, and neither is one in a string of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aisbom.lazy_module import compile_later
from aisbom.licences.comments import marks
from aisbom.source.text import decode

MOST = 60
_LOOKED_AT = 2000
_BLOCK = 12
"""Lines of a comment that are looked at before an address."""

HOSTS = (
    b"github.com/",
    b"githubusercontent.com/",
    b"gitlab.com/",
    b"gitee.com/",
    b"bitbucket.org/",
    b"huggingface.co/",
)
_URL = compile_later(
    r"https?://(?:www\.|raw\.|gist\.)?(?:github\.com|githubusercontent\.com|gitlab\.com|gitee\.com"
    r"|bitbucket\.org|huggingface\.co)/[^\s<>\"'`,;|\\{}\[\]]+"
)
_ANY = compile_later(r"https?://\S+")
_PAGE = compile_later(
    r"/(?:issues?|pulls?|merge_requests|discussions|releases|wiki|actions|security|compare"
    r"|stargazers|sponsors|graphs|tags|archive|assets|user-attachments)(?:/|$)"
    r"|/(?:licen[cs]e|notice|copying|readme)[\w.\-]*$|\?tab=|#[\w\-]*licen[cs]e|huggingface\.co/(?:docs?|papers|blog|datasets|collections)/|\.(?:md|rst|png|jpg|gif|pdf|zip|gz|json|txt|pt|pth|bin|onnx"
    r"|safetensors|ckpt|csv)(?:[#?].*)?$",
    re.IGNORECASE,
)
_COMMIT = compile_later(r"/commits?(?:/|$)")
"""A commit is a source only where words say that the code is from there."""

_FILE = compile_later(
    r"/(?:blob|raw|tree|main|master|resolve)/|raw\.githubusercontent|gist\.github"
)
_VERB = compile_later(
    r"\b(?:adapted|adopted|copied|copy|modified|modification|borrowed|ported|taken|forked|derived"
    r"|extracted|sourced|revised|rewritten|translated|lifted|reproduced|inherited"
    r"|vendor(?:s|ed|ing)|original (?:implementation|code|source)(?=\W*$)"
    r"|based(?: on| upon|$)"
    r"|built (?:on|upon)|started (?:from|with)|implementation (?:of|from|in|at|is)|official code"
    r"|used (?:this|the) .{0,30}(?:idea|code|implementation)|code (?:from|of)|thanks? to|from)\b",
    re.IGNORECASE,
)
_TAKEN = compile_later(
    r"来自|摘自|取自|源自|出自|抄自|引用自|(?:修改|改编|改写|移植|复制|拷贝|参考|参照)自|改自|借鉴"
    r"|(?:代码)?(?:来源|出处)|출처|인용|(?:가져[온와]|수정[한된]|포팅[한된]|복사[한된]|차용[한된])"
    r"|(?:から|より)(?:引用|移植|転載|流用|拝借|コピー|持ってき)|(?:を)?(?:改変|移植)(?:した|して)"
    r"|引用元|出典|転載"
)
"""Chinese, Korean and Japanese words that say that something was taken from an address beside them,
on either side of it.
"""
_CONSULTED = compile_later(
    r"参考|參考|参照|참고|참조|を元に|をもとに|をベースに|基于|기반|바탕으로"
)
"""Words for `reference`, which say it of a file, or above what they speak of."""
WRITTEN_AFTER = (
    "바탕으로",
    "기반으로",
    "토대로",
    "基于",
    "基於",
    "改编自",
    "改編自",
    "を元に",
    "をもとに",
    "をベースに",
)
"""What these languages say of a page that something was written after (`written_after`)."""

_CONSULTED_ELSE = compile_later(
    r"文档|文件说明|教程|论文|下载|安装|使用方法|用法|详[见情]|数据|权重|模型下载|问题|说明"
    r"|문서|논문|다운로드|설치|사용법|자세한|데이터|이슈|설명"
    r"|ドキュメント|論文|ダウンロード|インストール|使い方|詳細|詳しく|データ|説明"
)
_LEADS = compile_later(
    r"[\W_]*(?:(?:the|this|official|original|originally|source|sources|code|codes|portions?|parts?"
    r"|implementation|impl|references?|refer(?:red)?|refs?|credits?|via|from|repo|repository|github|is|available"
    r"|of|in|at|and|see also|links?|authors?|copyright|upstream|function|class|file|module|script"
    r"|adaptation)\b[\W_]*)*",
    re.IGNORECASE,
)
_WEAK = compile_later(
    r"(?:\W*\b(?:references?|refs?|refer(?:red)?|see also|links?|github|is|at|in)\b)*\W*", re.I
)
_SEE_ALSO = compile_later(r"\W*see also\W*", re.IGNORECASE)
_REFERENCES = compile_later(r"\W*references?\W*", re.IGNORECASE)
_ITEM = compile_later(r"[\W_]*\w[\w.+\- ]{0,40}:\W*")
_REFUSED_WORDS = (
    "see issue issues bug bugs workaround doc docs documentation detail details info todo fixme"
    " require requires install pip clone download downloaded checkpoint checkpoints weights weight"
    " until because discussion supported support example examples usage compatible compatibility"
    " version versions paper visit explained explanation homepage website refer seen citation"
    " bibtex default defaults like similar unlike when if should must warning data dataset datasets"
    " not implements implement expects behaves behaviour behavior handles according"
)
_REFUSED = compile_later(
    rf"\b(?:{'|'.join(_REFUSED_WORDS.split())}|home page|same as)\b", re.IGNORECASE
)
_SEE = compile_later(
    r"(?<!also )\b(?:see|cf\.?|refer to|described in|documented (?:in|at))$", re.IGNORECASE
)
_HOLDER = compile_later(r"\W*copyright\b[^\n]{2,60}\(\s*", re.IGNORECASE)
"""A project as the holder, with its address: `Copyright Norae (https://...)`."""
_END = compile_later(r"[.!?](?:\s|$)")
_DEFINES = compile_later(
    rb"[ \t]*(?:async[ \t]+)?(?:def|class|function|func|fn|struct|template|@\w)"
)
_CODE = compile_later(
    rb"^(?:import|from|def|class|async|if|for|try|with|#\s*include|#\s*define|package|use|pub|fn"
    rb"|func|const|var|let|export|syntax|@\w+)\b",
    re.M,
)
_TRIPLE = compile_later(rb"\"\"\"|'''|^[ \t]*/\*", re.M)
_ENDS = {b"/*": b"*/"}


class Address(NamedTuple):
    """An address of code: its line (from 1), the text of that line, the address, and whether it
    stands above all code of the file, where it speaks of the whole.
    """

    line: int
    text: str
    url: str
    whole: bool


def find_addresses(data: bytes, low: bytes) -> Iterator[Address]:
    """The addresses of `data` that say where code came from, in order; `low` is `data` in lower
    case.
    """
    starts = sorted(set(_starts(low)))[:_LOOKED_AT]
    if not starts:
        return
    blocks = Comments(data)
    seen: set[str] = set()
    before = -1
    for start in starts:
        block = blocks.at(start)
        if block is None:
            continue
        for url in _of_line(block, blocks, joined=before == block.first):
            before = block.first
            if url not in seen:
                seen.add(url)
                number = data.count(b"\n", 0, start) + 1
                yield Address(number, block.lines[-1][:2000], url, start < blocks.code)
            if len(seen) >= MOST:
                return


def _starts(low: bytes) -> Iterator[int]:
    for host in HOSTS:
        at = low.find(host)
        while at >= 0:
            yield low.rfind(b"\n", 0, at) + 1
            at = low.find(host, at + len(host))


class _Block(NamedTuple):
    """A comment up to one line of it: the words of its lines without marks, where it begins, and
    where the line stands (bytes).
    """

    lines: tuple[str, ...]
    first: int
    start: int


class Comments:
    """The comments of a file, and the strings that are documentation."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.code = code_starts(data)
        self._strings = _documentation(data)

    def at(self, start: int) -> _Block | None:
        """The comment that the line at this byte belongs to, up to that line; None where the line
        is code.
        """
        words = self._words(start)
        if words is None:
            return None
        lines = [words]
        first = start
        while first > 0 and len(lines) < _BLOCK:
            first_above, words = self._above(first)
            if words == "" and len(lines) == 1 and first_above:
                # `... is based on:`, a line without words, and the address.
                first_above, words = self._above(first_above)
                words = words if words and words.endswith((":", "：")) else ""
            if not words:
                break
            lines.append(words)
            first = first_above
        return _Block(tuple(reversed(lines)), first, start)

    def _above(self, start: int) -> tuple[int, str | None]:
        """Where the line before the one at this byte begins, and its words."""
        above = self.data.rfind(b"\n", 0, start - 1) + 1
        return above, self._words(above)

    def beside_definition(self, start: int) -> bool:
        """Whether the line before or behind the comment at this line begins a function or class."""
        end = self.data.find(b"\n", start) + 1
        above = self.data.rfind(b"\n", 0, max(0, start - 1)) + 1
        while end > 0 and self._words(end) and self.data.find(b"\n", end) >= 0:
            end = self.data.find(b"\n", end) + 1
        return bool(
            (end and _DEFINES.match(self.data, end))
            or _DEFINES.match(self.data, above)
            or _DEFINES.match(self.data, start)
        )

    def _words(self, start: int) -> str | None:
        """A line without its comment marks; None where it is code, `""` where nothing is said."""
        end = self.data.find(b"\n", start)
        raw = self.data[start : end if end >= 0 else len(self.data)][:2000]
        text = decode(raw)
        begin = marks(text)
        if text[:begin].strip():
            return text[begin:].strip()
        if any(low <= start < high for low, high in self._strings):
            return text.strip().removesuffix('"""').removesuffix("'''").strip()
        for mark in ("#", "//", "/*"):
            code, mark_found, rest = text.partition(mark)
            while mark_found and mark == "//" and code.endswith(":"):
                more, mark_found, rest = rest.partition(mark)
                code = f"{code}//{more}"
            if mark_found and code.count('"') % 2 == 0 and code.count("'") % 2 == 0:
                return rest.strip()
        return None


def code_starts(data: bytes) -> int:
    """Where the first statement or definition begins (bytes); the length of what has none."""
    code = _CODE.search(data)
    return code.start() if code else len(data)


def _documentation(data: bytes) -> list[tuple[int, int]]:
    """Where strings in three quotes and block comments begin a line of their own: from their marks
    to their end.
    """
    found: list[tuple[int, int]] = []
    at = 0
    while match := _TRIPLE.search(data, at):
        end = data.find(_ENDS.get(match[0].strip(), match[0]), match.end())
        end = end if end >= 0 else len(data)
        line = data.rfind(b"\n", 0, match.start()) + 1
        if not data[line : match.start()].strip(b" \trRuUbBfF"):
            found.append((line, end))
        at = end + 3
    return found


def _of_line(block: _Block, comments: Comments, *, joined: bool) -> Iterator[str]:
    """The addresses in the last line of a comment that say where code came from. `joined`: one in
    an earlier line of the comment does.
    """
    line = block.lines[-1]
    at = 0
    for match in _URL.finditer(line):
        url, own = trim_address(match[0]), line[at : match.start()]
        first = not at
        at = match.end()
        if _PAGE.search(url) or not re.search(r"/[\w.\-]+/[\w.\-]+", url[8:]):
            continue
        if _COMMIT.search(url) and not _VERB.search(" ".join((*block.lines[:-1], own))):
            continue
        if "huggingface.co/" in url and not (_FILE.search(url) or "/spaces/" in url):
            continue
        top = block.first < comments.code or comments.beside_definition(block.start)
        above = " ".join(block.lines[:-1]) if first else ""
        listed = block.first < comments.code and _is_listed_reference(block.lines, own)
        behind = _URL.split(line[at:])[0]
        if (
            listed
            or _credits(own, above, url, joined=joined, top=top)
            or _is_said_taken(f"{own} {behind}", above, url, top=top)
        ):
            joined = True
            yield url


def _is_listed_reference(lines: Sequence[str], own: str) -> bool:
    """Whether the last line is one of a list of names and addresses below `References:`."""
    if not _ITEM.fullmatch(own):
        return False
    for line in reversed(lines[:-1]):
        if not _ANY.search(line):
            return _REFERENCES.fullmatch(line) is not None
    return False


def _credits(own: str, above: str, url: str, *, joined: bool, top: bool) -> bool:
    """Whether the words before an address say that code was taken from it: those of its `own` line,
    and what stands `above` in the same comment. `joined`: an address before it in the comment is
    such a one; `top`: the comment is at the top of the file or beside a definition.
    """
    of_file = bool(_FILE.search(url))
    if _LEADS.fullmatch(own) and re.search(r"\w", own):
        # `Reference: <project>` between statements is as often about the call below it, and `See
        # also: <file>` points at what is to be read, too.
        return (of_file and not _SEE_ALSO.fullmatch(own)) or top or not _WEAK.fullmatch(own)
    if not re.search(r"\w", own) and (of_file or top) and not _leads_elsewhere(above):
        return True
    if top and own.endswith("(") and _HOLDER.fullmatch(own):
        return True
    earlier = _ANY.split(f"{above} {own}")
    sentence = _END.split(earlier[-1])[-1].strip()
    if len(earlier) > 1 and joined and len(sentence) <= 80 and not _REFUSED.search(sentence):
        return True
    if len(sentence) <= 300 and _VERB.search(sentence):
        return not _refused_verb(sentence)
    alone = not re.search(r"\w", own)
    refused = (alone and _leads_elsewhere(above)) or bool(
        _REFUSED.search(sentence) or _CONSULTED_ELSE.search(sentence)
    )
    return of_file and len(own.split()) <= 14 and not refused


def _is_said_taken(beside: str, above: str, url: str, *, top: bool) -> bool:
    """The same for words in Chinese, Korean and Japanese, which stand `beside` the address, or
    `above` it where nothing else is in its line.
    """
    words = beside if re.search(r"\w", beside) else above[-60:]
    if len(words) > 200 or _CONSULTED_ELSE.search(words):
        return False
    consulted = top or _FILE.search(url) is not None
    return bool(_TAKEN.search(words) or (consulted and _CONSULTED.search(words)))


def _leads_elsewhere(above: str) -> bool:
    """Whether the words before an address on a line of its own speak of that address as something
    else than a source: `see:`.
    """
    words = above[-60:].split()
    if _SEE.search(_ANY.sub("", above[-300:]).rstrip(" :")):
        return True
    return (above.endswith(":") and bool(_REFUSED.search(" ".join(words)))) or (
        0 < len(above.split()) <= 4 and bool(_REFUSED.search(above))
    )


def _refused_verb(sentence: str) -> bool:
    """Whether `from` is the only such word, and something else is taken than code."""
    found = {match[0].lower() for match in _VERB.finditer(sentence)}
    return found == {"from"} and bool(_REFUSED.search(sentence))


def trim_address(url: str) -> str:
    """An address in a sentence without the marks behind it, cut to 300 characters."""
    url = url.rstrip(".,;:!?*'\"")
    while url.endswith((")", "]")) and url.count(url[-1]) > url.count(
        "(" if url[-1] == ")" else "["
    ):
        url = url[:-1].rstrip(".,;:")
    return url[:300]
