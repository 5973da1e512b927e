"""Named groups of requirements that include one another: extras that ask for extras of their own
project, dependency groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from aisbom.collect.parsed.nodes import Document, Node
from aisbom.collect.python import requirement
from aisbom.collect.python.requirement import Pairs
from aisbom.model import Gap, Row
from aisbom.source.tree import Unreadable

_MOST_GROUPS = 200


@dataclass(slots=True)
class Groups:
    """Requirement strings by group label (`runtime`, `extra:x`, `group:y`, ...), for the project
    called `name`.

    `sources` are facts for every requirement of a package, by its normalised name.
    """

    document: Document
    name: str
    sources: dict[str, Pairs]
    members: dict[str, list[tuple[Node, Pairs]]] = field(default_factory=dict)
    # label -> labels that include it
    above: dict[str, set[str]] = field(default_factory=dict)
    _included: list[tuple[str, str, Node]] = field(default_factory=list)

    def add(self, label: str, strings: Iterable[Node], more: Pairs = ()) -> None:
        """Put requirement strings into a group, each with more facts."""
        self.members.setdefault(label, []).extend((node, more) for node in strings)

    def include(self, label: str, included: str, at: Node) -> None:
        """All of `included` is also in `label`."""
        self._included.append((label, included, at))

    def rows(self) -> Iterator[Row]:
        """A requirement for each string, in every group that holds it; a gap for circles, unknown
        groups and bad strings.
        """
        labels = {_normal(label): label for label in self.members}
        asked: list[tuple[str, Node, Pairs, requirement.ParsedRequirement]] = []
        for label, strings in self.members.items():
            for node, more in strings:
                try:
                    one = requirement.read(node.value, self.document.file.folder)
                except Unreadable as error:
                    yield Gap(self.document.by, node.at, f"{node.name()}: {error}")
                    continue
                if (
                    self.name
                    and one.name
                    and canonicalize_name(one.name) == canonicalize_name(self.name)
                    and label != "build"
                ):
                    # The project asks for itself: only its extras are meant.
                    self._included += [(label, f"extra:{extra}", node) for extra in one.extras]
                else:
                    asked.append((label, node, more, one))
        yield from self._edges(labels)
        for label, node, more, one in asked:
            facts = (*more, *self.sources.get(canonicalize_name(one.name), ()))
            yield from requirement.rows(
                one.having(*facts), self.document.by, node.at, node.excerpt, self._closure(label)
            )

    def _edges(self, labels: dict[str, str]) -> Iterator[Gap]:
        for label, included, node in self._included:
            known = labels.get(_normal(included))
            if known is None:
                if label.startswith("group:") and included.startswith("group:"):
                    yield Gap(
                        self.document.by,
                        node.at,
                        f"{node.name()}: there is no {included.replace(':', ' ', 1)}"[:200],
                    )
            elif known == label or known in self._closure(label):
                # extras may form circles without harm; a dependency group may not (PEP 735)
                if known != label or label.startswith("group:"):
                    yield Gap(
                        self.document.by,
                        node.at,
                        f"{node.name()}: {included} and {label} include each other: read once"[
                            :200
                        ],
                    )
            else:
                self.above.setdefault(known, set()).add(label)

    def _closure(self, label: str) -> list[str]:
        """The label and all that include it, directly or through others."""
        seen: dict[str, None] = {}
        waiting = [label]
        while waiting and len(seen) < _MOST_GROUPS:
            one = waiting.pop()
            if one not in seen:
                seen[one] = None
                waiting.extend(sorted(self.above.get(one, ())))
        return list(seen)


def _normal(label: str) -> str:
    kind, _, name = label.partition(":")
    return f"{kind}:{canonicalize_name(name)}" if name else kind
