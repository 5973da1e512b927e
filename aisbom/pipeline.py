"""The stages in their order: walk, collect, digest, recognise, merge, identify, classify, score.
Only this module knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aisbom.classify import classify, under
from aisbom.codeprint import index as indexes
from aisbom.collect import collectors
from aisbom.collect.executors import Processes
from aisbom.collect.repository.git import read_public_address
from aisbom.collect.run import CollectedRows, Executor, Progress, gather
from aisbom.config.declarations import Declaration
from aisbom.config.home import expand
from aisbom.examine import digests, first_commits, upstream_history
from aisbom.examine.hub_names import resolve_names
from aisbom.identify import declared, identify, identify_scan
from aisbom.judge import Judgement, judge
from aisbom.judge import profile as profiles
from aisbom.judge.freedoms import freedom
from aisbom.judge.score import Home
from aisbom.knowledge import Knowledge, load
from aisbom.merge import merge
from aisbom.model import Gap, Location, Observation, Row, Scan, facts
from aisbom.model.ledger import Ledger
from aisbom.source import python_environment
from aisbom.source.hub_cache import enclosing
from aisbom.source.tree import Tree
from aisbom.user_folders import is_home

if TYPE_CHECKING:
    from aisbom.examine.vulnerabilities import Audit


@dataclass(frozen=True, slots=True)
class Options:
    """How to scan. `name` is what the root is called where nothing in it says so; `skip` is a file
    to leave out (the output). `tree` is the path's where it has been listed already; `executor` is
    where files are read, by default `jobs` processes of this machine. `audit` asks for known
    vulnerabilities.

    `online`: ask registries about what is left open, and tell `report` what was asked.

    `hash` is `none`, `sampled` or `full`; empty means full up to `hashing.FULL_UP_TO` bytes,
    sampled above.
    """

    name: str = ""
    python: Path | None = None
    profile: str = "model"
    hash: str = ""
    jobs: int = 1
    cached: bool = False
    exclude: tuple[str, ...] = ()
    skip: Path | None = None
    declared: tuple[Declaration, ...] = ()
    knowledge: Path | None = None
    online: bool = False
    report: Callable[[str], None] | None = None
    tree: Tree | None = None
    executor: Executor | None = None
    audit: Audit | None = None


def scan(path: Path, options: Options | None = None, progress: Progress | None = None) -> Scan:
    """Everything that the tree at `path` (a folder or an archive) shows, with claims.

    Raises UsageError (one line) for an unknown profile, an environment that is none, and
    declarations that contradict each other or rest on files that are not there. Unreadable input is
    a Gap in the result.
    """
    options = options or Options()
    profile = profiles.load(options.profile)
    load(options.knowledge)  # a row that is refused is said before hours of reading
    trees = [options.tree or Tree(path, options.exclude, skip=options.skip)]
    pythons: dict[str, str] = {}
    extra: list[Row] = []
    if options.python is not None:
        environment = python_environment.site_packages(options.python)
        for label, folder in environment.folders:
            trees.append(Tree(folder, label=label))
            pythons[label] = environment.python_full_version
        extra += [Gap("interpreter", Location("environment"), note) for note in environment.notes]
    executor = options.executor or Processes(options.jobs)
    gathered = gather(
        trees, collectors(read_public_address(path)), executor, progress, options.cached
    )
    report = progress or _silent
    report("digesting", 0, 0)
    digested = digests.compute_digests(
        trees, gathered.rows, options.hash, options.jobs, options.cached
    )
    if any(isinstance(row, Observation) and row.kind == "weights" for row in gathered.rows):
        from aisbom.examine.known_models import (
            recognise_models,
        )  # numpy: a tree without weights needs none

        extra += recognise_models(
            trees, gathered.rows, options.hash, options.jobs, options.cached, progress=report
        )
    dated = first_commits.add_dates(path, [*gathered.rows, *extra, *digested], options.cached)
    rows = resolve_names(upstream_history.note_upstream(path, dated), load(options.knowledge))
    report("putting together", 0, 0)
    merged = merge(rows, options.name or _name(path), pythons)
    logs = {
        row.evidence.at.path: row
        for row in gathered.rows
        if isinstance(row, Observation) and row.kind == "training-log"
    }
    said, unmet = declared.claims(options.declared, merged, trees[0], logs)
    told = replace(
        merged,
        claims=tuple(sorted({*merged.claims, *said})),
        gaps=tuple(sorted({*merged.gaps, *unmet})),
    )
    if options.audit is not None:
        from aisbom.examine.vulnerabilities import (
            audit_packages,  # only who asks pays for its tables
        )

        report("asking for vulnerabilities", 0, 0)
        told = audit_packages(told, options.audit)
    return add_claims(told, profile, load(options.knowledge), gathered, options)


def add_claims(
    merged: Scan,
    profile: profiles.Profile,
    knowledge: Knowledge,
    gathered: CollectedRows,
    options: Options | None = None,
) -> Scan:
    """The scan with the claims of the identifiers and of the profile's roles."""
    noted = facts(
        files=gathered.files,
        read=gathered.read,
        knowledge=knowledge.digest,
        profile=f"{profile.name}@{profile.version}",
        index=indexes.load()[0].coverage(),
    )
    whole = replace(merged, facts=noted)
    ledger = Ledger(merged.claims)
    for component in whole.components:
        ledger.add(identify(component, knowledge))
    if options and options.online:
        whole = _ask_registries(whole, ledger, knowledge, options)
    forked = bool(ledger.answer(whole.root, "fork-of").values)
    ledger.add(classify(whole, forked))
    identify_scan(whole, ledger, knowledge)
    return under(replace(whole, claims=tuple(ledger)), profile)


def _ask_registries(scan: Scan, ledger: Ledger, knowledge: Knowledge, options: Options) -> Scan:
    """The scan with the gaps that registries leave; what they answer is added to the ledger."""
    from aisbom.online import ask  # the one room with a network, opened where it was asked for

    found = ask.answers(scan.components, ledger, knowledge)
    ledger.add(found.claims)
    if options.report:
        for line in found.report:
            options.report(line)
    return replace(scan, gaps=tuple(sorted({*scan.gaps, *found.gaps})))


def measure(scanned: Scan, profile_name: str, home: Sequence[str] = ()) -> Judgement:
    """The judgement of a scan under a profile. `home` as given by the user; else the
    profile's own, else the root's steward.
    """
    profile = profiles.load(profile_name)
    scanned = under(scanned, profile)
    knowledge = load()
    source = "given" if home else "profile"
    codes = expand(home or profile.home, knowledge)
    if not codes:
        answer = Ledger(scanned.claims).answer(scanned.root, "origin.developed")
        if answer.state == "agreed" and all(len(code) == 2 for code in answer.value.split(",")):
            codes, source = answer.value.split(","), "steward of the root"
    return judge(scanned, profile, Home(tuple(codes), source if codes else ""), freedom)


def _silent(stage: str, done: int, total: int) -> None:
    """A report that nobody reads."""


def _name(path: Path) -> str:
    """The name of a folder or archive, of the repository where it is the hub's copy of one; the
    name of somebody's home folder is not shown.
    """
    resolved = path.resolve()
    cached = enclosing(resolved)
    if cached is not None:
        return cached.repository
    return "home" if is_home(resolved) else resolved.name or "root"
