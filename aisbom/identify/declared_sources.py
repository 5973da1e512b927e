"""What a tree itself says of where its code came from: comments in files, and the repositories that
notices and READMEs credit.

A comment that names a path names that path, whatever else the code agrees with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from urllib.parse import quote, unquote

from aisbom.identify import urls
from aisbom.identify.cite import UNKNOWN
from aisbom.knowledge import Knowledge
from aisbom.knowledge.names import package
from aisbom.lazy_module import compile_later
from aisbom.model import Claim, Component, Confidence, Evidence, Location, Observation
from aisbom.model.facts import HOLDER_LINE, MEMBER, SAID_SOURCE, USAGE_MODULE

_ADDRESS = compile_later(
    r"https?://(?:www\.)?(?P<host>github\.com|gitlab\.com|gitee\.com|bitbucket\.org)"
    r"/(?P<owner>[\w.\-]+)/(?P<name>[\w.\-]+)(?:/(?:-/)?(?:blob|raw|tree|blame)/[^/#?]+"
    r"/(?P<path>[^#?]+))?",
    re.IGNORECASE | re.ASCII,
)
_RAW = compile_later(
    r"https?://raw\.githubusercontent\.com/(?P<owner>[\w.\-]+)/(?P<name>[\w.\-]+)"
    r"/[^/#?]+/(?P<path>[^#?]+)",
    re.IGNORECASE | re.ASCII,
)
_GIST = compile_later(r"https?://gist\.github\.com/(?P<owner>[\w.\-]+)/(?P<name>[0-9a-f]+)")
_HUB = compile_later(
    r"https?://huggingface\.co/(?!datasets/|docs/|papers/|blog/|collections/)"
    r"(?:spaces/)?([\w.\-]+)/([\w.\-]+)"
)
_DOCS = compile_later(
    r"https?://huggingface\.co/(?:docs/)?(transformers|diffusers|peft|accelerate|trl)/"
)
_DISCUSSED = compile_later(r"/(?:issues|discussions)/\d")
"""What somebody wrote about a project is not the project's code."""

_OTHER_PATH = compile_later(
    r"(?P<project>[A-Za-z][\w\-]{2,60})/"
    r"(?P<path>(?:[\w.\-]+/)+[\w\-]+"
    r"\.(?:py|pyx|cuh?|cc?|cpp|cxx|hh?|hpp|rs|ts|js|go|java|kt|lua|jl|mm?|sh))"
)
_ANY_FOLDER = frozenset(
    """
    src lib libs include csrc source sources code core app apps api server client common base main
    master model models module modules utils util helpers tools tool scripts script tests test
    examples example docs doc data datasets dataset python cpp cuda packages package layers layer
    ops kernels kernel third_party thirdparty vendor external deps train training inference eval
    evaluation configs config network networks backend frontend web demo demos projects project
    """.split()  # noqa: SIM905
)
"""Folders that any project has."""

PLACES = 12
"""So many places a claim of lineage cites at the most."""

_HOSTS = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "gitee.com": "gitee",
    "bitbucket.org": "bitbucket",
}


def claims(
    component: Component,
    knowledge: Knowledge,
    besides: Collection[str] = (),
    *,
    folders: Collection[str] = ("",),
    hint: bool = False,
) -> Iterator[Claim]:
    """`code-from` for each source that the component's comments, notices and READMEs name, with
    every place, and for the project that the manifest of a tree in the tree says it is. `besides`
    are repositories (`owner/name`, lower case) to leave out: the tree's own. `folders` are names of
    folders in the tree (lower case): a path that begins with one leads to a file of the tree; `""`
    among them: they are not known. `hint`: the files are another project's, which says so of
    itself.
    """
    found: dict[str, list[Evidence]] = {}
    for o in component.observations:
        for rule, purl, line, words in _in_file(o, knowledge, folders):
            if _slug(purl) not in besides:
                sure: Confidence = "low" if hint or rule == "lineage/notice" else "medium"
                at = Location(o.evidence.at.path, line)
                found.setdefault(purl, []).append(
                    Evidence(rule, "source-code-analysis", sure, at, words[:200])
                )
        if o.kind == "project" and (address := _home(o)):
            purl, words = purl_of(address, knowledge), f"its manifest is that of {address}"[:200]
            if purl and repository(address).partition("/")[0] not in _owners(besides):
                found.setdefault(purl, []).append(
                    Evidence(
                        "lineage/manifest", "manifest-analysis", "medium", o.evidence.at, words
                    )
                )
        if o.kind == "credit" and o.fact("credit") != "holder":
            purl = purl_of(o.name, knowledge)
            if purl and repository(o.name) not in besides:
                words = f"credited: {o.evidence.excerpt}"[:200]
                # A notice names what is used beside what was copied, and thanks name anybody.
                built = o.fact("credit") == "built-on" and not _on_us(o.evidence.excerpt, besides)
                sure = "medium" if built and not hint else "low"
                found.setdefault(purl, []).append(
                    Evidence("lineage/credit", "manifest-analysis", sure, o.evidence.at, words)
                )
    for purl, evidence in sorted(found.items()):
        yield Claim(component.ref, "code-from", purl, tuple(sorted(set(evidence))))


def claim_declared(
    component: Component,
    coverage: str,
    knowledge: Knowledge,
    besides: Collection[str],
    folders: Collection[str] = ("",),
) -> Iterator[Claim]:
    """Code in which no comparison found anything: what comments, notices and classes declare, else
    `unknown`, from which no originality follows.
    """
    inherited: dict[str, list[Evidence]] = {}
    for o in component.observations:
        if o.fact("lineage") == "declared" and (members := o.get(MEMBER)):
            e = Evidence(
                "lineage/declared",
                "source-code-analysis",
                "medium",
                o.evidence.at,
                o.evidence.excerpt,
            )
            inherited.setdefault(members[0].purl, []).append(e)
    said = list(claims(component, knowledge, besides, folders=folders))
    rows = [
        *(Claim(component.ref, "code-from", p, tuple(sorted(e))) for p, e in inherited.items()),
        *said,
    ]
    yield from sorted(rows)
    if rows:
        yield from say_declared(component, rows)
        return
    examined = [o for o in component.observations if o.fact("examined")]
    if examined:
        count = examined[0].fact("examined")
        words = (
            f"{count} files agree with nothing in the reference index, which is no proof of"
            f" originality; it covers {coverage}"
        )
        e = Evidence(
            "lineage/examined", "ast-fingerprint", "low", examined[0].evidence.at, words[:400]
        )
        yield Claim(component.ref, "code-from", UNKNOWN, (e,))


def say_declared(component: Component, rows: Sequence[Claim]) -> Iterator[Claim]:
    """That something is declared, and, where comments in files say it, that they name the source;
    whose notice stood there is not known.
    """
    every_place = sorted({e for claim in rows for e in claim.evidence})
    yield Claim(component.ref, "code-from.basis", "declared", tuple(every_place[:PLACES]))
    inside = [e for e in every_place if e.by != "lineage/credit"]
    if inside:
        words = f"named in {len(inside)} places: {inside[0].excerpt}"[:200]
        first = Evidence(
            "attribution/comment", "source-code-analysis", "medium", inside[0].at, words
        )
        yield Claim(component.ref, "attribution", "kept", (first,))


def _on_us(words: str, besides: Collection[str]) -> bool:
    """Whether words say that something else is built on the tree itself: `X, based on` and the name
    of one of its own repositories.
    """
    own = {name.rpartition("/")[2] for name in besides} - {""}
    # A sentence writes `Depth Anything` where the repository is called `depth-anything`.
    names = {r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", name))) for name in own}
    behind = rf"\b(?:based|built|builds) (?:up)?on\s+[\[`*]*(?:{'|'.join(sorted(names))})(?![\w-])"
    return bool(names) and re.search(behind, words, re.IGNORECASE) is not None


def _home(o: Observation) -> str:
    """The address on a code host that a manifest states for its project; `""` if it states none."""
    stated = [o.fact("home-page"), *(url.rpartition(", ")[2] for url in o.all("project-url"))]
    return next((address for address in stated if repository(address)), "")


def _owners(repositories: Collection[str]) -> set[str]:
    return {name.partition("/")[0] for name in repositories} - {""}


def _in_file(
    o: Observation, knowledge: Knowledge, folders: Collection[str]
) -> Iterator[tuple[str, str, int, str]]:
    """(rule, purl, line, words) for what a source file says of where it comes from."""
    for said in o.get(SAID_SOURCE):
        if purl := purl_of(said.source, knowledge) or _of_path(said.source, folders):
            yield "lineage/comment", purl, said.line, f"a comment says it comes from {said.source}"
    for usage in o.get(USAGE_MODULE):
        if purl := purl_of(usage.module, knowledge):
            words = f"its usage text calls it {usage.module}"
            yield "lineage/usage", purl, usage.line, words
    for row in o.get(HOLDER_LINE):
        if project := knowledge.code_project("notice", row.holder):
            words = f"its notice is that of {project.repository}: {row.holder}"
            yield "lineage/notice", _purl(project.repository), row.line, words


def _purl(repository_: str) -> str:
    return f"pkg:github/{repository_.lower()}"


def _slug(purl: str) -> str:
    """`owner/name` of a purl of a code host, in lower case; `""` for any other."""
    kind, _, name = purl.partition("#")[0].removeprefix("pkg:").partition("/")
    return name if kind in _HOSTS.values() else ""


def repository(address: str) -> str:
    """`owner/name` of an address on a code host, in lower case; `""` for any other."""
    match = _RAW.match(address) or _ADDRESS.match(address)
    name = match["name"].removesuffix(".git").rstrip(".") if match else ""
    return f"{match['owner']}/{name}".casefold() if match and name else ""


def purl_of(source: str, knowledge: Knowledge) -> str:
    """A purl for what a comment names: an address, with the path that stands in it, or a module of
    a known package; `""` for what only a reader can resolve.
    """
    match = _RAW.match(source) or _ADDRESS.match(source)
    if match and _DISCUSSED.search(source):
        return ""
    if match and urls.account(source):
        host = _HOSTS.get(match.groupdict().get("host") or "github.com", "github")
        name = match["name"].removesuffix(".git").rstrip(".")
        path = unquote(match["path"] or "").strip("/ ")
        return f"pkg:{host}/{match['owner'].lower()}/{name.lower()}" + (
            f"#{quote(path)}" if path else ""
        )
    if gist := _GIST.match(source):
        return f"pkg:generic/gist/{gist['owner']}/{gist['name']}"
    if docs := _DOCS.match(source):
        return f"pkg:pypi/{docs[1]}"
    if hub := _HUB.match(source):
        return f"pkg:huggingface/{hub[1]}/{hub[2]}"
    return "" if "://" in source else _of_name(source, knowledge)


def _of_name(source: str, knowledge: Knowledge) -> str:
    """A purl for a name: a project of code, also behind its owner's (`EleutherAI's GPT-NeoX`) or in
    words that only its files have, or a known package.
    """
    if words := knowledge.code_project("sentence", source):
        return _purl(words.repository)
    for name in source.strip("`'\"()., ").split("'s "):
        first, *more = name.split(" ")[0].split(".")
        word = name.split(" ")[0]
        # One small word alone may be any word: a project is a dotted name or a path of its own,
        # or has capitals.
        if more and "/" not in name:
            module = first
        elif more and "/" in word:
            module = word.partition("/")[0]
        else:
            module = word.lower().replace("-", "_") if word != word.lower() else ""
        if project := (
            knowledge.code_project("name", word) or knowledge.code_project("module", module)
        ):
            return _purl(project.repository)
    return _of_package(source, knowledge)


def _of_path(source: str, folders: Collection[str]) -> str:
    """`pkg:generic/project#path` of a path that begins with the name of a project of which no more
    is known: `norae/model/attention.py`, where the tree has no folder `norae`.
    """
    path = _OTHER_PATH.fullmatch(source.strip("`'\"(), ."))
    name = path["project"].lower() if path else ""
    if not path or name in _ANY_FOLDER or name in folders or "" in folders:
        return ""
    return f"pkg:generic/{name}#{quote(path['path'])}"


def _of_package(source: str, knowledge: Knowledge) -> str:
    """`pkg:pypi/name#module/path.py` of a dotted name or path that begins with a known package."""
    name = source.strip("`'\"()., ").split(" ")[0].removesuffix("'s")
    account = re.fullmatch(r"([\w.\-]+)[/@]([\w.\-]+)", name)
    if account and knowledge.by_owner("github", account[1]):
        return f"pkg:github/{account[1].lower()}/{account[2].lower()}"
    maker = knowledge.by_owner("github", name)
    if maker and maker.kind == "company":
        return ""  # `OpenAI`: whose it is, and not which of its projects
    parts = [part for part in re.split(r"[/.]", name) if part]
    first = package(parts[0]) if parts else ""
    if not first or knowledge.package(first) is None or (len(parts) == 1 and name != source):
        return ""
    if "/" in name:
        return f"pkg:pypi/{first}#{quote(name.partition('/')[2])}"
    # A dotted name ends in a module, a class or a function: only a class shows where modules end.
    modules = list(takewhile(lambda part: not part[:1].isupper(), parts))
    known = 2 < len(modules) < len(parts)  # two are as often a package (`torch.nn.Linear`)
    return f"pkg:pypi/{first}" + (f"#{quote('/'.join(modules))}.py" if known else "")
