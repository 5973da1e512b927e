"""A policy file and the `[policy]` table of a configuration, read strictly: every error names file,
line, key and the nearest word.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from aisbom.config.toml_lines import headers, line_of
from aisbom.errors import UsageError
from aisbom.judge import rule_table
from aisbom.judge.policy import Policy, Waiver
from aisbom.model.vocabulary import nearest, quote

DEFAULT = "no-undeclared-parts"


ON_UNKNOWN = ("fail", "warn", "pass")


MAX_POLICY = 4 * 1024 * 1024


_FOLDER = Path(__file__).parent.parent / "knowledge" / "policies"


_KEYS = (
    "name",
    "version",
    "title",
    "source",
    "profile",
    "home",
    "on-unknown",
    "requirement",
    "waiver",
)


_WAIVER = ("requirement", "component", "reason", "owner", "expires")


def list_policies() -> tuple[str, ...]:
    """The names of the policies that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Policy:
    """The shipped policy of this name, or the one in the file `name`. Raises UsageError with one
    line that names the fix.
    """
    file = name.endswith(".toml") or "/" in name or os.sep in name
    path = Path(name) if file else _FOLDER / f"{name}.toml"
    if not file and name not in list_policies():
        raise UsageError(
            f"--policy {quote(name)}: no such policy{nearest(name, list_policies())}, or a .toml"
            " file"
        )
    try:
        if not path.is_file():
            raise UsageError(
                f"--policy {quote(name)}: no such file; one of {', '.join(list_policies())}, or a"
                " .toml file"
            )
        if path.stat().st_size > MAX_POLICY:
            raise UsageError(f"--policy {path.name}: larger than {MAX_POLICY:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--policy {path.name}: cannot be read: {error.strerror}") from error
    return read(data, path.name)


def read(data: bytes, where: str) -> Policy:
    """The policy in the bytes of a TOML file called `where`. Raises UsageError: file, line, key and
    the nearest known word.
    """
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{where}: not valid TOML: {_oneline_of(error)}") from error
    for key in table:
        if key not in _KEYS:
            raise UsageError(
                f"{where}:{line_of(text, key)}: unknown key {quote(key)}{nearest(key, _KEYS)}"
            )
    for key in ("name", "version", "title", "source", "profile", "on-unknown"):
        required = key in ("name", "version", "title")
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise UsageError(
                f"{where}:{line_of(text, key)}: {key!r} must be a text"
                + (" and is required" if required else "")
            )
    home = table.get("home", [])
    if not isinstance(home, list) or not all(isinstance(code, str) and code for code in home):
        raise UsageError(
            f"{where}:{line_of(text, 'home')}: 'home' must be a list of ISO 3166-1 alpha-2 codes or"
            " groups such as EU"
        )
    on_unknown = table.get("on-unknown", "warn")
    if on_unknown not in ON_UNKNOWN:
        raise UsageError(
            f"{where}:{line_of(text, 'on-unknown')}: 'on-unknown' cannot be"
            f" {quote(on_unknown)}{nearest(on_unknown, ON_UNKNOWN)}"
        )
    rules = rule_table.parse(table.get("requirement", []), where, headers(text, "requirement"))
    if not rules:
        raise UsageError(
            f"{where}: has no [[requirement]]: a policy without one holds for everything"
        )
    waivers = waivers_of(table.get("waiver", []), where, headers(text, "waiver"))
    made = Policy(
        name=" ".join(table["name"].split()),
        version=" ".join(table["version"].split()),
        title=" ".join(table["title"].split()),
        profile=table.get("profile", ""),
        home=tuple(home),
        on_unknown=on_unknown,
        rules=rules,
        waivers=(),
        digest=hashlib.sha256(data).hexdigest(),
    )
    return with_waivers(made, waivers)


def waivers_of(rows: object, where: str, lines: Sequence[int] = ()) -> tuple[Waiver, ...]:
    """Waivers from a list of TOML tables. Raises UsageError for one without a rule, component,
    reason, owner or last day.
    """
    if not isinstance(rows, list):
        raise UsageError(f"{where}: 'waiver' must be a list of tables ([[waiver]])")
    found = []
    for number, row in enumerate(rows, 1):
        place = f"{where}:{lines[number - 1]}" if number <= len(lines) else where
        said = f"{place}: waiver {number}"
        if not isinstance(row, dict):
            raise UsageError(f"{said}: must be a table")
        for key in row:
            if key not in _WAIVER:
                raise UsageError(f"{said}: unknown key {quote(key)}{nearest(key, _WAIVER)}")
        for key in ("requirement", "component", "reason", "owner"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                raise UsageError(f"{said}: has no {key!r}; a waiver names {', '.join(_WAIVER)}")
        requirement, component, reason, owner = (
            " ".join(row[key].split()) for key in ("requirement", "component", "reason", "owner")
        )
        found.append(
            Waiver(requirement, component, reason, owner, _day(row.get("expires"), said), place)
        )
    return tuple(found)


def with_waivers(policy: Policy, waivers: Iterable[Waiver]) -> Policy:
    """The policy with more waivers. Raises UsageError for one of a requirement that the policy does
    not have.
    """
    rows = tuple(waivers)
    known = [rule.id for rule in policy.rules]
    for waiver in rows:
        if waiver.requirement not in known:
            near = nearest(waiver.requirement, known)
            raise UsageError(
                f"{waiver.place}: waiver of {quote(waiver.requirement)}: policy {policy.name} has"
                f" no such requirement{near}"
            )
    return replace(policy, waivers=(*policy.waivers, *rows))


def _day(value: Any, said: str) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise UsageError(f"{said}: 'expires' must be a date such as 2026-12-31")
    return value


def _oneline_of(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def read_policy_table(
    table: Mapping[str, Any], where: str, text: str
) -> tuple[str, tuple[Waiver, ...]]:
    """What the `[policy]` table of a configuration says: (name or file of the policy, waivers).
    Raises UsageError.
    """
    for key in table:
        if key not in ("use", "waiver"):
            raise UsageError(
                f"{where}:{line_of(text, key)}: unknown key {quote(key)} in"
                f" [policy]{nearest(key, ('use', 'waiver'))}"
            )
    use = table.get("use", "")
    if not isinstance(use, str):
        raise UsageError(
            f"{where}:{line_of(text, 'use')}: 'use' must be a text: the name or the file of a"
            " policy"
        )
    prefix = ("tool", "aisbom") if where.endswith("pyproject.toml") else ()
    return use, waivers_of(
        table.get("waiver", []), where, headers(text, *prefix, "policy", "waiver")
    )


def choose_policy(
    given: str, root: Path | None, table: Mapping[str, Any], where: str, text: str
) -> Policy:
    """The policy to hold against: the one `given`, else the one that the configuration states, else
    DEFAULT.

    A file named by the configuration lies in the scanned tree `root` and nowhere else. Its waivers
    go with its own policy: where another one is given they do not count. Raises UsageError.
    """
    use, waivers = read_policy_table(table, where, text)
    if given:
        policy = load(given)
        return policy if use and use != given else with_waivers(policy, waivers)
    if use and (use.endswith(".toml") or "/" in use):
        path = (root or Path()) / use
        if root is None or not path.resolve().is_relative_to(root.resolve()):
            raise UsageError(
                f"{where}:{line_of(text, 'use')}: policy {quote(use)} lies outside the tree; name"
                " it with --policy"
            )
        return with_waivers(load(str(path)), waivers)
    return with_waivers(load(use or DEFAULT), waivers)
