"""Whose weights a namespace republishes that only converts, mirrors or quantises: those of the
model whose name the copy bears, `lab/Norae-7B-Instruct` for `mirror/Norae-7B-Instruct-GGUF`.

Such a namespace names its copies after the originals, so the name answers there. Elsewhere whoever
trained a model on may keep a part of its name, and only a name answers that says in which format
the copy is, or that is the release's own with its version and size:
`maker-of-chips/Norae-7B-Instruct-FP8` is the original, cast.
"""

from __future__ import annotations

import re

from aisbom.identify.model_names import find_named_model
from aisbom.knowledge import Knowledge, Organisation, release_names

_FORMAT = re.compile(
    r"[-_.](?:gguf|ggml|awq|gptq|exl[23]|hqq|bnb|mlx|onnx|openvino|llamafile|diffusers|hf|i1|qat"
    r"|dwq|imatrix|quantized|dynamic|unsloth|fp(?:4|8|16|32)|bf16|nvfp4|mxfp[48]|int[48]|[2-8]-?bit"
    r"|w\da\d{1,2}|kv|marlin|q\d(?:_[\dk])?(?:_[sml])?|q\df\d{1,2}(?:_\d)?|g\d{2,3}|nf4|mlc|ov|inc"
    r"|auto-?round|smoothquant|nemo|mcore|megatron|coreml|ct2|ctranslate2|trt|trt-?llm|tensorrt|rkllm|npu)$",
    re.IGNORECASE,
)
"""Endings of a name that say in which format or width of number the copy is."""
_CONVERTED = re.compile(r"^faster-", re.IGNORECASE)
"""What the name of a model begins with that was converted for CTranslate2."""
_SIZE = re.compile(r"(?<![a-z0-9.])\d+(?:\.\d+)?b(?![a-z0-9])", re.IGNORECASE)
_KIND = re.compile(
    r"[-_.](?:vl|vision|omni|audio|coder|math|thinking|reasoning|moe|mix|lite|[ae]\d+(?:\.\d+)?b)\b",
    re.IGNORECASE,
)
"""Words by which one publisher tells its releases of a family apart."""


def find_cast_original(
    name: str, owner: Organisation, knowledge: Knowledge
) -> tuple[str, Organisation] | None:
    """The original of a copy in an organisation's own namespace, where its name says in which
    format it is, or is that of the release (`Norae2-7B-Instruct`; two labs may train a
    `norae-base`), and the original is another organisation's.
    """
    rest, sizes = _SIZE.subn("", name)
    if _FORMAT.search(name) is None and not (sizes and re.search(r"\d", rest)):
        return None
    original = find_original(name, knowledge)
    if original is None or original[1].id == owner.id:
        return None
    named, row = original
    return original if "/" in named or publishes_kinds(named, row, knowledge) else None


def is_plain(name: str, row: Organisation, knowledge: Knowledge) -> bool:
    """Whether a name is that of a release of its publisher's own: of versions, sizes and variants,
    and of kinds that this publisher has models of (`Norae2-Coder-7B-Instruct`).
    """
    return release_names.plain(_KIND.sub("", name)) and publishes_kinds(name, row, knowledge)


def publishes_kinds(name: str, row: Organisation, knowledge: Knowledge) -> bool:
    """Whether a publisher has models of the kinds in a name: `Norae2-VL-7B` is the publisher's own
    where one of its families is called so, else that of whoever gave its model another sense.
    """
    kinds = {match[0].strip("-_.").lower() for match in _KIND.finditer(name)}
    families = (knowledge.hub_family(f"{account}/{name}") for account in row.hub)
    return not kinds or any(
        family is not None and all(kind in family.pattern.lower() for kind in kinds)
        for family in families
    )


def find_original(name: str, knowledge: Knowledge) -> tuple[str, Organisation] | None:
    """The original of a copy, as an id of the hub or a plain name, and who trained it; None where
    several organisations or none have published a model of this name.
    """
    plain = without_format(name)
    ids = {
        identity: row
        for identity in knowledge.hub_ids(plain)
        if (owner := identity.partition("/")[0])
        and not knowledge.not_origin(owner, plain)
        and (row := knowledge.by_owner("hub", owner))
    }
    if len({row.id for row in ids.values()}) == 1:
        return min(ids.items())
    if ids or not release_names.plain(_KIND.sub("", bare := plain.removeprefix("Meta-"))):
        return None
    published = release_names.publisher(bare)
    row = knowledge.organisation(published) if published else None
    if row is None and published is None and (family := find_named_model(bare, knowledge)):
        row = family.organisation
    return (plain, row) if row else None


def without_format(name: str) -> str:
    """The name without what says in which format a copy is: `Norae-7B` of `Norae-7B-GGUF`."""
    shorter = _FORMAT.sub("", name := _CONVERTED.sub("", name))
    while shorter != name:
        name, shorter = shorter, _FORMAT.sub("", shorter)
    return name
