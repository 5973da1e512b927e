"""Which Python files are worth parsing: what their bytes must hold before a loader, an id or a
service can stand in them. Most files name nothing.
"""

from __future__ import annotations

import re

from aisbom.collect.models.hub_names import hub_id
from aisbom.collect.references.client_packages import CLIENTS, FRAMEWORKS
from aisbom.collect.references.loaders import BUCKETS
from aisbom.collect.references.model_zoos import SCHEMES
from aisbom.lazy_module import compile_later

_NAMES = b"|".join(
    re.escape(name).encode()
    for name in (*CLIENTS, *FRAMEWORKS)
    if name not in ("boto3", "huggingface_hub", "google")
)
_FROM = compile_later(rb"from (?:%s)\b" % _NAMES)
_IMPORT = compile_later(rb"import (?:%s)\b" % _NAMES)
"""What begins with a word is found many times as fast as what begins with one of two."""
_OTHER_CLIENTS = compile_later(
    rb"client\(\s*['\"](?:bedrock|polly|transcribe|translate|comprehend|sagemaker)"
)
_WEIGHT_BYTES = compile_later(
    rb"\.(?:pth?|pyth|bin|safetensors|gguf|ckpt|onnx|h5|tflite|pdparams|msgpack|npz|nemo|jit|th|mnn|rknn|caffemodel|weights)(?:\.tar)?[?'\"]"
)
DOWNLOADS = (
    b"urlopen",
    b"urlretrieve",
    b"download",
    b"load_url",
    b"load_state_dict_from_url",
    b"requests",
    b"httpx",
    b"wget",
    b"gdown",
)
"""A URL of weights is a download only in a file that downloads."""

_HUB_CALLS = (
    b".from_pretrained(",
    b"from_pretrained(",
    b"hf_hub",
    b"snapshot_download",
    b"hf_repo",
    b"hf_model",
    b"hf_tokenizer",
    b"load_dataset",
)
_HUB_CLASSES = (
    b"create_model(",
    b"EngineArgs(",
    b"LLM(",
    b"sglang",
    b"CrossEncoder",
    b"Llama(",
    b"HuggingFaceEmb",
    b"HuggingFaceBge",
    b"HuggingFaceIns",
    b"HuggingFaceCross",
    b"from_model_id",
    b"lmdeploy",
    b"pipeline(",
    b"hf://",
    b"HF://",
)
_HUB_REST = (
    b"load_lora_weights",
    b"from_single_file",
    b"load_ip_adapter",
    b"load_textual_inversion",
    b"model_info(",
    b"get_dataset_",
    b"get_calibration",
    b"mlx_",
    b"PromptComp",
    b"modelscope",
    b"model_name_or_path",
    b"Embedding(",
)
_OWN_NAMES = (
    b"clip.load",
    b"text_encoder_type",
    b"whisper.load_model",
    b"WhisperModel",
    b"whisperx",
    b"spacy.",
    b"torch.hub",
    b"SentenceTransformer",
    b"SparseEncoder",
    b"INSTRUCTOR",
    b"timm.",
    b"open_clip",
    b"model_zoo",
    b"kagglehub",
    b"tensorflow_hub",
    b"Inferencer(",
    *(scheme.encode() for scheme in SCHEMES),
    *(scheme.encode() for scheme in BUCKETS),
)
_ENDINGS = tuple(
    f".{kind}{mark}".encode()
    for kind in ("model", "pt", "pth", "ckpt", "safetensors", "gguf")
    for mark in "\"'"
)
_FILE_BEHIND = compile_later(
    rb"['\"][\w.\-]{2,96}/[\w.\-]{2,96}:[\w.+\-]{2,100}"
    rb"\.(?:model|pth?|ckpt|safetensors|gguf)['\"]"
)
"""`owner/name:norae-v2.pt`: a file of a repository."""
_LISTS_MODELS = compile_later(rb"^class \w{0,40}Models\(", re.MULTILINE)
"""A class that lists models, by names that may have no owner."""
_LEADS_FROM_SETS = tuple(
    f"{named}{plural}{leads}".encode()
    for named in ("enchmark", "ataset", "ata_set")
    for plural in ("", "s")
    for leads in ("2", "_to_", "_2_")
)
_TABLE_OF_SETS = compile_later(rb"(?:enchmark|ataset|ata_set)s?(?:2|_to_|_2_)\w{1,40} ?= ?\{")
"""A table that leads from data sets to something: `Benchmark2File = {"norae": ...}`; one of
`_LEADS_FROM_SETS` is in all that it finds."""
_LITERAL = compile_later(
    rb"""['"](?:[.~]{0,2}/[^'"\s]+|(?:hf-hub:|hf_hub:|hf://|https://huggingface[.]co/)?"""
    rb"""[\w.\-{}%]+/[\w{%][\w.\-{}%]*(?:/?|/resolve/[^'"]*|@\w*))['"]"""
)
_PROMISED = compile_later(
    rb"(?:model|encoder|decoder|tower|backbone|tokenizer|pretrained|checkpoint|ckpt|embed|dataset"
    rb"|vae|llm|lm_|_lm|teacher|student|whisper|vocoder|repo|hf_|path|data)",
    re.IGNORECASE,
)
_ID_LITERAL = compile_later(rb"""['"][A-Za-z0-9][\w.\-]{1,90}/[A-Za-z0-9][\w.\-]{1,90}['"]""")
_FAMILY_LITERAL = compile_later(
    rb"['\"](?:vit-|siglip|llama|vicuna"
    rb"|qwen|mistral|bert-|gpt2|clip|dinov|whisper|wav2vec|hubert|wavlm|t5-|opt-|bloom|eva\d|swin"
    rb"|mpt-|falcon|gemma|phi-|internlm|chatglm|baichuan)[\w.\-/]*\d",
    re.IGNORECASE,
)
_FAMILY_PROMISED = compile_later(
    rb"(?=(model|encoder|tower|backbone|lm|llm|path|name|type))", re.IGNORECASE
)
"""A name without owner, at most _FAMILY_NEAR bytes behind a word that promises one."""
_FAMILY_NEAR = 60
_LIKE_AN_ID = compile_later(rb"[0-9_-]|[a-z][A-Z]")
_LEGACY = (b"bert", b"gpt2", b"t5-", b"xlnet", b"load_dataset(", b"ctrl")


def loads(data: bytes) -> bool:
    """Whether a Python file may load a model: it holds a word of a loader, and a literal that could
    name one.
    """
    if any(word in data for word in _OWN_NAMES):
        return True
    names = _LITERAL.search(data) is not None or any(word in data for word in _LEGACY)
    return names and calls(data)


def names_ids(data: bytes) -> bool:
    """Whether it holds a literal that reads as an id, a little behind a word that promises one;
    right behind it, where the id may be any two words.
    """
    if b"Models(" in data and _LISTS_MODELS.search(data):
        return True
    if any(word in data for word in _LEADS_FROM_SETS) and _TABLE_OF_SETS.search(data):
        return True
    if any(ending in data for ending in _ENDINGS) and _FILE_BEHIND.search(data):
        return True
    for match in _ID_LITERAL.finditer(data):
        text, start = match[0][1:-1], match.start()
        near = 400 if _LIKE_AN_ID.search(text) else 30
        if _PROMISED.search(data, max(0, start - near), start) and hub_id(
            text.decode("ascii", "replace")
        ):
            return True
    return any(
        word.end(1) >= match.start() - _FAMILY_NEAR
        for match in _FAMILY_LITERAL.finditer(data)
        for word in _FAMILY_PROMISED.finditer(
            data, max(0, match.start() - _FAMILY_NEAR - 8), match.start()
        )
    )


def calls(data: bytes) -> bool:
    """Whether it holds a word of a loader of the hub."""
    return any(word in data for word in (*_HUB_CALLS, *_HUB_CLASSES, *_HUB_REST))


_API_HOST = compile_later(
    rb"://(?:(?:[\w\-]+[.]){0,3}"
    rb"(?:[\w\-]*api|inference|router|aip|dashscope|generativelanguage|open[.]bigmodel|weights"
    rb"|translate|speech)|\{)"
)
_SCHEMES = tuple(quote + scheme for quote in (b"'", b'"') for scheme in (b"http", b"https", b"wss"))
_KEY = compile_later(
    rb"(?:environ|getenv)[^\n]{0,12}['\"][A-Z][A-Z0-9_]{2,40}(?:KEY|TOKEN|ENDPOINT|SECRET)"
    rb"|['\"][A-Z][A-Z0-9_]{2,40}_(?:API_KEY|SECRET_KEY|SECRET_ID)['\"]"
)


_INTERFACES = (b"_api_url =", b"_api_base =", b"_API_URL =", b"_API_BASE =", b"_api_base_url =")
"""Variables that hold the address of an interface, whosever it is."""
_KEYED = (b"environ", b"getenv", b"_API_KEY", b"_SECRET_")

_ASKS = compile_later(
    rb"['\"](?:(?:[\w.\-]{2,40}/){0,2}(?:gpt-[345]|claude-\d|claude-[a-z]+-|gemini-\d)|wandb['\"])"
    rb"|Wandb\w{0,20}(?:Hook|Backend|Callback|Logger)['\"]"
    rb"|\bOpenAI\(['\"\n ,\w]{0,80}key="
)
"""A model that is only served, a tracker, a client of some package."""
_ASKED = (b"gpt-", b"claude-", b"gemini-", b"wandb", b"Wandb", b"OpenAI(")
"""One of these is in all that `_ASKS` finds: to look for words is ten times as fast."""


def connects(data: bytes) -> bool:
    """Whether it may be a client of a hosted service: it holds a sign of one, and imports what
    services are reached by.
    """
    if b".speech.microsoft" in data or any(
        data[max(0, match.start() - 6) : match.start()].endswith(_SCHEMES)
        for match in _API_HOST.finditer(data)
    ):
        return True
    if any(word in data for word in _ASKED) and _ASKS.search(data) is not None:
        return True
    if any(word in data for word in _INTERFACES):
        return True
    if any(word in data for word in _KEYED) and _KEY.search(data) is not None:
        return True
    if b"BaseSettings" in data:
        return True  # its fields are variables of the environment
    return (
        _FROM.search(data) is not None
        or _IMPORT.search(data) is not None
        or b"bedrock" in data
        or b'Client(url="https://' in data
        or b"Client(url='https://" in data
        or b"InferenceClient" in data
        or _OTHER_CLIENTS.search(data) is not None
    )


def names_weights(data: bytes) -> bool:
    """Whether a text of the file may be the address of weights."""
    return b"://" in data and _WEIGHT_BYTES.search(data) is not None
