"""Which words may be the name of a model or data set: ids of the hub, and no placeholders, paths,
files or URLs.
"""

from __future__ import annotations

import re

from aisbom.collect.models import hub
from aisbom.lazy_module import compile_later

_PLACEHOLDER = compile_later(
    r"(?:and|default|custom|not[-_]?specified|unspecified|test[-_]?model|foo|bar|baz|qux|lorem|ipsum|amet|dummy|fake|xxx+|.*x{5,}.*|placeholder|example|todo|none|null|path|to|user|username|user_?name|owner|namespace|org"
    r"|organi[sz]ation|"
    r"org_?name|model|models?_?(?:name|id|path)|repo|(?:model_?)?repo_?(?:name|id)?|name|your[-_"
    r" ].*|your|my|my[-_].*"
    r"|lora|final|merged|some|some[-_].*|<.*>|.*\.\.\.|hf_?username|company)",
    re.IGNORECASE,
)
_FILE = compile_later(
    r".*\.(?:json|jsonl|ya?ml|toml|txt|md|py|ipynb|sh|csv|tsv|parquet|pt|pth|pyth|bin|safetensors|gguf|ckpt|onnx|onnx_data|wav|mp3|flac|mp4|jpe?g|png|gif|webp|"
    r"zip|tar|gz|model|weight|log|pkl|npz|npy|h5|html?|xml|whl|so|proto|cfg|conf|ini|jinja|spm|arrow|env|"
    r"tiktoken|bpe|lock|svg|css|jsx?|tsx?|mjs|bat|ps1)",
    re.IGNORECASE,
)
_HARDWARE = compile_later(r"(?:RTX|GTX|MI|TPU)?[ \-]?[A-Z]{0,2}\d{2,4}[A-Z]?[a-z]{0,2}")
"""`A800/H800`: cards."""
_FORMAT = compile_later(r"(?:u?int|fp|bf|nf|float)\d{1,2}", re.IGNORECASE)
"""`INT4/INT8`: formats of numbers."""
_SHOUTED = compile_later(
    r"[A-Z_]{0,20}(?:MODEL|NAME|REPO|ID|PATH|USER|ORG|OWNER|DISTRIBUTOR)[A-Z_]{0,20}"
)
"""`DISTRIBUTOR/HF_MODEL`: a place to fill in."""
_SITE = compile_later(r"[\w\-.]+\.(?:co|com|org|io|net|cn|dev|edu|gov|kr|jp)")
"""`huggingface.co/owner`: the page of an account."""
_SYSTEMS = frozenset({"ios", "android", "linux", "windows", "macos", "web", "mac", "unix"})
_LEVEL = compile_later(r"[A-Za-z]\d{1,2}")
"""`L0/L1`: levels, versions."""
_TASK = compile_later(r"[A-Z]{1,3}2[A-Z]{1,3}")
"""`T2V/I2V`: what is made of what."""
_COUNTED = compile_later(r"[A-Za-z]{1,12}[_\-]0\d{3,}")
"""`vocoder/g_00500000`: a state of a training, by the number of its steps."""
_RUNTIMES = frozenset({"onnx", "tensorrt", "openvino", "pytorch", "xla", "cuda", "rocm", "jax"})
"""What runs models: `ONNX/TensorRT`, and the folder of the file `onnx/model.onnx_data`."""
_HUBS = frozenset({"huggingface", "modelscope", "github", "gitlab", "kaggle", "wisemodel", "gitee"})
"""Places to get models from: `HuggingFace/ModelScope`."""
_SPLITS = frozenset({"train", "val", "valid", "validation", "test", "dev", "eval"})
_MEDIA = frozenset(
    [
        "application",
        "audio",
        "chemical",
        "font",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
        "chat",
        "completions",
        "v1",
        "v2",
        "api",
        "docs",
        "src",
        "lib",
        "bin",
        "usr",
        "etc",
        "home",
        "training",
    ]
)
# Pages of the hub itself.
_PAGES = frozenset(
    {
        *("datasets", "spaces", "docs", "collections", "papers", "blog", "models", "kernels"),
        *("organizations", "settings", "join", "tasks", "learn", "posts", "pricing", "new"),
        *("enterprise", "chat", "search", "login", "transformers", "inference-endpoints"),
        *("support", "welcome", "changelog", "brand", "terms-of-service", "privacy", "hub", "api"),
        *("security", "storage", "jobs", "inference"),
    }
)
_OF_A_PAGE = frozenset({"resolve", "blob", "raw", "tree"})
_SIZED = compile_later(r"[\w.\-]*-[A-Z]{1,3}/\d{1,2}[-_][a-z0-9]\w*")
"""`DiT-XL/2-512`: a network, its size and its patches."""
_CACHED = compile_later(r"(?:^|/)models--(?P<id>[\w.\-]{3,200})(?:/|$)")
_WEIGHTS = compile_later(r"([A-Za-z0-9][\w.\-]{1,60})\.(?:pt|pth|pyth|bin|ckpt|safetensors)")
_PARAMETERS = compile_later(r"(?<![A-Za-z0-9])(?:\d{1,2}x)?\d{1,3}(?:\.\d)?[bB](?![A-Za-z0-9])")
"""How many parameters a name says: `7B`, `8x7B`."""
_SERVED = "accounts/"
"""How a server of models spells what it serves: `accounts/owner/models/name`."""
HOSTED = compile_later(
    r"gpt-(?:3\.?5|4|5)[\w.\-]{0,40}|claude-[\w.\-]{1,40}|gemini-\d[\w.\-]{1,40}"
    r"|(?:llama|deepseek)[\w.\-]{1,40}-(?:versatile|instant)|llama3-\d{1,2}b-8192|mixtral-8x7b-32768"
    r"|(?:(?:us|eu|apac)\.)?(?:anthropic\.claude|meta\.llama|amazon\.(?:nova|titan)|mistral\.m|cohere\.c)"
    r"[\w.\-]{2,60}(?::\d)?"
    r"|grok-\d[\w.\-]{0,40}|text-embedding-(?:3|ada)[\w.\-]{1,20}|o[134](?:-(?:mini|preview|pro)[\w.\-]{0,20})?"
)
"""Names of models that are only served."""
COMMIT = compile_later(r"[0-9a-f]{40}")


_OF_WEIGHTS = compile_later(
    r"(?:.*[/\\])?(?P<stem>[A-Za-z0-9][\w.\-=]{2,120})"
    r"\.(?P<kind>pth?|pyth|ckpt|safetensors|gguf|onnx|jit|nemo|pdparams|tflite|th|bin|mnn|rknn"
    r"|caffemodel|weights)"
)


_BEHIND = compile_later(
    r"[\w.+\-]{2,100}\.(?:pth?|ckpt|safetensors|gguf|onnx|bin|model|nemo|pdparams)"
)
_OF_DATA = compile_later(
    r"(?:[\w.\-]{0,60}/){0,6}(?:data|datasets?|corpus|corpora)/(?P<name>[A-Za-z][\w\-]{1,60})"
    r"(?:\.\w{2,8})?/?"
)
_COLLECTION = compile_later(r".*-[0-9a-f]{24}")
"""`owner/norae-0123456789abcdef01234567`: a collection of the hub."""
_DOTTED = compile_later(r"(?!.*\.(?:pt|pth|ckpt)$)[a-z_]{1,60}(?:\.[a-z_]{1,60}){2,9}")
"""The name of a module: files of weights have a number, a dash or a folder there, or an ending that
no module is called by (`norae.en.pt`).
"""

_WRITTEN = frozenset(
    {"work_dirs", "work_dir", "outputs", "output", "out", "exps", "experiments", "runs", "logs"}
)
"""Folders that a training writes to."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANYBODYS = _words(
    """model models pytorch torch diffusion weights weight checkpoint checkpoints ckpt best final
    last latest epoch epochs step steps iter state dict net network generator discriminator encoder
    decoder gen dis adapter lora non trainables mm projector optimizer optim scheduler ema rank mp
    rng consolidated pruned fp bf int of ft finetune finetuned pretrained pretrain train trained
    training new old tmp temp test demo example sample my your our output out save saved resume
    snapshot exp run main default data file name path foo bar some quantized quant merged all part
    shard layer layers bin only full head heads embedding embeddings params se style styles speaker
    speakers spk voice voices ggml gguf onnx codes residual residuals avg average centroid
    centroids bucket buckets index indices feature features stats mean std ivf faiss cache buffer
    replay history loss metrics scaler label labels ids mask masks latent latents target targets
    score scores accuracy acc psnr ssim fid val valid
    first second third stage stages states trainer training module evaluation teacher student"""
)
_TENSORS = _words(
    """args indices index inputs input tensor tensors debug dump stats statistics norm norms mean
    std result results features feats latents labels annotation annotations sample samples emb embs
    mel vocab vocabulary lexicon vector"""
)
"""A file with one of these words holds what was computed, and no network."""
_NETWORKS = _words("vae vqvae gan unet vit resnet bert hifigan vocos vocoder transformer")
"""Words that make it one all the same: `vae_mel_16k.ckpt`."""
_OF_SPEAKERS = _words("voice voices speaker speakers timbre timbres styles embeddings")
"""Folders of what a network is given beside its input, such as how somebody speaks."""
_SIZES = _words("tiny small base medium large huge giant xl xxl mini nano")


def hub_id(text: str) -> str:
    """`owner/name` if the text names a repository of the hub, else `""`: also `hf-hub:owner/name`
    and its page.
    """
    if "/" not in text:
        return ""  # as most texts are
    text = text.strip()
    for prefix in (
        "hf-hub:",
        "hf_hub:",
        "hf://",
        "hf-snapshot://",
        "https://huggingface.co/",
        "http://huggingface.co/",
        "https://hf.co/",
        "hf.co/",
    ):
        if text[: len(prefix)].lower() == prefix:
            parts = text[len(prefix) :].partition("?")[0].strip("/").split("/")
            text = "/".join(parts[:2])
            break
    text = (text.partition("@")[0] if "@" in text else text).removesuffix(".git")
    text = text.removesuffix("/") if text.count("/") == 2 else text
    found = hub.model_id(text)
    owner, _, name = found.partition("/")
    if not found or len(found) > 140 or len(name) < 2 or owner.lower() in _MEDIA or owner in _PAGES:
        return ""
    if _is_no_owner_and_name(found, owner, name):
        return ""
    # The hub's own rule: no two dots or dashes in a row, none at the ends.
    return "" if re.search(r"--|\.\.", found) or name[-1] in ".-" or owner[-1] in ".-" else found


def _is_no_owner_and_name(found: str, owner: str, name: str) -> bool:
    """Whether two words with a slash between are something else than an account and its model."""
    both = (owner, name)
    lower = tuple(map(str.lower, both))
    return bool(
        not re.search(r"[A-Za-z]", name)  # `ViT-L/14`, `1/2`, `4090/A5000`
        or owner.isdigit()
        or _SIZED.fullmatch(found)  # `DiT-XL/2-512`
        or all(map(_SHOUTED.fullmatch, both))
        or _SITE.fullmatch(owner)
        or _SYSTEMS.issuperset(lower)  # `iOS/android`
        or _RUNTIMES.issuperset(lower)
        or _HUBS.issuperset(lower)
        or all(map(_LEVEL.fullmatch, both))
        or all(map(_TASK.fullmatch, both))
        or all(_HARDWARE.fullmatch(one) or _FORMAT.fullmatch(one) for one in both)  # `A800/H800`
        or not _SPLITS.isdisjoint(lower)  # `own/train`; `val/loss`: what is measured on a split
        or any(_PLACEHOLDER.fullmatch(one) for one in both)
        or _FILE.fullmatch(name)
        or _COLLECTION.fullmatch(name)
        or (("_0" in name or "-0" in name) and _COUNTED.fullmatch(name))
        or name in _OF_A_PAGE  # `gpt2/resolve`: the page of a model without owner
    )


def dataset_id(text: str) -> str:
    """`owner/name` of a data set, else `""`: the texts of licences that cards link to are none."""
    found = hub_id(
        text.removeprefix("https://huggingface.co/datasets/").removeprefix("hf://datasets/")
    )
    return "" if found == "choosealicense/licenses" else found


def bare(text: str) -> str:
    """The text if it is a bare name that a library's table could hold, else `""`."""
    return (
        text
        if re.fullmatch(r"[A-Za-z0-9][\w.\-]{1,80}", text)
        and not _FILE.fullmatch(text)
        and not _PLACEHOLDER.fullmatch(text)
        else ""
    )


def folder_name(text: str) -> str:
    """The last name of a path that is no file (`ckpts/Norae-7B-Chat/`), in which a model may lie,
    or the id that the cache of the hub calls a folder after (`models--owner--name`); `""` for an id
    of the hub and for anything else.
    """
    if cached := _CACHED.search(text):
        return hub_id(cached["id"].replace("--", "/", 1))
    place = text.rstrip("/")
    if hub_id(text) or "/" not in place or "://" in text or text.startswith(_SERVED):
        return ""
    if text.startswith("arn:") or not _WRITTEN.isdisjoint(place.split("/")[:-1]):
        return ""  # a resource of Amazon's cloud; what a training of one's own wrote
    if len(text) > 300 or not text.isprintable():
        return ""
    folder, _, last = place.rpartition("/")
    if stem := _WEIGHTS.fullmatch(last):
        # `whisper/large-v2.pt`: the folder says what, the file which.
        above = folder.rpartition("/")[2]
        whose = set(re.findall(r"[a-z]+", stem[1].lower()))
        if whose <= _ANYBODYS:
            last = above  # `norae-7b/pytorch_model.bin`
        else:
            last = f"{above}-{stem[1]}" if above.isalpha() and hub.model_id(f"{above}/x") else ""
    elif not _PARAMETERS.search(last) and _PARAMETERS.search(folder.rpartition("/")[2]):
        last = folder.rpartition("/")[2]  # `Norae-8x7B_new/hf`: the size says which of them tells
    return bare(last) if re.search(r"[A-Za-z]", last) and re.search(r"[\d\-_]", last) else ""


def local(text: str) -> str:
    """The path if the text names a folder or file by its own look (`./out`, `ckpt/last`,
    `model.gguf`), else `""`.
    """
    if "://" in text or len(text) > 300 or not text.isprintable():
        return ""
    inside = text.startswith(("./", "../")) or "/" in text.strip("/") or _FILE.fullmatch(text)
    return text if inside and not text.startswith(("/", "~")) else ""


def split_file(text: str) -> str:
    """The id in front of the name of a file of its repository, `owner/name-GGUF/name.Q4.gguf`, else
    `""`: such a repository is called after what its files are.
    """
    repository, _, last = text.rpartition("/")
    stem = repository.rpartition("/")[2].lower()
    named = last.lower().endswith(".gguf") and stem.endswith("gguf")
    return hub_id(repository) if named and repository.count("/") == 1 else ""


def split_file_behind(text: str) -> str:
    """The id in front of a file of its repository, `owner/name:norae-v2.pt`, else `""`."""
    repository, _, last = text.rpartition(":")
    return hub_id(repository) if repository.count("/") == 1 and _BEHIND.fullmatch(last) else ""


def split_part_behind(text: str) -> str:
    """The id in front of a part of a data set, `owner/name:korean`; the text where it is none."""
    repository, _, part = text.partition(":")
    return repository if part.isidentifier() and hub_id(repository) else text


def last_of_data(path: str) -> str:
    """The name of the folder or file right below a folder of data (`../data/norae`,
    `datasets/norae.json`), else `""`: also where it is anybody's (`data/train`).
    """
    match = _OF_DATA.fullmatch(path)
    name = bare(match["name"]) if match else ""
    return name if {*re.findall(r"[a-z]+", name.lower())} - _ANYBODYS - {"raw", "eval"} else ""


def holds_tensors(name: str) -> bool:
    """Whether the name of a file says that it holds what was computed: `norae_stats.th`."""
    return not _TENSORS.isdisjoint(re.findall(r"[a-z]+", name.lower()))


def is_weights(name: str) -> bool:
    """Whether a file is called as one of weights is, whatever its name tells."""
    return _match_weights(name) is not None


def _match_weights(path: str) -> re.Match[str] | None:
    """The stem and the ending of a file of weights; None for the dotted name of a module or an
    attribute that only ends like one (`norae.cli.weights`, `norae.read.gguf`).
    """
    if len(path) >= 400 or _DOTTED.fullmatch(path):
        return None
    return _OF_WEIGHTS.fullmatch(path)


def weight_file(path: str) -> str:
    """The name of the weight file at a path if it tells which release it is, else `""`: two words
    of its own, or one of more than three letters with a number or a size.
    """
    match = _match_weights(path.strip())
    if match is None or "*" in path or "{" in path or "%" in path:
        return ""
    if not _OF_SPEAKERS.isdisjoint(path.lower().split("/")[:-1]):
        return ""
    words = re.findall(r"[a-z]+|\d+", match["stem"].lower())
    # What refines masks is a network, what ends with the word is one mask.
    computed = not _TENSORS.isdisjoint(words) and _NETWORKS.isdisjoint(words)
    if computed or words[-1:] in (["mask"], ["masks"]):
        return ""
    own = {word for word in words if len(word) > 1 and word.isalpha()} - _ANYBODYS - _SIZES
    sized = any(word.isdigit() or word in _SIZES for word in words)
    longest = max(map(len, own), default=0)
    if longest > 2 and (len(own) > 1 or (sized and longest > 3)):
        return f"{match['stem']}.{match['kind']}"
    return ""
