"""Who made weights that are fetched from a host: whoever serves a file may not have made it."""

from __future__ import annotations

import pytest

from aisbom.identify.downloads import claim_download_trainer
from aisbom.knowledge import load
from aisbom.model.ledger import resolve
from tests.identify.test_origin import component

K = load()
RELEASES = "https://github.com/facebookresearch"


@pytest.mark.parametrize(
    ("key", "words", "origin"),
    [
        # Called after the repository that it lies in.
        ("url", f"{RELEASES}/own-net/releases/download/v1/OwnNet_large.pth", "US"),
        # Somebody's file that lies beside that project's code: a hint.
        ("url", f"{RELEASES}/own-net/releases/download/v1/Other-Large.pt", "unknown"),
        ("url", f"{RELEASES}/x.pt", "unknown"),
        # An entry point of the repository itself.
        ("repository", "facebookresearch/own-net", "US"),
    ],
)
def test_a_file_is_its_hosts_where_it_is_called_after_the_repository(
    key: str, words: str, origin: str
) -> None:
    part = component((key, words), kind="reference", name="x")
    rows = [
        claim for claim in claim_download_trainer(part, K) if claim.attribute == "origin.trained"
    ]
    found = resolve(rows)
    assert (found.value if found.state == "agreed" else "unknown") == origin


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        # An organisation's own host, and its own model or project in the path.
        ("https://openaipublic.azureedge.net/main/whisper/models/0a1b/base.pt", "US"),
        ("https://dl.fbaipublicfiles.com/segment_anything/vit_h.pth", "US"),
        ("https://dl.fbaipublicfiles.com/dinov2/dinov2_vitb14/a.pth", "US"),
        # A file of a repository of the hub; a page there that is no model's.
        ("https://huggingface.co/facebook/any-net/resolve/main/sub/a.pth", "US"),
        ("https://huggingface.co/spaces/facebook/any-net/resolve/main/a.pth", "unknown"),
        # Its host alone, a hash that spells a name, or a path that says where it comes from.
        ("https://dl.fbaipublicfiles.com/any/net.pth", "unknown"),
        ("https://dl.fbaipublicfiles.com/5a3dec1ade5a3dec1ade/net.pth", "unknown"),
        ("https://dl.fbaipublicfiles.com/detectron2/ImageNetPretrained/MSRA/R-50.pkl", "unknown"),
        ("https://dl.fbaipublicfiles.com/fairseq/third-party/net.pt", "unknown"),
        # A bucket of its own, whichever way it is spelt.
        ("https://storage.googleapis.com/gemma-data/x/gemma3-4b-it/net.bin", "US"),
        ("gs://gemma-data/checkpoints/gemma3-4b-it", "US"),
        ("gs://any-bucket/checkpoints/gemma3-4b-it", "unknown"),
        ("gs://gemma-data/checkpoints/qwen3-4b-it", "unknown"),
        ("https://allennlp.s3.us-west-2.amazonaws.com/longformer/net.tar", "US"),
        ("https://s3-us-west-2.amazonaws.com/allennlp/longformer/net.tar", "US"),
        ("https://allennlp.s3.amazonaws.com/longformer/net.tar", "US"),
        ("https://any.s3.us-west-2.amazonaws.com/longformer/net.tar", "unknown"),
        # Another lab's model on its host, and its model on a host where anybody may have files.
        ("https://dl.fbaipublicfiles.com/dinov2/qwen2-vl-7b.pth", "unknown"),
        ("https://dl.fbaipublicfiles.com/dinov2/models/dinov2/eva_vit_g.pth", "unknown"),
        ("https://storage.googleapis.com/bucket/gemma/model.bin", "unknown"),
        ("https://drive.google.com/gemma/model.bin", "unknown"),
    ],
)
def test_a_hosts_own_model_is_its_own(url: str, origin: str) -> None:
    part = component(("url", url), kind="reference", name="x")
    rows = [
        claim for claim in claim_download_trainer(part, K) if claim.attribute == "origin.trained"
    ]
    found = resolve(rows)
    assert (found.value if found.state == "agreed" else "unknown") == origin


def test_the_name_of_a_file_on_a_host_of_others_is_a_hint() -> None:
    url = "https://dl.fbaipublicfiles.com/dinov2/models/eva_vit_g.pth"
    part = component(("url", url), kind="reference", name="eva_vit_g.pth")
    hinted = {
        (claim.value, e.confidence)
        for claim in claim_download_trainer(part, K)
        if claim.attribute == "origin.trained"
        for e in claim.evidence
    }
    assert hinted == {("US", "low"), ("CN", "low")}


@pytest.mark.parametrize(
    ("repository", "name", "origin"),
    [
        ("facebookresearch/detectron2", "COCO-Detection/mask_rcnn_R_50_FPN_3x", "US"),
        ("facebookresearch/detectron2", "ImageNetPretrained/MSRA/R-50", "unknown"),
        ("open-mmlab/mmdetection", "rtmdet_tiny_8xb32", "CN"),
        ("open-mmlab/mmcv", "msra/hrnetv2_w18", "unknown"),
        ("open-mmlab/mmcv", "resnet50_v1c", "unknown"),
    ],
)
def test_a_zoo_may_list_what_others_trained(repository: str, name: str, origin: str) -> None:
    part = component(
        ("repository", repository), ("space", "zoo"), kind="reference", name=f"{repository}:{name}"
    )
    rows = [
        claim for claim in claim_download_trainer(part, K) if claim.attribute == "origin.trained"
    ]
    found = resolve(rows)
    assert (found.value if found.state == "agreed" else "unknown") == origin
