"""The name that the shards of one checkpoint share."""

from __future__ import annotations

import re

_SHARD = re.compile(r"^(?P<stem>.+?)[-_.]?(?:model-)?\d{5}-of-\d{5}(?P<rest>(?:\.[A-Za-z0-9]+)+)$")


def shard_stem(name: str) -> str:
    """The name that the shards of one checkpoint share: `model-00001-of-00004.safetensors` ->
    `model.safetensors`.
    """
    match = _SHARD.match(name)
    if match:
        return f"{match['stem']}{match['rest']}"
    return name.removesuffix(".index.json") if name.endswith(".index.json") else name
