"""Everything that `aisbom weights inspect` answers, as plain data and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aisbom.weights import structure
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.read.stored import TensorInfo

_METADATA = 40
_WORDS = 200


def inspect(
    path: Path,
    digests: Callable[[Sequence[Path]], Sequence[dict[str, str]]] = lambda files: [{}] * len(files),
) -> dict[str, Any]:
    """What the checkpoint at `path` is: plain dicts, lists, texts and numbers, in a fixed order.

    `digests` gives the digests of each file by name. Raises ValueError (one line) where no reader
    can make sense of it.
    """
    opened = open_checkpoint(path)
    try:
        kinds: Counter[str] = Counter()
        parameters: Counter[str] = Counter()
        for tensor in opened.tensors:
            kinds[tensor.dtype] += 1
            parameters[tensor.dtype] += tensor.numel
        return {
            "name": path.name or path.resolve().name,
            "format": opened.format,
            "files": [
                {"name": file.name, "size": file.stat().st_size, **found}
                for file, found in zip(opened.files, digests(opened.files), strict=True)
            ],
            "tensors": len(opened.tensors),
            "parameters": sum(parameters.values()),
            "bytes": sum(tensor.nbytes for tensor in opened.tensors),
            "dtypes": [
                {"dtype": name, "tensors": kinds[name], "parameters": parameters[name]}
                for name in sorted(kinds)
            ],
            "submodels": [
                {
                    "prefix": part.prefix,
                    "role": part.role,
                    "tensors": part.tensors,
                    "parameters": part.parameters,
                    "structure": part.digest,
                }
                for part in structure.submodels(opened.tensors)
            ],
            "tensor-digest": tensor_digest(opened.tensors),
            "structure-digest": structure.digest(opened.tensors),
            "metadata": {
                key[:_WORDS]: value[:_WORDS] for key, value in opened.metadata[:_METADATA]
            },
            "notes": list(opened.notes),
        }
    finally:
        opened.close()


def tensor_digest(tensors: Sequence[TensorInfo]) -> str:
    """SHA-256 (hex) over the sorted lines `name|dtype|shape` (see safetensors.digest): names, types
    and shapes, no values.
    """
    from aisbom.weights.read.safetensors import digest

    return digest(tensors)


def text(answer: dict[str, Any]) -> str:
    """The answer for a terminal."""
    lines = [
        (
            f"{answer['name']}: {answer['format']}, {answer['tensors']:,} tensors,"
            f" {answer['parameters']:,} parameters"
        )
    ]
    for file in answer["files"]:
        digests = "".join(
            f"\n    {name}:{value}" for name, value in file.items() if name not in ("name", "size")
        )
        lines.append(f"  {file['name']}  {file['size']:,} bytes{digests}")
    lines += [
        "types",
        *(
            f"  {row['dtype']:<10} {row['tensors']:>8,} tensors {row['parameters']:>18,} parameters"
            for row in answer["dtypes"]
        ),
    ]
    if answer["submodels"]:
        lines.append("parts")
        for row in answer["submodels"]:
            role = f"  ({row['role']})" if row["role"] else ""
            lines.append(
                f"  {row['prefix'] or '(no prefix)':<30} {row['tensors']:>8,} tensors"
                f" {row['parameters']:>18,} parameters{role}"
            )
    lines += [
        "digests",
        f"  names, types, shapes  sha256:{answer['tensor-digest']}",
        f"  structure             sha256:{answer['structure-digest']}",
    ]
    lines.append(
        "  Equal structure means the same architecture, a public design; it says nothing about who"
        " trained the weights."
    )
    if answer["metadata"]:
        lines += [
            "metadata",
            *(
                f"  {key}: {' '.join(value.split())[:100]}"
                for key, value in answer["metadata"].items()
            ),
        ]
    if answer["notes"]:
        lines += ["notes", *(f"  {note}" for note in answer["notes"])]
    return "\n".join(_replace_unprintable(line) for line in lines)


def _replace_unprintable(line: str) -> str:
    """Without characters that a terminal would act upon: names in a file are its writer's."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in line)
