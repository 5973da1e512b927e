"""Names of the model zoos of detectron2, torchvision and OpenMMLab: no ids of a hub, but entries of
a list that a repository of code keeps (`detectron2://...`, `torchvision://resnet50`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SCHEMES = {
    "detectron2": "facebookresearch/detectron2",
    "torchvision": "pytorch/vision",
    "open-mmlab": "open-mmlab/mmcv",
    "openmmlab": "open-mmlab/mmcv",
    "mmcls": "open-mmlab/mmpretrain",
}
PACKAGES = {
    "detectron2": "facebookresearch/detectron2",
    "mmpretrain": "open-mmlab/mmpretrain",
    "mmdet": "open-mmlab/mmdetection",
    "mmpose": "open-mmlab/mmpose",
    "mmocr": "open-mmlab/mmocr",
    "mmseg": "open-mmlab/mmsegmentation",
    "mmaction": "open-mmlab/mmaction2",
}
"""Packages whose calls take names of their own zoo, and the repository that lists them."""
SCHEMES = tuple(f"{scheme}://" for scheme in _SCHEMES)
_ADDRESS = re.compile(rf"(?P<zoo>{'|'.join(_SCHEMES)})://(?P<name>[\w.\-]+(?:/[\w.\-]+){{0,8}})")
_NAME = re.compile(r"[A-Za-z][\w.\-]*(?:/[\w.\-]+){0,8}")
_ENDING = re.compile(r"\.(?:yaml|py|pkl|pth)$")


class Entry(NamedTuple):
    """A name in the zoo that a repository of code keeps."""

    repository: str
    name: str


def address(text: str) -> Entry | None:
    """What `zoo://name` means, None for any other text."""
    match = _ADDRESS.fullmatch(text.strip()[:400])
    return Entry(_SCHEMES[match["zoo"]], _ENDING.sub("", match["name"])) if match else None


def entry(package: str, name: str) -> Entry | None:
    """What a call of `package` means by `name`, None where that is no name of its zoo."""
    repository = PACKAGES.get(package.partition(".")[0])
    if repository is None or not _NAME.fullmatch(name[:400]) or ".." in name:
        return None
    return Entry(repository, _ENDING.sub("", name))
