"""The configuration of a scanned tree: `aisbom.toml`, or `[tool.aisbom]` in pyproject.toml, at its
root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aisbom.config import declarations, strict_toml
from aisbom.config.declarations import Declaration
from aisbom.config.strict_toml import ConfigError, Table

__all__ = ["Config", "ConfigError", "PolicyTable", "load"]

MAX_CONFIG = 4 * 1024 * 1024
_KEYS = ("home", "profile", "exclude", "role", "claim", "policy", "knowledge")
_IN_PYPROJECT = ("tool", "aisbom")


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """The `policy` of a configuration as it stands there (`judge.policy_file` reads it), with its
    file and text for error lines.
    """

    table: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says; empty where it says nothing."""

    home: tuple[str, ...] = ()
    profile: str = ""
    exclude: tuple[str, ...] = ()
    declared: tuple[Declaration, ...] = ()
    policy: PolicyTable = field(default_factory=PolicyTable)
    knowledge: Path | None = None


def load(root: Path, given: Path | None = None) -> Config:
    """The configuration at `root`, or in the file `given`. Raises ConfigError."""
    if given is not None:
        return _read(given, required=True) or Config()
    for name in ("aisbom.toml", "pyproject.toml"):
        found = root / name
        if found.is_file() and not found.is_symlink():
            config = _read(found, required=False)
            if config is not None:
                return config
    return Config()


def _read(path: Path, required: bool) -> Config | None:
    """What a file says; None where it is not ours to read, or says nothing to this program."""
    try:
        if path.stat().st_size > MAX_CONFIG:
            if path.name == "pyproject.toml" and not required:
                return None  # the collector of manifests records the gap
            raise ConfigError(f"{path.name}: larger than {MAX_CONFIG:,} bytes")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if not required:
            return None
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise ConfigError(f"--config {path.name}: cannot be read: {why}") from error
    if path.name != "pyproject.toml":
        return _config(strict_toml.parse(text, path.name), text, path.parent)
    try:
        project = strict_toml.parse(text, path.name)
    except ConfigError:
        return None  # the collector of manifests records the gap
    tools = project.data.get("tool")
    if not isinstance(tools, dict) or "aisbom" not in tools:
        return Config() if required else None
    if not isinstance(tools["aisbom"], dict):
        raise ConfigError(f"{path.name}: [tool.aisbom] must be a table")
    own = Table(path.name, tools["aisbom"], project.lines, _IN_PYPROJECT)
    return _config(own, text, path.parent)


def _config(table: Table, text: str, folder: Path) -> Config:
    table.refuse_unknown(_KEYS)
    policy = table.data.get("policy", {})
    if not isinstance(policy, str | dict):
        raise table.fail("policy", "'policy' must be the name of one, or a table")
    profile = table.data.get("profile", "")
    if not isinstance(profile, str):
        raise table.fail("profile", "'profile' must be a text")
    return Config(
        table.texts("home"),
        profile,
        table.texts("exclude"),
        declarations.parse(table),
        policy=PolicyTable(
            {"use": policy} if isinstance(policy, str) else policy, table.file, text
        ),
        knowledge=_knowledge(table, folder),
    )


def _knowledge(table: Table, folder: Path) -> Path | None:
    """The folder of the user's own rows: relative to the configuration, and nowhere above it."""
    value = table.data.get("knowledge")
    if value is None:
        return None
    if not isinstance(value, str) or not value or "\0" in value:
        raise table.fail("knowledge", "'knowledge' must be the path of a folder")
    found = folder / value
    wrong = ""
    if not found.resolve().is_relative_to(folder.resolve()):
        wrong = "lies outside of the folder of the configuration"
    elif not found.is_dir():
        wrong = "is no folder"
    elif any(path.is_symlink() for path in found.glob("*.csv")):
        wrong = "holds a link, which is not followed"
    if wrong:
        raise table.fail("knowledge", f"'knowledge' cannot be {value}: {wrong}")
    return found
