"""What paths and names of the model hub say, and the pointers that stand for large files."""

from __future__ import annotations

import re

from packageurl import PackageURL

from aisbom.source.tree import File, Unreadable

_CACHE = re.compile(r"(?:^|.*/)models--(?P<id>[^/]+)/snapshots/(?P<commit>[0-9a-f]{40})/")
_ID = re.compile(r"[A-Za-z0-9][\w.\-]*/[A-Za-z0-9][\w.\-]*", re.ASCII)
# First parts that are folders of a training run far more often than owners on the hub.
_FOLDERS = frozenset(
    [
        "checkpoint",
        "checkpoints",
        "ckpt",
        "ckpts",
        "conf",
        "cfg",
        "cfgs",
        "data",
        "demo",
        "dist",
        "eval",
        "evaluation",
        "exp",
        "experiments",
        "hf",
        "llm",
        "local",
        "logs",
        "model",
        "models",
        "out",
        "output",
        "outputs",
        "pretrained",
        "production",
        "results",
        "runs",
        "save",
        "saved",
        "saved_models",
        "saves",
        "staging",
        "tmp",
        "train",
        "trained",
        "weights",
        "work",
        "workspace",
    ]
)
# `model_cache/x`, `ckpts_v2/x`, `my-checkpoints/x`.
_FOLDER_WORD = re.compile(
    r"(?:.*[_\-])?(?:cache|caches|ckpts?|checkpoints?|outputs?|results?|logs?|runs?|dirs?|folders?"
    r"|(?<=_)models?|datasets?|configs?|assets?|weights?|artifacts?|experiments?|pretrained|saved?|temp|images?|tests?|scripts?"
    r"|third_party|submodules?)(?:[_\-]?v?\d+)?",
    re.IGNORECASE,
)
_FOLDER_WORDS = frozenset(
    {
        *("pre", "trained", "pretrain", "pretrained", "model", "models", "ckpt", "ckpts", "hf"),
        *("checkpoint", "checkpoints", "weight", "weights", "local", "download", "downloads"),
        *("downloaded", "base", "llm", "llms", "cache", "saved", "my"),
    }
)
"""`pretrained_models/x`, `hf_ckpts/x`: nothing but these words in the first part."""
_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\n(?P<rest>.*)", re.DOTALL
)

MAX_POINTER = 1024
"""The LFS specification: a pointer is smaller than this."""


def snapshot(path: str) -> tuple[str, str]:
    """(model id, commit) of a file in a hub cache (`models--owner--name/snapshots/<commit>/...`),
    `("", "")` elsewhere.
    """
    match = _CACHE.match(path)
    return (match["id"].replace("--", "/", 1), match["commit"]) if match else ("", "")


def model_id(text: object) -> str:
    """`text` if it reads as `owner/name` on the hub and not as a path; else `""`."""
    if not isinstance(text, str) or not _ID.fullmatch(text):
        return ""
    owner, _, name = text.partition("/")
    return (
        ""
        if owner.lower() in _FOLDERS
        or _FOLDER_WORD.fullmatch(owner)
        or _FOLDER_WORDS.issuperset(re.split(r"[_\-]", owner.lower()))
        or re.match(r"(?:checkpoint|step|epoch|iter|global_step)[-_]?\d", name)
        else text
    )


def identity(file: File, stated: str = "") -> tuple[str, str, str, str]:
    """(name, version, purl, model id) of the model whose file this is.

    Only a hub cache says which model its files are; what was downloaded into a folder of its own
    knows its commit. A `stated` id is the place the weights were
    once loaded from, which for a fine-tuned model is its parent: it counts as this model's id where
    the folder bears the same name.
    """
    known, commit = snapshot(file.hub_path)
    if known:
        owner, _, name = known.rpartition("/")
        return (
            known,
            commit,
            PackageURL("huggingface", owner or None, name, commit).to_string(),
            known,
        )
    folder = file.folder.removesuffix("!").rpartition("/")[2]
    commit = _read_download_commit(file)
    if stated and model_id(stated) and stated.rpartition("/")[2].lower() == folder.lower():
        return stated, commit, "", stated
    return folder, commit, "", ""


def _read_download_commit(file: File) -> str:
    """The commit that `hf download --local-dir` wrote down for a file, `""` where it did not."""
    kept = file.sibling(f".cache/huggingface/download/{file.name}.metadata")
    first = kept.head(41).partition(b"\n")[0] if kept else b""
    return first.decode() if re.fullmatch(rb"[0-9a-f]{40}", first) else ""


def pointer(file: File) -> tuple[str, int] | None:
    """(SHA-256, bytes) of the file that a git LFS pointer stands for; None if this is no pointer.
    Raises Unreadable for a broken one.
    """
    if not 0 < file.size < MAX_POINTER:
        return None
    match = _POINTER.fullmatch(file.head(MAX_POINTER).replace(b"\r\n", b"\n"))
    if not match:
        return None
    oid = re.search(rb"^oid sha256:([0-9a-f]{64})$", match["rest"], re.MULTILINE)
    size = re.search(rb"^size (\d{1,18})$", match["rest"], re.MULTILINE)
    if not oid or not size:
        raise Unreadable("a git LFS pointer without a SHA-256 or a size")
    return oid[1].decode(), int(size[1])
