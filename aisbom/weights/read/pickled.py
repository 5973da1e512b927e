"""A pickle walked opcode by opcode: what it would build, as plain data, with nothing imported,
called or run.

Only tuples, lists, dicts, sets, texts and numbers are built. A global is a name; a call of one is a
record of that call, except for the few functions of torch that say "a tensor of this storage,
offset, shape and strides", which become that record.
"""

from __future__ import annotations

import pickletools
import struct
from typing import IO, Any, cast

from aisbom.weights.read import joblib_arrays
from aisbom.weights.read.pickle_names import calls
from aisbom.weights.read.pickle_records import Called, Global, Walked, paired
from aisbom.weights.read.pickle_tensors import KNOWN, persistent
from aisbom.weights.read.stored import Runs

MAX_OPCODES = 5_000_000
MAX_PICKLE = 64 * 1024 * 1024
_MARK = object()


def walk(stream: object, walked: Walked) -> None:
    """Follow one pickle to its STOP and put what it builds into `walked`; the stream then stands
    behind it.

    Raises ValueError for a broken one or one of more than MAX_OPCODES. What was seen before that is
    in `walked` all the same.
    """
    try:
        _follow(stream, walked)
    except ValueError as error:
        if found := calls(walked):
            raise Runs(found, f"broken pickle: {error}") from error
        raise ValueError(f"broken pickle: {error}") from error


def _follow(stream: object, walked: Walked) -> None:
    machine = _Machine(walked, cast(IO[bytes], stream))
    count = 0
    try:
        for opcode, argument, _ in pickletools.genops(cast(IO[bytes], stream)):
            count += 1
            if count > MAX_OPCODES:
                raise ValueError(f"a pickle of more than {MAX_OPCODES:,} opcodes")
            machine.step(opcode.name, argument)
    except (
        IndexError,
        KeyError,
        TypeError,
        struct.error,
        OverflowError,
        AttributeError,
        MemoryError,
    ) as error:
        raise ValueError(f"{type(error).__name__} at opcode {count}") from error
    walked.value = machine.stack[-1] if machine.stack else None


class _Machine:
    def __init__(self, walked: Walked, stream: IO[bytes]) -> None:
        self.walked = walked
        self.stream = stream
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.copied = 0

    def step(self, name: str, argument: Any) -> None:  # noqa: C901, PLR0912, PLR0915
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
            stack.append(paired({}, self._marked()))
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
            stack.append(
                self._global(
                    str(module) if isinstance(module, str) else "?",
                    attribute if isinstance(attribute, str) else "?",
                )
            )
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
            storage = persistent(stack.pop())
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
            known = KNOWN.get((function.module, function.name))
            if known is not None:
                # One long list may be handed to many calls: it is the sum of copies that has to
                # end.
                self.copied += sum(
                    len(item) for item in given[:1] if isinstance(item, list | tuple | dict)
                )
                if self.copied > MAX_OPCODES:
                    raise ValueError("copies one list over and over")
                found = known(given)
                if found is not None:
                    return found
            if (function.module, function.name) == (
                "torch._tensor",
                "_rebuild_from_type_v2",
            ) and len(given) == 4:
                return self._call(given[0], given[2])
        return Called(function, arguments)

    def _build(self, target: object, state: object) -> None:
        if isinstance(target, Called):
            target.state = state
            if target.function == joblib_arrays.WRAPPER:
                self._pass(target)
        elif isinstance(target, dict) and isinstance(state, dict):
            # A subclass of dict with attributes of its own: `_metadata` of a state dict.
            return

    def _pass(self, wrapper: Called) -> None:
        """Go behind the values of an array, which joblib puts where the next opcode would stand."""
        state = wrapper.state if isinstance(wrapper.state, dict) else {}
        count = joblib_arrays.size(state.get("shape"), state.get("dtype"))
        if count is None:
            inner = Walked(
                named=self.walked.named, storages=self.walked.storages, called=self.walked.called
            )
            _follow(self.stream, inner)
            wrapper.state = inner.value
            return
        if state.get("numpy_array_alignment_bytes") is not None:
            padding = self.stream.read(1)
            self.stream.seek(padding[0] if padding else 0, 1)
        wrapper.place = self.stream.tell()
        self.stream.seek(count, 1)


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


def _fill(target: object, items: list[Any]) -> None:
    if isinstance(target, Called):
        if not isinstance(target.state, dict):
            target.state = {}
        target = target.state
    if isinstance(target, dict):
        paired(target, items)


def _extend(target: object, items: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(items)
    elif isinstance(target, Called):
        if not isinstance(target.state, list):
            target.state = []
        target.state.extend(items)
