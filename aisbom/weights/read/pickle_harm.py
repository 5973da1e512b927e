"""Which names, calls and states in a pickle only build data. All else can run code, and is named.

Nothing here is a list of the bad: a name that nobody has looked at is not harmless
(`pickle_constructors.toml` holds those that somebody has).
"""

from __future__ import annotations

from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from aisbom.weights.read.pickle_constructors import table
from aisbom.weights.read.pickle_records import CallRecord, Global

MAX_HAZARDS = 200

LOADERS = frozenset({("torch.storage", "_load_from_bytes")})
"""Functions that load what is pickled in their first argument, which is looked at by itself."""

STATES = {("torch._utils", "_rebuild_parameter_with_state"): 3}
"""Functions that set attributes from the argument at this place."""

_METHODS = frozenset({"append", "extend", "add"})
"""What the unpickler calls on an object to fill it: an attribute of the object goes first."""

_ATTRIBUTES = frozenset(
    {"__orig_class__", "__doc__", "__module__", "__annotations__", "__name__", "__qualname__"}
)
"""Names between underscores that objects carry in their state."""

_HANDED_ON = "__bit_generator_ctor"
"""Harmless under a condition that its one argument, a name or a class, always meets."""


def python3(found: Global, protocol: int) -> Global:
    """The name as Python 3 looks it up: in protocols before 3, names of Python 2 are translated."""
    if protocol >= 3:
        return found
    module, name = NAME_MAPPING.get((found.module, found.name), (found.module, found.name))
    return Global(IMPORT_MAPPING.get(module, module), name)


def naming(found: Global, protocol: int) -> str:
    """How a name alone can run code (looking it up imports its module), `""` if it cannot."""
    if _harmless(python3(found, protocol)) or _is_torchscript(found):
        return ""
    return f"names {found}"


def calling(function: object, arguments: object, made: bool) -> str:
    """How a call can run code, `""` if it only builds data. `made`: an object of a class is made
    without its constructor.
    """
    if not isinstance(function, Global):
        return "calls something that it computes" if isinstance(function, CallRecord) else ""
    found = python3(function, 2)
    condition = table().conditions.get(f"{found.module}.{found.name}")
    if condition is not None:
        given = arguments if isinstance(arguments, tuple) else ()
        return "" if _CONDITIONS[condition](given) else f"calls {function} with unusual arguments"
    if (
        found.name in table().calls.get(found.module, ())
        or (made and _is_plain_object(found))
        or _cython(found)
        or _is_torchscript(function)
    ):
        return ""
    return f"calls {function}"


def is_guarded(found: Global) -> bool:
    """Whether a name is harmless only where it is called at once."""
    return found.name != _HANDED_ON and f"{found.module}.{found.name}" in table().conditions


def setting(states: Iterable[object]) -> str:
    """How a state can run code once it is set on an object, `""` if it cannot.

    The unpickler looks for `append` and `__setstate__` on the object itself: an object that is
    given such an attribute calls it. Other names between underscores change what the object is.
    """
    for state in states:
        for part in state if isinstance(state, tuple) and len(state) == 2 else (state,):
            attributes = part.state if isinstance(part, CallRecord) else part
            if isinstance(attributes, dict):
                for key, value in attributes.items():
                    if word := _unusual(key, value):
                        return f"sets {word} on an object"
    return ""


def restoring(made: object, state: object) -> str:
    """How the class of an object runs what its state says under a key that it looks for, `""` if it
    does not.
    """
    found = _class_of(made)
    key = found and table().states.get(found.name)
    if not key:
        return ""
    for part in state if isinstance(state, tuple) else (state,):
        if isinstance(part, CallRecord) or (
            isinstance(part, dict) and any(k == key or str(k).startswith("#") for k in part)
        ):
            return f"runs what the state of {found} says ({key})"
    return ""


def _class_of(made: object) -> Global | None:
    if not isinstance(made, CallRecord):
        return None
    if isinstance(made.function, Global) and made.function.module in ("copyreg", "copy_reg"):
        first = made.arguments[0] if isinstance(made.arguments, tuple) and made.arguments else None
        return first if isinstance(first, Global) else None
    return made.function if isinstance(made.function, Global) else None


def container(identity: Any) -> bool:
    """Whether a persistent id is a class of torch before 1.6, kept with its source."""
    return isinstance(identity, tuple) and len(identity) == 4 and identity[0] == "module"


def _unusual(key: object, value: object) -> str:
    if not isinstance(value, Global | CallRecord) or not isinstance(key, str):
        return ""
    if key.startswith("#"):
        return "an attribute with a name that it computes"
    hidden = key.startswith("__") and key.endswith("__") and key not in _ATTRIBUTES
    called = key in _METHODS or key in table().methods
    return ascii(key)[1:-1][:60] if hidden or called else ""


def _harmless(found: Global) -> bool:
    known = table()
    return (
        found.name in known.calls.get(found.module, ())
        or found.name in known.names.get(found.module, ())
        or f"{found.module}.{found.name}" in known.conditions
        or (found.name.isidentifier() and _below(found.module, known.modules))
        or _is_plain_object(found)
        or _cython(found)
    )


def _is_plain_object(found: Global) -> bool:
    """Whether an object of this class is only data when it is made without its constructor."""
    word = found.name.lstrip("_")
    return (
        found.name.isidentifier() and word[:1].isupper() and _below(found.module, table().classes)
    )


def _cython(found: Global) -> bool:
    """Functions that Cython writes: they make an object of a class and set its fields."""
    return (
        found.name.startswith("__pyx_unpickle_")
        and found.name.isidentifier()
        and _below(found.module, table().classes)
    )


def _is_torchscript(found: Global) -> bool:
    """A type of TorchScript: its own loader knows no others, and Python has no such module."""
    return found.module.startswith("__torch__.")


def _below(module: str, modules: Collection[str]) -> bool:
    while module:
        if module in modules:
            return True
        module = module.rpartition(".")[0]
    return False


def _is_class(value: object) -> bool:
    if not isinstance(value, Global):
        return False
    found = python3(value, 2)
    return _is_plain_object(found) or found.name in table().calls.get(found.module, ())


def _codec(given: tuple[Any, ...]) -> bool:
    """A text coding: any other name would be looked up as a module."""
    return len(given) < 2 or given[1] in ("latin1", "latin-1", "utf-8", "utf8", "ascii")


def _reconstructor(given: tuple[Any, ...]) -> bool:
    """(class, base, state): `__new__` of both is called, and `__init__` of the base."""
    return len(given) == 3 and _is_class(given[0]) and _is_class(given[1])


def _class_first(given: tuple[Any, ...]) -> bool:
    return bool(given) and _is_class(given[0])


def _generator(given: tuple[Any, ...]) -> bool:
    """(name or class, what makes it from that): the second is called with the first."""
    named = not given or isinstance(given[0], str | CallRecord) or _is_class(given[0])
    return named and all(isinstance(item, Global) and item.name == _HANDED_ON for item in given[1:])


def _rebuild(given: tuple[Any, ...]) -> bool:
    """(function, class, arguments, state): the function is called, the state set."""
    return (
        len(given) == 4
        and isinstance(given[0], Global)
        and not calling(given[0], given[2], made=False)
        and not setting((given[3],))
    )


def _ufunc(given: tuple[Any, ...]) -> bool:
    """(module, name): imported and looked up."""
    return len(given) == 2 and not naming(Global(str(given[0]), str(given[1])), 5)


_CONDITIONS: Mapping[str, Callable[[tuple[Any, ...]], bool]] = {
    "any": lambda _: True,
    "codec": _codec,
    "class": _reconstructor,
    "class-first": _class_first,
    "generator": _generator,
    "rebuild": _rebuild,
    "ufunc": _ufunc,
}
