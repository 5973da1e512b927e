"""Licence and notice files, and what source files say of themselves: holders, SPDX tags, where they
were adapted from, what they import.

Facts of a row keep the order of the file: the first `copyright-holder` is the top one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aisbom.collect import get_collector
from aisbom.collect.ownership import licence_file
from aisbom.collect.ownership.holder_lines import holders
from aisbom.lazy_module import compile_later
from aisbom.licences import adapted_from, usage_lines
from aisbom.licences.comments import line_at, marks
from aisbom.licences.headers import headers
from aisbom.licences.own_part import own_part
from aisbom.model import Evidence, Facts, Gap, Observation, Row
from aisbom.model.facts import (
    HOLDER_LINE,
    RESTRICTS,
    SAID_SOURCE,
    STATES_LICENCE,
    USAGE_MODULE,
    HolderLine,
    LicenceAt,
    RestrictionAt,
    SaidSource,
    UsageModule,
)
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable, in_environment

NAME = "notices"
INSTALLED = "distribution-licence"
_METADATA = compile_later(r"\.(?:dist-info|egg-info)/")
_PEOPLE = (
    "authors",
    "contributors",
    "thanks",
    "acknowledg",
    "credits",
    "changelog",
    "readme",
    "maintainers",
)

HEAD = 64 * 1024
"""Notices are looked for in this many bytes, words of adaptation in the whole file."""

MAX_SOURCE = 2 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_IMPORTS = 30
_MAX_COUNTED = 64 * 1024 * 1024

LANGUAGES = {
    "py": "Python",
    "pyx": "Cython",
    "c": "C",
    "cc": "C++",
    "cpp": "C++",
    "h": "C",
    "hpp": "C++",
    "cu": "CUDA",
    "cuh": "CUDA",
    "rs": "Rust",
    "go": "Go",
    "js": "JavaScript",
    "ts": "TypeScript",
    "java": "Java",
    "sh": "Shell",
    "pl": "Perl",
    "pm": "Perl",
    "perl": "Perl",
    "vue": "Vue",
    "svelte": "Svelte",
    "proto": "Protocol Buffers",
}
# A file with such an end is no licence, whatever it is called; `LICENSE.apache` and `LICENSE-2.0`
# may be.
_FOREIGN = frozenset(
    {
        "cfg",
        "cs",
        "css",
        "csv",
        "htm",
        "html",
        "in",
        "ini",
        "ipynb",
        "j2",
        "jinja",
        "json",
        "jsx",
        "kt",
        "lock",
        "lua",
        "m",
        "map",
        "pdf",
        "php",
        "png",
        "r",
        "rb",
        "scala",
        "sum",
        "svg",
        "swift",
        "tmpl",
        "toml",
        "tsx",
        "xml",
        "yaml",
        "yml",
    }
)

_CODE = re.compile(
    rb"^(?:import|from|def|class|async|if|for|try|with|#\s*include|#\s*define|package|use|pub|fn|func|const|var|let|syntax|@\w+)\b",
    re.M,
)
# Where no mark makes a line a comment, these characters before the notice make it code.
_ASSIGNED = re.compile(r"(?:(?!copyright|spdx-|\(c\)|©).)*[=\"'(:\[{]", re.IGNORECASE)
_SPDX = compile_later(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+\-() ]+)", re.IGNORECASE)

_MODULE = rb"[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?"
_IMPORT = re.compile(
    rb"from[ \t]++([A-Za-z_]\w*+)[\w.]*+[ \t]++import\b|import[ \t]++("
    + _MODULE
    + rb"(?:[ \t]*,[ \t]*"
    + _MODULE
    + rb")*)[ \t]*(?:#.*|;.*)?\Z"
)


def collect(file: File) -> Iterator[Row]:
    """The holders, licences and sources that a source or licence file states."""
    suffix = file.name.rpartition(".")[2] if "." in file.name else ""
    if suffix in LANGUAGES:
        yield from _source(file, LANGUAGES[suffix])
    elif suffix.lower() not in _FOREIGN:
        yield from licence_file.rows(file, NAME)


def collect_installed(file: File) -> Iterator[Row]:
    """A licence file in the metadata of an installed distribution; elsewhere it is read with the
    others.
    """
    below = file.path.partition(".dist-info/licenses/")[2]
    if below.count("/") > 1:
        # Two folders further down lie the texts of what the parts are made of, by the hundred: not
        # the distribution's own.
        return
    if (
        in_environment(file.path)
        and _METADATA.search(file.path)
        and not file.name.lower().startswith(_PEOPLE)
    ):
        yield from licence_file.rows(file, INSTALLED)


def _source(file: File, language: str) -> Iterator[Row]:
    facts = [("language", language)]
    if file.size > MAX_SOURCE:
        if file.size > _MAX_COUNTED:
            yield _row(file, facts, 0, "")
            raise Unreadable(f"larger than {_MAX_COUNTED:,} bytes: not read")
        yield _row(file, [*facts, ("lines", str(_count_lines(file)))], 0, "")
        yield Gap(NAME, file.at(), f"larger than {MAX_SOURCE:,} bytes: only its lines were counted")
        return
    data = file.read(MAX_SOURCE)
    if b"\0" in data[:512] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        if data.count(0, 0, 512) * 3 < len(data[:512]) and not data.startswith(
            (b"\xff\xfe", b"\xfe\xff")
        ):
            raise Unreadable("null bytes in it: not a text")
        data = decode(data).encode("utf-8", "surrogatepass")
    elif b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = [line for raw in data.split(b"\n") if (line := raw.strip())]
    facts.append(("lines", str(len(lines))))
    if len(data) > MAX_LINE and max(map(len, lines), default=0) > MAX_LINE:
        yield _row(file, facts, 0, "")
        yield Gap(
            NAME, file.at(), f"a line of more than {MAX_LINE:,} bytes: only its lines were counted"
        )
        return
    low = data.lower()
    seen: list[tuple[int, str]] = []
    whole = _whole(data, HEAD)
    head = own_part(whole, language)
    low_head = head.lower()
    for number, words, key, value in _notices(head, low_head):
        facts.append((key, value))
        if key == "copyright-holder":
            facts.append(HOLDER_LINE(HolderLine(value, number)))
        seen.append((number, words))
    if head != whole:
        # No statement of the file's, but whoever is named there is not left out.
        facts += [
            ("quoted-holder", value)
            for _, _, key, value in _notices(whole, low)
            if key == "copyright-holder" and (key, value) not in facts
        ]
    facts += _licences(head, low_head)
    facts += _usage(file, data)
    for said in adapted_from.find_source_comments(data, low):
        facts.append(SAID_SOURCE(SaidSource(said.line, said.source, said.whole)))
        seen.append((said.line, said.text))
    if language in ("Python", "Cython"):
        facts += [("imports", name) for name in _imports(lines)]
    yield _row(file, facts, *min(seen, default=(0, "")))


def _usage(file: File, data: bytes) -> Iterator[tuple[str, str]]:
    if usage := usage_lines.foreign(file.path, data):
        yield USAGE_MODULE(UsageModule(usage.line, usage.module))


def _licences(head: bytes, low: bytes) -> Iterator[tuple[str, str]]:
    """The licences that the comments state, and what those at the top restrict."""
    code = _CODE.search(head)
    before = head.count(b"\n", 0, code.start()) if code else head.count(b"\n") + 1
    found, limits = headers(decode(head).split("\n"), low, before)
    for row in found:
        yield STATES_LICENCE(LicenceAt(row.line, row.name, row.basis))
    for limit in limits:
        yield RESTRICTS(RestrictionAt(limit.line, limit.kind, limit.words))


def _row(file: File, facts: list[tuple[str, str]], at: int, excerpt: str) -> Observation:
    return Observation(
        "source",
        file.name,
        "",
        "",
        Evidence(NAME, "source-code-analysis", "high", file.at(at), excerpt),
        _order_facts(facts),
    )


def _order_facts(pairs: Iterable[tuple[str, str]]) -> Facts:
    """Facts sorted by key alone: the values of one key stay in the order of the file."""
    return tuple(
        sorted(
            dict.fromkeys((key, value) for key, value in pairs if value), key=lambda pair: pair[0]
        )
    )


def _count_lines(file: File) -> int:
    """Lines that are not blank, of a file too large to keep."""
    lines, rest, read = 0, b"", 0
    with file.open() as stream:
        while read < _MAX_COUNTED and (chunk := stream.read(MAX_LINE)):
            read += len(chunk)
            *whole, rest = (rest[-1024:] + chunk).split(b"\n")
            lines += sum(1 for line in whole if line.strip())
    return lines + bool(rest.strip())


def _whole(data: bytes, limit: int) -> bytes:
    """The first bytes of `data`, cut behind a line: half a character would change how the whole is
    decoded.
    """
    return data if len(data) <= limit else data[: data.rfind(b"\n", 0, limit) + 1 or limit]


def _notices(head: bytes, low: bytes) -> Iterator[tuple[int, str, str, str]]:
    """(line, its text, fact, value) of each notice, in order. Only lines with one of the words are
    looked at.
    """
    low = low[: len(head)]
    starts: set[int] = set()
    for word in (b"copyright", b"spdx-", b"\xc2\xa9", b"(c)"):
        at = low.find(word)
        while at >= 0 and len(starts) < 2000:
            if word != b"(c)" or low[at + 3 : at + 6].strip()[:1].isdigit():
                starts.add(low.rfind(b"\n", 0, at) + 1)
            at = low.find(word, at + len(word))
    if not starts:
        return
    code = _CODE.search(head)
    top = code.start() if code else len(head)
    wanted: list[tuple[int, str]] = []
    number = last = 0
    for start in sorted(starts):
        number += low.count(b"\n", last, start)
        last = start
        line = line_at(head, start)
        text = line[marks(line) :]
        if not line[: marks(line)].strip() and (start >= top or _ASSIGNED.match(line)):
            continue
        wanted.append((number + 1, line))
        if tag := _SPDX.match(text):
            yield number + 1, line.strip(), "spdx", tag[1].strip()
    if not wanted:
        return
    lines = decode(head).split("\n")
    for at_line, name in holders(wanted, lines):
        yield (
            at_line,
            lines[at_line - 1].strip() if at_line <= len(lines) else "",
            "copyright-holder",
            name,
        )


def _imports(lines: list[bytes]) -> list[str]:
    """Top-level names of absolute imports, in order of appearance."""
    names: dict[str, None] = {}
    for line in lines:
        if (
            line.startswith((b"import ", b"from "))
            and len(line) < 4000
            and (match := _IMPORT.match(line))
        ):
            for part in [match[1]] if match[1] else match[2].split(b","):
                names[
                    part.strip().partition(b".")[0].partition(b" ")[0].decode("ascii", "ignore")
                ] = None
            if len(names) >= MAX_IMPORTS:
                break
    return list(names)[:MAX_IMPORTS]


_NAMES = (
    "LICENSE*",
    "LICENCE*",
    "UNLICENSE*",
    "*[-_ ]LICENSE*",
    "*[-_ ]LICENCE*",
    "*[-_ ]license",
    "*[-_ ]license.txt",
    "*[-_ ]license.md",
    "COPYING*",
    "NOTICE*",
    "License*",
    "Licence*",
    "license*",
    "licence*",
    "Notice*",
)

COLLECTOR = get_collector(NAME)

# PEP 639 keeps the paths that licence files had in the source below `licenses/`, where a file may
# also have a name of its own.
INSTALLED_COLLECTOR = get_collector(INSTALLED)
