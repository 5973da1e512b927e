"""Which models of the tree a sentence may mean by a shorter name: without version and format
(`norae-7b` for `own/norae-7b-v1.1-hf`), or of an encoder by its family alone (`CLIP`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice, takewhile

from aisbom.lazy_module import compile_later

_FORM = compile_later(r"(?:[-_](?:v\d[\d._]*|hf|transformers|diffusers|safetensors|gguf))+")
"""What stands behind the name of a release in an id: its version, and for which library it is."""
_MAX_NEAR = 200
"""Names that begin alike, of which one may be meant."""
_ENCODERS = frozenset({"vision-encoder", "audio-encoder", "text-encoder", "vocoder"})
"""Parts that a sentence may name by a family."""


class ShorterNames:
    """The models that a tree names: `ids` of the hub, and what it `loads` by a name of a library
    (`whisper/small`), all in lower case.
    """

    def __init__(self, ids: Iterable[str], loads: Iterable[str]) -> None:
        every = set(ids)
        self._names = sorted({one.rpartition("/")[2] for one in every})
        self._loads = sorted({*every, *loads})
        self._families: dict[str, list[str]] = {}

    def list_meant(self, name: str, part: str) -> list[str]:
        """The names, behind their owners, of the models that a sentence may mean which says that
        `name` (in lower case) is `part`.
        """
        if re.search(r"\d", name):
            first = bisect_left(self._names, name)
            near = islice(self._names, first, first + _MAX_NEAR)
            begun = takewhile(lambda one: one.startswith(name), near)
            return [one for one in begun if _FORM.fullmatch(one, len(name))]
        found = self.list_family(name) if part in _ENCODERS else []
        return [one.rpartition("/")[2] for one in found]

    def is_lone_encoder(self, name: str, part: str) -> bool:
        """Whether a sentence names an encoder by its family, of which the tree names no model."""
        return part in _ENCODERS and not self.list_family(name)

    def list_family(self, name: str) -> list[str]:
        """The models of the family that a sentence names an encoder by."""
        if name not in self._families:
            words = set(re.split(r"[^a-z0-9]+", name.replace("openclip", "clip")))
            words -= {"open", "vit"}
            self._families[name] = [
                other for other in self._loads if all(word in other for word in words)
            ]
        return self._families[name]
