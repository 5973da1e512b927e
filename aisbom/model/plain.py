"""Text of strangers as text: nothing in it steers a terminal, a log or a workflow runner."""

from __future__ import annotations

import re

STEERING = "\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, marks that turn text around, line separators, half surrogates: as the inside
of a character class.
"""

_STEERING = re.compile(f"[{STEERING}]+")
_OLD_COMMAND = re.compile(r"##(?=\[)")
_COMMAND = re.compile(
    r"::(?=(?:error|warning|notice|debug|group|endgroup|add-mask|add-matcher|remove-matcher|add-path"
    r"|set-output|set-env|save-state|echo|stop-commands|internal-)|\s*$)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The text on one line. Workflow commands, which a runner obeys wherever they stand, fall apart
    into `: :` and `# #`.
    """
    line = _STEERING.sub(" ", text).strip()
    if "##[" in line:
        line = _OLD_COMMAND.sub("# #", line)
    if "::" in line:
        line = _COMMAND.sub(": :", line)
        if line.startswith("::"):
            line = f": :{line[2:]}"
    return line


def steers(name: str) -> bool:
    """Whether a name would steer whoever shows it."""
    return _STEERING.search(name) is not None


def escape_json(json_text: str) -> str:
    """JSON with these characters as `\\u` escapes, and with no command of a runner that obeys it
    in the middle of a line; line feeds between values stay.
    """
    text = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)
    return unsteering_json(text.encode("utf-8")).decode("utf-8")


def unsteering_json(data: bytes) -> bytes:
    """JSON in UTF-8 that says the same without `##[`, which a runner obeys wherever it reads it: a
    document may be printed by somebody else's step. (`::` counts at the start of a line alone,
    where JSON has quotes.)
    """
    return data.replace(b"##[", b"#\\u0023[")


def unsteering_xml(data: bytes) -> bytes:
    """The same for XML (without CDATA and comments), whose texts may hold line feeds."""
    return _XML_COMMAND.sub(b"&#10;", data.replace(b"##[", b"#&#35;["))


_XML_COMMAND = re.compile(rb"\n(?=[ \t]*::)")
_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
