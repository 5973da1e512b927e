"""Which examination a file needs: told by its content first, by its name second."""

from __future__ import annotations

import re

from aisbom.weights.read import arrays, hdf5
from aisbom.weights.read.source import Memory, Source, Window
from aisbom.weights.read.zips import Zip
from aisbom.weights.unsafe import graphs, keras, members, packed, pickles
from aisbom.weights.unsafe.examined import Examination

PICKLED = (
    "pkl",
    "pickle",
    "joblib",
    "pt",
    "pth",
    "ckpt",
    "dill",
    "pt2",
    "ptl",
    "pck",
    "cloudpickle",
    "sav",
    "jit",
    "th",
    "torch",
    "pdparams",
    "pdopt",
    "pickled",
)
"""Endings of files that are pickles, or hold some."""

MAYBE = ("bin", "npy", "npz", "p", "dat", "data", "model", "weights")
"""Endings of which some files are pickles."""

_BINS = (
    "pytorch_model",
    "adapter_model",
    "training_args",
    "optimizer",
    "scheduler",
    "diffusion_pytorch",
)
_MAX_DEPTH = 4
_OF_TEXT = re.compile(rb"c[\w.]+\n[\w.]+\n|\((?:lp|dp|[SVcit(])", re.ASCII)
"""How pickles of protocol 0 begin, that name something or hold something."""


def begins(head: bytes) -> bool:
    """Whether a file that begins like this may hold what runs code, whatever it is called."""
    return (
        pickles.starts(head)
        or _holds(head)
        or head[:4] == b"GGUF"
        or bool(_OF_TEXT.match(head))
        or (bool(packed.packing(head)) and pickles.starts(packed.beginning(head)))
    )


def examine(source: Source, name: str) -> Examination:
    """What in the file can run code when it is loaded. Raises nothing for what the file holds."""
    found = Examination()
    try:
        _examine(source, name.lower(), found, 0)
    except (ValueError, RecursionError, MemoryError) as error:
        found.miss(f"cannot be followed ({' '.join(str(error).split())[:150]})")
    return found


def _dive(source: Source, name: str, found: Examination, depth: int) -> None:
    """The same for a file or a value inside another file."""
    try:
        _examine(source, name, found, depth)
    except (ValueError, RecursionError, MemoryError) as error:
        found.miss(f"a part that cannot be followed ({' '.join(str(error).split())[:150]})")


def _examine(source: Source, name: str, found: Examination, depth: int) -> None:
    if depth > _MAX_DEPTH:
        found.miss("wrapped more often than is followed")
        return
    certain = is_pickled(packed.unpacked_name(name))
    head = source.read_at(0, min(512, source.size))
    packing = packed.packing(head)
    if _other(source, name, head, found):
        return
    certain = certain or pickles.starts(packed.beginning(head))
    if not certain and not begins(head) and not is_possible_pickle(name):
        return
    if head[:2] == b"PK" or (certain and _ends_as_zip(source)):
        members.examine_zip(source, found, _dive, depth, is_pickled)
    elif head[257:262] == b"ustar":
        members.examine_tar(source, found, _dive, depth, is_pickled)
    elif head[:6] == b"\x93NUMPY":
        _examine_array(source, found, depth)
    elif packing and certain and not pickles.starts(head):
        inner, missing = packed.decompress(source, packing)
        if missing:
            found.miss(missing)
        if inner:
            _examine(Memory(inner), "value.pkl", found, depth + 1)
    elif packed.is_text(head) and not pickles.starts(head):
        _text(source, found, certain)
    elif not _is_known_format(head):
        sure = certain or pickles.starts(head)
        pickles.examine_pickles(source, found, _dive, depth, certain=sure)


def _holds(head: bytes) -> bool:
    """Whether files of such a beginning may hold pickles, whatever they are called."""
    return head[:2] == b"PK" or head[257:262] == b"ustar" or head[:6] == b"\x93NUMPY"


def _text(source: Source, found: Examination, certain: bool) -> None:
    if certain and source.size > packed.MAX_TEXT:
        found.miss(f"a text of more than {packed.MAX_TEXT:,} bytes under this ending")
        return
    pickles.examine_text(source, found, _dive)


def _other(source: Source, name: str, head: bytes, found: Examination) -> bool:
    """Formats that hold no pickles, but layers, operators or templates that run."""
    if head[:4] == b"GGUF":
        graphs.examine_gguf(source, found)
    elif name.endswith(".onnx"):
        graphs.examine_onnx(source, found)
    elif name.endswith(".pb"):
        keras.examine_graph(source, found)
    elif head[:8] == hdf5.SIGNATURE or (name.endswith((".h5", ".hdf5")) and hdf5.starts(source)):
        keras.examine_hdf5(source, found)
    elif name.endswith(".keras") and head[:2] == b"PK":
        directory = Zip(source, twins=True)
        keras.examine_archive(directory, found)
        members.examine_zip(source, found, _dive, 0, is_pickled)
    else:
        return False
    return True


def is_pickled(name: str) -> bool:
    """Whether a file of this name (in lower case) is meant to be a pickle, or to hold some."""
    base = name.rpartition("/")[2].removesuffix(".tar")
    if base.endswith(".bin"):
        return base.startswith(_BINS)
    return base.rpartition(".")[2] in PICKLED or ".joblib." in base or ".pkl." in base


def is_possible_pickle(name: str) -> bool:
    """Whether some files of this ending are pickles, and others are not: NumPy, for one, loads a
    `.npy` that is no array as a pickle.
    """
    return name.rpartition(".")[2] in MAYBE


def _is_known_format(head: bytes) -> bool:
    """Formats of weights that are no pickle, under an ending of pickles."""
    return head[:4] == b"GGUF" or head[:8] == b"\x89HDF\r\n\x1a\n" or head[8:9] == b"{"


def _ends_as_zip(source: Source) -> bool:
    """Whether a zip stands behind other bytes: readers that start from its end open it."""
    tail = source.read_at(max(0, source.size - 65_600), min(source.size, 65_600))
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and len(tail) - at >= 22


def _examine_array(source: Source, found: Examination, depth: int) -> None:
    """A `.npy`: an array of objects is a pickle behind the header."""
    at = arrays.objects_at(source)
    if at >= 0:
        rest = Window(source, at, source.size - at)
        pickles.examine_pickles(rest, found, _dive, depth, certain=True)
