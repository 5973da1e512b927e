"""The configuration of a scanned tree: `aisbom.toml`, or `[tool.aisbom]` in pyproject.toml, at its
root.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aisbom.config import declarations
from aisbom.config.declarations import Declared
from aisbom.errors import UsageError

_KEYS = ("home", "profile", "exclude", "role", "claim", "policy", "knowledge")


class ConfigError(UsageError):
    """A usage error: names the file, the line, the key and the nearest known one."""


@dataclass(frozen=True, slots=True)
class Stated:
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
    declared: tuple[Declared, ...] = ()
    policy: Stated = field(default_factory=Stated)
    knowledge: Path | None = None


def load(root: Path, given: Path | None = None) -> Config:
    """The configuration at `root`, or in the file `given`. Raises ConfigError."""
    if given is not None:
        return _read(given, given.name, required=True) or Config()
    for name in ("aisbom.toml", "pyproject.toml"):
        found = root / name
        if found.is_file() and not found.is_symlink():
            config = _read(found, name, required=False)
            if config is not None:
                return config
    return Config()


def _read(path: Path, name: str, required: bool) -> Config | None:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if required:
            raise ConfigError(
                f"--config {name}: cannot be read:"
                f" {getattr(error, 'strerror', None) or 'not UTF-8'}"
            ) from error
        return None
    own = path.name != "pyproject.toml"
    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if own:
            raise ConfigError(f"{name}: not valid TOML: {error}") from error
        return None  # the collector of manifests records the gap
    if not own:
        tools = data.get("tool")
        data = tools.get("aisbom") if isinstance(tools, dict) else None
        if data is None:
            return Config() if required else None
    if not isinstance(data, dict):
        raise ConfigError(f"{name}: [tool.aisbom] must be a table")
    return _checked(data, name, text, path.parent)


def _checked(data: Mapping[str, Any], name: str, text: str, folder: Path) -> Config:
    for key in data:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(_KEYS)}"
            raise ConfigError(f"{name}:{_line(text, key)}: unknown key {key!r}{hint}")
    for key in ("home", "exclude"):
        value = data.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(
                f"{name}:{_line(text, key)}: {key!r} must be a text or a list of texts"
            )
    if not isinstance(data.get("profile", ""), str):
        raise ConfigError(f"{name}:{_line(text, 'profile')}: 'profile' must be a text")
    policy = data.get("policy", {})
    if not isinstance(policy, str | dict):
        raise ConfigError(
            f"{name}:{_line(text, 'policy')}: 'policy' must be the name of one, or a table"
        )
    home, exclude = data.get("home", []), data.get("exclude", [])
    try:
        said = declarations.parse(data, name, text)
    except UsageError as error:
        raise ConfigError(str(error)) from error
    return Config(
        tuple([home] if isinstance(home, str) else home),
        data.get("profile", ""),
        tuple([exclude] if isinstance(exclude, str) else exclude),
        said,
        policy=Stated({"use": policy} if isinstance(policy, str) else policy, name, text),
        knowledge=_knowledge(data, name, text, folder),
    )


def _knowledge(data: Mapping[str, Any], name: str, text: str, folder: Path) -> Path | None:
    """The folder of the user's own rows: relative to the configuration, and nowhere above it."""
    value = data.get("knowledge")
    if value is None:
        return None
    where = f"{name}:{_line(text, 'knowledge')}: 'knowledge'"
    if not isinstance(value, str) or not value or "\0" in value:
        raise ConfigError(f"{where} must be the path of a folder")
    found = folder / value
    if not found.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{where}: {value} lies outside of the folder of the configuration")
    if not found.is_dir():
        raise ConfigError(f"{where}: {value} is no folder")
    if any(path.is_symlink() for path in found.glob("*.csv")):
        raise ConfigError(f"{where}: {value} holds a link, which is not followed")
    return found


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if (
            line.split("=")[0].strip().strip("\"'") == key
            or line.strip().strip("[]").split(".")[-1] == key
        ):
            return number
    return 1
