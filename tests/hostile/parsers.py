"""Texts made to break the parser that reads them: depth, width, length, numbers."""

from __future__ import annotations

import json
from pathlib import Path

from tests.hostile import case

DEEP = 100_000


def write(root: Path, name: str, text: str | bytes) -> None:
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode() if isinstance(text, str) else text)


def sparse(root: Path, name: str, head: bytes = b"", size: int = 10 << 30) -> None:
    write(root, name, head)
    with (root / name).open("r+b") as out:
        out.truncate(size)


def sbom_of(depth: int) -> str:
    row = '{"type":"library","name":"inner","version":"1","purl":"pkg:pypi/inner@1"%s}'
    inner = ""
    for _ in range(depth):
        inner = ',"components":[' + row % inner + "]"
    return '{"bomFormat":"CycloneDX","specVersion":"1.6"' + inner + "}"


@case()
def sbom_of_300_levels(root: Path) -> None:
    write(root, "bom.cdx.json", sbom_of(300))


@case("bom.cdx.json")
def sbom_of_many_levels(root: Path) -> None:
    inner = '{"type":"library","name":"inner","components":['
    text = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":['
    write(root, "bom.cdx.json", text + inner * 20_000 + "]}" * 20_000 + "]}")


@case("bom.cdx.xml")
def sbom_of_xml_with_entities(root: Path) -> None:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    write(
        root,
        "bom.cdx.xml",
        f'<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa">{entities}'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library">'
        "<name>&k;&x;</name></component></components></bom>",
    )


@case(unsaid=("root:x",))
def sbom_of_xml_that_is_deep(root: Path) -> None:
    text = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'
    write(root, "bom.cdx.xml", text + "<components><component>" * DEEP)


@case(large=True)
def sbom_of_20_000_components(root: Path) -> None:
    row = '{"type":"library","name":"n%d","purl":"pkg:pypi/n%d@1","version":"1"}'
    rows = ",".join(row % (n, n) for n in range(20_000))
    head = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":['
    write(root, "bom.cdx.json", f"{head}{rows}]}}")


@case()
def python_import_of_120_000_parts(root: Path) -> None:
    write(root, "a.py", "import " + ".".join("a" * 120_000) + "\nimport numpy\n")


@case()
def python_import_of_parts_on_lines(root: Path) -> None:
    write(root, "a.py", "import a" + ".\\\na" * 60_000 + "\nimport numpy\n")


@case(*(f"{name}/setup.py" for name in ("deep", "minus", "ifs", "lambdas", "strings")))
def python_of_depth(root: Path) -> None:
    texts = {
        "deep": "(" * DEEP + ")" * DEEP,
        "minus": "-" * 2_000_000 + "1",
        "attributes": "a" + ".b" * 900_000,
        "lambdas": "lambda:" * 250_000 + "1",
        "ifs": "1 if y else " * 150_000 + "1",
        "subscripts": "a" + "[0]" * 600_000,
        "strings": "'a' + " * 300_000 + "'b'",
    }
    for name, text in texts.items():
        write(root, f"{name}/setup.py", f"x = {text}\nsetup(install_requires=['x'])\n")
        write(root, f"{name}/load.py", f"import torch\ntorch.load('a')\nx = {text}\n")


@case()
def python_of_calls_in_a_chain(root: Path) -> None:
    write(root, "setup.py", "import torch\ntorch.load(a)\nx = a" + ".b()" * 250_000 + "\n")


@case("a.py", large=True)
def python_of_16_million_statements(root: Path) -> None:
    write(root, "a.py", "import torch\ntorch.load(a)\n" + "a\n" * (16 * 1024 * 1024 - 28))


@case(large=True)
def python_of_tuples(root: Path) -> None:
    write(root, "a.py", "import torch\ntorch.load(a)\nx = [" + "()," * 340_000 + "]\n")


@case("a.py", large=True)
def python_of_many_calls(root: Path) -> None:
    write(root, "a.py", "import torch\n" + "torch.load(x)\n" * 2_000_000)


@case(large=True)
def python_of_one_number(root: Path) -> None:
    write(root, "a.py", "x = " + "9" * 20_000_000 + "\nimport numpy\n")
    write(root, "b.py", "x = 0x" + "f" * 20_000_000 + "\nx = 1e999999999\nimport numpy\n")


@case()
def python_of_powers_and_strings(root: Path) -> None:
    write(root, "a.py", "x = 9 ** 9 ** 9 ** 9\ny = 'a' * 10 ** 12\nz = [0] * 10 ** 11\n" * 50)


@case()
def python_of_formatted_strings(root: Path) -> None:
    write(root, "a.py", "x = f'" + "{a}" * 500_000 + "'\n")
    write(root, "b.py", "x = f'{" * 140 + "1" + "}'" * 140 + "\n")


@case()
def python_of_constants_in_circles(root: Path) -> None:
    lines = [f"A{n} = A{n + 1} + A{n + 1}" for n in range(4000)]
    text = "\n".join([*lines, "A4000 = A0 + 'x'", "from transformers import AutoModel"])
    write(
        root, "a.py", f"{text}\nAutoModel.from_pretrained(A0)\nAutoModel.from_pretrained(A3990)\n"
    )
    lines = ["B0 = 'ab'", *(f"B{n + 1} = B{n} + B{n}" for n in range(60))]
    write(root, "b.py", "\n".join(lines) + "\nAutoModel.from_pretrained(B60)\n")
    write(root, "c.py", "C = 'a' * 99999999999\nD = '%99999999999d' % 1\nE = f'{1:99999999999}'\n")


@case()
def notebook_of_depth(root: Path) -> None:
    cell = {"cell_type": "code", "source": ["import " + ".".join("a" * 120_000)]}
    write(root, "a.ipynb", json.dumps({"cells": [cell] * 3, "nbformat": 4}))
    write(root, "b.ipynb", '{"cells":' + "[" * DEEP + "]" * DEEP + "}")


@case("pyproject.toml", large=False)
def pyproject_of_one_long_key(root: Path) -> None:
    write(root, "pyproject.toml", ".".join("a" * 200_000) + " = 1\n")


@case("a/pyproject.toml", "b/pyproject.toml", "c/pyproject.toml", "d/pyproject.toml")
def toml_of_depth(root: Path) -> None:
    write(root, "a/pyproject.toml", "[" + ".".join(["a"] * 200_000) + "]\nx = 1\n")
    write(root, "b/pyproject.toml", "x = " + "[" * DEEP + "\n")
    write(root, "c/pyproject.toml", "x = " + "{a=" * DEEP + "\n")
    write(root, "d/pyproject.toml", "x = " + "9" * 1_000_000 + "\n")


@case(large=True)
def toml_of_many_tables(root: Path) -> None:
    tables = "".join(f"[a.b{n}.c.d.e.f.g.h]\nx = 1\n" for n in range(60_000))
    write(root, "a/pyproject.toml", tables)
    write(root, "b/pyproject.toml", "".join(f"[[a]]\nb.c{n} = 1\n" for n in range(60_000)))
    write(root, "c/pyproject.toml", "x = {" + ",".join(f"a{n}=1" for n in range(100_000)) + "}\n")


@case("environment.yml")
def yaml_bombs(root: Path) -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(20)
    ]
    text = "\n".join(lines) + "\n"
    write(root, "a.yaml", text)
    write(root, "environment.yml", f"name: x\ndependencies: *u\n{text}")
    write(root, "environment.yml", text + "dependencies: *t\n")
    merged = "a: &a {x: 1}\n" + "".join(
        f"{'b' * (n + 1)}: &{'b' * (n + 1)} {{<<: [*{'b' * n or 'a'}, *{'b' * n or 'a'}]}}\n"
        for n in range(60)
    )
    write(root, "merge/environment.yml", merged)
    write(root, "config.yaml", "a: " + "[" * DEEP)
    write(root, "compose.yaml", "- " * 50_000 + "x\n")


@case("Pipfile.lock")
def json_of_depth_and_numbers(root: Path) -> None:
    write(root, "Pipfile.lock", '{"default":' + '{"a":' * DEEP + "1" + "}" * DEEP + "}")
    write(root, "config.json", '{"model_type":"llama","hidden_size":' + "9" * 3_000_000 + "}")
    write(root, "m/config.json", '{"model_type":"llama","hidden_size":1e400,"x":-1e400,"y":NaN}')
    write(
        root, "n/config.json", '{"model_type":["llama"],"architectures":{"a":1},"hidden_size":{}}'
    )
    write(root, "tokenizer.json", '{"model":{"vocab":' + "[" * DEEP + "]" * DEEP + "}}")


@case("a/setup.cfg")
def settings_of_python_projects(root: Path) -> None:
    write(root, "a/setup.cfg", "[options]\ninstall_requires = %(a)s\na = %(a)s\n[options]\n")
    lines = "".join(f"a{n} = %(a{n + 1})s%(a{n + 1})s\n" for n in range(9))
    write(root, "b/setup.cfg", f"[options]\n{lines}a9 = x\ninstall_requires = %(a0)s\n")
    write(root, "c/setup.cfg", "[options]\ninstall_requires =\n" + "  a==1\n" * 10_000)
    write(root, "tox.ini", "[" * 100_000 + "\n")


@case()
def requirements_of_one_line(root: Path) -> None:
    write(root, "a/requirements.txt", "a" * 20_000_000)
    write(root, "b/requirements.txt", "numpy" + ">=1," * 400_000 + "\n")
    write(root, "c/requirements.txt", "numpy ; " + "(" * 100_000 + "\n")
    write(root, "d/requirements.txt", "numpy ; " + "python_version > '3' and " * 20_000 + "1\n")
    write(root, "e/requirements.txt", "numpy[" + "a," * 400_000 + "]\n")
    write(root, "f/requirements.txt", "numpy \\\n" * 400_000 + "\n")
    write(root, "g/requirements.txt", "numpy" + " " * 2_000_000 + "==1\n")
    write(root, "h/requirements.txt", "a @ git+https://" + "x@" * 400_000 + "\n")


@case("r/requirements.txt")
def requirements_that_ask_for_files(root: Path) -> None:
    write(
        root,
        "r/requirements.txt",
        "-r /etc/passwd\n-r ../../../../etc/passwd\n-r /dev/zero\n-r requirements.txt\n-r \n"
        "--index-url https://user:hunter2secret@index.example/simple\n-e /home/somebody/x\nlast==1\n",
    )


@case()
def texts_of_licences(root: Path) -> None:
    write(root, "LICENSE", "Copyright (c) " * 500_000)
    write(root, "a/LICENSE", "permission is hereby granted " * 300_000)
    write(root, "b/NOTICE", "Copyright 2" + "0" * 5_000_000)
    write(root, "c/NOTICE", ("Copyright 2020" + " " * 3000 + "\n") * 1000)
    write(root, "d/README.md", "[" * 2_000_000)
    write(root, "e/README.md", "---\n" * 500_000)
    write(root, "f/README.md", "based on " * 500_000)
    write(root, "g/README.md", "<!--" * 500_000)
    write(root, "h/README.md", "https://" * 500_000)
    write(root, "i/README.md", "`" * 2_000_001)
    write(root, "j/README.md", "| a " * 500_000)
    write(root, "k/README.md", "a/" * 1_000_000)


@case()
def scripts_of_shell_and_docker(root: Path) -> None:
    write(root, "a.sh", "python x.py \\\n" * 300_000)
    write(root, "b.sh", "$(" * 300_000)
    write(root, "c.sh", "'" * 1_000_001)
    write(root, "d.sh", "A=" + "$A" * 300_000 + "\n" + "B=$A$A\n" * 30)
    write(root, "e.sh", "--model " * 300_000)
    write(root, "Dockerfile", "RUN a \\\n" * 300_000)
    write(root, "d/Dockerfile", "FROM " + "a" * 5_000_000 + "\nFROM $A\nARG A=$A$A\n" * 10)
    write(root, "Makefile", "a:\n\tpip install " + "x " * 500_000)


@case("pyproject.toml", "requirements.txt", "uv.lock", "config.json", "setup.py", "bom.cdx.json")
def sparse_giants(root: Path) -> None:
    for name in ("pyproject.toml", "requirements.txt", "uv.lock", "poetry.lock", "config.json"):
        sparse(root, name)
    for name in ("setup.py", "setup.cfg", "bom.cdx.json", "Pipfile.lock", "environment.yml"):
        sparse(root, name)
    for name in ("LICENSE", "README.md", "a.py", "a.sh", "a.ipynb", "Dockerfile", "a.yaml"):
        sparse(root, name)
    for name in (
        "tokenizer.json",
        "model.safetensors.index.json",
        "METADATA",
        "b.dist-info/RECORD",
    ):
        sparse(root, name)


@case("m.safetensors", "m.gguf", "m.pt", "m.pkl", "m.onnx", "m.h5", large=True)
def sparse_giants_of_weights(root: Path) -> None:
    sparse(root, "m.safetensors", b"\xff\xff\xff\x7f\0\0\0\0{")
    sparse(root, "m.gguf", b"GGUF\x03\0\0\0" + b"\xff" * 16)
    for name in (
        "m.pt",
        "m.pkl",
        "m.npz",
        "m.onnx",
        "m.h5",
        "m.npy",
        "m.tflite",
        "m.keras",
        "m.bin",
    ):
        sparse(root, name)
    sparse(root, "n.h5", b"\x89HDF\r\n\x1a\n")
    sparse(root, "n.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\x7f")
    sparse(root, "n.pkl", b"\x80\x04\x8e\xff\xff\xff\xff\xff\0\0\0")


@case("m.safetensors", "m.gguf", "m.onnx")
def weights_that_lie(root: Path) -> None:
    sides = ",".join(["9" * 18] * 50)
    rows = f'{{"a":{{"dtype":"F32","shape":[{sides}],"data_offsets":[0,9]}}}}'
    write(root, "m.safetensors", len(rows).to_bytes(8, "little") + rows.encode())
    deep = ("{" + '"a":{' * DEEP).encode()
    write(root, "n.safetensors", len(deep).to_bytes(8, "little") + deep)
    write(
        root, "m.gguf", b"GGUF\x03\0\0\0" + b"\xff\xff\xff\xff\0\0\0\0" * 2 + b"\x09\0\0\0" * 10000
    )
    array = b"\x09\0\0\0" + (1).to_bytes(8, "little")
    key = (1).to_bytes(8, "little") + b"a"
    body = (
        (0).to_bytes(8, "little") + (1).to_bytes(8, "little") + key + b"\x09\0\0\0" + array * DEEP
    )
    write(root, "n.gguf", b"GGUF\x03\0\0\0" + body)
    nested = b""
    for _ in range(2000):
        nested = b"\x3a" + _varint(len(nested)) + nested
    write(root, "m.onnx", nested)
    write(root, "m.tflite", b"\x10\0\0\0TFL3" + b"\x04\0\0\0" * 10000)
    write(root, "m.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535)
    write(root, "m.h5", b"\x89HDF\r\n\x1a\n" + b"\x00" * 8 + b"\xff" * 5000)


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])
