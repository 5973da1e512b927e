"""What somebody meant who gave a PATH that is not there, or is no tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

_HINTS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    ("-", lambda _: "a document on standard input is read by `aisbom score`, `check`, `explain`"),
    (
        r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/\S+",
        lambda found: f"a git address needs its scheme: https://{found[0]}",
    ),
    (
        r"(?:gh|github):([\w.\-]+/[\w.\-]+)",
        lambda found: f"a git address is written https://github.com/{found[1]}",
    ),
    (r"(?:hf|huggingface)://([\w.\-]+/[\w.\-]+)", lambda found: _download(found[1])),
    (
        r"pkg:pypi/([^@?#\s]+)(?:@([^?#\s]+))?.*",
        lambda found: (
            f"download it (pip download --no-deps {found[1]}{f'=={found[2]}' if found[2] else ''})"
            " and give the file"
        ),
    ),
    (
        r"pkg:\S+",
        lambda _: "a package URL names no files: give the folder or archive that holds them",
    ),
    (
        r"([A-Za-z]):\\(.*)",
        lambda found: (
            f"a Windows path: under WSL it is /mnt/{found[1].lower()}/"
            + found[2].replace("\\", "/")
        ),
    ),
    (
        r"(?:docker|oci)://\S+|[a-z0-9][a-z0-9._/\-]*:[\w][\w.\-]*",
        lambda _: "images are not read: unpack it, and give the folder",
    ),
    (
        r"\w+://\S*",
        lambda _: "of addresses only those of git are read: https://, ssh://, git://, file://",
    ),
    (
        r"[A-Za-z0-9][\w.\-]*/[A-Za-z0-9][\w.\-]*",
        lambda found: (
            "" if Path(found[0]).parent.exists() else f"if it is a model: {_download(found[0])}"
        ),
    ),
)
"""What a PATH that is not there looks like, and what to write instead; the first that fits."""


def explain_missing(given: str) -> str:
    """A hint, with the punctuation before it, for a PATH that does not exist; `""` for a plain
    path.
    """
    for expression, hint in _HINTS:
        if found := re.fullmatch(expression, given):
            words = hint(found)
            return f"; {words}" if words else ""
    return ""


def explain_file(given: str, path: Path, documents: bool) -> str:
    """The whole sentence for a PATH that is a file, but no archive."""
    if path.suffix in (".json", ".xml") and not documents:
        return f"{given}: a file; a document is read by `aisbom score`, `check` and `explain`"
    folder = path.parent.as_posix()
    return (
        f"{given}: neither a folder nor an archive (.whl, .zip, .tar.gz, ...); give the folder"
        f" that holds it: {folder}"
    )


def _download(name: str) -> str:
    return f"download it (hf download {name}) and give the folder"
