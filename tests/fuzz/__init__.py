"""Parsers to be fed with anything: what each is given, and what it may raise.

A reader of a scanned file may refuse it in the words of its parser (`ValueError` and what the
libraries raise). Anything else would become a gap as well, and is a defect: the reader did not
expect what it met.
"""

from __future__ import annotations

import csv
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from aisbom.cache.rows import dump_rows, load_rows
from aisbom.collect import COLLECTORS
from aisbom.collect.collector import Collector
from aisbom.model import Gap, redact
from aisbom.source.archive import BadArchive
from aisbom.source.tree import File, Tree, Unreadable
from aisbom.weights.read.source import Memory
from aisbom.weights.unsafe import examine
from tests.collect.test_gaps_quote_nothing import TEXTS

SAMPLES = Path(__file__).parents[1] / "weights" / "samples"
CORPUS = Path(__file__).parent / "corpus"
REFUSES = (
    *(Unreadable, ValueError, SyntaxError, RecursionError, MemoryError, yaml.YAMLError),
    *(csv.Error, struct.error, EOFError),
)
"""What a reader raises for an input that is not one."""

_TEXTS: dict[str, tuple[str, ...]] = {
    "README.md": (
        "---\nlicense: mit\nbase_model: [o/n]\n---\n# A\nBased on [o/n](https://h/o/n).\n",
    ),
    "cog.yaml": (
        "build:\n  python_packages:\n    - torch==2.1 --extra-index-url=x\n  run:\n    - pip install y\n",
    ),
    "NOTICE": ("Copyright 2020 Example Ltd.\nThis product includes x (MIT) by y.\n",),
    "LICENSE": ("MIT License\n\nCopyright (c) 2020 Example Ltd.\n\nPermission is hereby granted",),
    "config.json": ('{"model_type": "llama", "architectures": ["A"], "vision_config": {}}',),
    "chat_template.jinja": ("{% for m in messages %}{{ m['content'] }}{% endfor %}",),
    "client.ts": (
        "import OpenAI from 'openai'\nnew OpenAI({ apiKey: process.env.X_API_KEY, model: 'gpt-4o' })\n",
    ),
    "client.go": (
        (
            'package x\nimport "github.com/openai/openai-go"\nvar k = os.Getenv("X_API_KEY")\n'
            'var c = New(WithBaseURL("https://h.example/v1"), WithModel("o/n"))\n'
        ),
    ),
    "Client.java": (
        (
            'import dev.langchain4j.model.openai.A;\nA.builder().baseUrl("https://h.example")'
            '.apiKey("${X_API_KEY}").modelName("gpt-4o").build();\n'
        ),
    ),
    "Client.cs": (
        'using OpenAI;\nvar k = Get("X_API_KEY"); var u = Endpoint = "https://h.example";\n',
    ),
    "client.rs": ('use async_openai::Client;\nlet k = env::var("X_API_KEY"); // o/n\n',),
    "run.sh": (
        (
            "A=o/n\npython train.py --model $A \\\n  --lr 1\npip install 'a[b]==1' \\\n c\n"
            "conda install -c d e=1\ncat <<EOF\npip install f\nEOF\n"
        ),
    ),
    "Modelfile": ("FROM llama3\nADAPTER ./a.gguf\nTEMPLATE {{ .Prompt }}\n",),
    ".env": ("MODEL=owner/name\nOPENAI_BASE_URL=https://h.example/v1\n",),
    "trainer_state.json": ('{"log_history": [{"step": 1, "loss": 2.0}], "global_step": 1}',),
    "vendor.txt": ("requests==2.0\n    urllib3==1.0\n",),
    "REUSE.toml": ('version = 1\n[[annotations]]\npath = "a"\nSPDX-License-Identifier = "MIT"\n',),
    "model.sig": ('{"mediaType": "x", "dsseEnvelope": {"payload": "e30="}}',),
    "croissant.json": ('{"@type": "Dataset", "name": "x", "license": "mit"}',),
    "package.json": ('{"dependencies": {"a": "1"}}',),
    "model.py": ("from transformers import M\nclass A(M):\n    x = 'o/n'\n# Copyright 2020 X\n",),
}


@dataclass(frozen=True, slots=True)
class Parser:
    """A name, the inputs to start from, and what takes the bytes. `try_` raises what it meets."""

    name: str
    seeds: tuple[bytes, ...]
    try_: Callable[[bytes, Path], None]


def _reader(collector: Collector, name: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        tree = Tree(folder)
        rows = []
        try:
            for row in collector.collect(File(tree, tree.listing[0][0])):
                rows.append(redact.row(row, collector.sees))
        except REFUSES:
            pass
        assert load_rows(dump_rows(tuple(rows))) == tuple(rows)
        assert all(gap.reason.isprintable() for gap in rows if isinstance(gap, Gap))

    return read


def _archive(name: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        (folder / name).write_bytes(data)
        tree = Tree(folder)
        for entry in tree.listing[0][:50]:
            if entry.outer:
                with suppress(Unreadable, BadArchive):
                    File(tree, entry).head(1000)

    return read


def _hazards(name: str) -> Callable[[bytes, Path], None]:
    def look(data: bytes, _folder: Path) -> None:
        examine(Memory(data), name)

    return look


def parsers() -> Iterator[Parser]:
    """Every parser of what strangers write: collectors, archives, and the search for hazards."""
    from tests.fuzz.archives import archives  # makes them

    texts: dict[str, list[bytes]] = {}
    for name, text in {**TEXTS, **{k: v[0] for k, v in _TEXTS.items()}}.items():
        texts.setdefault(name.rpartition("/")[2], []).append(text.encode())
    by_name = {c.name: c for c in COLLECTORS if c.name != "git"}
    for collector in by_name.values():
        wanted = {
            name: seeds
            for name, seeds in [*texts.items(), *_samples().items()]
            if _wants(collector, name)
        }
        for name, seeds in sorted(wanted.items())[:6]:
            yield Parser(f"{collector.name}:{name}", tuple(seeds), _reader(collector, name))
    for name, data in archives().items():
        yield Parser(f"archive:{name}", (data,), _archive(name))
    for name, seeds in _samples().items():
        yield Parser(f"hazards:{name}", tuple(seeds), _hazards(name))


def _samples() -> dict[str, list[bytes]]:
    return {
        path.name: [path.read_bytes()]
        for path in sorted(SAMPLES.iterdir())
        if path.name != "expected.json" and path.stat().st_size < 64 * 1024
    }


def _wants(collector: Collector, name: str) -> bool:
    path = Path(f"models/m/{name}")
    folders = {"METADATA": "x-1.0.dist-info", "RECORD": "x-1.0.dist-info"}
    if name in folders:
        path = Path(folders[name], name)
    return any(path.match(pattern) for pattern in collector.patterns)
