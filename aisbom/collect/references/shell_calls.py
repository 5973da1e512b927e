"""Commands that Python code gives to a shell: `os.system(f"wget {address}")`,
`subprocess.run(["huggingface-cli", "download", "owner/name"])`. They are read like a script.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product

from aisbom.collect.references.command_lines import Locator, logical, references
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.python_names import Call
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Row

_SHELLS = frozenset(
    {
        *("os.system", "os.popen", "subprocess.getoutput", "subprocess.run", "subprocess.call"),
        *("subprocess.check_call", "subprocess.check_output", "subprocess.Popen"),
    }
)
MAX_COMMANDS = 24
_FETCHES = compile_later(rb"\b(?:wget|curl|gdown|huggingface-cli|hf\W{1,6}download|ollama|vllm)\b")
_OPEN = "$_"
"""What stands in a command for a piece that is not settled."""


def is_relevant(data: bytes) -> bool:
    """Whether the bytes of a source file hold a command that fetches or serves."""
    return _FETCHES.search(data) is not None


def rows(module: Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """What the commands of one call of a shell fetch and serve."""
    if call.name not in _SHELLS or not call.node.args:
        return
    at, words = place(call.node.lineno)
    for command in _commands(module, call, call.node.args[0]):
        yield from references(logical(command), source, Locator(at, at.line, [words]))


def _commands(module: Module, call: Call, node: ast.expr) -> list[str]:
    if isinstance(node, ast.List | ast.Tuple):
        parts = [_pieces(module, call, part)[:1] for part in node.elts[:64]]
        return [" ".join(piece for part in parts for piece in part)]
    return _pieces(module, call, node)


def _pieces(module: Module, call: Call, node: ast.expr) -> list[str]:
    """The texts that an expression may stand for; what is not settled of an f-string stays open."""
    if not isinstance(node, ast.JoinedStr):
        return [text.value for text in module.texts(node, call.scope)][:MAX_COMMANDS] or [_OPEN]
    parts = [
        [str(part.value)]
        if isinstance(part, ast.Constant)
        else _pieces(module, call, part.value)
        if isinstance(part, ast.FormattedValue)
        else [_OPEN]
        for part in node.values
    ]
    size = 1
    for part in parts:
        size *= len(part)
    if size > MAX_COMMANDS:
        return []
    return ["".join(pieces) for pieces in product(*parts)]
