"""Chat templates: Jinja that reaches for more than the messages it formats.

A template runs in the process of whoever applies it. Loaders put it into a sandbox, and sandboxes
have been left before: one that asks for Python's own attributes has no business in a template.
"""

from __future__ import annotations

import re

from aisbom.weights.unsafe.examined import Examination

MAX_TEMPLATE = 4 * 1024 * 1024
_BLOCK = re.compile(r"\{\{|\{%|\{#")
_QUOTE = re.compile("['\"]")
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_WORD = re.compile(r"\w+")
_NAMES = re.compile(
    r"(?<![\w.'\"])(lipsum|cycler|joiner|self|caller|get_flashed_messages|url_for)\b(?=\s*[.\[(|])"
)
_ATTRIBUTES = re.compile(
    r"\.\s*(mro|func_globals|func_code|gi_frame|gi_code|cr_frame|f_globals|f_builtins|im_func|"
    r"im_self|tb_frame|_(?!_)\w*)\b"
)
_FILTERS = re.compile(r"\|\s*attr\b|\battribute\s*=\s*(?!'')")
"""Attributes by a name that is computed: a name in quotes is looked at as a string."""

_OTHERS = re.compile(r"\{%[-+]?\s*(include|import|from|extends)\b")


def examine_template(text: str, found: Examination, line: int = 0) -> None:
    """Note what a template reaches for. `line` is the line it begins at, 0 where it has none of its
    own in the file.
    """
    if len(text) > MAX_TEMPLATE:
        found.miss(f"a template of more than {MAX_TEMPLATE:,} letters")
        return
    seen = 0
    while match := _BLOCK.search(text, seen):
        end = text.find(_ENDS[match[0]], match.end())
        block = text[match.start() : end if end >= 0 else len(text)]
        at = line + text.count("\n", 0, match.start()) if line else 0
        if match[0] != "{#":
            _block(block, found, at)
        seen = end + 2 if end >= 0 else len(text)


def _block(block: str, found: Examination, line: int) -> None:
    code, strings = _split_strings(block)
    plain = [text for text in map(_unescape, strings) if _names(text)]
    for words in (code, *plain):
        for word in _WORD.findall(words):
            if len(word) > 4 and (word.startswith("__") or word.endswith("__")):
                found.add("template", f"reaches {word[:60]}", line)
    for name in _NAMES.findall(code):
        found.add("template", f"reaches {name}", line)
    for name in _ATTRIBUTES.findall(code):
        found.add("template", f"reaches .{name[:60]}", line)
    if _FILTERS.search(code):
        found.add("template", "reaches attributes by a name that it computes", line)
    for word in _OTHERS.findall(code):
        found.add("template", f"loads another template ({word})", line)
    # Underscores that are put together: `'_' * 2`, `'_' ~ '_'`.
    if "[" in code and any(s and not s.strip("_") for s in map(_unescape, strings)):
        found.add("template", "builds a name of underscores", line)


def _names(text: str) -> bool:
    """Whether a string may be the name of an attribute, or a format that has one. `<|__end__|>` is
    neither.
    """
    return "__" in text and (text.replace("_", "a").isalnum() or "{" in text)


def _split_strings(block: str) -> tuple[str, list[str]]:
    """(the block with empty strings, what stood in them)."""
    code: list[str] = []
    strings: list[str] = []
    at = 0
    while match := _QUOTE.search(block, at):
        code.append(block[at : match.start()])
        end = match.end()
        while end < len(block) and block[end] != match[0]:
            end += 2 if block[end] == "\\" else 1
        code.append("''")
        strings.append(block[match.end() : end])
        at = end + 1
    return "".join([*code, block[at:]]), strings


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    except UnicodeDecodeError:
        return text
