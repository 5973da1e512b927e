from __future__ import annotations

import time

import pytest

from aisbom.collect.references.data_words import (
    is_fence,
    of_comments,
    of_document,
    of_keys,
    of_paths,
    of_readme,
    of_script,
)
from aisbom.knowledge.dataset_names import is_known, known_in_text


def told(text: str) -> list[str]:
    return [one.text for one in of_document(text) if known_in_text(one.text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We train on COCO and VQAv2.", ["COCO", "VQAv2"]),
        ("우리는 KsponSpeech 데이터로 학습했습니다.", ["KsponSpeech"]),
        ("使用 WenetSpeech 数据训练", ["WenetSpeech"]),
        ("The annotations are those of `self-instruct`.", ["self-instruct"]),
        ("evaluation data is [yizhongw/self-instruct](https://x.y)", ["self-instruct"]),
        # Sentences on results and on what others did, and words of every day.
        ("Our model outperforms all on VQAv2 data.", []),
        ("It achieves 81 on the MMMU data.", []),
        ("tuned on data of both kinds (e.g. ShareGPT)", []),
        ("Normalization of the SQuAD evaluation script.", []),
        ("DROP all rows of the data", []),
        ("this has multiple data sets", []),
        ("A robot called COCO", []),
    ],
)
def test_sentences(text: str, names: list[str]) -> None:
    assert told(text) == names


def test_a_list_below_a_sentence_on_data() -> None:
    text = "Download the datasets:\n\n- OCR-VQA: [script](https://x.y)\n- `GQA`\n\nThen run POPE.\n"
    assert told(text) == ["OCR-VQA", "GQA"]


def test_where_data_is_kept_is_no_data_set() -> None:
    text = "## Dataset\n\nIt is on [Google Drive](https://x.y) and [Norae Cloud](https://x.z).\n"
    assert told(text) == []


def test_a_column_for_data_and_a_first_column_of_links() -> None:
    text = (
        "|Dataset|Task|\n|--|--|\n|[COCO](https://x.y)|Captions of GQA|\n|Hateful Memes|x|\n\n"
        "|Task|Score|\n|--|--|\n|[DocVQA](https://x.y)|67|\n|POPE|80|\n"
    )
    assert told(text) == ["COCO", "Hateful Memes", "DocVQA"]


def test_a_longer_name_is_shown_beside_its_pieces() -> None:
    found = told("### Multimodal C4 Dataset")
    assert "Multimodal C4" in found


def test_commands_are_not_read_but_their_comments() -> None:
    text = "```bash\n# prepare the LibriTTS dataset\npython prepare.py GQA data\n```\n"
    assert told(text) == ["LibriTTS"]


def test_comments_that_speak_of_data() -> None:
    text = '# audio of WenetSpeech4TTS\n"""VQAv2 dataset"""\nx = 1  # trained on COCO\ny = "GQA data"\n'
    of_data = [o.text for o in of_comments(text, "prepare.py") if is_known(o.text)]
    assert of_data == ["VQAv2", "COCO"]
    in_folder = [o.text for o in of_comments(text, "datasets/prepare.py") if is_known(o.text)]
    assert in_folder == ["WenetSpeech4TTS", "VQAv2", "COCO"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("'data/flickr30k/flickr30k_test.json'", ["flickr30k"]),
        ("root: ./data/POPE/old_coco", ["POPE"]),
        ("['./dataset/docvqa']", ["docvqa"]),
        ("/mnt/corpora/LibriSpeech/train", ["LibriSpeech"]),
        ("https://x.org/textvqa/images/train.zip", ["textvqa"]),
        ("https://x.org/datasets/own/GQA", []),
        ("src/coco/loader.py", []),
    ],
)
def test_folders_of_data(line: str, names: list[str]) -> None:
    assert [one.text for one in of_paths(line) if is_known(one.text)] == names


def test_long_lines_take_linear_time() -> None:
    start = time.process_time()
    for text in ("data/" * 200_000, "Aa " * 300_000 + "data", "a-" * 400_000, "| " * 300_000):
        list(of_document(text))
        list(of_paths(text))
        list(of_keys(text))
        list(of_document(f"## Evals\n- A: {text}"))
        list(of_comments(f"# {text}", "data"))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("heading", "item", "name"),
    [
        ("## Download Datasets", "* [Norae-Bench](https://x.org)", "Norae-Bench"),
        ("## 데이터셋", "- [Hanul](https://x.org): 10K", "Hanul"),
        ("## Datasets", "- [Download link](https://x.org)", ""),
        ("## Datasets", "- see [Norae-Bench](https://x.org)", ""),
        ("## Models and datasets", "- [Norae-7B](https://x.org)", ""),
        ("## Related work", "- [Norae-Bench](https://x.org)", ""),
    ],
)
def test_a_list_of_nothing_but_data_sets(heading: str, item: str, name: str) -> None:
    found = [one.text for one in of_document(f"{heading}\n{item}\n") if one.listed]
    assert found == ([name] if name else [])


def test_a_split_and_a_constant_of_a_file_of_data_sets() -> None:
    assert "LibriTTS" in [
        one.text for one in of_document("Sources are of LibriTTS-test-clean data.")
    ]
    text = 'ShareGPT4V = {"path": ""}\nlimit = {"x": 1}\n'
    assert [one.text for one in of_comments(text, "own/dataset_config.py")] == ["ShareGPT4V"]
    assert list(of_comments(text, "own/config.py")) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            (
                "datasets (including [NoraeTalk](https://a.b), [Haneul-2](https://a.c), and "
                "[MyTalk](https://a.d)) and works such as [EMO](https://e.f)"
            ),
            ["NoraeTalk", "Haneul-2", "MyTalk"],
        ),
        ("We train on the datasets [Norae](https://a.b) and [Haneul](https://a.c).", 2),
        ("The datasets are described in [Norae](https://a.b), [Haneul](https://a.c).", []),
        ("Download the dataset [here](https://a.b) and [there](https://a.c).", []),
        ("works on datasets, see [Norae](https://a.b).", []),
        ("models [Norae](https://a.b), [Haneul](https://a.c)", []),
    ],
)
def test_a_list_of_links_in_a_sentence_on_data_sets(text: str, names: list[str] | int) -> None:
    listed = [one.text for one in of_document(text) if one.listed]
    assert listed == names if isinstance(names, list) else len(listed) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We use the [Norae Song Dataset](https://a.b), free.", ["Norae Song Dataset"]),
        ("builds upon [NORAE-15M dataset](https://a.b)", ["NORAE-15M"]),
        ("on [Emotional Norae Dataset (END)](https://a.b)", ["END"]),
        ("the [Hateful Songs dataset](https://a.b)", ["Hateful Songs"]),
        ("the [Training Dataset](https://a.b) and [Our dataset](https://a.c)", []),
        ("the [Norae dataset](https://a.b)", []),
        ("the [Norae Song Dataset](https://huggingface.co/datasets/own/norae)", []),
        ("It outperforms all on the [Norae Song Dataset](https://a.b).", []),
    ],
)
def test_a_link_whose_words_say_data_set(text: str, names: list[str]) -> None:
    assert [one.text for one in of_document(text) if one.listed] == names


def test_headings_below_that_of_data_sets() -> None:
    text = (
        "## Dataset preparation\n### NoraeLandmarks\n### 7Songs\n### Download\n### PyTorch\n"
        "### VQA\n### Step2\n#### InHanul\n## Usage\n### OtherNorae\n"
    )
    listed = [one.text for one in of_document(text) if one.listed]
    assert listed == ["NoraeLandmarks", "7Songs", "InHanul"]


def test_an_id_in_a_first_column_of_links_is_told_by_its_page() -> None:
    text = "| Model | WER |\n|---|---|\n| [own/norae-02-hd](https://a.b/own/norae-02-hd) | 4 |\n"
    assert "own/norae-02-hd" not in [one.text for one in of_document(text)]


def test_a_table_of_nothing_but_data_sets_and_their_pages() -> None:
    text = (
        "| Dataset | URL |\n|---|---|\n| Norae22 | https://x.org/a |\n"
        "| HANUL (Big Set of Songs) | [page](https://y.org) |\n| No page | soon |\n"
        "| Linked | https://huggingface.co/datasets/own/linked |\n"
    )
    listed = [one.text for one in of_document(text) if one.listed]
    assert listed == ["Norae22", "HANUL"]
    results = "| Dataset | mIoU | URL |\n|---|---|---|\n| Ours | 81 | https://x.org/w.pth |\n"
    assert not [one.text for one in of_document(results) if one.listed]


def test_code_below_a_folder_of_data_is_no_data() -> None:
    assert [one.text for one in of_paths("run norae/datasets/coco/coco_loader.py")] == []
    assert "coco" in [one.text for one in of_paths("norae/datasets/coco/train.json")]


@pytest.mark.parametrize("line", ["```", "```python", "  ~~~", "````md", "~~~ `x`"])
def test_what_opens_or_closes_a_block(line: str) -> None:
    assert is_fence(line)


@pytest.mark.parametrize("line", ["```--flag=x```.", "`x`", "x ```", "", "``"])
def test_code_inside_a_line_is_no_block(line: str) -> None:
    assert not is_fence(line)


@pytest.mark.parametrize(
    ("heading", "item", "names"),
    [
        ("## Evals", "- NORAE: Measuring singing, https://x.org/a", ["NORAE"]),
        (
            "## Benchmarks",
            "* Hanul-QA: A benchmark of questions ([MIT](https://x.org))",
            ["Hanul-QA"],
        ),
        ("## Evals", "- NORAE: Measuring singing", []),
        ("## Samplers", "- NORAE: See https://x.org/a", []),
        ("## Evals", "- norae: See https://x.org/a", []),
    ],
)
def test_a_list_of_what_is_measured(heading: str, item: str, names: list[str]) -> None:
    text = f"{heading}\n\nThis has the following evals:\n\n{item}\n"
    assert [one.text for one in of_document(text) if one.listed] == names


def test_keys_and_folders_of_settings_of_data_sets() -> None:
    text = "Train:\n  MOSE:\n    image_dir: path/COCO/train2017/\n  - Norae: 1\n"
    found = [(one.text, one.path) for one in of_keys(text) if is_known(one.text)]
    assert found == [("MOSE", False), ("COCO", True)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("bench/eval_gsm8k.py", ""),
        ("eval/tasks/gsm8k.py", "gsm8k"),
        ("src/datasets/coco_dataset.py", "coco"),
        ("data_preprocess/video/HMDB51.py", "HMDB51"),
        ("tests/benchmark/dataset/test_asqa.py", "asqa"),
        ("src/model/coco.py", ""),
        ("src/database/coco.py", ""),
        ("datasets/coco.json", ""),
    ],
)
def test_a_script_is_called_after_the_data_that_it_reads(path: str, name: str) -> None:
    assert of_script(path) == name


@pytest.mark.parametrize(
    ("path", "heading", "named"),
    [
        ("dataset/Norae-World/README.md", "# NoraeWorld Dataset", True),
        ("data/norae/README.md", "# Norae Corpus", True),
        ("data/norae/README.md", "# How to get the dataset", False),
        ("data/norae/README.md", "# Norae", False),
        ("src/norae/README.md", "# Norae Dataset", False),
    ],
)
def test_a_folder_of_data_whose_readme_says_so(path: str, heading: str, named: bool) -> None:
    assert (of_readme(path, f"{heading}\n\nText.\n") is not None) == named


def test_lists_of_pages_beside_one_of_a_data_set() -> None:
    lines = (
        "1. Math\nNorae: https://{}\nOther Set: https://github.com/own/set\nX-9: https://e.org\n"
    )
    text = lines.format("huggingface.co/datasets/own/norae")
    listed = [one.text for one in of_document(text) if one.listed]
    assert listed == ["Norae", "Other Set", "X-9"]
    assert not [one for one in of_document(lines.format("e.org/datasets/x")) if one.listed]
    two = text.replace("X-9: https://e.org\n", "")
    assert not [one for one in of_document(two) if one.listed]


def test_thanks_for_data_sets_and_for_code() -> None:
    text = (
        "We thank [NoraeDoc](https://e.org/a), [Dal-4](https://e.org/b) for providing valuable {}."
    )
    assert [one.text for one in of_document(text.format("datasets")) if one.listed] == [
        "NoraeDoc",
        "Dal-4",
    ]
    assert not [one for one in of_document(text.format("code and models")) if one.listed]


def test_ids_in_a_table_of_data_sets() -> None:
    table = "| {} | Name | Type |\n|--|--|--|\n| Norae | `own/norae` | x |\n"
    listed = [one.text for one in of_document(table.format("Dataset")) if one.listed]
    assert listed == ["own/norae"]
    assert not [one for one in of_document(table.format("Model")) if one.listed]


def test_a_heading_that_asks_heads_no_list_of_data_sets() -> None:
    for heading in ("## Who created the dataset?", "### What is the dataset for"):
        text = f"{heading}\n- [Jane Norae](https://x.org)\n"
        assert [one.text for one in of_document(text) if one.listed] == []


def test_a_table_whose_columns_describe_data_sets() -> None:
    text = (
        "| Dataset | Language | Task | License | Source |\n|---|---|---|---|---|\n"
        "| [Hanul QA](https://x.org/a) | ko | QA | MIT | web |\n"
    )
    assert [one.text for one in of_document(text) if one.listed] == ["Hanul QA"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We tune on the natural questions dataset.", "natural questions"),
        ("This voice comes from the Expresso dataset.", "Expresso"),
        ("We use the test sets of GSM8K.", "GSM8K"),
    ],
)
def test_what_the_words_behind_a_name_say(text: str, name: str) -> None:
    assert name in [one.text for one in of_document(text)]


def test_descriptions_in_yaml_are_sentences() -> None:
    text = "- name: a\n  description: From the VCTK dataset.\n"
    assert "VCTK" in [one.text for one in of_comments(text, "voices.yaml")]
    assert list(of_comments(text, "voices.py")) == []


def test_a_file_of_a_split_is_called_after_its_set() -> None:
    text = "wget https://x.org/nocaps_val_4500_captions.json"
    assert "nocaps" in [one.text for one in of_paths(text)]


def test_an_item_that_links_to_the_page_of_a_data_set_is_told_by_its_id() -> None:
    text = "## Datasets\n\n* [Norae V3 base](https://{}/own/norae-logits): 1 billion tokens\n"
    listed = [one.text for one in of_document(text.format("e.org")) if one.listed]
    assert listed == ["Norae V3 base"]
    hub = text.format("huggingface.co/datasets")
    assert not [one for one in of_document(hub) if one.listed]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It is tested on 7 benchmarks, including MVBench and GSM8K.", True),
        ("GSM8K-500 consists of songs from open datasets (e.g. GSM8K, etc.).", True),
        ("The model was trained on many datasets such as GSM8K.", True),
        ("The model can be trained on datasets such as GSM8K.", False),
        ("If a model is trained on datasets such as GSM8K, wait.", False),
        ("Data of other datasets (e.g. GSM8K) differ.", False),
        ("The data is in GSM8K format.", False),
        ("The data is written GSM8K-style.", False),
    ],
)
def test_examples_of_what_was_used_and_formats(text: str, named: bool) -> None:
    assert ("GSM8K" in [one.text for one in of_document(text)]) == named
