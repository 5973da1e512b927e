"""The names in a pickle: which reach the system, which belong to what torch, numpy and joblib
write, and what to say of them.
"""

from __future__ import annotations

from aisbom.weights.read import joblib_arrays
from aisbom.weights.read.pickle_records import Global, Walked
from aisbom.weights.read.stored import Note

# Modules through which a pickle reaches the system; a name from one of these has no business among
# weights.
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
    {
        "torch.load",
        "torch.hub.load",
        "torch.jit.load",
        "torch.serialization.load",
        "torch.utils.cpp_extension.load",
    }
)


def dangerous(found: Global) -> bool:
    """Whether a name reaches the system or the interpreter rather than data."""
    if found.module in _BUILTINS:
        return found.name.partition(".")[0] not in _HARMLESS_BUILTINS
    if found == joblib_arrays.WRAPPER:
        return False
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
    return (
        found == joblib_arrays.WRAPPER
        or found.module.partition(".")[0]
        in ("torch", "numpy", "collections", "_codecs", "__torch__", "copyreg", "copy_reg")
        or (found.module in _BUILTINS and not dangerous(found))
    )


def calls(walked: Walked) -> list[Note]:
    """The dangerous calls that unpickling would make."""
    return [
        Note(f"contains a call to {found}: listed, never run", "call")
        for found in walked.called.values()
        if dangerous(found)
    ]


def notes(walked: Walked) -> list[str]:
    """What a reader of the file should know of the names in it: dangerous calls first, then names
    that are neither torch's nor numpy's.
    """
    bad: list[str] = [*calls(walked)]
    bad += [
        Note(f"names {found}: listed, never run", "call")
        for key, found in walked.named.items()
        if dangerous(found) and key not in walked.called
    ]
    odd = [
        str(found) for found in walked.named.values() if not dangerous(found) and not usual(found)
    ]
    return bad + [f"names the class or function {name}: not imported" for name in odd[:100]]
