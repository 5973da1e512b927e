"""Which calls load models and data sets, and which argument names them: the public interfaces of
the libraries, as a table.

`space` says how a bare name is to be read (merge/references.py): `hub` names are `owner/name`; the
rest are the libraries' own names.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aisbom.collect.models.hub_names import hub_id


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
)
_LITERAL = re.compile(
    rb"""['"](?:[.]{1,2}/[^'"\s]+|(?:hf-hub:|hf_hub:|hf://|https://huggingface[.]co/)?"""
    rb"""[\w.\-{}%]+/[\w{%][\w.\-{}%]*(?:/?|/resolve/[^'"]*|@\w*))['"]"""
)
_PROMISED = re.compile(
    rb"(?:model|encoder|decoder|tower|backbone|tokenizer|pretrained|checkpoint|ckpt|embed|dataset"
    rb"|vae|llm|lm_|_lm|teacher|student|whisper|vocoder|repo|hf_|path|data)",
    re.IGNORECASE,
)
_ID_LITERAL = re.compile(rb"""['"][A-Za-z0-9][\w.\-]{1,90}/[A-Za-z0-9][\w.\-]{1,90}['"]""")
_FAMILY_LITERAL = re.compile(
    rb"['\"](?:vit-|siglip|llama|vicuna"
    rb"|qwen|mistral|bert-|gpt2|clip|dinov|whisper|wav2vec|hubert|wavlm|t5-|opt-|bloom|eva\d|swin"
    rb"|mpt-|falcon|gemma|phi-|internlm|chatglm|baichuan)[\w.\-/]*\d",
    re.IGNORECASE,
)
_FAMILY_PROMISED = re.compile(
    rb"(?=(model|encoder|tower|backbone|lm|llm|path|name|type))", re.IGNORECASE
)
"""A name without owner, at most _FAMILY_NEAR bytes behind a word that promises one."""
_FAMILY_NEAR = 60
_LIKE_AN_ID = re.compile(rb"[0-9_-]|[a-z][A-Z]")
_LEGACY = (b"bert", b"gpt2", b"t5-", b"xlnet", b"load_dataset(", b"ctrl")
_CLIENT_SIGNS = (
    b"GigaChat(",
    b"riendli(",
    b"api_key",
    b"API_KEY",
    b"OpenAI(",
    b"openai.",
    b"import wandb",
    b"nthropic",
    b"Client(",
    b"litellm",
    b"GenerativeModel",
    b"Groq(",
    b"bedrock",
    b"replicate",
    b"wandb.",
    b"WandbLogger",
    b"deepl",
    b"Translator",
    b"Speech",
    b"init_chat_model",
    b"dspy.",
    b"modal.",
    b"boto3",
    b"ngrok",
    b"Agent(",
)


def loads(data: bytes) -> bool:
    """Whether a Python file may load a model: it holds a word of a loader, and a literal that could
    name one.
    """
    if any(word in data for word in _OWN_NAMES):
        return True
    return calls(data) and (
        _LITERAL.search(data) is not None or any(word in data for word in _LEGACY)
    )


def names_ids(data: bytes) -> bool:
    """Whether it holds a literal that reads as an id, a little behind a word that promises one;
    right behind it, where the id may be any two words.
    """
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


_API_HOST = re.compile(
    rb"://(?:(?:[\w\-]+[.]){0,3}"
    rb"(?:[\w\-]*api|inference|router|aip|dashscope|generativelanguage|open[.]bigmodel|weights"
    rb"|translate|speech)|\{)"
)
_SCHEMES = tuple(quote + scheme for quote in (b"'", b'"') for scheme in (b"http", b"https", b"wss"))
_KEY = re.compile(
    rb"(?:environ|getenv)[^\n]{0,12}['\"][A-Z][A-Z0-9_]{2,40}(?:KEY|TOKEN|ENDPOINT|SECRET)"
)


_ASKS = re.compile(
    rb"['\"](?:gpt-[345]|claude-\d|claude-[a-z]+-|gemini-\d|wandb['\"])"
    rb"|\bOpenAI\(['\"\n ,\w]{0,80}key="
)
"""A model that is only served, a tracker, a client of some package."""


def connects(data: bytes) -> bool:
    """Whether it may be a client of a hosted service: it holds a sign of one, and imports what
    services are reached by.
    """
    if b".speech.microsoft" in data or any(
        data[max(0, match.start() - 6) : match.start()].endswith(_SCHEMES)
        for match in _API_HOST.finditer(data)
    ):
        return True
    if _ASKS.search(data) is not None:
        return True
    if (b"environ" in data or b"getenv" in data) and _KEY.search(data) is not None:
        return True
    return any(sign in data for sign in _CLIENT_SIGNS) and _CLIENT_WORDS.search(data) is not None


def names_weights(data: bytes) -> bool:
    """Whether a text of the file may be the address of weights."""
    return b"://" in data and _WEIGHT_BYTES.search(data) is not None


CLIENTS: tuple[str, ...] = (
    *(
        "openai",
        "anthropic",
        "cohere",
        "mistralai",
        "groq",
        "together",
        "fireworks",
        "replicate",
        "litellm",
        "dashscope",
        "qianfan",
    ),
    *(
        "google.generativeai",
        "google.genai",
        "vertexai",
        "huggingface_hub",
        "zhipuai",
        "zai",
        "ai21",
        "aleph_alpha_client",
        "voyageai",
    ),
    *(
        "cerebras.cloud.sdk",
        "writerai",
        "xai_sdk",
        "elevenlabs",
        "deepgram",
        "assemblyai",
        "nomic",
        "volcenginesdkarkruntime",
        "friendli",
    ),
    *(
        "langchain_openai",
        "langchain_anthropic",
        "langchain_google_genai",
        "langchain_google_vertexai",
        "langchain_cohere",
    ),
    *(
        "langchain_mistralai",
        "langchain_groq",
        "langchain_together",
        "langchain_fireworks",
        "langchain_aws",
        "langchain_upstage",
    ),
    *(
        "langchain_deepseek",
        "langchain_xai",
        "langchain_nvidia_ai_endpoints",
        "langchain_community.chat_models",
        "langchain.chat_models",
    ),
    *("langchain_community.llms", "langchain_community.embeddings", "langchain_naver"),
    *(
        "langchain.llms",
        "langchain.embeddings",
        "llama_index.llms",
        "llama_index.embeddings",
        "tencentcloud.hunyuan",
        "ibm_watsonx_ai",
    ),
    *(
        "gigachat",
        "yandex_cloud_ml_sdk",
        "sambanova",
        "pplx",
        "boto3",
        "azure.ai.inference",
        "azure.ai.translation",
        "azure.cognitiveservices.speech",
        "google.cloud.speech",
        "google.cloud.texttospeech",
        "google.cloud.translate",
        "google.cloud.vision",
        *("google.cloud.speech_v1", "google.cloud.speech_v2", "google.cloud.translate_v2"),
        *("google.cloud.translate_v3", "aip", "transformers.integrations", "snowflake.cortex"),
        "googletrans",
        "deepl",
        "deep_translator",
        "wandb",
        "modal",
        "ngrok",
        "pyngrok",
        "twelvelabs",
        "sarvamai",
        "speechmatics",
        "cartesia",
        "reka",
        "predibase",
        "fal_client",
        "sensenova",
        "dspy",
        "pydantic_ai",
        "instructor",
        "aisuite",
        "crewai",
        "smolagents",
        "langchain.chat_models",
        "pytorch_lightning.loggers",
        "lightning.pytorch.loggers",
        "ollama",
    ),
)
"""Packages of clients of hosted services: a call of something imported from them is shown to the
knowledge, which knows whose it is.
"""

_CLIENT_WORDS = re.compile(
    rb"(?:from|import) (?:%s)|bedrock|InferenceClient"
    rb"|client\(['\"](?:polly|transcribe|translate|comprehend|sagemaker)"
    % b"|".join(
        re.escape(name).encode() for name in CLIENTS if name not in ("boto3", "huggingface_hub")
    )
)
CLIENT_ROOTS = frozenset(name.partition(".")[0] for name in CLIENTS)

WEIGHT_FILE = re.compile(
    r"https?://[^\s'\"<>{}]+?\.(?:pt|pth|bin|safetensors|gguf|ckpt|onnx|h5|tflite|pdparams|msgpack|npz|nemo)(?![\w.])(?:\?[^\s'\"]*)?"
)
_WEIGHT_BYTES = re.compile(
    rb"\.(?:pt|pth|bin|safetensors|gguf|ckpt|onnx|h5|tflite|pdparams|msgpack|npz|nemo)[?'\"]"
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
