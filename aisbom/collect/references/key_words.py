"""What a name promises of its value: `vision_tower`, `--tokenizer-model`, `BASE_MODEL`,
`DatasetConfig(path=...)`.

Words say that a value may be the name of a model or a data set; whether it is one, the value says.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aisbom.lazy_module import compile_later

_OF_DOCUMENTATION = compile_later(
    r"_?(?:[A-Z0-9]+_)*(?:ARCHIVE_(?:MAP|LIST)|FOR_(?:DOC|\w+_CLASSIFICATION|QA|TOKEN_\w+))"
)
"""Constants of transformers' own files that its documentation is made from: nothing is loaded."""
KEY = compile_later(
    r"[A-Z][A-Z0-9_]{2,40}_(?:API_?)?(?:KEY|TOKEN|SECRET|ENDPOINT|CREDENTIALS|AK|SK)"
    r"(?:S?(?:_\w{0,9})?|\d{1,2})"
)
"""Names of variables that hold the key of a service."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MODEL = _set(
    """model models encoder encoders decoder tower towers backbone backbones vae lm llm vlm mllm
    unet vit clip bert processor checkpoint checkpoints ckpt pretrained pretrain pretraining
    base teacher student draft reward embed embedding embeddings embedder reranker ranker
    vocoder codec weights weight adapter lora controlnet critic judge policy generator
    captioner transcriber asr tts whisper llama qwen hf huggingface repo hub network net
    classifier detector segmenter denoiser transformer gpt t5 clap roberta siglip dinov2 hubert
    wavlm wav2vec2 encodec enc mt5 umt5 byt5 imagebind vicuna gemma mistral mixtral chatglm"""
)
# Words that also stand before what is no model: the value has to show that it is one.
_WEAK = _set(
    """repo hub base reward judge critic policy generator weight weights checkpoint checkpoints
    network net hf data detector classifier adapter"""
)
_TOKENIZER = frozenset({"tokenizer", "tokenizers", "tok"})
_SETTINGS = frozenset({"processor", "preprocessor", "feature", "scheduler"})
_DATASET = _set("""dataset datasets corpus corpora data trainset testset valset trainsets""")
_KINDS = (
    ("dataset", _DATASET),
    ("tokenizer", _TOKENIZER),
    ("settings", _SETTINGS),
    ("model", _MODEL),
)
# A name with one of these says something else than where the weights are from.
_OTHER = _set(
    """dir dirs directory folder output outputs out outdir cache log logs logger logging save
    saved docker image images github git wandb class cls type types fn func function parser
    template prefix suffix format key keys mode dtype ext project workspace entity title
    served push upload uploads alias target license licence device lr loss metric metrics
    optimizer optim version author authors user username email branch url urls endpoint api
    file filename files column columns field split subset section len length size dim dims num
    count max min n test tests desc description help text message messages prompt choices
    topic tag tags group groups category label labels citation architecture architectures
    token tokens vocab vocabulary doc docs docstring archive feat feats"""
)
_NEUTRAL = frozenset({"image", "images", "text", "test", "choices", "url", "urls"})
"""Words of `_OTHER` that say nothing else beside that of a part: `image_encoder`, `test_model`,
`CONTROLNET_CHOICES`, `model_urls`."""
_JUDGES = _set("judge judges judger grader graders evaluator evaluators autorater autograder")
_NO_NETS = _set("inter intra ether sub pla mag dot tel cabi bot garni hor vi")
_PLAIN = _set(
    """path paths name names id ids identifier repo repo_id repository source sources src hf_name
    hf_path value default uri location ref"""
)
_PLAIN_WORDS = _set(
    "path name id or identifier repo repository hf hub huggingface uri location ref"
)
"""Words of which plain names are made: `name_or_path`, `hub_id`."""


_EXACT = {
    "hf_hub_url": "dataset",
    "ms_hub_url": "dataset",
    "hub_model_id": "",
    "text_encoder_type": "model",
}
"""Keys that say something else than their words: of LLaMA-Factory's list of data sets, where
trainers upload to, and what GroundingDINO reads texts with.
"""
REGISTRIES = {"ms_hub_url": "modelscope"}
"""Keys under which ids of another registry than the hub stand."""
_READ = frozenset({"path", "file", "load", "from"})
_WRITTEN = ("out", "save", "log", "export", "cache", "dump")
_SPLITS = frozenset({"train", "training", "valid", "validation", "eval", "pretrain"})


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `textModel`, `TEXT_MODEL`, `--text-model`."""
    return tuple(
        word for word in re.split(r"[^a-z0-9]+", _CAMEL.sub("_", name[:120]).lower()) if word
    )


@lru_cache(maxsize=4096)
def purpose(name: str, holder: str = "") -> str:
    """`model`, `tokenizer`, `settings`, `dataset` or `""`: what a value under this name may be the
    name of. A plain name (`path`) says what its holder says (`DatasetConfig`).
    """
    documents = _OF_DOCUMENTATION.fullmatch(name) or holder.endswith("docstrings")
    if documents or name in _EXACT:
        return _EXACT.get(name, "")
    if holder and _is_plain(name):
        told = purpose(holder)
        if told or name.lower() in _PLAIN:
            return told if told != "settings" else ""
    if holder and (told := _tell_by_holder(name, holder)):
        return told
    found = frozenset(words(name))
    if "config" in found and not found.isdisjoint(("name", "path")):
        return "settings"  # which of its configurations
    if (others := found - _list_choices(name)) & _OTHER and not _named_all_the_same(others):
        return ""
    told = next((kind for kind, these in _KINDS if found & these), "")
    return told or ("model" if any(map(_is_network, found)) else "")


def _tell_by_holder(name: str, holder: str) -> str:
    """What a split of a data set or a key into a hub is of, where the name of its holder says it:
    `DatasetEntry(dataset_key=...)`.
    """
    if name.lower() in _SPLITS and purpose(holder) == "dataset":
        return "dataset"
    told = words(name)
    kind = purpose("_".join(word for word in told if word != "key")) if "key" in told else ""
    return kind if kind and kind == purpose(holder) else ""


@lru_cache(maxsize=4096)
def weak(name: str, holder: str = "") -> bool:
    """Whether nothing but a word of many meanings (`repo`, `base`, `data`) says so."""
    by_holder = holder and _is_plain(name) and (purpose(holder) or name.lower() in _PLAIN)
    found = set(words(holder if by_holder else name))
    if any(map(_is_network, found)):
        return False
    return not (found & (_MODEL | _TOKENIZER | _SETTINGS | _DATASET)) - _WEAK


def _list_choices(name: str) -> frozenset[str]:
    """What a value may be of either: `type` and `dir` of `model_type_or_dir`, which may be a
    folder, and a name as well.
    """
    told = words(name)
    return frozenset(
        word for at, one in enumerate(told) if one == "or" for word in told[max(0, at - 1) : at + 2]
    )


def _is_plain(name: str) -> bool:
    """Whether a name says nothing but that it names something."""
    told = words(name)
    return name.lower() in _PLAIN or (len(told) > 1 and _PLAIN_WORDS.issuperset(told))


def judges(name: str, holder: str = "") -> bool:
    """Whether what stands under this name judges answers: `judge_model`, `judge: {model: ...}`."""
    return not _JUDGES.isdisjoint((*words(name), *words(holder)))


_FOLDERS = frozenset({"dir", "directory", "folder", "root"})
_LEAST_PARTS = 2


def held_in_folder(name: str) -> str:
    """`weights` or `tokenizer` where a value under this name is the folder of one that is read:
    `norae_model_dir`, `--ckpt-folder`; else `""`.
    """
    told = words(name)
    if not told or told[-1] not in _FOLDERS or any(w in name.lower() for w in _WRITTEN):
        return ""
    what = purpose("_".join(told[:-1])) if not weak("_".join(told[:-1])) else ""
    return {"model": "weights", "tokenizer": "tokenizer"}.get(what, "")


def may_hold_checkpoints(name: str) -> bool:
    """Whether a value under this name is a folder of checkpoints, read or written:
    `checkpoint_dir`.
    """
    told = words(name)
    return told[-1:] in (("dir",), ("folder",)) and told[-2:-1] in (("checkpoint",), ("ckpt",))


def name_data_folder(name: str, path: str) -> str:
    """The last folder of a path under a name that promises data (`train_dataset_dir`), which may be
    called after a data set; else `""`.
    """
    told = words(name)
    parts = [part for part in path.rstrip("/").split("/") if part]
    if not told or told[-1] not in _FOLDERS | {"dirs"} or len(parts) < _LEAST_PARTS:
        return ""
    if "://" in path or any(w in name.lower() for w in _WRITTEN):
        return ""
    return parts[-1] if purpose("_".join(told[:-1])) == "dataset" else ""


def reads_a_file(name: str) -> bool:
    """Whether a value under this name is a file that is read: `norae_path`, `load_from`."""
    told = words(name)
    return bool(told) and told[-1] in _READ and not any(w in name.lower() for w in _WRITTEN)


def _is_network(word: str) -> bool:
    """A network by its name: `controlnet`, `brushnet`, `unet`; no `subnet`."""
    return len(word) > 4 and word.endswith("net") and word[:-3] not in _NO_NETS


def _named_all_the_same(found: frozenset[str]) -> bool:
    """Whether its other words are neutral beside that of a kind."""
    return not found & (_OTHER - _NEUTRAL) and (
        bool(found & (_MODEL | _TOKENIZER | _DATASET) - _WEAK) or any(map(_is_network, found))
    )
