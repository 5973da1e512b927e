"""setup.py by its syntax tree, never executed: what `setup(...)` is given, as far as it stands
there in words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from aisbom.collect import get_collector
from aisbom.collect.python import requirement, requirements
from aisbom.collect.python.python_reader import MAX_STEPS, Reader
from aisbom.collect.references.python_values import UNKNOWN, Text, Value
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source import python_text
from aisbom.source.tree import File, Unreadable

NAME = "setup-py"
MAX_SIZE = 2 * 1024 * 1024

_GROUPS = (
    ("install_requires", "runtime"),
    ("setup_requires", "build"),
    ("tests_require", "group:test"),
)
_FILE = re.compile(
    r"(?:[\w.-]+/)*[\w.-]*(?:req|dep|constraint)[\w./-]*\.(?:txt|in|pip|lst)", re.IGNORECASE
)
_LIST_NAME = re.compile(
    r"(?:^|_)(?:deps|dependencies|requires?|requirements|reqs)(?:_|$)", re.IGNORECASE
)
_OPERATOR = re.compile(r"[<>=~!]=|[<>]")

Given = dict[str, tuple[int, Value]]


@dataclass(frozen=True, slots=True)
class _Setup:
    """The file, its tree and its lines."""

    file: File
    tree: ast.Module
    rows: list[str]

    def words(self, line: int) -> str:
        return self.rows[line - 1].strip()[:400] if 0 < line <= len(self.rows) else ""


def collect(file: File) -> Iterator[Row]:
    """The project and its requirements. Raises what `ast` raises for a file that is not Python."""
    text = file.text(MAX_SIZE)
    tree = python_text.parse(text)
    if line := python_text.long_name(text):
        yield Gap(
            NAME, file.at(line), f"a name of more than {python_text.MAX_PARTS} parts: not read"
        )
    source = _Setup(file, tree, text.split("\n"))
    reader = Reader(frozenset({"setup"}))
    reader.run(tree.body)
    if not reader.calls:
        _inside_functions(reader, tree)
    if reader.steps >= MAX_STEPS:
        yield Gap(NAME, file.at(), "computes too much to be followed: not all of it was read")
    stated: set[int] = set()
    for call, given in reader.calls:
        yield from _project(source, call, given)
        for row in _requirements(source, given):
            if isinstance(row, Observation):
                stated.add(row.evidence.at.line)
            yield row
    if reader.calls:
        yield from _leftover(source, reader, stated)


def _inside_functions(reader: Reader, tree: ast.Module) -> None:
    """A call of setup in a function that the module itself does not call by a way we follow."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(n, ast.Name | ast.Attribute) and _get_called_name(n) == "setup"
            for n in ast.walk(node)
        ):
            reader.run(node.body)


def _get_called_name(node: ast.expr) -> str:
    return (
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else ""
    )


def _project(source: _Setup, call: ast.Call, given: Given) -> Iterator[Row]:
    def one(key: str) -> str:
        value = given.get(key, (0, None))[1]
        return value.value.strip() if isinstance(value, Text) else ""

    def every(key: str) -> list[str]:
        value = given.get(key, (0, None))[1]
        return (
            [t.value.strip() for t in value if isinstance(t, Text)]
            if isinstance(value, list)
            else [one(key)]
        )

    if "" in given:
        yield Gap(NAME, source.file.at(given[""][0]), "arguments of setup are computed: not read")
    name = given.get("name", (0, None))[1]
    if not isinstance(name, Text) or not name.value.strip():
        if name is UNKNOWN:
            yield Gap(NAME, source.file.at(given["name"][0]), "the name is computed: not read")
        return
    text, version = name.value.strip(), one("version")
    pairs: list[tuple[str, str]] = [
        ("summary", one("description")[:500]),
        ("license", one("license")[:200]),
        ("license-expression", one("license_expression")),
        ("author", one("author")),
        ("author-email", one("author_email")),
        ("maintainer", one("maintainer")),
        ("maintainer-email", one("maintainer_email")),
        ("home-page", one("url")),
        ("requires-python", one("python_requires")),
    ]
    pairs += [
        ("classifier", c) for c in every("classifiers") if c.startswith(("License ::", "Topic ::"))
    ]
    pairs += [("license-file", name) for name in every("license_files")]
    urls = given.get("project_urls", (0, None))[1]
    if isinstance(urls, dict):
        pairs += [
            ("project-url", f"{label}, {url.value}")
            for label, url in urls.items()
            if isinstance(url, Text) and label
        ]
    line = name.line or call.lineno
    evidence = Evidence(
        NAME,
        "source-code-analysis",
        "high" if name.certain else "medium",
        source.file.at(line),
        source.words(line),
    )
    yield Observation(
        "project", text, version, requirement.pypi(text, version), evidence, facts(*pairs)
    )


class _Argument(NamedTuple):
    """An argument of `setup` that lists requirements: its key and line, and the group that they
    belong to. `marker` holds for all of them.
    """

    key: str
    line: int
    group: str
    marker: str = ""


def _requirements(source: _Setup, given: Given) -> Iterator[Row]:
    for key, group in _GROUPS:
        if key in given:
            line, value = given[key]
            yield from _list(source, value, _Argument(key, line, group))
    if "extras_require" in given:
        line, value = given["extras_require"]
        if isinstance(value, dict):
            for extra, listed in value.items():
                # `dev:python_version<"3.8"` is an extra with a marker, `:python_version<"3.8"` a
                # marker alone
                name, _, marker = extra.partition(":")
                label = f"extra:{name}" if name else "runtime" if marker else "extra"
                yield from _list(source, listed, _Argument("extras_require", line, label, marker))
        elif value is not None:
            yield from _report_computed(source, "extras_require", line)


def _list(source: _Setup, value: Value, argument: _Argument) -> Iterator[Row]:
    if value is None:
        return
    group, marker = argument.group, argument.marker
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, Text) for item in items) or group == "extra":
        yield from _report_computed(source, argument.key, argument.line)
    if group == "extra":
        return
    for item in items:
        if not isinstance(item, Text):
            continue
        for number, row in enumerate(item.value.split("\n")):
            words = re.sub(r"(?:^|\s)#.*$", "", row).strip()
            if words:
                one = item.part(words, number)
                whole = f"{words} ; {marker}" if marker and ";" not in words else words
                yield from _row(source, one, whole, group)


def _row(source: _Setup, text: Text, words: str, group: str) -> Iterator[Row]:
    at = source.file.at(text.line)
    try:
        asked = requirement.read(words, source.file.folder)
    except Unreadable as error:
        yield Gap(NAME, at, str(error))
        return
    if not text.certain and asked.confidence == "high":
        asked = replace(asked, confidence="medium")
    yield from requirement.rows(
        asked, NAME, at, source.words(text.line), (group,), technique="source-code-analysis"
    )


def _report_computed(source: _Setup, key: str, line: int) -> Iterator[Row]:
    """Say that a list is computed, unless it is read from requirements files that stand beside:
    then give their rows.
    """
    names = [found for found in _strings_behind(source.tree, key) if _FILE.fullmatch(found)]
    files = [found for name in sorted(set(names)) if (found := source.file.sibling(name))]
    for found in files:
        yield from requirements.read(found)
    if not files:
        yield Gap(NAME, source.file.at(line), f"{key} is computed: not read")


def _strings_behind(tree: ast.Module, key: str) -> Iterator[str]:
    """Every string in the expression given as `key`, and in the assignments and functions that it
    refers to.
    """
    behind: dict[str, list[ast.AST]] = {}
    for name, node in _bindings(tree):
        behind.setdefault(name, []).append(node)
    waiting: list[ast.AST] = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == key
    ]
    seen: set[str] = set()
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str) and len(node.value) < 200:
                    yield node.value
            elif isinstance(node, ast.Name) and node.id not in seen:
                seen.add(node.id)
                waiting.extend(behind.get(node.id, ()))


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every name that is assigned, defined as a function or opened by `with`, and what it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((t.id, node.value) for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value:
            if isinstance(node.target, ast.Name):
                yield node.target.id, node.value
        elif isinstance(node, ast.With):
            for item in node.items:
                if isinstance(item.optional_vars, ast.Name):
                    yield item.optional_vars.id, item.context_expr


def _leftover(source: _Setup, reader: Reader, stated: set[int]) -> Iterator[Row]:
    """Requirement strings of a list at module level that no argument was seen to use: seen, but not
    known to be asked for.
    """
    for name, value in reader.names.items():
        if not isinstance(value, list) or not value:
            continue
        texts = [item for item in value if isinstance(item, Text)]
        if len(texts) != len(value) or all(text.line in stated for text in texts):
            continue
        versioned = sum(bool(_OPERATOR.search(text.value)) for text in texts)
        if not _LIST_NAME.search(name) and versioned * 2 < len(texts):
            continue
        for text in texts:
            if text.line in stated or "\n" in text.value:
                continue
            if re.match(r"python\b", text.value):
                continue  # the interpreter, in tables of versions
            try:
                asked = replace(
                    requirement.read(text.value, source.file.folder), confidence="low", trouble=""
                )
            except Unreadable:
                break  # not a list of requirements after all
            found = requirement.rows(
                asked,
                NAME,
                source.file.at(text.line),
                source.words(text.line),
                (),
                technique="source-code-analysis",
            )
            yield from (row for row in found if isinstance(row, Observation))


COLLECTOR = get_collector(NAME)
