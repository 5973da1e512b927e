"""Keras models: layers that run code of their own, and classes and functions by name.

A configuration is read as JSON, from `config.json` of a `.keras` file or from the attribute
`model_config` of an HDF5 file; no layer is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aisbom.weights.read.source import Source
from aisbom.weights.read.zips import Zip
from aisbom.weights.unsafe.examined import Examination

MAX_CONFIG = 64 * 1024 * 1024
MAX_SCANNED = 1024 * 1024 * 1024
"""How much of an HDF5 file is searched for its configuration."""

_CHUNK = 8 * 1024 * 1024
_OVERLAP = 256
_MAX_DEPTH = 200
_KEY = b'"class_name"'
_OWN = ("keras", "tensorflow", "tf_keras")
_PLAIN = frozenset({"builtins"})
_LAMBDA = "Lambda"


def examine_archive(directory: Zip, found: Examination) -> None:
    """A `.keras` file."""
    for member in directory.every:
        if member.name.rpartition("/")[2] != "config.json":
            continue
        try:
            inner = directory.open(member)
            if inner.size > MAX_CONFIG:
                raise ValueError(f"a configuration of more than {MAX_CONFIG:,} bytes")
            _config(json.loads(inner.read_at(0, inner.size)), found, dotted=True)
        except (ValueError, RecursionError) as error:
            found.miss(f"the configuration of a Keras model cannot be read ({_short(error)})")


def examine_hdf5(source: Source, found: Examination) -> None:
    """The configurations in an HDF5 file: texts, wherever in the file they lie."""
    for start in _starts(source, found):
        text = source.read_at(start, min(MAX_CONFIG, source.size - start))
        words = text.decode("utf-8", "replace")
        try:
            config, _ = json.JSONDecoder().raw_decode(words)
        except (ValueError, RecursionError):
            if "Lambda" in words[:MAX_CONFIG] or "\\u00" in words[:100_000]:
                found.add("keras", "a Lambda layer, in a configuration that is not in one piece")
            else:
                found.miss("the configuration of a Keras model is not in one piece")
            return
        _config(config, found, dotted=False)


def _starts(source: Source, found: Examination) -> Iterator[int]:
    """Where the first configuration begins: at the brace before the first class."""
    end = min(source.size, MAX_SCANNED)
    at = 0
    while at < end:
        block = source.read_at(at, min(_CHUNK + _OVERLAP, source.size - at))
        seen = block.find(_KEY)
        if seen >= 0:
            begin = max(0, at + seen - 4096)
            before = source.read_at(begin, at + seen - begin)
            opened = before.rfind(b"\0")
            brace = before.find(b"{", opened + 1)
            yield begin + (brace if brace >= 0 else max(0, before.rfind(b"{")))
            return
        at += _CHUNK
    if source.size > end:
        found.miss(f"only the first {MAX_SCANNED:,} bytes were searched for its layers")


def _config(config: Any, found: Examination, dotted: bool) -> None:
    """`dotted`: classes are found by their module, as Keras 3 does; else by a name that the loader
    has to know.
    """
    stack = [(config, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > _MAX_DEPTH:
            found.miss("the configuration of a Keras model is nested too deeply")
            return
        if isinstance(item, list):
            stack += [(child, depth + 1) for child in reversed(item)]
        elif isinstance(item, dict):
            _class(item, found, dotted)
            stack += [(child, depth + 1) for child in reversed(list(item.values()))]


def _class(item: dict[str, Any], found: Examination, dotted: bool) -> None:
    name, module = item.get("class_name"), item.get("module")
    if not isinstance(name, str):
        return
    registered = item.get("registered_name")
    if name == _LAMBDA or (isinstance(registered, str) and registered == _LAMBDA):
        inner = item.get("config")
        layer = inner.get("name") if isinstance(inner, dict) else None
        found.add("keras", f"runs the code of a Lambda layer {_escape_value(layer)}".rstrip())
    elif name == "__lambda__":
        found.add("keras", "holds the bytes of a function")
    elif isinstance(module, str) and module and not _harmless(module, name):
        whole = item.get("config") if name == "function" else name
        found.add("keras", f"imports {_escape_value(module)}.{_escape_value(whole)}")
    elif dotted and _foreign(registered):
        found.add("keras", f"asks for the class {_escape_value(registered)}")


def _foreign(registered: object) -> bool:
    """Whether a class was registered under a package that is not Keras's: `package>Class`."""
    package, separator, _ = str(registered).partition(">")
    return bool(separator) and package not in _OWN


def _harmless(module: str, name: str) -> bool:
    if name == "function":
        # A function is looked up in its module: only Keras's own are known to compute.
        return module.partition(".")[0] in _OWN
    if module in _PLAIN:
        return name in ("dict", "list", "tuple", "set", "int", "float", "str", "bool", "bytes")
    return module.partition(".")[0] in _OWN


def examine_graph(source: Source, found: Examination) -> None:
    """A SavedModel or a frozen graph of TensorFlow: operators that reach files or Python, and the
    layers its metadata name.
    """
    end = min(source.size, MAX_SCANNED)
    at = 0
    while at < end:
        block = source.read_at(at, min(_CHUNK + _OVERLAP, source.size - at))
        for operator in _OPERATORS:
            # Field 2 of a NodeDef: the name of its operator behind its length.
            if b"\x12" + bytes([len(operator)]) + operator in block:
                found.add("operator", f"runs {operator.decode()}")
        if b'"class_name": "Lambda"' in block or b'"class_name":"Lambda"' in block:
            found.add("keras", "runs the code of a Lambda layer")
        at += _CHUNK
    if source.size > end:
        found.miss(f"only the first {MAX_SCANNED:,} bytes were searched for operators")


_OPERATORS = (
    b"PyFunc",
    b"PyFuncStateless",
    b"EagerPyFunc",
    b"ReadFile",
    b"WriteFile",
    b"MatchingFiles",
    b"ImmutableConst",
    b"DebugIdentity",
    b"DebugIdentityV2",
    b"DebugIdentityV3",
)
"""Operators of TensorFlow that call Python, or read and write files and addresses by name."""


def _escape_value(value: object) -> str:
    words = value if isinstance(value, str) else ""
    words = words if words.isascii() and words.isprintable() else ascii(words)[1:-1]
    return words[:80]


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
