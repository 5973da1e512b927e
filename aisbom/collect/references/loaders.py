"""Which calls load models and data sets, and which argument names them: the public interfaces of
the libraries, as a table.

`space` says how a bare name is to be read (merge/references.py): `hub` names are `owner/name`; the
rest are the libraries' own names.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aisbom.collect.references.model_zoos import PACKAGES


class Loader(NamedTuple):
    """A call whose dotted name ends with `name`; `within` restricts it to what is imported from
    these packages.
    """

    name: str
    position: int
    keywords: tuple[str, ...]
    space: str = "hub"
    what: str = "model"
    within: tuple[str, ...] = ()
    part: str = "weights"


_HUB = ("repo_id",)
_PRETRAINED = (
    *(
        "pretrained_model_name_or_path",
        "pretrained_model_name",
        "model_name_or_path",
        "model_id",
        "repo_id",
        "model_name",
        "pretrained_name",
    ),
    *("pretrained_model_or_path", "pretrained_model_link_or_path"),
)

LOADERS: tuple[Loader, ...] = (
    # NVIDIA's own names have no owner: `EncDecCTCModelBPE.from_pretrained("stt_en_...")`.
    Loader("from_pretrained", 0, _PRETRAINED, "nemo", within=("nemo",)),
    Loader("from_pretrained", 0, _PRETRAINED),
    Loader("from_single_file", 0, ("pretrained_model_link_or_path",)),
    Loader("load_lora_weights", 0, ("pretrained_model_name_or_path_or_dict",), part="adapter"),
    Loader("load_ip_adapter", 0, ("pretrained_model_name_or_path_or_dict",), part="adapter"),
    Loader("load_textual_inversion", 0, ("pretrained_model_name_or_path",), part="adapter"),
    Loader("pipeline", 1, ("model",), within=("transformers",)),
    *(
        Loader(name, 0, _HUB)
        for name in (
            "hf_hub_download",
            "snapshot_download",
            "hf_hub_url",
            "cached_download",
            "load_torch_model",
        )
    ),
    *(
        Loader(name, 0, ("repo_id", "model_id"), within=("huggingface_hub",))
        for name in ("model_info", "list_repo_files", "repo_exists")
    ),
    *(
        Loader(name, 0, ("model_name_or_path", "model_name"), "sentence-transformers")
        for name in ("SentenceTransformer", "SparseEncoder", "CrossEncoder")
    ),
    Loader("create_model", 0, ("model_name",), "timm", within=("timm",)),
    *(
        Loader(name, 0, ("model_name",), "open-clip", within=("open_clip",))
        for name in ("create_model", "create_model_and_transforms", "create_model_from_pretrained")
    ),
    Loader("load", 0, ("repo_or_dir",), "torch-hub", within=("torch.hub",)),
    Loader("load", 0, ("name",), "clip", within=("clip",)),
    Loader("load_model", 0, ("name",), "whisper", within=("whisper",)),
    Loader("load_model", 0, ("whisper_arch",), "faster-whisper", within=("whisperx",)),
    Loader(
        "WhisperModel", 0, ("model_size_or_path",), "faster-whisper", within=("faster_whisper",)
    ),
    Loader("load", 0, ("name",), "spacy", within=("spacy",)),
    Loader("download", 0, ("model",), "spacy", within=("spacy.cli",)),
    Loader("LLM", 0, ("model",), within=("vllm",)),
    *(
        Loader(name, 0, ("model",), within=("vllm",))
        for name in ("EngineArgs", "AsyncEngineArgs", "ModelConfig")
    ),
    *(
        Loader(name, -1, ("model_path",), within=("sglang",))
        for name in ("Engine", "Runtime", "ServerArgs")
    ),
    Loader("Llama", 0, ("model_path",), within=("llama_cpp",)),
    Loader("pipeline", 0, ("model_path",), within=("lmdeploy",)),
    *(
        Loader(name, -1, ("model_name", "model_id", "repo_id"))
        for name in (
            *(
                "HuggingFaceEmbeddings",
                "HuggingFaceBgeEmbeddings",
                "HuggingFaceInstructEmbeddings",
                "HuggingFaceEmbedding",
            ),
            *(
                "HuggingFaceCrossEncoder",
                "HuggingFaceLLM",
                "OpenVINOEmbeddings",
                "FastEmbedEmbeddings",
                "TextEmbedding",
            ),
        )
    ),
    Loader("from_model_id", 0, ("model_id",)),
    Loader("PromptCompressor", 0, ("model_name",)),
    Loader("load", 0, ("path_or_hf_repo",), within=("mlx_lm", "mlx_vlm")),
    Loader("pipeline", 1, ("model",), within=("modelscope",)),
    Loader("get_checkpoint_url", 0, ("config_path",), "zoo", within=("detectron2",)),
    Loader("get", 0, ("config_path",), "zoo", within=("detectron2.model_zoo",)),
    Loader("get_config_file", 0, ("config_path",), "zoo", within=("detectron2",), part="settings"),
    *(
        Loader(name, 0, ("model",), "zoo", within=tuple(PACKAGES))
        for name in (
            *("DetInferencer", "MMOCRInferencer", "MMPoseInferencer", "MMSegInferencer"),
            *("ImageClassificationInferencer", "ImageRetrievalInferencer", "FeatureExtractor"),
        )
    ),
    Loader("get_model", 0, ("model",), "zoo", within=("mmpretrain",)),
    *(
        Loader(name, 0, ("handle",), "tfhub", within=("tensorflow_hub",))
        for name in ("load", "KerasLayer", "Module")
    ),
    Loader("model_download", 0, ("handle",), "kaggle", within=("kagglehub",)),
    Loader("dataset_download", 0, ("handle",), "kaggle", "dataset", ("kagglehub",)),
    Loader("get_calibration_dataset", 0, ("dataset_name",), "dataset", "dataset"),
    Loader("INSTRUCTOR", 0, ("model_name_or_path",), "sentence-transformers"),
    *(
        Loader(name, 0, ("path",), "dataset", "dataset", ("datasets",))
        for name in (
            "load_dataset",
            "load_dataset_builder",
            "get_dataset_config_names",
            "get_dataset_split_names",
            "get_dataset_infos",
        )
    ),
)

BY_NAME: dict[str, tuple[Loader, ...]] = {}
for _loader in LOADERS:
    BY_NAME[_loader.name] = (*BY_NAME.get(_loader.name, ()), _loader)

HUB_KEYWORDS = frozenset(
    {
        "hf_hub_id",
        "hf_hub",
        "hf_repo",
        "hf_repo_id",
        "hf_model_id",
        "hf_model_name",
        "hf_tokenizer_name",
    }
)
"""Keywords and keys under which tables of pretrained models name a repository of the hub."""

WEIGHT_FILE = re.compile(
    r"https?://[^\s'\"<>{}]{1,1000}?\.(?:pth?|pyth|bin|safetensors|gguf|ckpt|onnx|h5|tflite|pdparams|msgpack|npz|nemo|jit|th|mnn|rknn|caffemodel|weights)(?:\.tar)?(?![\w.])(?:\?[^\s'\"]*)?"
)

BUCKETS = ("gs://", "s3://", "s3a://", "oss://", "cos://", "tos://", "bos://", "obs://", "az://")
"""Object stores of Google, Amazon, Alibaba, Tencent, ByteDance, Baidu, Huawei and Microsoft."""
WRITTEN_TO = re.compile(r"(?:^|[_\-.])(?:out|output|save|upload|export|dest|log|backup|work)")
"""What a name says under which a training writes: `output_dir`, `--save-path`."""

DOWNLOADERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("load_state_dict_from_url", "load_file_from_url", "load_url", "urlretrieve", "urlopen"),
        ("url",),
    ),
    **dict.fromkeys(("download_url_to_file", "download_url", "download", "cached_path"), ("url",)),
    "get": ("url",),
}
"""Calls that download what a URL names, with the keyword of the URL; it comes first."""

BUILDERS: frozenset[str] = frozenset(
    [
        *(
            "json",
            "csv",
            "text",
            "parquet",
            "arrow",
            "imagefolder",
            "audiofolder",
            "videofolder",
            "webdataset",
            "xml",
            "pandas",
        ),
        *("sql", "generator", "cache", "hdf5", "spark", "pdffolder", "lance"),
    ]
)
"""Names under which `load_dataset` reads files: no data set is meant."""

_TOKENIZER = re.compile(r"Tokenizer(?:Fast)?$|^get_tokenizer$")
_PROCESSOR = re.compile(r"(?:Processor|FeatureExtractor|Preprocessor)(?:Fast)?$")
_SETTINGS = re.compile(r"(?:Config|Scheduler|SamplingParams)$")
_ADAPTER = re.compile(r"^(?:Auto)?Peft|Adapter|Lora", re.IGNORECASE)


def part_of(holder: str) -> str:
    """What a class whose `from_pretrained` is called takes from the repository: weights, tokenizer,
    processor, settings, adapter.
    """
    for pattern, part in (
        (_TOKENIZER, "tokenizer"),
        (_PROCESSOR, "processor"),
        (_SETTINGS, "settings"),
        (_ADAPTER, "adapter"),
    ):
        if pattern.search(holder):
            return part
    return "weights"


def within(dotted: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name lies in one of these packages; every name does where none are given."""
    return not packages or any(
        dotted == package or dotted.startswith(f"{package}.") for package in packages
    )
