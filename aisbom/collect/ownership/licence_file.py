"""A licence or notice file: the licence of its own part, whom that part names, what it restricts in
words of its own, and the licences of third parties further down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aisbom import licences
from aisbom.collect.ownership.holder_lines import holders
from aisbom.lazy_module import compile_later
from aisbom.licences.own_terms import own_terms
from aisbom.licences.restrictions import Restriction, restrictions
from aisbom.licences.sections import choice, own_block, own_lines
from aisbom.licences.statements import Statement, find_licence_names, statements
from aisbom.model import Evidence, Gap, Observation, Row
from aisbom.model.facts import (
    HOLDER_LINE,
    LICENCE_TEXT,
    RESTRICTS,
    SAYS_LICENCE,
    HolderLine,
    LicenceSaid,
    RestrictionAt,
    TextLines,
)
from aisbom.model.licence_names import is_plain
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

MAX_READ = 256 * 1024
MAX_RESTRICTIONS = 20
_PREAMBLE = 200
"""Words beside a known text that may be a list of authors or a title page."""
_SETS_TERMS = compile_later(
    r"\b(?:additional|modif\w+|except\w*|unless|must|may not|shall|cannot|not (?:permitted|allowed)"
    r"|prohibit\w*|requir\w+|conditions?|restrict\w*|(?<!not )limited to|only|prior|written)\b",
    re.IGNORECASE,
)
"""Words that terms of one's own are made of."""
_NAME = 6
_LEAST = 6
_MANY = 60
"""Words: no more than the first are a name alone; a text of fewer than the others states no terms,
the second where it restricts, the third where nothing that restricts was recognised.
"""

_TERMS = compile_later(
    r"licen[cs]|agreement|permission|terms|permitted|copyright|라이선스|라이센스|사용권|许可|授权|协议",
    re.IGNORECASE,
)
_OTHERS = compile_later(
    r"third[-_. ]?part|3rd[-_. ]?part|vendor|bundled|dependenc|external|notices", re.IGNORECASE
)
_CONTRIBUTIONS = compile_later(
    r"contribut(?:or|ion)s?'?\s+(?:licen[cs]e|assignment)\s+agreement|certificate of origin"
    r"|贡献者?许可|기여자?\s*라이[선센]스",
    re.IGNORECASE,
)
"""In the title of what contributors sign: it licenses nothing to those who get the project."""
_PARTS = (
    ("weights", compile_later(r"model|weight|checkpoint", re.IGNORECASE)),
    ("data", compile_later(r"data|corpus|annotation", re.IGNORECASE)),
    ("docs", compile_later(r"docs?(?![a-z])|documentation", re.IGNORECASE)),
    ("code", compile_later(r"code|source|software", re.IGNORECASE)),
)
_DATA = compile_later(
    r"\bdata ?sets? (?:license|licence|use agreement|usage agreement|terms)"
    r"|데이터 ?셋\s*(?:라이[선센]스|이용)|数据集.{0,6}(?:许可|协议)|データセット.{0,6}ライセンス",
    re.IGNORECASE,
)
_GOVERNS = compile_later(
    r"\b(?:model materials|model weights|derivatives of the model|model derivatives)\b",
    re.IGNORECASE,
)
_INTRODUCTION = 40
_TAG = compile_later(r"<!--.{0,400}?-->|</?[a-zA-Z][^<>\n]{0,200}>")
_MARKUP = compile_later(r"^[\s#*=_>|\-]+|[\s#*=_|\-]+$")


def rows(file: File, by: str) -> Iterator[Row]:
    """One `notice` with all of it. Raises Unreadable for what is no text."""
    data = file.head(MAX_READ + 1)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data[:4096] and not wide and data.count(0, 0, 512) * 3 < len(data[:512]):
        raise Unreadable("null bytes in it: not a text")
    cut = data if len(data) <= MAX_READ else data[: data.rfind(b"\n", 0, MAX_READ) + 1 or MAX_READ]
    lines = decode(cut).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    name = file.name.lower()
    if _contributions(lines):
        own, pairs = len(lines), [("file-kind", "notice")]
    elif name.startswith("notice") or _OTHERS.search(name):
        own = own_block(lines) if name.startswith("notice") else 0
        pairs = [("file-kind", "notice"), *_others("\n".join(lines[own:]))]
    else:
        whole = licences.match("\n".join(lines))
        own = len(lines) if whole.near else own_lines(lines, whole.found, bool(whole.altered))
        match = whole if own == len(lines) else licences.match("\n".join(lines[:own]))
        pairs = [
            ("file-kind", "licence"),
            ("licence-part", part(file.name) or _of_data(lines) or _of_model(file, lines)),
        ]
        pairs += _own(lines[:own], match)
        pairs += _others("\n".join(lines[own:])) if own < len(lines) else ()
    found = [
        pair for pair in holders(enumerate(lines[:own], 1), lines) if not _is_quoted(lines, pair[0])
    ]
    if any("GPL" in value for key, value in pairs if key == "licence-guess"):
        # The text of these licences has an author of its own, who is not this project's.
        found = [pair for pair in found if "free software foundation" not in pair[1].lower()]
    pairs += [("copyright-holder", holder) for _, holder in found]
    pairs += [HOLDER_LINE(HolderLine(holder, number)) for number, holder in found]
    at = found[0][0] if found else 0
    opening = next((line.strip() for line in lines if line.strip()), "")
    excerpt = lines[at - 1].strip() if at else opening
    evidence = Evidence(by, "manifest-analysis", "high", file.at(at), excerpt)
    facts = dict.fromkeys(pair for pair in pairs if pair[1])
    ordered = tuple(sorted(facts, key=lambda pair: pair[0]))
    yield Observation("notice", file.name, "", "", evidence, ordered)
    if file.size > MAX_READ:
        yield Gap(by, file.at(), f"only the first {MAX_READ:,} bytes were read for notices")


def _contributions(lines: Sequence[str]) -> bool:
    """Whether a text is what contributors sign."""
    begins = "\n".join(lines[:40])[:2_000].lower()
    named = any(word in begins for word in ("contribut", "of origin", "贡献", "기여"))
    return named and _CONTRIBUTIONS.search(title(lines)) is not None


def _is_quoted(lines: Sequence[str], number: int) -> bool:
    """Whether the copyright line of this number is quoted by the text around it, as the notice that
    a licence asks to put beside what it licenses.
    """
    begin = number - 1
    while begin and lines[begin - 1].strip():
        begin -= 1
    before = "\n".join(lines[begin:number]).lower().rpartition("copyright")[0]
    return before.count('"') % 2 == 1 or before.count("\u201c") > before.count("\u201d")


def of_field(text: str) -> list[tuple[str, str]]:
    """The facts of a licence field of a manifest: its first line, and where it holds more, what the
    text is.
    """
    lines = text.replace("\r", "\n").split("\n")
    first = next((line.strip()[:200] for line in lines if line.strip()), "")
    if len(text.strip()) <= len(first):
        return [("license", first)]
    found = dict.fromkeys(_own(lines, licences.match(text)))
    return [("license", first), *(pair for pair in found if pair[1])]


def _of_data(lines: Sequence[str]) -> str:
    """`data` for terms whose title says that they are those of a data set."""
    begins = "\n".join(lines[:_INTRODUCTION])[:2_000].lower()
    named = any(word in begins for word in ("dataset", "data set", "데이터", "数据", "データ"))
    return "data" if named and _DATA.search(title(lines)) else ""


def _of_model(file: File, lines: Sequence[str]) -> str:
    """`weights` for terms that say themselves that they govern a model, in a file that is not the
    plain `LICENSE` of all.
    """
    if is_plain(file.name):
        return ""
    governs = _GOVERNS.search("\n".join(lines[:_INTRODUCTION])[:8_000])
    return "weights" if governs else ""


def part(name: str) -> str:
    """What a licence file is for, by its name: `code`, `weights`, `data`, `docs`, or `""`."""
    rest = re.sub(r"licen[cs]es?|copying", " ", name, flags=re.IGNORECASE)
    return next((kind for kind, pattern in _PARTS if pattern.search(rest)), "")


def _own(lines: Sequence[str], match: licences.Match) -> Iterator[tuple[str, str]]:
    """How the own part was recognised, and what stands in the way of naming its licence."""
    text = "\n".join(lines)
    names = [one.id for one in match.found]
    if not names:
        if match.near:
            yield "licence-similar", match.near
            yield from _custom(lines, restrictions(text))
        else:
            yield from _unknown(lines)
        return
    first = match.found[0]
    added = own_terms(text, match.found)
    if added:
        yield "licence-similar", first.id
        yield from _custom(lines, added)
    elif match.altered:
        yield "licence-similar", first.id
        yield from _custom(lines, ())
        yield from (("licence-altered", f"{first.id}: {term}") for term in match.altered)
    else:
        yield "licence-guess", first.id
        if len(names) > 1 and choice(lines):
            yield "licence-choice", " OR ".join(names)
    share = f"similar {first.share:.2f}"
    yield "licence-basis", first.basis if first.basis != "similar" else share
    yield "licence-line", str(first.line)
    # What no licence explains, where that is more than a preamble.
    unexplained = match.rest > _PREAMBLE and not _restates(lines, first)
    yield "licence-rest", str(match.rest) if unexplained else ""
    yield from (("licence-other", name) for name in names[1:])


def _restates(lines: Sequence[str], found: licences.LicenceMatch) -> bool:
    """Whether the words around a known text say that the work is under this licence, name no other,
    and set no terms: thanks, advice and a disclaimer.
    """
    around = "\n".join([*lines[: max(0, found.line - 1)], "", *lines[found.end :]])
    if not found.end or _SETS_TERMS.search(around):
        return False
    named = {said.name for said in statements(around, on_licences=False)}
    return named == {found.id} == set(find_licence_names(around))


def _unknown(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A text that is no known licence: a statement that names licences, or terms of its own."""
    text = "\n".join(lines)
    # A few words speak of the whole; what longer terms say of a licence may be anything.
    short = len(text.split()) < _MANY and "licensed under" in text.lower()
    said = statements(text, on_licences=short)
    if not said and len(text.split()) <= _NAME:
        # The file holds the name of a licence and no more.
        names = list(find_licence_names(text))
        said = [Statement("all", names[0], 1, text.strip())] if len(names) == 1 else []
    if said:
        yield from (SAYS_LICENCE(LicenceSaid(*row)) for row in said)
        return
    found = restrictions(text)
    count = len(text.split())
    # A few words, or a known title over other words, are no terms: unless they restrict.
    terms = (
        count >= _LEAST if found else count >= _MANY and not any(find_licence_names(title(lines)))
    )
    if terms and _TERMS.search(text):
        yield from _custom(lines, found)


def _custom(lines: Sequence[str], found: Sequence[Restriction]) -> Iterator[tuple[str, str]]:
    """A licence of somebody's own: its title, its text, and what it restricts."""
    yield "licence-title", title(lines)
    yield LICENCE_TEXT(TextLines(tuple(line.rstrip() for line in lines)))
    for row in found[:MAX_RESTRICTIONS]:
        yield RESTRICTS(RestrictionAt(row.line, row.kind, row.words))


def title(lines: Sequence[str]) -> str:
    """The first words of a text, up to the end of its first paragraph; at most 80 characters."""
    words: list[str] = []
    start = [n for n, line in enumerate(lines[:40]) if line.strip() == "---"]
    # The front matter of a page is no title, and neither are its tags.
    begins = start[1] + 1 if len(start) > 1 and not any(map(str.strip, lines[: start[0]])) else 0
    for raw in lines[begins:]:
        line = _MARKUP.sub("", _TAG.sub("", raw)).strip()
        if not line and words:
            break
        if line and len(" ".join([*words, line])) > 80:
            break
        if line:
            words.append(line)
    return " ".join(words) or next((_MARKUP.sub("", x)[:80] for x in lines if x.strip()), "")


def _others(text: str) -> Iterator[tuple[str, str]]:
    """The licences of third parties in a text."""
    yield from (("licence-other", one.id) for one in licences.match(text).found)
