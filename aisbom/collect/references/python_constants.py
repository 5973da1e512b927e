"""Constants that a Python file imports from a file beside it: plain texts at the top of a module of
the same tree, and nothing else.
"""

from __future__ import annotations

import re

from aisbom.collect.references.python_values import Text
from aisbom.model import Location
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

MAX_MODULE = 1024 * 1024
MAX_LOOKUPS = 100

_BOUND = r"(?m)^{name}[ \t]*(?::[^=\n]{{1,80}})?=(?!=)[ \t]*(?P<value>.*)$"
_TEXT = re.compile(r"""(['"])(?P<text>[^'"\\]{1,200})\1[ \t]*(?:#.*)?""")
_IMPORTED = re.compile(
    rb"import[ \t]+(?:\([^)]{0,2000}?|[\w ,\t]*?)"
    rb"\b[A-Z0-9_]*(?:MODEL|REPO|CHECKPOINT|HUB|WEIGHTS|DATASET)[A-Z0-9_]*\b"
)


def imports(data: bytes) -> bool:
    """Whether a file imports a constant that may be the name of a model or a data set."""
    return _IMPORTED.search(data) is not None


class Constants:
    """Asked by dotted name as the imports give it (`.consts.MODEL_ID`). Its texts have line numbers
    of their own, which `place` knows.
    """

    def __init__(self, file: File, first: int) -> None:
        self._file = file
        self._first = first
        self._found: list[tuple[int, str]] = []
        self._asked: dict[str, tuple[str, str] | None] = {}

    def texts(self, dotted: str, line: int) -> list[Text]:
        """The text of a constant that line `line` uses; empty unless the module is in the tree and
        binds the name once, to a plain text.
        """
        if dotted not in self._asked and len(self._asked) < MAX_LOOKUPS:
            self._asked[dotted] = self._read(dotted)
        known = self._asked.get(dotted)
        if known is None:
            return []
        self._found.append((line, known[1]))
        return [Text(known[0], self._first + len(self._found) - 1)]

    def place(self, number: int) -> tuple[int, str] | None:
        """(line that uses the constant, where it is stated in words) for a line number of
        `texts`.
        """
        index = number - self._first
        return self._found[index] if 0 <= index < len(self._found) else None

    def _read(self, dotted: str) -> tuple[str, str] | None:
        name = dotted.rpartition(".")[2]
        if not re.fullmatch(r"[A-Za-z_]\w{0,80}", name):
            return None
        for path in self._paths(dotted[: -len(name) - 1]):
            module = self._file.sibling(path)
            if module is None or module.path == self._file.path:
                continue
            try:
                text = decode(module.read(MAX_MODULE))
            except Unreadable:
                return None
            bound = list(re.finditer(_BOUND.format(name=name), text))
            plain = _TEXT.fullmatch(bound[0]["value"].strip()) if len(bound) == 1 else None
            if plain is None:
                return None
            at = Location(module.path, text.count("\n", 0, bound[0].start()) + 1)
            return plain["text"], f"{at}: {bound[0][0].strip()[:200]}"
        return None

    def _paths(self, module: str) -> list[str]:
        """Where a module (`..pkg.consts`, `..`, `pkg.consts`) may lie, relative to the folder of
        the file.
        """
        level = len(module) - len(module.lstrip("."))
        parts = [part for part in module.strip(".").split(".") if part]
        up = "../" * (level - 1)
        if not level:
            folders = self._file.folder.split("/")
            if not parts:
                return []
            if parts[0] in folders:
                up = "../" * (
                    len(folders) - max(n for n, name in enumerate(folders) if name == parts[0])
                )
        path = up + "/".join(parts)
        return [f"{path}.py", f"{path}/__init__.py"] if parts else [f"{up}__init__.py"]
