"""Layers, operators and templates that run code: named; their harmless neighbours are not."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from aisbom.weights.read.source import Memory
from aisbom.weights.unsafe import Examination, examine
from aisbom.weights.unsafe.templates import examine_template
from tests.weights.builders import field

SAMPLES = Path(__file__).parents[1] / "samples"
DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"activation": "relu"}}
LAMBDA = {"class_name": "Lambda", "config": {"name": "run", "function": ["4wAA", None, None]}}
CUSTOM = {"module": "somebody.layers", "class_name": "Thing", "registered_name": "p>Thing"}
FUNCTION = {"module": "os", "class_name": "function", "config": "system"}


def model(*layers: object) -> dict[str, object]:
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {"layers": list(layers)},
        "registered_name": "Functional",
    }


def keras(*layers: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", json.dumps(model(*layers)))
    return out.getvalue()


def hdf5(*layers: object) -> bytes:
    config = json.dumps(model(*layers)).encode()
    return b"\x89HDF\r\n\x1a\n" + bytes(500) + config + bytes(100)


def said(data: bytes, name: str) -> list[str]:
    found = examine(Memory(data), name)
    assert not found.unread
    return [f"{hazard.kind}: {hazard.what}" for hazard in found.hazards]


def test_layers_of_keras() -> None:
    assert said(keras(DENSE), "m.keras") == []
    assert said(hdf5(DENSE), "m.h5") == []
    for data, name in ((keras(DENSE, LAMBDA), "m.keras"), (hdf5(DENSE, LAMBDA), "m.h5")):
        assert said(data, name) == ["keras: runs the code of a Lambda layer run"]
    assert said(keras(CUSTOM), "m.keras") == ["keras: imports somebody.layers.Thing"]
    assert said(keras(FUNCTION), "m.keras") == ["keras: imports os.system"]
    registered = {"class_name": "Thing", "registered_name": "p>Thing"}
    assert said(keras(registered), "m.keras") == ["keras: asks for the class p>Thing"]


def test_letters_in_other_words_are_the_same_layer() -> None:
    data = keras(DENSE, LAMBDA).replace(b'"Lambda"', b'"\\u004cam"')
    assert b"\\u004c" in data
    config = json.dumps(model(LAMBDA)).replace('"Lambda"', '"\\u004cambda"').encode()
    found = said(b"\x89HDF\r\n\x1a\n" + bytes(500) + config, "m.h5")
    assert found == ["keras: runs the code of a Lambda layer run"]


@pytest.mark.parametrize("name", ["stored.keras", "packed.keras", "earliest.h5", "latest.h5"])
def test_samples_of_keras_are_not_flagged(name: str) -> None:
    assert said((SAMPLES / name).read_bytes(), name) == []


def test_operators_of_tensorflow() -> None:
    node = field(1, b"n") + field(2, b"WriteFile")
    assert said(field(2, field(1, field(1, node))), "saved_model.pb") == [
        "operator: runs WriteFile"
    ]
    assert said(field(1, field(2, b"MatMul")), "saved_model.pb") == []


def onnx(domain: str, location: str = "") -> bytes:
    outside = field(13, field(1, b"location") + field(2, location.encode()))
    tensor = field(1, 1) + field(2, 1) + field(8, b"w") + outside + field(14, 1)
    graph = field(5, tensor) if location else b""
    return field(1, 8) + field(7, graph) + field(8, field(1, domain.encode()) + field(2, 1))


def test_operators_and_paths_of_onnx() -> None:
    assert said(onnx(""), "m.onnx") == []
    assert said(onnx("ai.onnx.ml"), "m.onnx") == []
    assert said(onnx("some.body"), "m.onnx") == ["operator: asks for operators of some.body"]
    for path in ("../../etc/passwd", "/etc/passwd", "C:\\x"):
        found = said(onnx("", path), "m.onnx")
        assert found == ["operator: reads values from a file outside of its folder"]
    assert said(onnx("", "w.data"), "m.onnx") == []
    assert said((SAMPLES / "graph.onnx").read_bytes(), "graph.onnx") == []


def gguf(template: str) -> bytes:
    def text(words: str) -> bytes:
        return struct.pack("<Q", len(words.encode())) + words.encode()

    pair = text("tokenizer.chat_template") + struct.pack("<I", 8) + text(template)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + pair


HARMLESS = [
    "{% for m in messages %}{{ m['role'] + ': ' + m.content | trim }}{% endfor %}",
    "{% set ns = namespace(found=false) %}{% if not ns.found %}{{ bos_token }}{% endif %}",
    "{{ raise_exception('no') }}{{ tools | map(attribute='name') | join(', ') }}",
    "{# self.__class__ in a comment #}text __class__ outside of a block",
    "{{ strftime_now('%d %b %Y') }}{{ '<|__end__|>' if false }}",
]
REACHING = [
    "{{ ''.__class__.__mro__ }}",
    "{{ ''['__class__'] }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ '' | attr('x') }}",
    "{{ messages | map(attribute=name) | list }}",
    "{{ lipsum.x }}",
    "{{ cycler.__init__ }}",
    "{{ self._TemplateReference }}",
    "{{ ''['_'*2 + 'class' + '_'*2] }}",
    "{% include 'other' %}",
    "{% from 'other' import x %}",
    "{% set x = messages.func_globals %}",
    "{{ x.__class__",
]


@pytest.mark.parametrize("template", HARMLESS)
def test_templates_that_only_format(template: str) -> None:
    found = Examination()
    examine_template(template, found)
    assert not found.hazards
    assert said(gguf(template), "m.gguf") == []


@pytest.mark.parametrize("template", REACHING)
def test_templates_that_reach_for_more(template: str) -> None:
    found = Examination()
    examine_template(f"\n\n{template}", found, 1)
    assert found.hazards
    assert {hazard.line for hazard in found.hazards} == {3}
    assert said(gguf(template), "m.gguf")


def test_long_templates_end() -> None:
    for words in ("{{ " + "'" * 300_000, "{{ '\\" + "'\\" * 300_000, "{{" * 300_000, "_" * 500_000):
        examine_template(words, Examination())
