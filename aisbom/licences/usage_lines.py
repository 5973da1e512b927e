"""A usage text that was taken over with the file: `python -m other.tool.run` at the top of a
`run.py` that lies in no folder `other`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aisbom.licences.code_addresses import code_starts

HEAD = 8 * 1024
_RUN = re.compile(rb"\bpython3?(?:\.\d+)? -m ([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,12})")


class Usage(NamedTuple):
    """A line (from 1) that calls the file by the name of another module."""

    line: int
    module: str


def foreign(path: str, data: bytes) -> Usage | None:
    """The module of another package by which the text above all code of a Python file calls this
    very file; None where it is called by a name of its own folders.
    """
    if not path.endswith(".py") or b" -m " not in data[:HEAD]:
        return None
    *folders, name = path.split("/")
    for found in _RUN.finditer(data, 0, min(HEAD, code_starts(data))):
        module = found[1].decode("ascii")
        first, *_, last = module.split(".")
        if f"{last}.py" == name and first not in folders:
            return Usage(data.count(b"\n", 0, found.start()) + 1, module)
    return None
