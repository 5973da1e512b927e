"""A pickle walked opcode by opcode: what it would build, as plain data, with nothing imported, called or run.

Only tuples, lists, dicts, sets, texts and numbers are built. A global is a name; a call of one is a record of that call, except for the
few functions of torch that say "a tensor of this storage, offset, shape and strides", which become that record.
"""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any, cast

MAX_OPCODES = 5_000_000
MAX_PICKLE = 64 * 1024 * 1024
MAX_LETTERS = 256 * 1024 * 1024
_MARK = object()


@dataclass(frozen=True, slots=True)
class Global:
    """A class or function by name."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"[:120]


@dataclass(slots=True, eq=False)
class Called:
    """What a call, or the building of an object, would have given; `state` is what would have been set on it."""

    function: object
    arguments: object
    state: object = None


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes that several tensors may share; `dtype` in safetensors' words, `""` where not known; `count` in elements of it."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A view on a storage, in elements."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass
class Walked:
    """What a pickle would give, every global it names or calls, and the storages it refers to (in order, each once)."""

    value: object = None
    named: dict[str, Global] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    called: dict[str, Global] = field(default_factory=dict)


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

# Modules through which a pickle reaches the system; a name from one of these has no business among weights.
_DANGEROUS = frozenset(
    [
        "_posixsubprocess",
        "_pickle",
        "asyncio",
        "bdb",
        "cloudpickle",
        "code",
        "codeop",
        "cProfile",
        "commands",
        "ctypes",
        "dill",
        "distutils",
        "functools",
        "gc",
        "http",
        "httplib",
        "imp",
        "importlib",
        "inspect",
        "io",
        "joblib",
        "marshal",
        "multiprocessing",
        "nt",
        "ntpath",
        "numpy.testing",
        "operator",
        "os",
        "pathlib",
        "pdb",
        "pickle",
        "pip",
        "pkgutil",
        "platform",
        "popen2",
        "posix",
        "posixpath",
        "profile",
        "pty",
        "pydoc",
        "requests",
        "runpy",
        "setuptools",
        "shelve",
        "shutil",
        "signal",
        "site",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "timeit",
        "trace",
        "types",
        "urllib",
        "urllib2",
        "uuid",
        "venv",
        "webbrowser",
        "zipimport",
    ]
)
_BUILTINS = frozenset({"builtins", "__builtin__", "__builtins__"})
_HARMLESS_BUILTINS = frozenset(
    {
        "set",
        "frozenset",
        "list",
        "dict",
        "tuple",
        "int",
        "float",
        "complex",
        "bool",
        "str",
        "bytes",
        "bytearray",
        "slice",
        "range",
        "object",
        "long",
        "unicode",
    }
)
_DANGEROUS_TORCH = frozenset(
    {"torch.load", "torch.hub.load", "torch.jit.load", "torch.serialization.load", "torch.utils.cpp_extension.load"}
)


def dangerous(found: Global) -> bool:
    """Whether a name reaches the system or the interpreter rather than data."""
    if found.module in _BUILTINS:
        return found.name.partition(".")[0] not in _HARMLESS_BUILTINS
    parts = found.module.split(".")
    full = f"{found.module}.{found.name}"
    return (
        parts[0] in _DANGEROUS
        or ".".join(parts[:2]) in _DANGEROUS
        or full in _DANGEROUS_TORCH
        or full.startswith(("torch.hub.", "torch.utils.cpp_extension."))
        # A dotted name walks from a harmless module to whatever that has imported.
        or ("." in found.name and bool(set(found.name.split(".")) & _DANGEROUS))
    )


def usual(found: Global) -> bool:
    """Whether a name belongs to what torch and numpy write by themselves."""
    return found.module.partition(".")[0] in ("torch", "numpy", "collections", "_codecs", "__torch__", "copyreg", "copy_reg") or (
        found.module in _BUILTINS and not dangerous(found)
    )


def walk(stream: object, walked: Walked) -> None:
    """Follow one pickle to its STOP and put what it builds into `walked`; the stream then stands behind it.

    Raises ValueError for a broken one or one of more than MAX_OPCODES. What was seen before that is in `walked` all the same.
    """
    try:
        _follow(stream, walked)
    except ValueError as error:
        found = [note for note in notes(walked) if note.startswith("contains")][:3]
        raise ValueError("; ".join([*found, f"broken pickle: {error}"])) from error


def _follow(stream: object, walked: Walked) -> None:
    machine = _Machine(walked)
    count = 0
    try:
        for opcode, argument, _ in pickletools.genops(cast(IO[bytes], stream)):
            count += 1
            if count > MAX_OPCODES:
                raise ValueError(f"a pickle of more than {MAX_OPCODES:,} opcodes")
            machine.step(opcode.name, argument)
    except (IndexError, KeyError, TypeError, struct.error, OverflowError, AttributeError, MemoryError) as error:
        raise ValueError(f"{type(error).__name__} at opcode {count}") from error
    walked.value = machine.stack[-1] if machine.stack else None


class _Machine:
    def __init__(self, walked: Walked) -> None:
        self.walked = walked
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.copied = 0

    def step(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name in _PUSHED:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[argument])
        elif name == "MARK":
            stack.append(_MARK)
        elif name == "EMPTY_DICT":
            stack.append({})
        elif name in ("EMPTY_LIST", "EMPTY_SET"):
            stack.append([])
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            self._replace(int(name[-1]))
        elif name == "TUPLE":
            stack.append(tuple(self._marked()))
        elif name in ("LIST", "FROZENSET"):
            stack.append(self._marked())
        elif name == "DICT":
            stack.append(_paired({}, self._marked()))
        elif name == "SETITEM":
            value, key = stack.pop(), stack.pop()
            _fill(stack[-1], [key, value])
        elif name == "SETITEMS":
            items = self._marked()
            _fill(stack[-1], items)
        elif name == "APPEND":
            value = stack.pop()
            _extend(stack[-1], [value])
        elif name in ("APPENDS", "ADDITEMS"):
            items = self._marked()
            _extend(stack[-1], items)
        elif name == "GLOBAL":
            module, _, attribute = argument.partition(" ")
            stack.append(self._global(module, attribute))
        elif name == "STACK_GLOBAL":
            attribute, module = stack.pop(), stack.pop()
            stack.append(self._global(str(module) if isinstance(module, str) else "?", attribute if isinstance(attribute, str) else "?"))
        elif name in ("EXT1", "EXT2", "EXT4"):
            stack.append(self._global("copyreg", f"extension {argument}"))
        elif name == "INST":
            module, _, attribute = argument.partition(" ")
            arguments = tuple(self._marked())
            stack.append(self._call(self._global(module, attribute), arguments))
        elif name == "OBJ":
            first, *rest = self._marked()
            stack.append(self._call(first, tuple(rest)))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, function = stack.pop(), stack.pop()
            stack.append(self._call(function, arguments))
        elif name == "NEWOBJ_EX":
            _, arguments, function = stack.pop(), stack.pop(), stack.pop()
            stack.append(self._call(function, arguments))
        elif name == "BUILD":
            state = stack.pop()
            self._build(stack[-1], state)
        elif name == "BINPERSID":
            storage = _persistent(stack.pop())
            if storage is not None:
                self.walked.storages.setdefault(storage.key, storage)
            stack.append(storage)
        elif name == "PERSID":
            stack.append(None)
        elif name == "DUP":
            stack.append(stack[-1])
        elif name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            self._marked()
        elif name not in ("PROTO", "FRAME", "STOP", "NEXT_BUFFER", "READONLY_BUFFER"):
            raise ValueError(f"a pickle with the unknown opcode {name}")

    def _marked(self) -> list[Any]:
        at = len(self.stack) - 1
        while self.stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise ValueError("no mark")
        items = self.stack[at + 1 :]
        del self.stack[at:]
        return items

    def _replace(self, count: int) -> None:
        if len(self.stack) < count:
            raise ValueError("the stack is empty")
        items = tuple(self.stack[-count:])
        del self.stack[-count:]
        self.stack.append(items)

    def _global(self, module: str, name: str) -> Global:
        found = Global(module[:200], name[:200])
        self.walked.named.setdefault(str(found), found)
        return found

    def _call(self, function: object, arguments: object) -> object:
        if isinstance(function, Global):
            self.walked.called.setdefault(str(function), function)
            given = arguments if isinstance(arguments, tuple) else ()
            known = _KNOWN.get((function.module, function.name))
            if known is not None:
                # One long list may be handed to many calls: it is the sum of copies that has to end.
                self.copied += sum(len(item) for item in given[:1] if isinstance(item, list | tuple | dict))
                if self.copied > MAX_OPCODES:
                    raise ValueError("copies one list over and over")
                found = known(given)
                if found is not None:
                    return found
            if (function.module, function.name) == ("torch._tensor", "_rebuild_from_type_v2") and len(given) == 4:
                return self._call(given[0], given[2])
        return Called(function, arguments)

    def _build(self, target: object, state: object) -> None:
        if isinstance(target, Called):
            target.state = state
        elif isinstance(target, dict) and isinstance(state, dict):
            # A subclass of dict with attributes of its own: `_metadata` of a state dict.
            return


def _persistent(identity: object) -> Storage | None:
    if not isinstance(identity, tuple) or len(identity) < 5 or identity[0] != "storage":
        return None
    kind, key, count = identity[1], identity[2], identity[4]
    name = kind.name if isinstance(kind, Global) else kind.rpartition(".")[2] if isinstance(kind, str) else ""
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
    if len(arguments) < 7 or not isinstance(arguments[6], Global) or arguments[6].name not in _DTYPES:
        return None
    return _tensor(arguments, _DTYPES[arguments[6].name])


def _parameter(arguments: tuple[Any, ...]) -> Tensor | None:
    return arguments[0] if arguments and isinstance(arguments[0], Tensor) else None


def _size(arguments: tuple[Any, ...]) -> tuple[int, ...] | None:
    return _numbers(arguments[0]) if len(arguments) == 1 else None


def _ordered(arguments: tuple[Any, ...]) -> dict[Any, Any] | None:
    if not arguments:
        return {}
    pairs = arguments[0]
    if isinstance(pairs, dict):
        return dict(pairs)
    if isinstance(pairs, list) and all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        return _paired({}, [item for pair in pairs for item in pair])
    return None


_KNOWN: dict[tuple[str, str], Any] = {
    ("torch._utils", "_rebuild_tensor"): _tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_tensor_v3"): _tensor_v3,
    ("torch._utils", "_rebuild_qtensor"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): _parameter,
    ("torch", "Size"): _size,
    ("collections", "OrderedDict"): _ordered,
    ("collections", "defaultdict"): lambda _: {},
    ("builtins", "set"): lambda given: list(given[0]) if given and isinstance(given[0], list | tuple) else [],
    ("__builtin__", "set"): lambda given: list(given[0]) if given and isinstance(given[0], list | tuple) else [],
}

_PUSHED = frozenset(
    [
        "INT",
        "BININT",
        "BININT1",
        "BININT2",
        "LONG",
        "LONG1",
        "LONG4",
        "STRING",
        "BINSTRING",
        "SHORT_BINSTRING",
        "BINBYTES",
        "SHORT_BINBYTES",
        "BINBYTES8",
        "BYTEARRAY8",
        "UNICODE",
        "SHORT_BINUNICODE",
        "BINUNICODE",
        "BINUNICODE8",
        "FLOAT",
        "BINFLOAT",
    ]
)
_CONSTANTS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}


def _numbers(value: object) -> tuple[int, ...] | None:
    if isinstance(value, tuple | list) and len(value) <= 64 and all(_natural(item) for item in value):
        return tuple(value)
    return None


def _natural(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _fill(target: object, items: list[Any]) -> None:
    if isinstance(target, Called):
        if not isinstance(target.state, dict):
            target.state = {}
        target = target.state
    if isinstance(target, dict):
        _paired(target, items)


def _paired(target: dict[Any, Any], items: Iterable[Any]) -> dict[Any, Any]:
    """Keys that are no texts or numbers (hashing a nested tuple can take for ever) become the place they came at."""
    every = list(items)
    for key, value in zip(every[::2], every[1::2], strict=False):
        target[key if isinstance(key, str | int | float | bytes) else f"#{len(target)}"] = value
    return target


def _extend(target: object, items: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(items)
    elif isinstance(target, Called):
        if not isinstance(target.state, list):
            target.state = []
        target.state.extend(items)


def tensors(value: object, most: int) -> list[tuple[str, Tensor]]:
    """(dotted name, tensor) of everything inside `value`, without recursion and without visiting anything twice.

    The inner tables of a module (`_parameters`, `_buffers`, `_modules`) add nothing to a name. Raises ValueError for more than `most`.
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
        if not isinstance(item, dict | list | tuple | Called) or not item or id(item) in seen:
            continue
        seen.add(id(item))
        if depth > 200 or len(name) > 2000:
            raise ValueError("nested too deeply")
        if isinstance(item, Called):
            children: list[tuple[object, object]] = [("", item.state)]
            if isinstance(item.arguments, tuple):
                children += [("", argument) for argument in item.arguments]
        elif isinstance(item, dict):
            children = list(item.items())
        else:
            children = list(enumerate(item))
        for key, child in reversed(children):
            if not isinstance(child, Tensor | dict | list | tuple | Called):
                continue
            letters += len(name)
            if letters > MAX_LETTERS:
                raise ValueError(f"names of more than {MAX_LETTERS:,} letters")
            word = "" if key in ("_parameters", "_buffers", "_modules") else str(key)[:500]
            stack.append((f"{name}.{word}" if name and word else name or word, child, depth + 1))
    return found


def notes(walked: Walked) -> list[str]:
    """What a reader of the file should know of the names in it: dangerous calls first, then names that are neither torch's nor numpy's."""
    bad = [f"contains a call to {found}: listed, never run" for found in walked.called.values() if dangerous(found)]
    bad += [f"names {found}: listed, never run" for key, found in walked.named.items() if dangerous(found) and key not in walked.called]
    odd = [str(found) for found in walked.named.values() if not dangerous(found) and not usual(found)]
    return bad + [f"names the class or function {name}: not imported" for name in odd[:100]]
