"""Sentences about licences: which licence, and for what; sentences about others state nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import aisbom
from aisbom.licences import model_licences
from aisbom.licences.statements import find_licence_names, section, statements


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The source code is licensed under [Apache 2.0](L) License.", [("code", "Apache-2.0")]),
        ("The pretrained weights are released under CC-BY-NC 4.0.", [("weights", "CC-BY-NC-4.0")]),
        ("This repository is licensed under the MIT License.", [("all", "MIT")]),
        (
            "Our code is under MIT; the models are licensed under the CC BY-NC-SA 4.0 license.",
            [("code", "MIT"), ("weights", "CC-BY-NC-SA-4.0")],
        ),
        ("The dataset is distributed under CC BY 4.0.", [("data", "CC-BY-4.0")]),
        ("This project is available under GPLv3.", [("all", "GPL-3.0")]),
        (
            (
                "## License\nMost scripts are licensed under ASL 2.0, however portions are not:\n"
                "\n[X](https://github.com/other/x): MIT\n"
            ),
            [("code", "Apache-2.0")],
        ),
        ("## License\n[MIT](https://github.com/own/x/blob/main/LICENSE)", [("all", "MIT")]),
        (
            (
                "The majority of this project is licensed under [Apache 2.0](LICENSE), however"
                " portions of the project are available under separate license terms: X and Y are"
                " licensed under the MIT license; Z is licensed under the BSD 3-Clause license."
            ),
            [("all", "Apache-2.0")],
        ),
        (
            (
                "## License\nThe majority of Norae is licensed under MIT, however portions of it are"
                " available under separate license terms: X is licensed under ISC license; Y is"
                " licensed under Apache 2.0."
            ),
            [],
        ),
        ("Our models, released under Apache 2.0, are small.", [("weights", "Apache-2.0")]),
        (
            "Code is under MIT ([LICENSE](./LICENSE)), and weights are under Apache 2.0.",
            [("code", "MIT"), ("weights", "Apache-2.0")],
        ),
        (
            "The code is MIT and the weights are released under CC-BY-NC 4.0.",
            [("weights", "CC-BY-NC-4.0")],
        ),
        (
            (
                "## License\nThe checkpoints and the demo code are licensed under [Apache 2.0](L),"
                " however the [Some Font](https://github.com/o/f) used in the demo code is made"
                " available under the SIL Open Font License."
            ),
            [("weights", "Apache-2.0"), ("code", "Apache-2.0")],
        ),
        ("The weights used in this project are released under MIT.", [("weights", "MIT")]),
        (
            "## License\n- For code, please comply with [Apache License Version 2.0](./LICENSE)",
            [("code", "Apache-2.0")],
        ),
    ],
)
def test_what_a_sentence_says(text: str, rows: list[tuple[str, str]]) -> None:
    assert [(row.part, row.name) for row in statements(text)] == rows


@pytest.mark.parametrize(
    "sentence",
    [
        "`./models/modules`, `data/tokenizer.py` are under Apache License, Version 2.0.",
        "The folder `models/` is released under the MIT license.",
        "We use code under other licenses: ./models/patterns.py is under MIT license.",
    ],
)
def test_what_is_said_of_a_file_is_said_of_nothing_else(sentence: str) -> None:
    assert not statements(sentence)
    assert not statements(f"## License\n{sentence}")


def test_a_short_licence_file_is_read_as_a_section_on_licences() -> None:
    text = "Nuri, Copyright (c) 2024 Haneul Corp., is licensed under the CC BY-NC-SA 4.0 license."
    assert not statements(text)
    assert [row[:2] for row in statements(text, on_licences=True)] == [("all", "CC-BY-NC-SA-4.0")]


@pytest.mark.parametrize(
    "text",
    [
        "This project is based on X, which is licensed under the MIT License.",
        "The original code is licensed under Apache 2.0.",
        "Third-party code is licensed under its own terms, such as MIT.",
        "The code is licensed under MIT or Apache 2.0.",
        "We thank the authors, whose code is under MIT.",
        "Portions of the project are available under separate license terms: X is under MIT.",
        "† Models released under Apache 2.0 are trained on newer data than other models.",
        "A model under test is compared with the MIT reference.",
        "Mit freundlichen Grüßen",
    ],
)
def test_what_states_nothing(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    "notice",
    [
        "Qwen is licensed under the Qwen RESEARCH LICENSE AGREEMENT, Copyright (c) Alibaba Cloud.",
        "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms.",
    ],
)
def test_the_notice_that_a_licence_asks_for_speaks_of_what_was_built_on(notice: str) -> None:
    assert statements(f"## License\n- The code is under MIT license.\n- Notice: {notice}\n") == [
        ("code", "MIT", 2, "- The code is under MIT license.")
    ]


def test_names_in_words() -> None:
    assert list(find_licence_names("CC-BY-NC")) == ["LicenseRef-CC-BY-NC"]
    assert list(find_licence_names("the GNU Affero General Public License version 3")) == [
        "AGPL-3.0"
    ]
    assert list(find_licence_names("[x](https://creativecommons.org/licenses/by/4.0/)")) == []


def test_long_lines_are_read_in_time() -> None:
    statements("under the " * 390 + "\n" + "is licensed under " * 200)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("`Norae` is released under the MIT License.", [("all", "MIT")]),
        ("Under the MIT License.", [("all", "MIT")]),
        # What a licence allows that was named before, of the models alone.
        ("Under the Apache License 2.0, Norae Labs confirms that models are usable.", []),
        ("`KoNet`는 `Apache 2.0` 라이선스 하에 공개되어 있습니다.", [("all", "Apache-2.0")]),
        ("本项目遵循 [Apache 2.0](LICENSE) 许可协议。", [("all", "Apache-2.0")]),
        (
            "[공개한 모델](#공개)은 노래의 결과물로서, [CC BY-NC 4.0](L.md)을 따릅니다.",
            [("weights", "CC-BY-NC-4.0")],
        ),
        ("코드는 Apache 2.0 라이선스를 따릅니다.", [("code", "Apache-2.0")]),
        ("데이터는 CC BY 4.0 라이센스로 배포됩니다.", [("data", "CC-BY-4.0")]),
        ("本仓库的代码采用 MIT 许可证。", [("all", "MIT")]),
        ("模型权重遵循 Apache 2.0 许可协议。", [("weights", "Apache-2.0")]),
        ("コードはMIT Licenseの下で公開されています。", [("code", "MIT")]),
        ("MIT License", [("all", "MIT")]),
        ("Norae is based on the [Apache 2.0 license](https://x).", [("all", "Apache-2.0")]),
        ("[Apache-2.0](LICENSE)", [("all", "Apache-2.0")]),
        (
            "`Norae` is released under the original [License](https://x) of [LLaMA2](https://y).",
            [("all", "LicenseRef-Llama-2")],
        ),
        ("Model weights follow the Gemma Terms of Use.", [("weights", "LicenseRef-Gemma")]),
        # A list of what others made.
        (
            "MIT\n\nLicenses of the datasets:\n\n- Norae: CC BY-NC 4.0\n- Sori: GPL-3.0",
            [("all", "MIT")],
        ),
        ("MIT\n\n사용된 데이터셋 라이선스:\n- 노래: CC BY-NC 4.0", [("all", "MIT")]),
        # Somebody else's, two at once, and what only mentions one in passing.
        (
            "MIT - our code. This does not cover\nNorae, which has its own\nGemma license, or X.",
            [("all", "MIT")],
        ),
        ("The original net is released under the MIT License.", []),
        ("Parts taken from X are released under the MIT License.", []),
        ("MIT or Apache 2.0", []),
        ("We would like to say here that we like the MIT and its people a lot", []),
    ],
)
def test_a_section_on_licences_speaks_of_the_whole(text: str, rows: list[tuple[str, str]]) -> None:
    told = [(row.part, row.name) for row in statements(f"# Norae\n\n## License\n\n{text}\n")]
    assert told == rows
    if not text.startswith("Model weights"):
        assert statements(f"# Norae\n\n## Usage\n\nSee it.\n\n{text}\n") == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the Llama 3.1 Community License", ["LicenseRef-Llama-3.1"]),
        ("the Tongyi Qianwen RESEARCH LICENSE", ["LicenseRef-Tongyi-Qianwen-Research"]),
        ("EXAONE AI Model License Agreement 1.1 - NC", ["LicenseRef-EXAONE-1.1-NC"]),
        ("the CreativeML Open RAIL-M license", ["LicenseRef-CreativeML-Open-RAIL-M"]),
        ("the CreativeML Open RAIL++-M license", ["LicenseRef-OpenRAIL-PlusPlus"]),
        ("the NVIDIA Source Code License for Norae", ["LicenseRef-NVIDIA-Source-Code-NC"]),
        ("NVIDIA Source Code License (1-Way Commercial)", []),
        ("the OpenRAIL-AS license", ["LicenseRef-OpenRAIL"]),
        ("on open railways", []),
        ("Llama 3 is a model", []),
        ("modified MIT 라이선스", []),
        ("a licence of llamas", []),
    ],
)
def test_names_of_model_licences(words: str, names: list[str]) -> None:
    assert list(find_licence_names(words)) == names


def test_the_names_of_model_licences_are_those_of_the_table() -> None:
    table = (Path(aisbom.__file__).parent / "knowledge/data/licence_names.csv").read_text("utf-8")
    for name, _, _ in model_licences._NAMES:
        assert f",{name}," in table, name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "# Norae\n\n## License\nOnly for non-commercial use, and subject to the Terms of Use.\n",
            (4, "Only for non-commercial use, and subject to the Terms of Use."),
        ),
        ("## 许可证\n\n请遵守协议。\n", (3, "请遵守协议。")),
        ("## License\n\n---\n\n## Citation\nA paper\n", None),
        ("# Norae\nA licence of your choice.\n", None),
    ],
)
def test_a_section_on_licences_has_terms(text: str, found: tuple[int, str] | None) -> None:
    assert section(text) == found
