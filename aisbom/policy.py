"""A policy: rules, what an undecided one comes to, and waivers that name a reason, an owner and a last day (docs/policy.md)."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aisbom.model import Component, Scan
from aisbom.rules import Finding, Freedom, Rule, Verdict, Word, answers, concluded, evaluate, parse
from aisbom.vocabulary import nearest

if TYPE_CHECKING:
    from aisbom.score import Score

DEFAULT = "no-undeclared-parts"
ON_UNKNOWN = ("fail", "warn", "pass")
MAX_POLICY = 4 * 1024 * 1024

_FOLDER = Path(__file__).parent / "knowledge" / "policies"
_KEYS = ("name", "version", "title", "source", "profile", "home", "on-unknown", "requirement", "waiver")
_WAIVER = ("requirement", "component", "reason", "owner", "expires")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One rule does not count for the components that the glob matches, up to and including the day `expires`."""

    requirement: str
    component: str
    reason: str
    owner: str
    expires: date
    place: str


@dataclass(frozen=True, slots=True)
class Policy:
    """`profile` is where the policy sees the end of core, `home` for whom it asks (empty: not said); `digest` is the file's SHA-256."""

    name: str
    version: str
    title: str
    profile: str
    home: tuple[str, ...]
    on_unknown: str
    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that a waiver took out of the verdict; it keeps what was found."""

    requirement: str
    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict of a policy. Only requirements of severity `error` make it; the others are told.

    `expired` waivers waived nothing, `idle` ones matched nothing.
    """

    policy: Policy
    profile: str
    home: tuple[str, ...]
    verdict: Word
    requirements: tuple[Verdict, ...]
    waived: tuple[Waived, ...] = field(default=())
    expired: tuple[Waiver, ...] = field(default=())
    idle: tuple[Waiver, ...] = field(default=())
    gaps: int = 0

    def holds(self, strict: bool = False) -> bool:
        """Whether a gate opens: nothing is violated, and nothing undecided that the policy, or `strict`, wants decided."""
        return self.verdict == "pass" or (self.verdict == "unknown" and not strict and self.policy.on_unknown != "fail")


def shipped() -> tuple[str, ...]:
    """The names of the policies that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Policy:
    """The shipped policy of this name, or the one in the file `name`. Raises ValueError with one line that names the fix."""
    file = name.endswith(".toml") or "/" in name or os.sep in name
    path = Path(name) if file else _FOLDER / f"{name}.toml"
    if not file and name not in shipped():
        raise ValueError(f"--policy {_shown(name)}: no such policy{nearest(name, shipped())}, or a .toml file")
    try:
        if not path.is_file():
            raise ValueError(f"--policy {_shown(name)}: no such file; one of {', '.join(shipped())}, or a .toml file")
        if path.stat().st_size > MAX_POLICY:
            raise ValueError(f"--policy {path.name}: larger than {MAX_POLICY:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"--policy {path.name}: cannot be read: {error.strerror}") from error
    return read(data, path.name)


def read(data: bytes, where: str) -> Policy:
    """The policy in the bytes of a TOML file called `where`. Raises ValueError: file, line, key and the nearest known word."""
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{where}: not valid TOML: {_one_line(error)}") from error
    for key in table:
        if key not in _KEYS:
            raise ValueError(f"{where}:{_line(text, key)}: unknown key {_shown(key)}{nearest(key, _KEYS)}")
    for key in ("name", "version", "title", "source", "profile", "on-unknown"):
        required = key in ("name", "version", "title")
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise ValueError(f"{where}:{_line(text, key)}: {key!r} must be a text" + (" and is required" if required else ""))
    home = table.get("home", [])
    if not isinstance(home, list) or not all(isinstance(code, str) and code for code in home):
        raise ValueError(f"{where}:{_line(text, 'home')}: 'home' must be a list of ISO 3166-1 alpha-2 codes or groups such as EU")
    on_unknown = table.get("on-unknown", "warn")
    if on_unknown not in ON_UNKNOWN:
        raise ValueError(
            f"{where}:{_line(text, 'on-unknown')}: 'on-unknown' cannot be {_shown(on_unknown)}{nearest(on_unknown, ON_UNKNOWN)}"
        )
    rules = parse(table.get("requirement", []), where, headers(text, "requirement"))
    if not rules:
        raise ValueError(f"{where}: has no [[requirement]]: a policy without one holds for everything")
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
    """Waivers from a list of TOML tables. Raises ValueError for one without a rule, component, reason, owner or last day."""
    if not isinstance(rows, list):
        raise ValueError(f"{where}: 'waiver' must be a list of tables ([[waiver]])")
    found = []
    for number, row in enumerate(rows, 1):
        place = f"{where}:{lines[number - 1]}" if number <= len(lines) else where
        said = f"{place}: waiver {number}"
        if not isinstance(row, dict):
            raise ValueError(f"{said}: must be a table")
        for key in row:
            if key not in _WAIVER:
                raise ValueError(f"{said}: unknown key {_shown(key)}{nearest(key, _WAIVER)}")
        for key in ("requirement", "component", "reason", "owner"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                raise ValueError(f"{said}: has no {key!r}; a waiver names {', '.join(_WAIVER)}")
        requirement, component, reason, owner = (" ".join(row[key].split()) for key in ("requirement", "component", "reason", "owner"))
        found.append(Waiver(requirement, component, reason, owner, _day(row.get("expires"), said), place))
    return tuple(found)


def with_waivers(policy: Policy, waivers: Iterable[Waiver]) -> Policy:
    """The policy with more waivers. Raises ValueError for one of a requirement that the policy does not have."""
    rows = tuple(waivers)
    known = [rule.id for rule in policy.rules]
    for waiver in rows:
        if waiver.requirement not in known:
            near = nearest(waiver.requirement, known)
            raise ValueError(f"{waiver.place}: waiver of {_shown(waiver.requirement)}: policy {policy.name} has no such requirement{near}")
    return replace(policy, waivers=(*policy.waivers, *rows))


def today() -> date:
    """The day that waivers are held against: SOURCE_DATE_EPOCH if set, else the clock (UTC). The only use of a clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"SOURCE_DATE_EPOCH={_shown(epoch)}: not a number of seconds since 1970") from error


def check(policy: Policy, scan: Scan, score: Score, freedom: Freedom, day: date) -> Result:
    """The verdict of every requirement and of the whole, with the waivers that are valid on `day`."""
    live = [w for w in policy.waivers if w.expires >= day]
    expired = tuple(w for w in policy.waivers if w.expires < day)
    found = answers(scan)
    components = {c.ref: c for c in scan.components}
    verdicts: list[Verdict] = []
    waived: list[Waived] = []
    for rule in policy.rules:
        verdict = evaluate(rule, scan, found, score.home, freedom, score=score)
        mine = [w for w in live if w.requirement == rule.id]
        taken = {f: waiver for f in verdict.findings if f.verdict != "pass" and (waiver := _first(mine, f, components.get(f.ref)))}
        if taken:
            rest = tuple(_excused(f, taken[f]) if f in taken else f for f in verdict.findings)
            verdict = concluded(rule, rest, len(scan.gaps))
            waived += [Waived(rule.id, f, waiver) for f, waiver in taken.items()]
        verdicts.append(verdict)
    words = {v.verdict for v in verdicts if v.severity == "error"}
    overall: Word = "fail" if "fail" in words else "unknown" if "unknown" in words else "pass"
    used = {w.waiver for w in waived}
    idle = tuple(w for w in live if w not in used)
    return Result(policy, score.profile, score.home, overall, tuple(verdicts), tuple(waived), expired, idle, len(scan.gaps))


def headers(text: str, *path: str) -> tuple[int, ...]:
    """The line of each `[[a.b]]` header in a TOML text, in order."""
    names = r"\s*\.\s*".join(f"[\"']?{re.escape(name)}[\"']?" for name in path)
    pattern = re.compile(rf"\s*\[\[\s*{names}\s*\]\]")
    return tuple(number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line))


def _first(waivers: Sequence[Waiver], finding: Finding, component: Component | None) -> Waiver | None:
    names = {finding.name, finding.ref, finding.purl, finding.purl.partition("@")[0]} - {""}
    if component is not None:
        names |= {o.evidence.at.path for o in component.observations}
    return next((w for w in waivers if any(fnmatchcase(name, w.component) for name in names or {""})), None)


def _excused(finding: Finding, waiver: Waiver) -> Finding:
    found = f"waived until {waiver.expires.isoformat()} by {waiver.owner} ({waiver.reason}): {finding.found}"
    return replace(finding, verdict="pass", found=found)


def _day(value: Any, said: str) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{said}: 'expires' must be a date such as 2026-12-31")
    return value


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.split("=")[0].strip().strip("\"'") == key or line.strip().strip("[]").strip() == key:
            return number
    return 1


def _shown(value: object) -> str:
    """A value of a stranger on one short line."""
    return repr(value if len(str(value)) <= 80 else f"{str(value)[:79]}…")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def stated(table: Mapping[str, Any], where: str, text: str) -> tuple[str, tuple[Waiver, ...]]:
    """What the `[policy]` table of a configuration says: (name or file of the policy, waivers). Raises ValueError."""
    for key in table:
        if key not in ("use", "waiver"):
            raise ValueError(f"{where}:{_line(text, key)}: unknown key {_shown(key)} in [policy]{nearest(key, ('use', 'waiver'))}")
    use = table.get("use", "")
    if not isinstance(use, str):
        raise ValueError(f"{where}:{_line(text, 'use')}: 'use' must be a text: the name or the file of a policy")
    prefix = ("tool", "aisbom") if where.endswith("pyproject.toml") else ()
    return use, waivers_of(table.get("waiver", []), where, headers(text, *prefix, "policy", "waiver"))


def chosen(given: str, root: Path | None, table: Mapping[str, Any], where: str, text: str) -> Policy:
    """The policy to hold against: the one `given`, else the one that the configuration states, else DEFAULT.

    A file named by the configuration lies in the scanned tree `root` and nowhere else. Its waivers go with its own policy: where another
    one is given they do not count. Raises ValueError.
    """
    use, waivers = stated(table, where, text)
    if given:
        policy = load(given)
        return policy if use and use != given else with_waivers(policy, waivers)
    if use and (use.endswith(".toml") or "/" in use):
        path = (root or Path()) / use
        if root is None or not path.resolve().is_relative_to(root.resolve()):
            raise ValueError(f"{where}:{_line(text, 'use')}: policy {_shown(use)} lies outside the tree; name it with --policy")
        return with_waivers(load(str(path)), waivers)
    return with_waivers(load(use or DEFAULT), waivers)
