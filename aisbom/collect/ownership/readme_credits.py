"""Whom a README credits: repositories that a sentence says the project is built on, or that stand
under a heading of acknowledgements. One sighting a repository. A file that is named after where its
folder comes from (PROVENANCE.md, UPSTREAM) credits every repository it names.

`built-on` is a sentence that says code was taken over; `thanks` says that somebody is thanked, and
not for what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect import get_collector
from aisbom.lazy_module import Function, compile_later
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "readme-credits"
MAX_READ = 1024 * 1024
MAX_CREDITS = 200

_find_file_credits = Function("aisbom.licences.file_credits", "find_file_credits")
_SOURCE_FILE = compile_later(r"\.(?:py|cu|c|h|cpp|rs|ts|js|sh|go|java|pyx|cc|hpp|cuh)\b")

_URL = compile_later(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com)/[\w.\-]+/[\w.\-]+", re.IGNORECASE
)
_NO_REPOSITORY = compile_later(r"/(?:issues|pulls?|orgs|sponsors|features|topics)(?:/|$)")
_HEADING = compile_later(r"(#{1,6})\s*(.*)|(?:<h([1-6])[^>]*>)(.*)", re.IGNORECASE)
_THANKS = compile_later(
    r"acknowledg|credit|thank|third.?part|attribution|special thanks|감사|致谢|感谢|謝辞",
    re.IGNORECASE,
)
_BUILT = compile_later(
    r"\b(?:(?:(?<!calculated )(?<!computed )(?<!measured )(?<!evaluated )based|built|builds?)"
    r" (?:(?:heavily|largely|mostly|directly|partly) )?(?:up)?on"
    r"|build our|adapted from|adopted from|borrow(?:s|ed)?(?: [\w\-]+){0,4} from"
    r"|derived from|forked? (?:of|from)|modified (?:[\w\-]+ ){0,6}from|modified (?:up)?on"
    r"|modification of|modified version of|copied from|extracted from"
    r"|extracted (?:[\w\-/]+ ){0,8}(?:kernels?|codes?|modules?|files?|functions?|classes) from"
    r"|(?:uses?|used|reuse[sd]?|includes?|contains?|incorporates?) (?:\w+ ){0,3}codes? from"
    r"|(?:uses?|used|reused?|adapted) (?:their|his|her) (?:[\w\-]+ ){0,4}codes?"
    r"|original code (?:is )?(?:from|at|below)|codes? are adaptations of|vendored from|lifted from"
    r"|imported from"
    r"|taken from|ported from|port of|(?:original|initial) code ?base"
    r"|code ?base (?:[\w\-]+ ){0,4}originates from|developed from|customi[sz]ed extension of"
    r"|(?:code ?base|module)s?,? (?:which |that )?(?:is|was) (?:extended|evolved) from"
    r"|(?:codes?|implementation|utilities|losse?s?|embeddings?|kernels?|layers?)\b[^.:\[]{0,60}"
    r" (?:is|are|comes?) from(?= (?:the )?\[)|reimplement\w*"
    r"|baseline codes? of|modifications? (?:to|of) [\w ]{1,40} from"
    r"|implementation from|follows? the (?:code|implementation)|extends?"
    r"|as (?:the|our|a|its) (?:code ?base|base code|starting point)"
    r"|(?:faithful|trainable|pytorch|jax) (?:[\w\-]+ ){0,3}reproduction of)\b"
    r"|기반|바탕|의 포크(?:입니다|이다)|[을를] 포크(?:한|하여|했)|基于"
    r"|(?:修改|改编|移植|复制)自|借鉴[于自]|提取自(?=.{0,200}(?:代码|内核|模块|实现))"
    r"|\[original (?:github )?(?:repo(?:sitory)?|project|code)\]\(",
    re.IGNORECASE,
)
_OF_ITSELF = compile_later(
    r"\b(?:(?:based|built|builds) (?:up)?on|(?:adapted|derived|forked|modified|ported) from"
    r"|(?:fork|port|clone|copy|rewrite) of|modified version of"
    r"|(?:uses?|reuses?|includes?|contains?) (?:\w+ ){0,3}codes? from"
    r"|extends?)\s+(?:the |our |this )?[\[`*\"“(]*\w|基于\s*[\[`*“(]*\w",
    re.IGNORECASE,
)
"""Behind an address, what it names says of itself what it is built on: `[X](...) is based on Y`."""

_BESIDE = compile_later(
    r"\b(?:in the same way as|(?:similar|close|equivalent|comparable)(?:ly)? to|same as|like"
    r"|compatible with|works? (?:well )?with|compared? (?:to|with)|instead of|unlike|inspired by"
    r"|alternatives? to)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
"""Between the words and an address: that one is what the project is held against."""

_SAYS_THANKS = compile_later(
    r"\b(?:thanks?|grateful|acknowledge[ds]?|inspired by|credits?|kudos)\b|감사|致谢|感谢",
    re.IGNORECASE,
)


_SAYS_FORK = compile_later(
    r"\b(?:this|our) (?:project|repo(?:sitory)?|code ?base|package|library|fork) (?:is|was)"
    r" (?:an? |our )?(?:[\w\-]+ ){0,3}?fork (?:of|from)\b[^.()]{0,80}\(?$",
    re.IGNORECASE,
)
"""Before an address: the whole repository says of itself what it is a fork of."""

_CODE_OF = compile_later(
    r"\b(?:(?:this|our|the) (?:code\w*|repo(?:sitory)?|implementation|module|folder)s?\b[^.]{0,60}"
    r"\b(?:based|built|builds?) (?:up)?on|\bmodule is based on"
    r"|(?:uses?|reuse[sd]?|contains?|includes?|borrow(?:s|ed)?) (?:\w+ ){0,3}codes? from"
    r"|original code below)\b|본 (?:프로젝트|저장소|코드)[^.]{0,60}(?:기반|바탕)"
    r"|本(?:项目|仓库|代码).{0,20}基于.{0,20}(?:二次开发|代码)",
    re.IGNORECASE,
)
_SAID_OF_CODE = compile_later(
    r"\b(?:this|the|our|an?|these) (?:[\w\-]+ ){0,2}\[?(?:scripts?|project|code ?base|code"
    r"|implementation|module|tool|repo(?:sitory)?)\b[^.]{0,60}"
    r"\b(?:adapted|borrowed|copied|modified|ported|taken|derived|forked) from\b"
    r"|\b(?:this|our|the) (?:project|code ?base|repo(?:sitory)?)\b[^.]{0,40}"
    r"\b(?:based|built) (?:up)?on\b|\bscripts?\b[^.]{0,20}\bbased (?:up)?on\b"
    r"|[本该](?:项目|仓库|代码).{0,20}基于|(?:이|본) (?:프로젝트|저장소|코드)[^.]{0,30}기반",
    re.IGNORECASE,
)
"""In documentation, which tells of many projects: a sentence on code of this one."""
_TARGET = compile_later(r"\]\([^()\s]{0,300}\)")

_LEADS_ON = compile_later(
    r"(?:[:：]|\b(?:on|upon|from|below|following [\w\- ]{1,30})\.?)\W*$|以下|下面|아래|다음",
    re.IGNORECASE,
)
_SENTENCE = compile_later(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bal)[.!?](?=\s+[A-Z\[])|[。！？]|다\.(?=\s)")
_ITEM = compile_later(r"(?:[-*+•]|\d{1,2}[.)])\s")
_GOES_ON = compile_later(r"(?:\([^()]{1,60}\),? *)?and ", re.IGNORECASE)


class Credit(NamedTuple):
    """A repository's address, the line that names it (from 1), that line's words, and how it is
    credited: `built-on` or `thanks`. `fork`: the sentence says that the whole is a fork of it.
    """

    line: int
    address: str
    words: str
    how: str
    fork: bool = False


def find_readme_credits(text: str, provenance: bool = False) -> Iterator[Credit]:
    """The repositories that a README credits, each once, in order. `provenance`: the whole file
    says where its folder comes from.
    """
    under = 0
    seen: set[str] = set()
    fenced = False
    built = listed = broken = False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()[:4000]
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced or not line:
            broken = False
            continue
        # A sentence that breaks off behind its words: `... built on` and `[Norae](...)` below.
        first_of_next = (
            broken and line[:5].lower().startswith(("[", "the [", "its [")) and "](" in line[:90]
        )
        broken = _breaks_off(line)
        # A sentence goes on: `and [another](...)`.
        goes_on = built and _GOES_ON.match(line) is not None
        built = False
        listed = _ITEM.match(line) is not None if listed else _begins_list(line)
        heading = _HEADING.match(line)
        if heading:
            level = len(heading[1]) if heading[1] else int(heading[3])
            title = heading[2] if heading[1] else heading[4]
            if under and level <= under:
                under = 0
            if _THANKS.search(title):
                under = level
        thanked = provenance or bool(under) or _SAYS_THANKS.search(line) is not None
        for match in _URL.finditer(line):
            rest = line[match.end() : match.end() + 20]
            address = match[0].rstrip(".").removesuffix(".git")
            first = listed and not _URL.search(line, 0, match.start())
            begins = first_of_next and not _URL.search(line, 0, match.start())
            said = goes_on or first or begins or _is_built_on(line, match)
            how = "built-on" if said else "thanks"
            built = built or how == "built-on"
            if (how == "thanks" and not thanked) or _NO_REPOSITORY.match(rest):
                continue
            if address.casefold() in seen:
                continue
            seen.add(address.casefold())
            fork = _SAYS_FORK.search(line[: match.start()][-300:]) is not None
            yield Credit(number, address, line[:200], how, fork)
            if len(seen) >= MAX_CREDITS:
                return


def _breaks_off(line: str) -> bool:
    """Whether a line ends in the middle of a sentence that says what was taken, with nothing behind
    its words but a name's owner.
    """
    last = None
    for last in _BUILT.finditer(line):  # noqa: B007
        pass
    rest = line[last.end() :].split() if last else ["?"]
    return len(rest) < 3 and all(
        word in ("the", "a", "an", "our") or word.endswith(("'s", "’s")) for word in rest
    )


def _begins_list(line: str) -> bool:
    """Whether a line without an address says that code was taken from what a list below names."""
    return (
        _LEADS_ON.search(line) is not None
        and _CODE_OF.search(line) is not None
        and _URL.search(line) is None
    )


def _is_built_on(line: str, address: re.Match[str]) -> bool:
    """Whether a line says that the project is built on what this address names: not where the words
    stand behind the address alone, or in its link's text, and say what that one is built on.
    """
    words = [match.start() for match in _BUILT.finditer(line)]
    # What an earlier sentence says, it says of what it names itself.
    ends = [match.start() for match in _SENTENCE.finditer(line, 0, address.start())]
    words = [at for at in words if at > address.start() or not any(at < end for end in ends)]
    own = {match.start() for match in _OF_ITSELF.finditer(line, address.end())}
    beside = _BESIDE.search(line, 0, address.start())
    return any(
        (at not in own if at > address.start() else beside is None or beside.start() < at)
        and not _of_what_is_linked(line, at, address)
        for at in words
    )


def _of_what_is_linked(line: str, at: int, address: re.Match[str]) -> bool:
    """Whether the words at this place are the text of the address's link and say of it what it is
    built on, `[a tool based on X](address)`: not where they name it, `[based on X](.../X)`.
    """
    end = address.start() - 2
    begin = line.rfind("[", 0, max(0, end))
    name = address[0].rpartition("/")[2].removesuffix(".git").casefold()
    inside = begin >= 0 and line.startswith("](", end) and begin < at < end
    return inside and name not in line[at:end].casefold()


def collect(file: File) -> Iterator[Row]:
    """The projects that a README says this one was built on or made from."""
    provenance = file.name.upper().startswith(_PROVENANCE) and _OF_ORIGIN.match(file.name)
    text = decode(file.head(MAX_READ))
    documents = file.folder.rpartition("/")[2] == "docs" and not file.name.lower().startswith(
        "readme"
    )
    for one in find_readme_credits(text, bool(provenance)):
        if documents and not (
            one.how == "built-on" and _SAID_OF_CODE.search(_TARGET.sub("]", one.words))
        ):
            continue
        evidence = Evidence(
            NAME,
            "manifest-analysis",
            "medium" if one.how == "built-on" else "low",
            file.at(one.line),
            one.words,
        )
        told = facts(credit=one.how, says_fork="yes" if one.fork else None)
        yield Observation("credit", one.address, "", "", evidence, told)
    if "://" not in text or not _SOURCE_FILE.search(text):
        return
    for said in _find_file_credits(text, lambda path: file.sibling(path) is not None):
        path = f"{file.folder}/{said.path}".strip("/")
        evidence = Evidence(NAME, "manifest-analysis", "medium", file.at(said.line), said.words)
        told = facts(credit="built-on", of_file=path)
        yield Observation("credit", said.address, "", "", evidence, told)


_PROVENANCE = ("PROVENANCE", "UPSTREAM", "VENDOR", "ORIGIN")
_OF_ORIGIN = compile_later(
    r"(?:PROVENANCE|UPSTREAM|VENDOR(?:ED)?|ORIGINS?)(?:[._-]|$)", re.IGNORECASE
)

COLLECTOR = get_collector(NAME)
