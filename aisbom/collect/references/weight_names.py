"""Files of weights by their names alone (`load_from = "ckpts/norae_pan_r50.pth"`): which release a
file is, only a name of its own tells (`norae_pan_r50`), and `model.pth` or `epoch_12.pth` tells
nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from aisbom.collect.models.hub_names import hub_id, is_weights, weight_file
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.python_names import Call
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Observation, Row

_LOADS = ("load", "init", "restore", "resume", "build", "safe_open")
_NO_READING = ("save", "upload", "export", "write", "dump", "exist", "remove")
_WRITES = ("save", "export", "write", "dump")
_OTHERS = ("Path", "Argument", "argument", "Image", "Error", "Warning")
_END = (
    rb"\.(?:pth?|pyth|ckpt|safetensors|gguf|onnx|jit|nemo|pdparams|tflite|th|bin|mnn|rknn"
    rb"|caffemodel|weights)['\"]"
)
_ENDS = compile_later(_END)
"""What begins with a dot is found a hundred times as fast as what begins with any word."""
_LITERAL = compile_later(rb"[\w\-.]{3,120}" + _END)
_IN_RELEASE = compile_later(rb"\d[bB][\w\-.]{0,40}/[\w\-.]{1,120}" + _END)
"""`Norae2-7B/pytorch_model.bin`: the folder tells, where the file has anybody's name."""


def in_bytes(data: bytes) -> bool:
    """Whether a text of a source file ends on a name of weights that tells which they are."""
    return _ENDS.search(data) is not None and (
        any(weight_file(match[0][:-1].decode("ascii")) for match in _LITERAL.finditer(data))
        or _IN_RELEASE.search(data) is not None
    )


def of_call(module: Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """The files that a call of one's own, or of a package without a table, loads."""
    last = call.name.rpartition(".")[2]
    if not _reads(last):
        return
    for node in _flat(call.node.args[:4]):
        for path, line in _paths(module, call, node):
            at, words = place(line)
            if is_weights(path) and not weight_file(path):
                yield from source.read_path_hint(path, at, words, loader=last)
            else:
                yield from source.file(path, at, words, loader=last)


def _flat(nodes: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """The expressions, and in place of a list of paths its items."""
    for node in nodes:
        if isinstance(node, ast.List | ast.Tuple):
            yield from _flat(node.elts[:32])
        else:
            yield node


def find_written(module: Module) -> frozenset[str]:
    """The variables that a call which writes gets, and none that loads: `onnx.export(net, x, path)`
    makes what lies at `path`.
    """
    written: set[str] = set()
    read: set[str] = set()
    for call in module.calls:
        last = call.name.rpartition(".")[2].lower()
        given = {node.id for node in call.node.args if isinstance(node, ast.Name)}
        if any(word in last for word in _WRITES):
            written |= given
        elif any(word in last for word in _LOADS):
            read |= given
    return frozenset(written - read)


def _written_files(module: Module) -> Iterator[str]:
    """The names of files that calls write: `torch.save(net, os.path.join(folder, "states.pt"))`,
    `open(path, "wb")`. What a program writes itself it may read again, and it is nobody's release.
    """
    called = [call.name.rpartition(".")[2].lower() for call in module.calls]
    saves = any(word in last for last in called for word in ("save", "dump"))
    for call, last in zip(module.calls, called, strict=True):
        modes = [node.value for node in call.node.args[1:2] if isinstance(node, ast.Constant)]
        # Into what is only opened to be written, a download may go.
        opens = saves and last == "open" and any(str(mode)[:1] in ("w", "x") for mode in modes)
        if not opens and not any(word in last for word in _WRITES):
            continue
        given = [*call.node.args[:4], *(keyword.value for keyword in call.node.keywords[:8])]
        for node in given:
            bound = module.bound(node, call.scope) if isinstance(node, ast.Name) else [node]
            yield from filter(None, (weight_file(_end_of_path(one)) for one in bound))


def _end_of_path(node: ast.AST) -> str:
    """The end of a path that code puts together, where it is a text; else `""`."""
    if isinstance(node, ast.Call) and node.args:
        joins = ast.unparse(node.func).endswith("join")
        return _end_of_path(node.args[-1]) if joins or len(node.args) == 1 else ""
    if isinstance(node, ast.BinOp):
        return _end_of_path(node.right)
    if isinstance(node, ast.JoinedStr) and node.values:
        return _end_of_path(node.values[-1])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def read_path_call(node: ast.expr) -> str:
    """The path that a function makes absolute or turns into an object, of which the end of one that
    is put together tells the file: `make_abs_path("../a.pth")`, `Path(f"{x}/a.pth")`; else `""`.
    """
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return ""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if "path" not in called.lower():
        return ""
    given = node.args[0]
    if isinstance(given, ast.JoinedStr) and given.values:
        given = given.values[-1]
    text = given.value if isinstance(given, ast.Constant) else ""
    return text if isinstance(text, str) else ""


def _reads(name: str) -> bool:
    """Whether a function is called as what reads weights is: `init_detector`, `Session`."""
    lower = name.lower()
    reads = name[:1].isupper() or any(word in lower for word in _LOADS)
    return reads and not name.endswith(_OTHERS) and not any(word in lower for word in _NO_READING)


def without_others(module: Module, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows without files that a call gets together with the id of a repository, from which they
    are taken, and without those that the module writes itself.
    """
    files = {row.name for row in rows if isinstance(row, Observation) and _is_file(row)}
    taken = {*_beside_ids(module), *_written_files(module)} if files else set()
    for row in rows:
        if not isinstance(row, Observation) or not _is_file(row) or row.name not in taken:
            yield row


def _is_file(row: Observation) -> bool:
    return row.fact("named-by") == "file"


def _beside_ids(module: Module) -> Iterator[str]:
    for call in module.calls:
        given = [*call.node.args[:4], *(keyword.value for keyword in call.node.keywords[:8])]
        found = [text.value for node in given for text in module.texts(node, call.scope)]
        if any(map(hub_id, found)):
            yield from filter(None, map(weight_file, found))


def _paths(module: Module, call: Call, node: ast.expr) -> Iterator[tuple[str, int]]:
    """What an argument stands for, where that is settled; else the end of a path that is not."""
    texts = module.texts(node, call.scope)
    if len(texts) == 1:
        yield texts[0].value, texts[0].line
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
        end = str(node.values[-1].value)
        if end.startswith("/"):
            yield end, node.lineno
