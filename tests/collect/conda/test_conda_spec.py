from __future__ import annotations

import pytest

from aisbom.collect.conda.conda_spec import channel_name, from_url, read, without_token
from aisbom.source.tree import Unreadable


@pytest.mark.parametrize(
    ("text", "name", "version", "specifier", "purl"),
    [
        ("numpy", "numpy", "", "", "pkg:conda/numpy"),
        ("numpy=1.26", "numpy", "", "=1.26", "pkg:conda/numpy"),
        ("numpy==1.26", "numpy", "1.26", "==1.26", "pkg:conda/numpy@1.26"),
        ("numpy 1.26.4", "numpy", "1.26.4", "==1.26.4", "pkg:conda/numpy@1.26.4"),
        (
            "numpy=1.26.4=py311h64a7726_0",
            "numpy",
            "1.26.4",
            "==1.26.4",
            "pkg:conda/numpy@1.26.4?build=py311h64a7726_0",
        ),
        (
            "numpy 1.26.4 py311h64a7726_0",
            "numpy",
            "1.26.4",
            "==1.26.4",
            "pkg:conda/numpy@1.26.4?build=py311h64a7726_0",
        ),
        ("pytorch=2.4=*cuda*", "pytorch", "2.4", "==2.4", "pkg:conda/pytorch@2.4"),
        ("numpy=1.*", "numpy", "", "=1.*", "pkg:conda/numpy"),
        ("numpy>=1.20,<2", "numpy", "", ">=1.20,<2", "pkg:conda/numpy"),
        ("numpy >=1.20", "numpy", "", ">=1.20", "pkg:conda/numpy"),
        ("numpy 1.20|1.21", "numpy", "", "1.20|1.21", "pkg:conda/numpy"),
        (
            "conda-forge::numpy==1.0",
            "numpy",
            "1.0",
            "==1.0",
            "pkg:conda/numpy@1.0?channel=conda-forge",
        ),
        (
            "conda-forge/linux-64::numpy",
            "numpy",
            "",
            "",
            "pkg:conda/numpy?channel=conda-forge&subdir=linux-64",
        ),
        (
            "numpy[version='>=1.2',channel=pytorch]",
            "numpy",
            "",
            ">=1.2",
            "pkg:conda/numpy?channel=pytorch",
        ),
        (
            "_libgcc_mutex=0.1=main",
            "_libgcc_mutex",
            "0.1",
            "==0.1",
            "pkg:conda/_libgcc_mutex@0.1?build=main",
        ),
        (
            "https://conda.anaconda.org/t/tk-secret/conda-forge/linux-64/aom-3.9.1-hac33072_0.conda",
            "aom",
            "3.9.1",
            "",
            "pkg:conda/aom@3.9.1?build=hac33072_0&channel=conda-forge&subdir=linux-64",
        ),
    ],
)
def test_specifications(text: str, name: str, version: str, specifier: str, purl: str) -> None:
    asked = read(text)
    assert (asked.name, asked.version, asked.specifier, asked.purl) == (
        name,
        version,
        specifier,
        purl,
    )
    assert not any("tk-secret" in value for _, value in asked.facts)


@pytest.mark.parametrize(
    "text", ["", "=1.2", "a b c d e f :: g", "nul\0", "x" * 3000, "https://host/page.html", "*"]
)
def test_what_is_no_package(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_channels_and_urls() -> None:
    assert channel_name("https://conda.anaconda.org/conda-forge/") == "conda-forge"
    assert channel_name("https://user:pw@repo.example.org/t/secret/main/noarch") == "main"
    assert channel_name("pytorch") == "pytorch"
    assert without_token("https://host/t/abc/chan") == "https://host/chan"
    assert from_url("https://conda.anaconda.org/conda-forge/noarch/a-b-1.0-py_0.tar.bz2") == (
        "a-b",
        "1.0",
        "py_0",
        "conda-forge",
        "noarch",
    )
    assert from_url("https://host/a.whl") is None
