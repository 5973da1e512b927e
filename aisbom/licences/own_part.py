"""The part of a source file that speaks of the file itself: without strings over several lines, the
text of a here-document, and what stands between the marks `REUSE-IgnoreStart` and
`REUSE-IgnoreEnd` (REUSE specification 3.3).
"""

from __future__ import annotations

import re

from aisbom.lazy_module import compile_later

_IGNORED = compile_later(rb"REUSE-IgnoreStart(?:(?!REUSE-IgnoreEnd).)*+", re.DOTALL)
_PYTHON = compile_later(
    rb"#[^\n]*+"
    rb'|"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
    rb'|"(?:[^"\\\n]++|\\.)*+"?'
    rb"|'(?:[^'\\\n]++|\\.)*+'?",
    re.DOTALL,
)
_SCRIPT = compile_later(
    rb"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|`(?:[^`\\]++|\\.)*+(?:`|\Z)"
    rb'|"(?:[^"\\\n]++|\\.)*+"?'
    rb"|'(?:[^'\\\n]++|\\.)*+'?",
    re.DOTALL,
)
_HERE = compile_later(rb"<<-?[ \t]*(['\"]?)(?P<end>[A-Za-z_]\w*+)\1")
# A string at the top is the documentation of the file, whose lines may begin like code.
_TOP = compile_later(
    rb"(?:[ \t\r\f\xef\xbb\xbf]*+(?:#[^\n]*+)?+(?:\n|\Z))*+"
    rb'(?:[rRbBuU]?"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|[rRbBuU]?'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z))?+",
    re.DOTALL,
)


def own_part(data: bytes, language: str) -> bytes:
    """`data` with the same number of lines, everything that it only holds taken out."""
    if b"REUSE-IgnoreStart" in data:
        data = _IGNORED.sub(_blank, data)
    if language in ("Python", "Cython") and (b'"""' in data or b"'''" in data):
        top = _TOP.match(data)
        begins = top.end() if top else 0
        return data[:begins] + _PYTHON.sub(_blank_long, data[begins:])
    if language in ("JavaScript", "TypeScript") and b"`" in data:
        return _SCRIPT.sub(_blank_template, data)
    if language == "Shell" and b"<<" in data:
        return _without_documents(data)
    return data


def _blank(match: re.Match[bytes]) -> bytes:
    return b"\n" * match[0].count(b"\n")


def _blank_long(match: re.Match[bytes]) -> bytes:
    return _blank(match) if match[0].startswith((b'"""', b"'''")) else match[0]


def _blank_template(match: re.Match[bytes]) -> bytes:
    return _blank(match) if match[0].startswith(b"`") else match[0]


def _without_documents(data: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    open_ended: set[bytes] = set()
    while found := _HERE.search(data, at):
        word, begin = found["end"], data.find(b"\n", found.end()) + 1
        if not begin:
            break
        end = compile_later(rb"^[ \t]*" + word + rb"[ \t]*$", re.MULTILINE)
        closing = None if word in open_ended else end.search(data, begin)
        stop = closing.start() if closing else begin
        if not closing:
            open_ended.add(word)
        pieces += [data[at:begin], b"\n" * data.count(b"\n", begin, stop)]
        at = stop
    return b"".join([*pieces, data[at:]])
