"""What the settings of containers name: commands and environments in compose files, workflows and
manifests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from aisbom.collect.parsed import nodes
from aisbom.collect.parsed.nodes import Node
from aisbom.collect.references.command_lines import Line, Locator, references
from aisbom.collect.references.rows import Source
from aisbom.collect.references.variables import Variable, variables
from aisbom.collect.references.variables import references as references_of
from aisbom.model import Observation, Row
from aisbom.source.tree import File

_MAX_READ = 2 * 1024 * 1024


@dataclass(frozen=True)
class Containers:
    """Reads what one document says of containers."""

    file: File
    document: nodes.Document
    source: Source

    @cached_property
    def text(self) -> list[str]:
        """The lines of the document."""
        return self.document.text.split("\n")

    def command(self, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
        """`command:` as text or as a list of words, with the image's own program where only flags
        are given.
        """
        image = str(holder.get("image") or "")
        launcher = (
            "vllm"
            if "vllm" in image
            else "sglang"
            if "sglang" in image
            else "text-generation-launcher"
            if "text-generation" in image
            else ""
        )
        if isinstance(node.value, str):
            start = node.line
            joined = re.sub(r"[\\]\n\s*", " ", node.value)
            for number, line in enumerate(joined.split("\n")):
                found = self._line_of(line, start + number)
                yield from references(
                    [Line(f"{launcher} {line}".strip(), 1)],
                    self.source,
                    Locator(self.file.at(), found, [line]),
                )
        elif isinstance(node.value, list):
            words = [item for item in node.value[:400] if isinstance(item, str)]
            wheres = {
                item: node.below(number, item).line
                for number, item in enumerate(node.value[:400])
                if isinstance(item, str)
            }
            line = " ".join(
                f'"{word}"' if " " in word and '"' not in word else word
                for word in [launcher, *words]
                if word
            )
            rows = references(
                [Line(line, 1)], self.source, Locator(self.file.at(), node.line, [line])
            )
            for row in rows:
                yield _move_to_word(row, wheres, self.document)

    def environment(self, node: Node) -> Iterator[Row]:
        """`MODEL_ID: owner/name`, and names of keys; values of keys are not kept."""
        pairs: list[tuple[str, str, Node]] = []
        if isinstance(node.value, dict):
            pairs = [
                (str(k), v if isinstance(v, str) else "", node.below(k, v))
                for k, v in node.value.items()
            ]
        elif isinstance(node.value, list):
            for number, item in enumerate(node.value[:400]):
                if isinstance(item, str):
                    name, _, value = item.partition("=")
                    pairs.append((name.strip(), value.strip(), node.below(number, item)))
                elif isinstance(item, dict) and isinstance(item.get("name"), str):
                    given = item.get("value")
                    pairs.append(
                        (
                            item["name"],
                            given if isinstance(given, str) else "",
                            node.below(number, item),
                        )
                    )
        found = [Variable(name, value, where.at) for name, value, where in pairs]
        yield from references_of(found, self.source)

    def environment_files(self, node: Node) -> Iterator[Row]:
        """The files that hold the environment of a container, whatever they are called."""
        items = node.value if isinstance(node.value, list) else [node.value]
        for item in items[:20]:
            path = item.get("path") if isinstance(item, dict) else item
            named = path if isinstance(path, str) and not path.startswith(("/", "~")) else ""
            # Files of these names are read as what they are.
            if named and not re.search(r"(?:^|/)\.env(?:\.|$)|\.env$", named):
                beside = self.file.sibling(named)
                if beside is not None and beside.size <= _MAX_READ:
                    found = variables(beside.text(_MAX_READ), beside)
                    yield from references_of(found, self.source)

    def _line_of(self, words: str, near: int) -> int:
        """The line of the file that holds these words, from `near` on."""
        first = next(iter(re.findall(r"\S{6,}", words)), words.strip())
        for number in range(near, min(near + 200, len(self.text)) + 1):
            if first and first in self.text[number - 1]:
                return number
        return near


def _move_to_word(row: Row, wheres: Mapping[str, int], document: nodes.Document) -> Row:
    """The row at the line of the word that names it, where the words of a command stand on lines of
    their own.
    """

    if isinstance(row, Observation):
        for word, line in wheres.items():
            if row.name in word or (row.fact("format") and row.name in word):
                return replace(
                    row,
                    evidence=replace(
                        row.evidence, at=document.at(line), excerpt=document.words(line)[:200]
                    ),
                )
    return row
