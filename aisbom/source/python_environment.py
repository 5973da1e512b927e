"""The library folders of a Python installation, found by looking at it; its interpreter is never
run.

Layouts are those of `sysconfig` (posix_prefix, nt), of virtual environments (PEP 405,
`pyvenv.cfg`), of Debian (`dist-packages`) and of conda (`conda-meta`).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from aisbom.errors import UsageError

_LIBRARIES = frozenset({"site-packages", "dist-packages"})
_VERSIONED = re.compile(r"(?:python|pypy)(\d+(?:\.\d+)?)t?")
_FULL = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
_CONFIG = 64 * 1024


@dataclass(frozen=True, slots=True)
class Installation:
    """`folders` are (label, folder) pairs in the order of `sys.path`.

    A label is a stable relative name such as `environment/lib/python3.11/site-packages`.
    `python_full_version` (`3.11.7`; `3.11` where no more is known; `""`) is what the installation
    says of itself. `notes` are sentences about what was not looked at: gaps for the caller.
    """

    folders: tuple[tuple[str, Path], ...]
    python_full_version: str = ""
    notes: tuple[str, ...] = ()


def site_packages(path: Path) -> Installation:
    """The library folders of what `path` names: an environment's or a system's folder, its
    interpreter, or such a folder itself.

    Raises UsageError with one line that names the thing and what to give instead.
    """
    try:
        return _find_installation(path)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}); give an environment folder that may be"
            " read"
        ) from error


def _find_installation(path: Path) -> Installation:
    if not path.exists():
        raise UsageError(
            f"{path}: no such file or folder; give an environment folder, its bin/python, or a"
            " site-packages folder"
        )
    # The link of an environment's interpreter leads to another installation: the folder it lies in
    # is what is meant.
    path = Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow it
    if not path.is_dir():
        return _of_interpreter(path)
    if path.name in _LIBRARIES:
        prefix = _prefix_of(path)
        config = _config(prefix / "pyvenv.cfg") if prefix else {}
        label = path.relative_to(prefix).as_posix() if prefix else path.name
        version = _python(prefix, config, prefix) if prefix else ""
        return Installation(((f"environment/{label}", path),), version, _notes(config))
    return _of_prefix(path, path)


def _of_interpreter(path: Path) -> Installation:
    if not re.fullmatch(r"(?:python|pypy)[\d.]*t?w?(?:\.exe)?", path.name, re.IGNORECASE):
        raise UsageError(
            f"{path}: not a Python interpreter; give an environment folder, its bin/python, or a"
            " site-packages folder"
        )
    inside = path.parent.name.lower() in ("bin", "scripts", "sbin")
    return _of_prefix(path.parent.parent if inside else path.parent, path)


def _of_prefix(prefix: Path, asked: Path) -> Installation:
    config = _config(prefix / "pyvenv.cfg")
    folders: dict[Path, str] = {}
    real: set[Path] = set()
    for folder in _candidates(prefix, config, asked):
        # lib64 is a link to lib in many environments: one folder is read once.
        if folder.is_dir() and folder.resolve() not in real:
            real.add(folder.resolve())
            folders[folder] = folder.relative_to(prefix).as_posix()
    if not folders:
        raise UsageError(
            f"{asked}: no site-packages or dist-packages folder belongs to it; give an environment"
            " folder or one of these"
        )
    version = _python(prefix, config, asked)
    versions = {
        found[1]
        for label in folders.values()
        if (found := _VERSIONED.search(label)) and "." in found[1]
    }
    if not version and len(versions) == 1:
        version = _header(prefix, next(iter(versions)))
    return Installation(
        tuple((f"environment/{label}", folder) for folder, label in folders.items()),
        version,
        _notes(config),
    )


def _candidates(prefix: Path, config: dict[str, str], asked: Path) -> list[Path]:
    """Every folder that this installation could import from; a virtual environment has the one of
    its own version.
    """
    version = ".".join(
        re.findall(
            r"\d+", _version(config) or ("" if asked.is_dir() else _default_version(prefix, asked))
        )[:2]
    )
    found: list[Path] = []
    for top in ("local/lib", "lib", "lib64", "local/lib64"):
        for library in _list_folder(prefix / top):
            match = _VERSIONED.fullmatch(library.name)
            if not match or (version and "." in match[1] and match[1] != version):
                continue
            for name in ("site-packages", "dist-packages"):
                found.append(library / name)
    found.append(prefix / "Lib" / "site-packages")
    return found


def _list_folder(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _config(path: Path) -> dict[str, str]:
    """The `key = value` lines of a pyvenv.cfg, keys in lower case; empty where there is none."""
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        text = stream.read(_CONFIG).decode("utf-8", "replace")
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def _version(config: dict[str, str]) -> str:
    """`version` (venv) or `version_info` (virtualenv, uv: `3.11.7.final.0`), cut to a PEP 440
    version.
    """
    for key in ("version", "version_info"):
        found = _FULL.match(config.get(key, ""))
        if found:
            return found[0]
        short = re.fullmatch(r"\d+\.\d+", config.get(key, ""))
        if short:
            return short[0]
    return ""


def _notes(config: dict[str, str]) -> tuple[str, ...]:
    if config.get("include-system-site-packages", "").lower() != "true":
        return ()
    return (
        (
            "the environment also imports the packages of the system it was made from"
            " (include-system-site-packages): those were not read"
        ),
    )


def _python(prefix: Path, config: dict[str, str], asked: Path) -> str:
    """What the installation at `prefix` says of its version."""
    stated = _version(config) or _conda(prefix)
    if stated:
        return stated
    minor = _default_version(prefix, asked)
    return _header(prefix, minor) if minor else ""


def _conda(prefix: Path) -> str:
    """The version of a conda prefix, from the name of its record
    `conda-meta/python-3.11.7-<build>.json`.
    """
    names = (
        re.fullmatch(r"python-(\d+\.\d+\.\d+)-[^-]+\.json", path.name)
        for path in _list_folder(prefix / "conda-meta")
    )
    found = [name[1] for name in names if name]
    return found[0] if len(found) == 1 else ""


def _header(prefix: Path, minor: str) -> str:
    """The full version that the C header of this minor version states (`PY_VERSION`), else the
    minor version.
    """
    for path in (
        prefix / "include" / f"python{minor}" / "patchlevel.h",
        prefix / "include" / "patchlevel.h",
    ):
        if path.is_file():
            with path.open("rb") as stream:
                found = re.search(
                    rb'#define\s+PY_VERSION\s+"(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+?"',
                    stream.read(_CONFIG),
                )
            if found and found[1].decode().startswith(f"{minor}."):
                return found[1].decode()
    return minor


def _default_version(prefix: Path, asked: Path) -> str:
    """The version that the name of the interpreter, or of what its link leads to, states (`python3`
    -> `python3.11`).
    """
    for start in (asked, prefix / "bin/python3", prefix / "bin/python"):
        for name in (start.name, start.readlink().name if start.is_symlink() else ""):
            match = _VERSIONED.fullmatch(name)
            if match and "." in match[1] and not start.is_dir():
                return match[1]
    return ""


def _prefix_of(library: Path) -> Path | None:
    """The prefix of a library folder: `<prefix>/lib/pythonX.Y/site-packages` or
    `<prefix>/Lib/site-packages`, None if it lies otherwise.
    """
    if _VERSIONED.fullmatch(library.parent.name) and library.parent.parent.name in ("lib", "lib64"):
        prefix = library.parent.parent.parent
        return prefix.parent if prefix.name == "local" else prefix
    return library.parent.parent if library.parent.name == "Lib" else None
