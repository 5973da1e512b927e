"""Changes that people make to code they copy, on Python text; every one keeps it valid."""

from __future__ import annotations

import ast
import io
import keyword
import tokenize

TRANSLATED = "# 이 줄은 번역되었다: 원래의 설명 대신에 다른 말이 있다"


def without_header(text: str) -> str:
    lines = text.split("\n")
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    return "\n".join(lines)


def with_header(text: str, holder: str) -> str:
    return f"# Copyright 2026 {holder}. All rights reserved.\n\n{without_header(text)}"


def renamed(text: str) -> str:
    """Every name that the file defines, renamed one to one; names of libraries and of keyword
    arguments stay.
    """
    tree = ast.parse(text)
    defined: set[str] = set()
    kept = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            defined.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            kept.add(node.arg)
    kept |= {"self", "forward", "main", "weight", "training"}
    names = sorted(
        name for name in defined - kept if not name.startswith("__") and not keyword.iskeyword(name)
    )
    new = {
        name: f"{'Q' if name[0].isupper() else 'q'}{number:03d}{name[::-1][:2]}"
        for number, name in enumerate(names)
    }
    rows = [
        (
            token.type,
            new.get(token.string, token.string) if token.type == tokenize.NAME else token.string,
        )
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
    ]
    return _checked(tokenize.untokenize(rows))


def unparsed(text: str) -> str:
    """As a formatter of its own mind writes it: one line a statement, single quotes, no comments,
    fewest brackets.
    """
    return ast.unparse(ast.parse(text)) + "\n"


def exploded(text: str) -> str:
    """As black writes what is too long: every call of two arguments and more over several lines,
    with a trailing comma.
    """
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    stack: list[int] = []
    commas: dict[int, int] = {}
    closes: dict[int, int] = {}
    spoiled: set[int] = set()
    for at, token in enumerate(tokens):
        if token.string in ("(", "[", "{"):
            stack.append(at)
        elif token.string in (")", "]", "}") and stack:
            closes[stack.pop()] = at
        elif token.string == "," and stack:
            commas[stack[-1]] = commas.get(stack[-1], 0) + 1
        elif token.string in ("for", "lambda", "*", "**") and stack:
            spoiled.add(stack[-1])
    split = {
        at: end
        for at, end in closes.items()
        if tokens[at].string == "(" and commas.get(at) and at not in spoiled and at and tokens[at - 1].type == tokenize.NAME
        and not keyword.iskeyword(tokens[at - 1].string)
    }  # fmt: skip
    ends = {end: at for at, end in split.items()}
    lines = text.split("\n")
    edits: list[tuple[int, int, str]] = []
    for at, end in split.items():
        edits.append((*tokens[at].end, "\n            "))
        trailing = tokens[end - 1].string == "," or (
            tokens[end - 1].type == tokenize.NL and tokens[end - 2].string == ","
        )
        edits.append((*tokens[end].start, "\n        " if trailing else ",\n        "))
    assert len(ends) == len(split)
    for row, column, insert in sorted(edits, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + insert + line[column:]
    return _checked("\n".join(lines))


def requoted(text: str) -> str:
    """Double quotes become single ones where nothing in the text forbids it."""
    rows = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        string = token.string
        if (
            token.type == tokenize.STRING
            and string.startswith('"')
            and not string.startswith('"""')
            and "'" not in string
            and "\\" not in string
        ):
            string = f"'{string[1:-1]}'"
        rows.append((token.type, string, token.start, token.end, token.line))
    return _checked(tokenize.untokenize(rows))


def reordered(text: str) -> str:
    """Classes and functions in reverse order, and methods too."""
    lines = text.split("\n")
    tree = ast.parse(text)
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    blocks = [_block(lines, node) for node in defined]
    head = "\n".join(lines[: _first(defined[0]) - 1])
    return _checked("\n\n\n".join([head, *reversed(blocks)]) + "\n")


def _block(lines: list[str], node: ast.FunctionDef | ast.ClassDef) -> str:
    methods = (
        [one for one in node.body if isinstance(one, ast.FunctionDef)]
        if isinstance(node, ast.ClassDef)
        else []
    )
    if len(methods) < 2:
        return "\n".join(lines[_first(node) - 1 : node.end_lineno])
    parts = ["\n".join(lines[_first(one) - 1 : one.end_lineno]) for one in methods]
    before = "\n".join(lines[_first(node) - 1 : _first(methods[0]) - 1])
    return "\n\n".join([before, *reversed(parts)])


def _first(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def halved(text: str) -> str:
    """The second half of the classes and functions is gone."""
    lines = text.split("\n")
    defined = [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return _checked("\n".join(lines[: defined[len(defined) // 2].end_lineno]) + "\n")


def translated(text: str) -> str:
    """Comments and docstrings in another language."""
    rows = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        string = token.string
        if token.type == tokenize.COMMENT and "opyright" not in string:
            string = TRANSLATED
        elif token.type == tokenize.STRING and string.startswith('"""'):
            string = '"""다른 말로 쓴 설명.\n\n    두 줄이다.\n    """'
        rows.append((token.type, string))
    return _checked(tokenize.untokenize(rows))


def _checked(text: str) -> str:
    ast.parse(text)
    return text
