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


def escaped(json_text: str) -> str:
    """JSON with these characters as `\\u` escapes, and with no command of a runner that obeys it
    in the middle of a line; line feeds between values stay.
    """
    text = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)
    return text.replace("##[", "#\\u0023[")


_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
