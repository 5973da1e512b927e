"""ONNX graphs: operators that no standard defines, and values outside of the model's folder."""

from __future__ import annotations

from aisbom.weights.read import gguf, onnx
from aisbom.weights.read.protobuf import Field, Walk
from aisbom.weights.read.source import Source
from aisbom.weights.unsafe.examined import Examination
from aisbom.weights.unsafe.templates import examine_template

_KNOWN = (
    "ai.onnx",
    "ai.onnxruntime",
    "com.microsoft",
    "com.ms",
    "org.pytorch",
    "pkg.onnxscript",
)


def examine_onnx(source: Source, found: Examination) -> None:
    """Domains of operators that a runtime has to load code for, and paths that leave the folder.

    Raises ValueError where it is no sound model.
    """
    walk = Walk(source)
    asked: set[str] = set()
    own: set[str] = set()
    for part in walk.fields():
        if part.wire != 2:
            continue
        if part.number == 8:
            asked.add(_field(walk, part, 1))
        elif part.number == 25:
            own.add(_field(walk, part, 10))
    for domain in sorted(asked - own):
        if domain and not any(f"{domain}.".startswith(f"{known}.") for known in _KNOWN):
            found.add("operator", f"asks for operators of {ascii(domain)[1:-1][:80]}")
    onnx.open_onnx(source, lambda name: _outside(name, found))


def _outside(name: str, found: Examination) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        found.add("operator", "reads values from a file outside of its folder")


def _field(walk: Walk, message: Field, number: int) -> str:
    return next(
        (
            walk.text(part, 1024)
            for part in walk.fields(message.value, message.size)
            if part.number == number and part.wire == 2
        ),
        "",
    )


def examine_gguf(source: Source, found: Examination) -> None:
    """The chat templates in the header. Raises ValueError for a broken header."""
    for template in gguf.templates(source):
        examine_template(template, found)
