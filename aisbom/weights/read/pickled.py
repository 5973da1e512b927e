"""A pickle followed opcode by opcode as CPython's C unpickler follows it: what it would build, as
plain data, and what it would call. Nothing is imported, called or run.

Only tuples, lists, dicts, sets, texts and numbers are built. A global is a name; a call of one is a
record of that call, except for the few functions of torch that say "a tensor of this storage,
offset, shape and strides", which become that record.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aisbom.weights.read import joblib_arrays, pickle_harm
from aisbom.weights.read.pickle_arguments import ARGUMENTS, ENDED, Stream, exactly
from aisbom.weights.read.pickle_records import CallRecord, Global, PickleWalk, fill_pairs
from aisbom.weights.read.pickle_tensors import KNOWN, persistent

MAX_OPCODES = 5_000_000
MAX_PICKLE = 64 * 1024 * 1024
MAX_ARRAY = 1 << 60
MAX_NESTED = 1000
"""Values that begin as a pickle does, of which so many are kept to be looked at."""

_PICKLE = re.compile(rb"\x80[\x02-\x05]|c[\w.]+\n[\w.]+\n|\(", re.ASCII)
_TRUNCATED = (IndexError, KeyError, TypeError, struct.error, OverflowError, AttributeError)


def is_opcode(byte: bytes) -> bool:
    """Whether the unpickler does something at this byte."""
    return byte in _STEPS or byte == b"."


def walk(stream: Stream, walked: PickleWalk) -> None:
    """Follow one pickle to its STOP and put what it builds and does into `walked`; the stream then
    stands behind it.

    Raises ValueError for one that cannot be followed so far. What was seen before that is in
    `walked` all the same.
    """
    try:
        _follow(stream, walked)
    except ValueError as error:
        raise ValueError(f"broken pickle: {error}") from error


def _follow(stream: Stream, walked: PickleWalk) -> None:
    machine = _Machine(walked, stream)
    read = stream.read
    try:
        # Millions of turns: nothing is called here that need not be.
        while walked.opcodes < MAX_OPCODES:
            walked.opcodes += 1
            code = read(1)
            step = _PLAIN.get(code)
            if step is not None:
                step(machine, None)
                continue
            told = _TOLD.get(code)
            if told is None:
                if code == b".":
                    walked.value = machine.top()
                    return
                raise ValueError(f"an unknown opcode 0x{code.hex()}" if code else ENDED)
            told[0](machine, told[1](stream))
    except (*_TRUNCATED, MemoryError) as error:
        raise ValueError(f"{type(error).__name__} at opcode {walked.opcodes}") from error
    except ValueError as error:
        words = " ".join(str(error).split())[:120]
        raise ValueError(f"{words} (opcode {walked.opcodes})") from error
    raise ValueError(f"more than {MAX_OPCODES:,} opcodes in one file")


class _Machine:
    """The unpickler's state. As in C, marks are kept beside the stack: what lies below the last of
    them is out of reach until it is taken away.
    """

    def __init__(self, walked: PickleWalk, stream: Stream) -> None:
        self.walked = walked
        self.stream = stream
        self.protocol = 0
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.copied = 0
        self.guarded = False

    # --- the stack ----------------------------------------------------------------------------

    def push(self, value: Any) -> None:
        """Put a value on top."""
        self.stack.append(value)

    def top(self) -> Any:
        """The value on top. Raises IndexError where a mark or nothing is there."""
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise IndexError
        return self.stack[-1]

    def pop(self) -> Any:
        """Take the value on top."""
        value = self.top()
        del self.stack[-1]
        return value

    def pop_marked(self) -> list[Any]:
        """Take everything above the last mark, and the mark."""
        if not self.marks:
            raise ValueError("no mark")
        at = self.marks.pop()
        items = self.stack[at:]
        del self.stack[at:]
        self.hand(items)
        return items

    def forget(self) -> None:
        """Take everything above the last mark away."""
        self.pop_marked()

    def last(self, count: int) -> list[Any]:
        """Take the topmost values, lowest first."""
        items = [self.pop() for _ in range(count)][::-1]
        self.hand(items)
        return items

    def tuple_of(self, count: int) -> None:
        """Make a tuple of the topmost values."""
        self.stack.append(tuple(self.last(count)))

    def drop(self) -> None:
        """Take the value on top, or the mark if that is on top."""
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.pop()

    def hand(self, items: Any) -> None:
        """Values go into a container. What may be called with some arguments only must not reach
        another function that would call it.
        """
        if self.guarded:
            for item in items:
                if isinstance(item, Global) and pickle_harm.is_guarded(item):
                    self.harm(f"hands on {item}")

    # --- names and calls ----------------------------------------------------------------------

    def harm(self, words: str) -> None:
        """Note a way to run code."""
        if words and len(self.walked.hazards) < pickle_harm.MAX_HAZARDS:
            self.walked.hazards.setdefault(words)

    def find_global(self, module: str, name: str) -> Global:
        """A global by its name, as Python 3 finds it."""
        found = Global(module, name)
        self.harm(pickle_harm.naming(found, self.protocol))
        self.guarded = self.guarded or pickle_harm.is_guarded(found)
        return found

    def push_computed_global(self) -> None:
        """Take name and module from the stack."""
        name, module = self.pop(), self.pop()
        if isinstance(name, str) and isinstance(module, str):
            self.stack.append(self.find_global(module, name))
            return
        if not isinstance(name, CallRecord | Global) and not isinstance(
            module, CallRecord | Global
        ):
            raise ValueError("a name that is no text")
        self.harm("imports a name that it computes")
        self.stack.append(CallRecord(None, (module, name)))

    def extension(self, number: int) -> None:
        """A global by a number that other programs may have registered."""
        self.harm(f"names whatever extension code {number} stands for")
        self.stack.append(CallRecord(None, (number,)))

    def call(self, function: Any, arguments: Any, made: bool = False) -> None:
        """Call a function, or (`made`) make an object of a class without its constructor."""
        self.harm(pickle_harm.calling(function, arguments, made))
        self.stack.append(self.result(function, arguments))

    def result(self, function: Any, arguments: Any) -> Any:
        """What a call gives."""
        if not isinstance(function, Global):
            return CallRecord(function, arguments)
        given = arguments if isinstance(arguments, tuple) else ()
        key = (function.module, function.name)
        if key in pickle_harm.LOADERS and given and isinstance(given[0], bytes | bytearray):
            self.walked.loaded.append(bytes(given[0]))
        if key in pickle_harm.STATES:
            self.harm(pickle_harm.setting(given[pickle_harm.STATES[key] :]))
        known = KNOWN.get(key)
        if known is not None:
            # One long list may be handed to many calls: it is the sum of copies that has to end.
            self.copied += sum(
                len(item) for item in given[:1] if isinstance(item, list | tuple | dict)
            )
            if self.copied > MAX_OPCODES:
                raise ValueError("copies one list over and over")
            found = known(given)
            if found is not None:
                return found
        if key == ("torch._tensor", "_rebuild_from_type_v2") and len(given) == 4:
            return self.result(given[0], given[2])
        return CallRecord(function, arguments)

    def of_class(self, names: tuple[str, str]) -> None:
        """Call a named class with the values above the mark."""
        arguments = tuple(self.pop_marked())
        self.call(self.find_global(*names), arguments)

    def of_first(self) -> None:
        """Call the first value above the mark with the others."""
        function, *arguments = self.pop_marked()
        self.call(function, tuple(arguments))

    def reduce(self, made: bool) -> None:
        """Call with a tuple of arguments."""
        arguments, function = self.pop(), self.pop()
        self.call(function, arguments, made)

    def new_with_keywords(self) -> None:
        """Make an object, with keywords."""
        _, arguments, function = self.pop(), self.pop(), self.pop()
        self.call(function, arguments, made=True)

    def persistent(self, identity: Any) -> None:
        """A value that the program which wrote the pickle looks up by this id."""
        storage = persistent(identity)
        if storage is not None:
            self.walked.storages.setdefault(storage.key, storage)
        elif not pickle_harm.container(identity):
            self.walked.unread.setdefault("a persistent id, which its own program looks up")
        self.stack.append(storage if storage is not None else CallRecord(None, (identity,)))

    # --- filling ------------------------------------------------------------------------------

    def fill(self, items: list[Any]) -> None:
        """Set items of the value on top, key by key."""
        target = self.top()
        if isinstance(target, CallRecord):
            if not isinstance(target.state, dict):
                target.state = {}
            target = target.state
        if isinstance(target, dict):
            fill_pairs(target, items)
        elif isinstance(target, Global):
            self.harm(f"changes {target}")

    def extend(self, items: list[Any]) -> None:
        """Append to the value on top."""
        target = self.top()
        if isinstance(target, list):
            target.extend(items)
        elif isinstance(target, CallRecord):
            if not isinstance(target.state, list):
                target.state = []
            target.state.extend(items)
        elif isinstance(target, Global):
            self.harm(f"changes {target}")

    def build(self) -> None:
        """Hand a state to the object below it."""
        state = self.pop()
        self.hand((state,))
        target = self.top()
        if isinstance(target, Global):
            self.harm(f"changes {target}")
            return
        self.harm(pickle_harm.setting((state,)))
        self.harm(pickle_harm.restoring(target, state))
        if isinstance(target, CallRecord):
            target.state = state
            if target.function == joblib_arrays.WRAPPER:
                self.pass_array(target)

    def pass_array(self, wrapper: CallRecord) -> None:
        """Go behind the values of an array, which joblib puts where the next opcode would stand."""
        state = wrapper.state if isinstance(wrapper.state, dict) else {}
        count = joblib_arrays.size(state.get("shape"), state.get("dtype"))
        if count is None:
            walked = self.walked
            inner = replace(walked)
            try:
                _follow(self.stream, inner)
            finally:
                walked.opcodes = inner.opcodes
            wrapper.state = inner.value
            return
        if state.get("numpy_array_alignment_bytes") is not None:
            self.stream.seek(exactly(self.stream, 1)[0], 1)
        wrapper.place = self.stream.tell()
        if count > MAX_ARRAY:
            raise ValueError("an array of more bytes than a file has")
        self.stream.seek(count, 1)

    def data(self, value: Any) -> None:
        """Put a text or bytes on top, and keep what begins as a pickle does."""
        self.stack.append(value)
        if len(value) < 4:
            return
        ends = (value[:200], value[-1:])
        head, last = (e.encode("latin-1", "replace") if isinstance(e, str) else e for e in ends)
        if last != b"." or not _PICKLE.match(head):
            return
        if len(self.walked.nested) >= MAX_NESTED:
            words = f"more than {MAX_NESTED:,} values in it begin and end as a pickle does"
            self.walked.unread.setdefault(words)
            return
        self.walked.nested.append(
            value.encode("latin-1", "replace") if isinstance(value, str) else bytes(value)
        )

    def remember(self, index: int) -> None:
        """Keep the value on top."""
        if index < 0:
            raise ValueError("a negative place in the memo")
        self.memo[index] = self.top()

    def set_protocol(self, number: int) -> None:
        """Go by this protocol from here on."""
        if number > 5:
            raise ValueError(f"protocol {number}")
        self.protocol = number

    def frame(self, _: int) -> None:
        """A frame only says how much to read ahead."""

    def read_only(self) -> None:
        """A buffer that must not be written to: the same value."""
        self.top()

    def buffer(self) -> None:
        """Bytes that are handed over beside the pickle."""
        raise ValueError("its buffers lie outside the pickle")


_Step = Callable[[_Machine, Any], None]


def _constant(value: object) -> _Step:
    return lambda machine, _: machine.push(value)


def _fresh(kind: Callable[[], object]) -> _Step:
    return lambda machine, _: machine.push(kind())


_STEPS: dict[bytes, _Step] = {
    **dict.fromkeys((b"I", b"J", b"K", b"M", b"L", b"\x8a", b"\x8b", b"F", b"G"), _Machine.push),
    **dict.fromkeys((b"S", b"T", b"U", b"V", b"X", b"\x8c", b"\x8d"), _Machine.data),
    **dict.fromkeys((b"B", b"C", b"\x8e", b"\x96"), _Machine.data),
    b"N": _constant(None),
    b"\x88": _constant(True),
    b"\x89": _constant(False),
    b")": _constant(()),
    b"}": _fresh(dict),
    b"]": _fresh(list),
    b"\x8f": _fresh(list),
    **dict.fromkeys((b"p", b"q", b"r"), _Machine.remember),
    b"\x94": lambda m, _: m.remember(len(m.memo)),
    **dict.fromkeys((b"g", b"h", b"j"), lambda m, index: m.push(m.memo[index])),
    b"(": lambda m, _: m.marks.append(len(m.stack)),
    b"0": lambda m, _: m.drop(),
    b"1": lambda m, _: m.forget(),
    b"2": lambda m, _: m.push(m.top()),
    b"\x85": lambda m, _: m.tuple_of(1),
    b"\x86": lambda m, _: m.tuple_of(2),
    b"\x87": lambda m, _: m.tuple_of(3),
    b"t": lambda m, _: m.push(tuple(m.pop_marked())),
    b"l": lambda m, _: m.push(m.pop_marked()),
    b"\x91": lambda m, _: m.push(m.pop_marked()),
    b"d": lambda m, _: m.push(fill_pairs({}, m.pop_marked())),
    b"s": lambda m, _: m.fill(m.last(2)),
    b"u": lambda m, _: m.fill(m.pop_marked()),
    b"a": lambda m, _: m.extend(m.last(1)),
    b"e": lambda m, _: m.extend(m.pop_marked()),
    b"\x90": lambda m, _: m.extend(m.pop_marked()),
    b"c": lambda m, names: m.push(m.find_global(*names)),
    b"\x93": lambda m, _: m.push_computed_global(),
    **dict.fromkeys((b"\x82", b"\x83", b"\x84"), _Machine.extension),
    b"i": _Machine.of_class,
    b"o": lambda m, _: m.of_first(),
    b"R": lambda m, _: m.reduce(made=False),
    b"\x81": lambda m, _: m.reduce(made=True),
    b"\x92": lambda m, _: m.new_with_keywords(),
    b"b": lambda m, _: m.build(),
    b"P": _Machine.persistent,
    b"Q": lambda m, _: m.persistent(m.pop()),
    b"\x80": _Machine.set_protocol,
    b"\x95": _Machine.frame,
    b"\x97": lambda m, _: m.buffer(),
    b"\x98": lambda m, _: m.read_only(),
}
"""What each opcode does."""

_PLAIN = {code: step for code, step in _STEPS.items() if code not in ARGUMENTS}
_TOLD = {code: (_STEPS[code], read) for code, read in ARGUMENTS.items()}
"""The same, without an argument and with one, and how that is read."""
