"""The rows of references: a model, data set or hosted service that a file names without holding it,
and formats of other labs.

`reference` and `dataset` rows have a package URL where the name has an owner. A bare name keeps its
`space` (the table of which library it is a name of), and is a component only where the knowledge
has that table. `service` rows name a client class, host, variable or model prefix; the knowledge
says whose service that is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packageurl import PackageURL

from aisbom.collect.models.hub_names import (
    COMMIT,
    bare,
    dataset_id,
    folder_name,
    holds_tensors,
    hub_id,
    local,
    split_file,
    split_part_behind,
    weight_file,
)
from aisbom.collect.references import model_zoos
from aisbom.collect.references.hosts import is_no_interface, own_machine, private
from aisbom.collect.references.key_words import REGISTRIES, judges, purpose, weak, words
from aisbom.collect.references.loaders import BUCKETS, BUILDERS
from aisbom.lazy_module import Function, Module, compile_later
from aisbom.model import (
    Confidence,
    Evidence,
    Location,
    Observation,
    Relation,
    Row,
    Technique,
    facts,
)

if TYPE_CHECKING:
    from aisbom.collect.references import routed_names
    from aisbom.collect.references.buckets import Stored, find_stored
else:
    find_stored = Function("aisbom.collect.references.buckets", "find_stored")
    routed_names = Module("aisbom.collect.references.routed_names")

_DIGEST = compile_later(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_SHORT = compile_later(r"-([0-9a-f]{8,16})\.\w+$")


_OTHER_KINDS = re.compile(
    r"^$|\.(?:csv|tsv|txt|md|html?|json|ya?ml|xml|py|sh|pdf|png|jpe?g|gif|svg|mp[34]|wav|flac)$",
    re.IGNORECASE,
)
"""What a download may also be of."""
_INSTALLS = compile_later(r"install|setup|glnxa64|x86[-_]64|amd64|aarch64")
"""A program by the name of its file: `norae_installer.bin`, `norae-linux-x86_64.bin`."""
_OF_A_NETWORK = compile_later(
    r"vit|resnet|r50|bit[-_]|mixer|weight|param|ckpt|checkpoint|model|net"
)
"""What the name of a file of arrays says that holds weights: others hold data and statistics."""
Place = Callable[[int], tuple[Location, str]]
"""The place and the words of a line."""
_CONFIDENCE: dict[str, Confidence] = {
    "key": "medium",
    "word": "medium",
    "link": "medium",
    "declared": "medium",
    "text": "low",
    "folder": "low",
    "file": "low",
}


_DATA_TOOL = compile_later(r"(?:^|[\s_/.])m?ds[\s_]|data", re.IGNORECASE)
_TAGGED = compile_later(
    r"(?=ollama(?:_chat)?/|[^/]+:)(?:ollama(?:_chat)?/)?(?P<name>[a-z][a-z0-9]*(?:[.\-][a-z0-9]+)*+)"
    r"(?::(?P<tag>latest|[a-z0-9.\-]*\d[\w.\-]*))?"
)
"""A model of the Ollama library, as settings name it: `qwen2.5:7b`, `ollama/llama3`."""
_PHRASE = re.compile(r"[^\W\d_][\w+.'\-]{1,30}(?: [\w+.'\-]{1,30}){1,3}")
"""A name of several words, as documents write those of data sets."""

_OF_A_SIZE = compile_later(r"\d[bB](?![A-Za-z0-9])")
_TUNED = compile_later(r"\d[bB]-(?:instruct|chat|it|hf)(?![A-Za-z0-9])", re.IGNORECASE)
_FOLDERS_OF_WEIGHTS = ("/weights", "/checkpoints", "/checkpoint", "/ckpt", "/ckpts", "/pretrained")
_TITLE_OF_SET = compile_later(
    r"(?!(?:My|Our|Your|The|A|Custom|New|Sample|Example|Test|Train\w*|Eval\w*|Dummy|Demo|Default)\b)"
    r"[A-Z][\w\-]{1,24}(?: [A-Z][\w\-]{1,24}){1,2} (?:Bench(?:mark)?|Corpus|Data ?[Ss]et)"
)
"""`Norae Song Dataset`, where a key promises the name of one."""
MAX_LIST = 2_000
"""Letters of a list of names that is one text."""
LINK = re.compile(
    r"(?:(?P<hub>(?<![\w.\-])(?:huggingface\.co|hf\.co|hf-mirror\.com"
    r"|(?:api-inference|router)\.huggingface\.co/(?:hf-inference/)?models))"
    r"|(?<![\w\-])modelscope\.(?:cn|com|ai)/"
    r"(?:models/|(?=datasets/)|(?=[\w.\-]{1,96}/[\w.\-]{1,96}\.git(?![\w.\-]))))"
    r"(?:/|:(?!\d))?(?P<data>datasets/)?(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95}+)"
    r"(?!/(?!(?:resolve|blob|tree|raw|discussions|commits?|edit|viewer|summary|files|info|tensorboard)\b)[A-Za-z0-9])",
    re.ASCII,
)
"""The page of a model or data set on a hub, anywhere in a line, and where git clones it from."""
_PAGES = {
    **dict.fromkeys(("huggingface.co", "hf.co", "hf-mirror.com"), "/resolve/"),
    "github.com": "/raw/",
}
"""Where a file is below another path than the page that shows it (`/blob/`)."""
LINK_WORDS = ("huggingface.co", "hf.co", "hf-mirror.com", "modelscope.")
"""One of these is in all that `LINK` finds."""


class Source:
    """Where rows come from: the collector's name, the technique, and the place."""

    def __init__(self, by: str, technique: Technique = "source-code-analysis") -> None:
        self.by = by
        self.technique = technique

    def identify_value(
        self,
        text: str,
        at: Location,
        excerpt: str,
        *,
        key: str,
        holder: str = "",
    ) -> Iterator[Row]:
        """A model or data set whose id is the value of a key that may hold one; the words of the
        key decide which. A name without an owner counts where a table knows it.
        """
        text = text.replace("/", "-") if text.startswith("ViT-") else text  # `ViT-L/14`
        if text.startswith(BUCKETS) and (stored := find_stored(text)):
            yield self._stored(stored, at, excerpt, key)
            return
        if "://" in text and not dataset_id(text):
            return  # an address, which is read as one
        what = purpose(key, holder)
        if what == "model" and (repository := split_file(text)):
            yield from self.model(
                repository, at, excerpt, loader=key, part="weights", named_by="key"
            )
            return
        served = routed_names.name_served(key, text) if what == "model" else None
        if served is not None:
            yield from self.read_path_hint(served, at, excerpt, loader=key)
            return
        if what == "model" and _is_folder_of_weights(key, text):
            text = f"./{text}"
        by = "word" if weak(key, holder) else "key"
        loader = key
        judged = {"used_for": "evaluation"} if judges(key, holder) else {}
        if what == "dataset":
            yield from self._read_sets(text, at, excerpt, key, by)
        elif what == "model" and by == "key" and (tagged := _TAGGED.fullmatch(text)):
            if routed_names.is_provider(tagged["name"]):
                yield from self.service(text, "model", at, excerpt, model=tagged["tag"])
                return
            more = {"named_by": by, "tag": tagged["tag"] or "latest", **judged}
            yield from self.model(
                tagged["name"], at, excerpt, space="ollama", loader=loader, **more
            )
        elif what and (hub_id(text) or _specific(text)):
            more = {"part": "weights" if what == "model" else what, "named_by": by, **judged}
            yield from self.model(text, at, excerpt, loader=loader, **more)
        elif what:
            part = "weights" if what == "model" else what
            yield from self.read_path_hint(text, at, excerpt, loader=loader, part=part, **judged)

    def _read_sets(self, text: str, at: Location, excerpt: str, key: str, by: str) -> Iterator[Row]:
        """The data sets that a key names which promises them: ids, names, a title."""
        more = {"registry": REGISTRIES[key]} if key in REGISTRIES else {}
        for one in map(split_part_behind, split_list(text)):
            if dataset_id(one) or bare(one):
                yield from self.dataset(one, at, excerpt, loader=key, named_by=by, **more)
            elif _TITLE_OF_SET.fullmatch(one):
                yield from self.dataset(one, at, excerpt, loader=key, named_by="list")

    def read_path_hint(
        self, path: str, at: Location, excerpt: str, *, loader: str, **more: str
    ) -> Iterator[Row]:
        """A folder or file that is called after what is loaded from it: a hint of which it is. What
        begins like a path may be the name that a router gives a model. `part` among the facts
        `more` says what is loaded: weights, if it is not there.
        """
        part = more.get("part", "weights")
        if path.count("/") > 1 and (routed := routed_names.split_routed_name(path)):
            if routed.provider:
                yield from self.service(path, "model", at, excerpt, model=routed.model)
            if routed.model:
                # A provider spells names as it likes: no id of the hub follows from them.
                if routed.provider not in ("", "huggingface"):
                    more["registry"] = routed.provider
                told = {"part": part, **more, "named_by": "key"}
                yield from self.model(routed.model, at, excerpt, loader=loader, **told)
        elif part in ("weights", "adapter") and weight_file(path):
            yield from self.file(path, at, excerpt, loader=loader, part=part)
        elif part in ("weights", "tokenizer", "adapter") and (name := folder_name(path)):
            told = {"part": part, **more, "named_by": "folder"}
            yield from self.model(name, at, excerpt, loader=loader, **told)

    def read_checkpoint_folder(
        self, path: str, at: Location, excerpt: str, *, loader: str
    ) -> Iterator[Row]:
        """A folder of checkpoints, where it is called as a published model is: with its owner
        (`checkpoints/owner/norae-7b`), or as one that was tuned (`base/Norae-7B-Instruct/`). What a
        training writes is called after what it is.
        """
        *above, name = path.rstrip("/").split("/")
        if _TUNED.search(name):
            yield from self.read_path_hint(path, at, excerpt, loader=loader)
        elif above[1:] and _OF_A_SIZE.search(name) and (identity := hub_id(f"{above[-1]}/{name}")):
            more = {"part": "weights", "named_by": "word"}
            yield from self.model(identity, at, excerpt, loader=loader, **more)

    def file(
        self, path: str, at: Location, excerpt: str, *, loader: str, part: str = "weights"
    ) -> Iterator[Row]:
        """Weights by the name of a file that lies on somebody's machine, where it tells which."""
        if name := weight_file(path):
            told = (("space", "file"), ("loader", loader), ("part", part), ("named-by", "file"))
            seen = self.evidence(at, excerpt, _CONFIDENCE["file"])
            yield Observation("reference", name, "", "", seen, facts(*told))

    def mention(
        self, text: str, at: Location, excerpt: str, *, of_data: bool = False, flag: str = ""
    ) -> Iterator[Row]:
        """An id that stands in a text. What it is the id of, and whether of anything, the whole
        scan says; `of_data` where the words around it speak of a data set, or a `flag` does.
        """
        if of_data and hub_id(text):
            # A long flag, or a tool for data, says enough; `-d` alone has many meanings.
            by = "link" if len(flag) > 2 or (flag and _DATA_TOOL.search(excerpt)) else "text"
            yield from self.dataset(text, at, excerpt, loader=flag, named_by=by)
        elif hub_id(text):
            yield from self.model(text, at, excerpt, named_by="text", part="")

    def base(self, text: str, at: Location, excerpt: str, words: str, part: str) -> Iterator[Row]:
        """A model that a sentence says another was made from; `words` are those that say so."""
        name = text if hub_id(text) else re.sub(r"[ /]", "-", text)
        if hub_id(name) or bare(name):
            # A sentence loads nothing; its words stand in the evidence.
            more = {"part": part or "weights", "named_by": "declared"}
            yield from self.model(name, at, f"{' '.join(words.split())[:60]}: {excerpt}", **more)

    def link(self, match: re.Match[str], at: Location, excerpt: str) -> Iterator[Row]:
        """The page of a model or a data set (a match of LINK)."""
        more = {"named_by": "link", **({} if match["hub"] else {"registry": "modelscope"})}
        name = match["id"].rstrip(".-").removesuffix(".git")
        if match["data"]:
            yield from self.dataset(name, at, excerpt, **more)
        else:
            yield from self.model(name, at, excerpt, part="", **more)

    def evidence(self, at: Location, excerpt: str, confidence: Confidence = "high") -> Evidence:
        """Evidence of this source."""
        return Evidence(self.by, self.technique, confidence, at, " ".join(excerpt.split())[:300])

    def model(
        self,
        text: str,
        at: Location,
        excerpt: str,
        *,
        space: str = "hub",
        loader: str = "",
        **more: str,
    ) -> Iterator[Row]:
        """A model that something loads: by hub id, by a bare name of a table, by URL, or from a
        folder of the tree (a relation).
        """
        if zoo := model_zoos.address(text):
            yield self.entry(*zoo, at, excerpt, space="zoo", loader=loader)
            return
        if text.startswith(BUCKETS) and (stored := find_stored(text)):
            yield self._stored(stored, at, excerpt, loader)
            return
        if "://" in text and not hub_id(text):
            yield from self.download(text, at, excerpt, loader=loader)
            return
        found = hub_id(text)
        told = {"space": space, "loader": loader, "part": "weights"}
        told |= {key.replace("_", "-"): value for key, value in more.items()}
        evidence = self.evidence(at, excerpt, _CONFIDENCE.get(more.get("named_by", ""), "high"))
        if found:
            if text.startswith("https://huggingface.co/datasets/"):
                return
            owner, _, name = found.partition("/")
            revision = told.get("revision", "") or (text.partition("@")[2] if "@" in text else "")
            commit = revision if COMMIT.fullmatch(revision) else ""
            # The type is of this hub; other registries have no type, and their owners are others.
            elsewhere = "registry" in told
            purl = (
                ""
                if elsewhere
                else PackageURL("huggingface", owner, name, commit or None).to_string()
            )
            known = "" if elsewhere else found
            yield Observation(
                "reference",
                found,
                commit,
                purl,
                evidence,
                facts(*told.items(), ("model-id", known)),
            )
        elif bare(text):
            yield Observation("reference", text, "", "", evidence, facts(*told.items()))
        else:
            if path := local(text):
                yield from self.folder(path, at, loader)
            part = more.get("part", "weights")
            yield from self.read_path_hint(text, at, excerpt, loader=loader, part=part)

    def entry(  # noqa: PLR0913
        self, repository: str, name: str, at: Location, excerpt: str, *, space: str, loader: str
    ) -> Observation:
        """A model by its name in the list that a repository of code keeps: an entry point of
        `torch.hub`, a name of a model zoo.
        """
        told = facts(
            ("space", space), ("loader", loader), ("part", "weights"), ("repository", repository)
        )
        shown = f"{repository}:{name}"
        purl = f"pkg:github/{repository.lower()}#{name}"
        return Observation("reference", shown, "", purl, self.evidence(at, excerpt), told)

    def observe_package_weights(
        self, package: str, name: str, at: Location, excerpt: str, part: str
    ) -> Observation:
        """Weights that a package loads by a name of its own."""
        told = facts(("space", "package"), ("loader", package), ("part", part))
        shown = f"{package}:{name}"
        return Observation("reference", shown, "", "", self.evidence(at, excerpt), told)

    def dataset(
        self,
        text: str,
        at: Location,
        excerpt: str,
        *,
        loader: str = "",
        used: str = "",
        **more: str,
    ) -> Iterator[Row]:
        """A data set by its id; `used` is `training` where the place says so. File formats are no
        data sets.
        """
        found = dataset_id(text)
        # Other registries have owners of their own.
        known = "" if "registry" in more else found
        evidence = self.evidence(at, excerpt, _CONFIDENCE.get(more.get("named_by", ""), "high"))
        told = facts(
            ("space", "dataset"),
            ("loader", loader),
            ("used-for", used),
            ("dataset-id", known),
            *((key.replace("_", "-"), value) for key, value in more.items()),
        )
        if found:
            owner, _, name = found.partition("/")
            revision = more.get("revision", "")
            commit = revision if COMMIT.fullmatch(revision) else ""
            page = PackageURL("huggingface", f"datasets/{owner}", name, commit or None)
            purl = page.to_string() if known else ""
            yield Observation("dataset", found, commit, purl, evidence, told)
        elif (bare(text.rstrip("+")) or _PHRASE.fullmatch(text)) and text not in BUILDERS:
            yield Observation("dataset", text, "", "", evidence, told)

    def download(
        self, url: str, at: Location, excerpt: str, *, loader: str = "", **more: str
    ) -> Iterator[Row]:
        """Weights behind a URL, with the SHA-256 that the code (`digest`) or the URL states; what
        the name rests on (`named_by`) where no code downloads it.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return
        host, name = (parts.hostname or "").lower(), unquote(posixpath.basename(parts.path))
        if (
            _OTHER_KINDS.search(name)
            or not name.isprintable()
            or not re.fullmatch(r"[\w.\-]+\.[a-z]{2,}", host)
            or host.startswith(("helm.", "charts."))  # what is deployed, and no weights
            or (name.endswith((".pt", ".pth", ".th")) and holds_tensors(name))
            or (name.endswith(".bin") and _INSTALLS.search(name.lower()))
            or (name.endswith((".npz", ".npy")) and not _OF_A_NETWORK.search(name.lower()))
        ):
            return
        clean = f"{parts.scheme}://{host}{_path_of_file(host, parts.path)}"
        stated = more.get("digest", "") or next(iter(_DIGEST.findall(parts.path)), "")
        short = _SHORT.search(name)
        qualifiers = {"download_url": clean, **({"checksum": f"sha256:{stated}"} if stated else {})}
        purl = PackageURL("generic", None, name, None, qualifiers).to_string()
        found = facts(
            ("space", "url"),
            ("loader", loader),
            ("part", "weights"),
            ("url", clean),
            ("download-host", host),
            ("named-by", more.get("named_by", "")),
            ("hash", f"sha256:{stated}" if stated else ""),
            ("hash-prefix", short[1] if short and not stated else ""),
        )
        yield Observation("reference", name, "", purl, self.evidence(at, excerpt), found)

    def in_bucket(self, text: str, at: Location, excerpt: str, *, loader: str) -> Iterator[Row]:
        """The model or tokenizer at an address in a bucket of an object store, if it is one."""
        if stored := find_stored(text):
            yield self._stored(stored, at, excerpt, loader)

    def _stored(self, found: Stored, at: Location, excerpt: str, loader: str) -> Observation:
        purl = PackageURL("generic", None, found.name, None, {"download_url": found.url})
        told = facts(("space", "url"), ("loader", loader), ("part", found.part), ("url", found.url))
        seen = self.evidence(at, excerpt)
        return Observation("reference", found.name, "", purl.to_string(), seen, told)

    def service(self, key: str, how: str, at: Location, excerpt: str, **more: str) -> Iterator[Row]:
        """A hosted service known by its client (`class`), `host`, variable (`env`) or the prefix of
        a model name (`model`). A host in a private network is a server of one's own: nobody's
        service; which machine it is, is not kept.
        """
        host = more.get("endpoint", "") or (key if how == "host" else "")
        if host and is_no_interface(host):
            return
        if host and private(host):
            more = {"endpoint": host if own_machine(host) else "private network"}
            key, how = "self-hosted", "own"
        told = facts(("how", how), *((k.replace("_", "-"), v) for k, v in more.items()))
        yield Observation("service", key, "", "", self.evidence(at, excerpt), told)

    def format(self, name: str, value: str, at: Location, excerpt: str) -> Iterator[Row]:
        """A serving flag that names the output format of another lab's model, which says nothing
        about weights.
        """
        if re.fullmatch(r"[\w.\-/]{2,60}", value):
            yield Observation(
                "format",
                value,
                "",
                "",
                self.evidence(at, excerpt, "low"),
                facts(("format", f"{name} {value}")),
            )

    def folder(self, path: str, at: Location, loader: str) -> Iterator[Row]:
        """A model of this tree that something loads: the merge knows whether there is one."""
        seen = at.path.partition("!/")[0].rpartition("/")[0]
        for base in dict.fromkeys((seen, "")):
            place = posixpath.normpath(posixpath.join(base, path))
            if not place.startswith("../") and place not in ("", ".", ".."):
                yield Relation(
                    f"project:{seen}", f"path:{place}", "depends-on", at, facts(loader=loader)
                )


def _path_of_file(host: str, path: str) -> str:
    """The path of a file, where the address may be that of the page that shows it."""
    files = _PAGES.get(host)
    return path.replace("/blob/", files, 1) if files else path


def split_list(text: str) -> list[str]:
    """The names in a list that settings and options write as one text, `norae,norae_ko`; the text
    itself where it is none.
    """
    if "," not in text or "://" in text or len(text) > MAX_LIST:
        return [text]
    return [name for part in text.split(",") if (name := part.strip())]


def _is_folder_of_weights(key: str, text: str) -> bool:
    """Whether two words under a key for a path are a folder and one in it, and no id of the hub:
    `vocoder_path: hifigan/weights`.
    """
    return words(key)[-1:] == ("path",) and text.lower().endswith(_FOLDERS_OF_WEIGHTS)


def _specific(text: str) -> bool:
    """Whether a name without owner is no everyday word: `llama-2-7b`, `gpt2`."""
    return bool(bare(text)) and text[0].isalpha() and re.search(r"[\d\-_]", text) is not None
