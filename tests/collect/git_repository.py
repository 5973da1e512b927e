"""Real repositories, made by git under a configuration that is nobody's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str, when: int = 1_700_000_000) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    stamp = f"{when} +0900"
    environment |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_DATE": stamp,
    }
    settings = (
        "user.name=tester",
        "user.email=tester@example.invalid",
        "init.defaultBranch=main",
        "protocol.file.allow=always",
        "gc.auto=0",
    )
    command = ["git", *(part for setting in settings for part in ("-c", setting)), *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def repository(folder: Path, files: dict[str, str], remote: str = "") -> str:
    """A repository with one commit of these files; returns the commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8", newline="")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    if remote:
        git(folder, "remote", "add", "origin", remote)
    return git(folder, "rev-parse", "HEAD")
