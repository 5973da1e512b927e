"""Whose published model a name without an owner is likely to mean: `Vicuna-13B`, `SigLIP2-400M`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources


def _join_names(name: str) -> str:
    """A name in lower case, with names of two words (`gpt-oss`) as one."""
    return _two_words().sub(lambda found: re.sub("[-_]", "", found[0]), name.lower())


@cache
def _two_words() -> re.Pattern[str]:
    """The words of the table that have a dash, however it is spelled."""
    dashed = sorted(word.replace("-", "[-_]") for word in _rows() if "-" in word)
    return re.compile(rf"\b(?:{'|'.join(dashed)})(?![a-z])")


def words(name: str) -> list[str]:
    """The words of a name in lower case, without the numbers at their ends: `qwen`, `b`."""
    found = re.split(r"[^a-z0-9.]+", _join_names(name))
    return [word.rstrip("0123456789.") for word in found if word.rstrip("0123456789.")]


def publisher(name: str) -> str | None:
    """The id of the organisation that publishes models of this name: empty where it is not known,
    None where the name is in no table.
    """
    releases = table()
    return next((releases[word] for word in words(name) if word in releases), None)


_VERSION = re.compile(r"v?\d[\d.]*[bmk]?|\d+x\d[\d.]*b|so\d+m|patch\d+")
_VARIANTS = frozenset(
    {
        *("tiny", "small", "base", "medium", "large", "xl", "xxl", "huge", "turbo", "instruct"),
        *("chat", "it", "hf", "beta", "alpha", "vit", "b", "l", "h"),
        *("latest", "preview", "instant", "versatile"),
    }
)


def plain(name: str) -> bool:
    """Whether behind its first word a name has nothing but versions, sizes and variants: `Qwen3-8B`
    is the publisher's own, `Llama-2-Ko-7B` somebody's who built on it.
    """
    first, *rest = [word for word in re.split(r"[^a-z0-9.]+", _join_names(name)) if word]
    if first == "meta" and rest:
        first, *rest = rest  # `Meta-Llama-3-8B`, as its publisher called some
    rest = [word.removesuffix(".en") for word in rest]  # `tiny.en`, for English alone
    return all(word in _VARIANTS or _VERSION.fullmatch(word) for word in rest) and bool(
        re.fullmatch(r"[a-z]+[\d.]*[bmk]?", first)
    )


@cache
def table() -> dict[str, str]:
    """`{first word: id of the organisation}`, a word with a dash without it."""
    return {word.replace("-", ""): organisation for word, organisation in _rows().items()}


@cache
def _rows() -> dict[str, str]:
    text = (resources.files("aisbom.knowledge") / "release_names.toml").read_text("utf-8")
    return {row["word"]: row["organisation"] for row in tomllib.loads(text)["release"]}
