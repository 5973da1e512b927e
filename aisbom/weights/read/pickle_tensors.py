"""Tensors of torch in a pickle: the calls that say "a view on this storage", and every such view
inside what a pickle would build.
"""

from __future__ import annotations

from typing import Any

from aisbom.weights.read.pickle_records import CallRecord, Global, Storage, Tensor, fill_pairs

MAX_LETTERS = 256 * 1024 * 1024

_STORAGES = {
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "DoubleStorage": "F64",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
    "ComplexFloatStorage": "C64",
    "ComplexDoubleStorage": "C128",
    "QInt8Storage": "I8",
    "QUInt8Storage": "U8",
    "QInt32Storage": "I32",
    "UntypedStorage": "U8",
}
_DTYPES = {
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float64": "F64",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "bool": "BOOL",
    "complex64": "C64",
    "complex128": "C128",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ",
    "float8_e8m0fnu": "F8_E8M0",
}


def persistent(identity: object) -> Storage | None:
    """The storage that a persistent id of torch stands for, None for any other."""
    if not isinstance(identity, tuple) or len(identity) < 5 or identity[0] != "storage":
        return None
    kind, key, count = identity[1], identity[2], identity[4]
    name = (
        kind.name
        if isinstance(kind, Global)
        else kind.rpartition(".")[2]
        if isinstance(kind, str)
        else ""
    )
    if not isinstance(key, str) or not _natural(count):
        return None
    return Storage(key, _STORAGES.get(name, ""), count)


def _tensor(arguments: tuple[Any, ...], dtype: str = "") -> Tensor | None:
    if len(arguments) < 4:
        return None
    storage, offset, shape, strides = arguments[:4]
    if not isinstance(storage, Storage) or not _natural(offset):
        return None
    shape, strides = _numbers(shape), _numbers(strides)
    if shape is None or strides is None or len(shape) != len(strides):
        return None
    return Tensor(storage, dtype or storage.dtype, offset, shape, strides)


def _tensor_v3(arguments: tuple[Any, ...]) -> Tensor | None:
    if (
        len(arguments) < 7
        or not isinstance(arguments[6], Global)
        or arguments[6].name not in _DTYPES
    ):
        return None
    return _tensor(arguments, _DTYPES[arguments[6].name])


def _parameter(arguments: tuple[Any, ...]) -> Tensor | None:
    return arguments[0] if arguments and isinstance(arguments[0], Tensor) else None


def _size(arguments: tuple[Any, ...]) -> tuple[int, ...] | None:
    return _numbers(arguments[0]) if len(arguments) == 1 else None


def _read_ordered_dict(arguments: tuple[Any, ...]) -> dict[Any, Any] | None:
    if not arguments:
        return {}
    pairs = arguments[0]
    if isinstance(pairs, dict):
        return dict(pairs)
    if isinstance(pairs, list) and all(
        isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs
    ):
        return fill_pairs({}, [item for pair in pairs for item in pair])
    return None


KNOWN: dict[tuple[str, str], Any] = {
    ("torch._utils", "_rebuild_tensor"): _tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_tensor_v3"): _tensor_v3,
    ("torch._utils", "_rebuild_qtensor"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): _parameter,
    ("torch", "Size"): _size,
    ("collections", "OrderedDict"): _read_ordered_dict,
    ("collections", "defaultdict"): lambda _: {},
    ("builtins", "set"): lambda given: (
        list(given[0]) if given and isinstance(given[0], list | tuple) else []
    ),
    ("__builtin__", "set"): lambda given: (
        list(given[0]) if given and isinstance(given[0], list | tuple) else []
    ),
}


def _numbers(value: object) -> tuple[int, ...] | None:
    if (
        isinstance(value, tuple | list)
        and len(value) <= 64
        and all(_natural(item) for item in value)
    ):
        return tuple(value)
    return None


def _natural(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def tensors(value: object, most: int) -> list[tuple[str, Tensor]]:
    """(dotted name, tensor) of everything inside `value`, without recursion and without visiting
    anything twice.

    The inner tables of a module (`_parameters`, `_buffers`, `_modules`) add nothing to a name.
    Raises ValueError for more than `most`.
    """
    found: list[tuple[str, Tensor]] = []
    seen: set[int] = set()
    stack: list[tuple[str, object, int]] = [("", value, 0)]
    letters = 0
    while stack:
        name, item, depth = stack.pop()
        if isinstance(item, Tensor):
            found.append((name or "tensor", item))
            if len(found) > most:
                raise ValueError(f"more than {most:,} tensors")
            continue
        if not isinstance(item, dict | list | tuple | CallRecord) or not item or id(item) in seen:
            continue
        seen.add(id(item))
        if depth > 200 or len(name) > 2000:
            raise ValueError("nested too deeply")
        if isinstance(item, CallRecord):
            children: list[tuple[object, object]] = [("", item.state)]
            if isinstance(item.arguments, tuple):
                children += [("", argument) for argument in item.arguments]
        elif isinstance(item, dict):
            children = list(item.items())
        else:
            children = list(enumerate(item))
        for key, child in reversed(children):
            if not isinstance(child, Tensor | dict | list | tuple | CallRecord):
                continue
            letters += len(name)
            if letters > MAX_LETTERS:
                raise ValueError(f"names of more than {MAX_LETTERS:,} letters")
            word = "" if key in ("_parameters", "_buffers", "_modules") else str(key)[:500]
            stack.append((f"{name}.{word}" if name and word else name or word, child, depth + 1))
    return found
