"""Files that hold the values of a described model: the `.bin` of OpenVINO, the external data of
ONNX. Each is a sighting of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect.models import hub
from aisbom.model import Evidence, Gap, Observation, Row, Sighting, facts
from aisbom.source.tree import File, Unreadable

KIND: Sighting = "weight-data"
MAX_FILES = 2000
"""Old exporters write one file for each tensor."""

FORMATS = frozenset({"openvino", "onnx"})
"""Formats whose values have no header of their own that any other sighting would come from."""


class SiblingFiles:
    """Finds files beside one, and remembers which were there."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.found: dict[str, File] = {}
        self.pointers: dict[str, tuple[str, int]] = {}

    def sibling(self, name: str) -> File | None:
        """The file of that relative name where its values are here: what a git LFS pointer stands
        for is not. Raises ValueError.
        """
        found = self.file.sibling(name)
        if found is None:
            return None
        self.found[found.path] = found
        try:
            pointed = hub.pointer(found)
        except Unreadable as error:
            raise ValueError(str(error)) from error
        if pointed is not None:
            self.pointers[found.path] = pointed
            return None
        return found

    def rows(self, by: str, form: str) -> Iterator[Row]:
        """A sighting of each, and gaps for what is only pointed to."""
        for path in sorted(self.found)[:MAX_FILES]:
            found = self.found[path]
            pointed = self.pointers.get(path)
            if pointed is not None:
                yield Gap(by, found.at(), "only a pointer is here: weights not examined")
            told = facts(
                ("model-id", hub.snapshot(found.hub_path)[0]),
                ("format", form),
                ("values-of", self.file.path),
                ("lfs", "yes" if pointed else ""),
                ("hash", f"sha256:{pointed[0]}" if pointed else ""),
                ("size", pointed[1] if pointed else found.size),
            )
            evidence = Evidence(
                by, "binary-analysis", "high", found.at(), f"holds values of {self.file.name}"
            )
            yield Observation(KIND, found.name, "", "", evidence, told)
        if len(self.found) > MAX_FILES:
            yield Gap(
                by,
                self.file.at(),
                f"{len(self.found):,} files hold its values: the first {MAX_FILES:,} are listed",
            )
