from __future__ import annotations

import pytest

from aisbom.collect.references import mentions
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect


def found(make_tree: MakeTree, name: str, text: str) -> list[tuple[str, str, int, str]]:
    rows = collect(make_tree({name: text}), mentions.COLLECTOR)
    return sorted(
        (r.kind, r.name, r.evidence.at.line, r.fact("named-by"))
        for r in rows
        # Folders of data are read beside what this is about (test_data_words.py).
        if isinstance(r, Observation) and r.fact("named-by") != "path"
    )


def test_pages_of_the_hub(make_tree: MakeTree) -> None:
    text = (
        "[ours](https://huggingface.co/own/llm-7b) and https://hf.co/datasets/own/data.\n"
        "from www.modelscope.cn/models/iic/llm-7b and https://huggingface.co/spaces/own/demo-1\n"
        "![](https://huggingface.co/datasets/own/pictures/resolve/main/a.png)\n"
        "https://huggingface.co/collections/own/x-1 https://huggingface.co/docs/x-2/y-2\n"
    )
    assert found(make_tree, "README.md", text) == [
        ("dataset", "own/data", 1, "link"),
        ("reference", "iic/llm-7b", 2, "link"),
        ("reference", "own/llm-7b", 1, "link"),
    ]
    rows = collect(make_tree({"README.md": text}), mentions.COLLECTOR)
    assert [r.purl for r in rows if isinstance(r, Observation) and r.name.startswith("iic")] == [""]


def test_ids_in_comments_and_two_in_a_line(make_tree: MakeTree) -> None:
    assert found(make_tree, "a.py", "# own/llm-7b or `other/enc_l14`, and/or CPU/GPU\n") == [
        ("reference", "other/enc_l14", 1, "text"),
        ("reference", "own/llm-7b", 1, "text"),
    ]


def test_paths_and_addresses_are_no_ids(make_tree: MakeTree) -> None:
    text = (
        "see github.com/own/llm-7b, ./own/llm-7b, /own/llm-7b, own/llm-7b/x, {CACHE}/llm-7b\n"
        "ckpts/llm-7b data/set-1 own/a-1.json text/x-python $OUT/llm-7b a@own/llm-7b 1/world_size\n"
    )
    assert found(make_tree, "a.sh", text) == []


def test_where_a_training_writes_to_is_no_id(make_tree: MakeTree) -> None:
    text = (
        "output_dir: own-7b/run-1\nsave_path = 'own/llm-7b'\n--output-dir=own/b-7b\nuse own/c-7b\n"
    )
    assert [name for _, name, *_ in found(make_tree, "a.yaml", text)] == ["own/c-7b"]


def test_options_of_a_program_are_no_ids(make_tree: MakeTree) -> None:
    text = (
        "Run `python -m train experiment=lm/wt-103 model.path=own/llm-7b model=rnn/hip-po`.\n"
        "Some use model=own/llm-8b here.\n"
    )
    told = [row[1:] for row in found(make_tree, "README.md", text) if row[0] == "reference"]
    assert told == [
        ("own/llm-7b", 1, "text"),
        ("own/llm-8b", 2, "link"),
        ("own/llm-8b", 2, "text"),
        ("rnn/hip-po", 1, "text"),
    ]


def test_names_of_classes_are_no_ids(make_tree: MakeTree) -> None:
    table = '"seq/llm-7b":    "norae.models.Llm",\n"own/llm-7b": "a model",\n'
    told = [row[1] for row in found(make_tree, "a.py", table) if row[0] == "reference"]
    assert told == ["own/llm-7b"]


def test_a_page_of_the_same_path_elsewhere_is_no_id_of_the_hub(make_tree: MakeTree) -> None:
    text = (
        "| [own/llm-7b](https://github.com/own/llm-7b) | [`x/y-1`](https://served.test/x/y-1/run) |\n"
        "| [own/enc-7b](https://own.test/paper) | [own/b-7b](https://huggingface.co/own/b-7b) |\n"
    )
    names = {name for _, name, _, _ in found(make_tree, "README.md", text) if "/" in name}
    assert names == {"own/enc-7b", "own/b-7b"}


def test_an_id_is_taken_whole_or_not_at_all(make_tree: MakeTree) -> None:
    assert found(make_tree, "README.md", "put it at own/llm-7b-vit-l/checkpoint.pt\n") == []


def test_a_flag_says_what_it_is_given(make_tree: MakeTree) -> None:
    text = (
        "tool -d own/speech -u own/speech-text\n"
        "make_ds -d other/voices third/more -u own/out\n"
        "train --dataset_name own/set_1 --model own/llm-7b\n"
        "docker run -d own/image-1\n"
    )
    assert found(make_tree, "run.sh", text) == [
        ("dataset", "other/voices", 2, "link"),
        ("dataset", "own/out", 2, "link"),
        ("dataset", "own/set_1", 3, "link"),
        ("dataset", "own/speech", 1, "text"),
        ("dataset", "own/speech-text", 1, "text"),
        ("dataset", "third/more", 2, "link"),
        ("reference", "own/image-1", 4, "text"),
        ("reference", "own/llm-7b", 3, "text"),
    ]


def test_weights_behind_links_of_a_document(make_tree: MakeTree) -> None:
    text = "| [7B](https://x.org/a/own-7B-v1.tar) | [enc](https://x.org/enc.pth?raw=1) | https://x.org/a.py\n"
    assert [row[1:] for row in found(make_tree, "README.md", text)] == [
        ("enc.pth", 1, "link"),
        ("own-7B-v1.tar", 1, "link"),
    ]


def test_in_comments_a_link_to_weights_is_a_link(make_tree: MakeTree) -> None:
    assert found(make_tree, "a.py", "# https://x.org/a/own-7B-v1.tar https://x.org/enc.pth\n") == []


def test_front_matter_is_the_business_of_cards(make_tree: MakeTree) -> None:
    text = "---\nbase_model: own/llm-7b\n---\n# x\n\nfrom own/llm-7b\n"
    assert found(make_tree, "README.md", text) == [("reference", "own/llm-7b", 6, "text")]


def test_a_card_is_read_as_any_document_and_that_of_data_names_no_base(make_tree: MakeTree) -> None:
    said = "# x\n\nIt is a fine-tuned version of own/llm-7b.\n"
    data = f"---\ntask_categories: [x]\n---\n{said}"
    assert found(make_tree, "README.md", data) == [("reference", "own/llm-7b", 6, "text")]
    card = found(make_tree, "README.md", f"---\nlicense: mit\n---\n{said}")
    assert ("reference", "own/llm-7b", 6, "declared") in card


def test_a_readme_without_end(make_tree: MakeTree) -> None:
    text = "".join(f"own/llm-{n}\n" for n in range(9_000)) + "a/b-1" * 2_000_000
    rows = collect(make_tree({"README.md": text}), mentions.COLLECTOR)
    assert len(rows) == mentions.MAX_ROWS + 1
    assert isinstance(rows[-1], Gap) or any(isinstance(r, Gap) for r in rows)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('adapter_id = "own/qlora-talk-7b"', "own/qlora-talk-7b"),
        ('    "model_id": "own/talk"', "own/talk"),
        ("model=own/talk-7b", "own/talk-7b"),
        ('client.ask(text, adapter_id="some/adapter")', ""),  # a placeholder
        ('adapter_id = "own/adapter"', ""),  # a word of many meanings, and no number
        ('output_dir = "own/talk-7b"', ""),
    ],
)
def test_a_setting_in_an_example(make_tree: MakeTree, line: str, name: str) -> None:
    rows = found(make_tree, "README.md", f"```\n{line}\n```\n")
    told = [row[1] for row in rows if row[3] == "link"]
    assert told == ([name] if name else [])


def test_code_that_lies_on_the_hub_is_no_use_of_the_weights(make_tree: MakeTree) -> None:
    page = "https://huggingface.co/own/talk-7b"
    assert found(make_tree, "a.py", f"# {page}/blob/main/modeling_talk.py\n") == []
    assert found(make_tree, "a.py", f"# LICENSE: {page}/blob/main/LICENSE\n") == []
    assert found(make_tree, "a.py", f"# {page}/blob/main/README.md\n") != []


def test_a_page_without_owner(make_tree: MakeTree) -> None:
    text = "[GPT2](https://huggingface.co/gpt2) and https://huggingface.co/gpt2/raw/main/x.json\n"
    assert {row[1] for row in found(make_tree, "README.md", text)} == {"gpt2"}


def test_what_a_notice_says_of_third_parties(make_tree: MakeTree) -> None:
    text = "2. own/talk-7b\nSource: https://huggingface.co/own/talk-7b\n"
    assert ("reference", "own/talk-7b", 2, "link") in found(make_tree, "License.txt", text)


def test_a_default_in_a_language_that_is_not_parsed(make_tree: MakeTree) -> None:
    text = '#[clap(default_value = "mistralai/Mistral-7B-Instruct-v0.1", long, env)]\n'
    assert [row[1] for row in found(make_tree, "main.rs", text)] == [
        "mistralai/Mistral-7B-Instruct-v0.1"
    ]


def test_what_only_the_tests_of_a_rust_file_name(make_tree: MakeTree) -> None:
    named = 'fn f() { hub.model("own/talk-7b"); }\n'
    tests = "#[cfg(test)]\nmod tests {\n"
    lines = [row[2] for row in found(make_tree, "main.rs", f"{named}{tests}{named}}}\n")]
    assert lines == [1]


def test_a_feature_of_a_crate_is_no_model(make_tree: MakeTree) -> None:
    text = '[features]\nclap = ["dep:clap", "own-backend/clap-base"]\n'
    assert found(make_tree, "Cargo.toml", text) == []


@pytest.mark.parametrize("price", ["", ": 0.5 * USD"])
def test_what_servers_offer_is_no_model_of_a_program_in_go(make_tree: MakeTree, price: str) -> None:
    rows = [f'\t"own/talk-{size}b"{price},\n' for size in (1, 3, 7, 13)]
    text = "var Models = []string{\n%s}\n"
    assert found(make_tree, "constants.go", text % "".join(rows)) == []
    assert {row[2] for row in found(make_tree, "constants.go", text % "".join(rows[:3]))} == {
        2,
        3,
        4,
    }
    hub = 'var hub = "https://huggingface.co/own/talk-7b"\n'
    assert len(found(make_tree, "constants.go", hub + text % "".join(rows))) > 4


def test_a_list_in_the_text_of_a_message_names_nothing_that_is_used(make_tree: MakeTree) -> None:
    line = '    " following: \\n- CompVis/stable-diffusion-v1-4 \\n- CompVis/stable-diffusion-v1-3 \\n"\n'
    assert found(make_tree, "pipeline.py", line) == []


def test_a_file_that_is_called_as_everybodys_is_its_repository(make_tree: MakeTree) -> None:
    page = "https://huggingface.co/own/talk-7b/blob/main"
    assert [row[1] for row in found(make_tree, "README.md", f"[7B]({page}/model.ckpt)\n")] == [
        "own/talk-7b"
    ]
    step = found(make_tree, "README.md", f"[7B]({page}/ckpt/epoch%3D4-step%3D14.ckpt)\n")
    assert {row[1] for row in step} == {"own/talk-7b"}
    part = found(make_tree, "README.md", f"[E]({page}/image_encoder/model.ckpt)\n")
    assert {row[1] for row in part} == {"own/talk-7b", "model.ckpt"}
    named = found(make_tree, "README.md", f"[7B]({page}/talk_voice_r2.safetensors)\n")
    assert {row[1] for row in named} == {"own/talk-7b", "talk_voice_r2.safetensors"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # A particle behind an id is no part of it.
        (
            "own/llm-7b모델을 기본으로, https://huggingface.co/own/llm-9b모델\n",
            ["own/llm-7b", "own/llm-9b"],
        ),
        # An address with a third name is the page of no repository.
        ("https://huggingface.co/own/own/llm-7b\n", []),
        ("https://huggingface.co/own/llm-9b/tree/main/x\n", ["own/llm-9b"]),
        ("https://modelscope.cn/models/own/llm-8b/summary\n", ["own/llm-8b"]),
    ],
)
def test_where_an_id_ends(make_tree: MakeTree, text: str, ids: list[str]) -> None:
    assert [name for _, name, _, _ in found(make_tree, "README.md", text)] == ids


def test_commands_and_keys_of_examples(make_tree: MakeTree) -> None:
    text = (
        "```\n$ CUDA_VISIBLE_DEVICES=0 python train.py \\\n    --model_name_or_path bert-base-cased\n"
        "python sort.py --input a.txt\nexport DEEPL_API_KEY=...\nexport OPENAI_API_KEY=EMPTY\n```\n"
        "Set `UPSTAGE_API_KEY` in `.env`.\nWe kept the name `JINA_API_KEY`.\n"
    )
    assert found(make_tree, "README.md", text) == [
        ("reference", "bert-base-cased", 3, "link"),
        ("service", "DEEPL_API_KEY", 5, "text"),
        ("service", "UPSTAGE_API_KEY", 8, "text"),
    ]


def test_where_a_result_goes_is_no_use(make_tree: MakeTree) -> None:
    text = "output_dataset_name: own/llm-7b-filter\nhub_model_id: own/llm-7b\n"
    assert found(make_tree, "a.yaml", text) == []


def test_a_piece_of_a_longer_name_is_none(make_tree: MakeTree) -> None:
    text = "```python\nmodel = LLM('relay/own-eval/norae-7b-v2.0')\n```\n"
    assert found(make_tree, "README.md", text) == []


def test_a_folder_of_whoever_runs_an_example_says_nothing(make_tree: MakeTree) -> None:
    text = "python -m own.apply_delta --base-model /path/to/llama-7b --target-model ./out/new-7b\n"
    assert found(make_tree, "README.md", text) == []


def test_what_is_deployed_is_no_weights(make_tree: MakeTree) -> None:
    text = "helm fetch https://helm.own.dev/charts/norae-llama-2-7b-v1.tgz\n"
    assert found(make_tree, "README.md", text) == []


def test_addresses_of_the_hub_that_are_no_pages(make_tree: MakeTree) -> None:
    text = (
        'Net.load_pretrained("hf://own/norae-7b")\n--data hf://datasets/own/songs/a.parquet\n'
        "hf://buckets/own/x-1 and hf://spaces/own/demo-1\n"
    )
    assert found(make_tree, "README.md", text) == [
        ("dataset", "own/songs", 2, "link"),
        ("reference", "own/norae-7b", 1, "link"),
    ]


def test_data_on_kaggle(make_tree: MakeTree) -> None:
    text = (
        "https://www.kaggle.com/datasets/own/songs-of-hanul)\nkaggle datasets download -d own/more\n"
        "https://www.kaggle.com/c/hanul-songs/data\nhttps://www.kaggle.com/code/own/book\n"
        "https://www.kaggle.com/c/hanul-songs/discussion/12\n"
    )
    assert [one for one in found(make_tree, "README.md", text) if one[3] == "link"] == [
        ("dataset", "competitions/hanul-songs", 3, "link"),
        ("dataset", "own/more", 2, "link"),
        ("dataset", "own/songs-of-hanul", 1, "link"),
    ]


def test_what_a_space_lists(make_tree: MakeTree) -> None:
    text = "---\ntitle: x\n{sdk}models:\n- own/norae-7b\ntags:\n- own/other-7b\n---\nText.\n"
    told = [("reference", "own/norae-7b", 5, "link")]
    assert found(make_tree, "README.md", text.format(sdk="sdk: gradio\n")) == told
    assert found(make_tree, "README.md", text.format(sdk="")) == []


def test_where_git_clones_from_a_hub(make_tree: MakeTree) -> None:
    text = "`git clone git@hf.co:datasets/own/rooms`\n\ngit@hf.co:own/llm-7b, hf.co:8080/own/x\n"
    assert found(make_tree, "README.md", text) == [
        ("dataset", "own/rooms", 1, "link"),
        ("reference", "own/llm-7b", 3, "link"),
    ]
    text = (
        "git clone https://www.modelscope.cn/own/llm-7b.git and modelscope.cn/docs/models\n"
        "https://modelscope.cn/studios/own/demo.git https://modelscope.cn/home/top-1\n"
    )
    assert found(make_tree, "README.md", text) == [("reference", "own/llm-7b", 1, "link")]


def test_a_data_set_that_the_hub_keeps_without_owner(make_tree: MakeTree) -> None:
    text = "[x](https://huggingface.co/datasets/norae_songs) https://huggingface.co/datasets/\n"
    assert found(make_tree, "README.md", text) == [("dataset", "norae_songs", 1, "list")]


def test_a_file_of_a_repository_that_is_called_as_everybodys(make_tree: MakeTree) -> None:
    text = "https://huggingface.co/own/norae-7b/resolve/main/onnx/model.onnx?download=true\n"
    assert found(make_tree, "README.md", text) == [("reference", "own/norae-7b", 1, "link")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("configs/datasets.yaml", ["MOSE"]),
        ("train_dataset.yml", ["MOSE"]),
        ("configs/model.yaml", []),
        ("configs/datasets.json", []),
    ],
)
def test_keys_of_settings_of_data_sets(make_tree: MakeTree, name: str, told: list[str]) -> None:
    assert [row[1] for row in found(make_tree, name, "MOSE:\n  n: 1\n")] == told


def test_a_comment_behind_a_file_of_data_is_of_data(make_tree: MakeTree) -> None:
    text = "--train {}  # released in own/songs-1k\n"
    assert found(make_tree, "run.sh", text.format("norae.json"))[0][0] == "dataset"
    assert found(make_tree, "run.sh", text.format("norae.bin"))[0][0] == "reference"


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("# model='own/norae-7b',", ["own/norae-7b"]),
        ('    #     repo_id="own/norae-7b"', ["own/norae-7b"]),
        ("# model: encoder/decoder", []),  # words
        ("# output_model = 'own/norae-7b'", []),
        ("x = 'own/norae-7b'", []),
    ],
)
def test_a_setting_that_a_comment_keeps(make_tree: MakeTree, line: str, ids: list[str]) -> None:
    told = [name for kind, name, _, by in found(make_tree, "m.py", line) if by == "link"]
    assert told == ids


def test_a_command_of_the_projects_own(make_tree: MakeTree) -> None:
    text = "```\nnorae-server --llm-model own/dal-7b --port 1\nnorae-server --port 2\n```\n"
    assert {name for _, name, _, _ in found(make_tree, "d.md", text)} == {"own/dal-7b"}


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ('# model = NoraeModel("own/norae-7b", attn=None)', ["own/norae-7b"]),
        ('    encoder = Norae("own/norae-base")', ["own/norae-base"]),
        ('rows = Table("own/norae-7b")', []),
        ('AutoModel.from_pretrained("norae-base-uncased")', ["norae-base-uncased"]),
    ],
)
def test_what_examples_of_a_document_call(make_tree: MakeTree, line: str, ids: list[str]) -> None:
    told = found(make_tree, "d.md", f"```python\n{line}\n```\n")
    assert [name for kind, name, _, by in told if by == "link"] == ids


def test_a_call_in_code_of_another_language_is_no_example(make_tree: MakeTree) -> None:
    line = 'let model = NoraeModel("own/norae-7b")'
    assert not [one for one in found(make_tree, "m.rs", line) if one[3] == "link"]


def test_what_a_model_is_told_in_a_prompt_is_no_mention(make_tree: MakeTree) -> None:
    text = "EXAMPLE = 'load openai/whisper-large-v3 then'\n"
    assert found(make_tree, "own/prompts/plan.py", text) == []
    assert found(make_tree, "own/plan.py", text)


def test_a_plain_key_of_a_setting_is_of_what_the_key_above_it_is_of(make_tree: MakeTree) -> None:
    text = (
        "```yaml\ndataset:\n  train_dataset:\n    repo_id: own/songs-8192  # packed\n"
        "    split: train\nteacher:\n  kind: hf\n  path: own/norae-8b\nrepo_id: own/norae-9b\n```\n"
    )
    assert found(make_tree, "README.md", text) == [
        ("dataset", "own/songs-8192", 4, "link"),
        ("dataset", "own/songs-8192", 4, "text"),
        ("reference", "own/norae-8b", 8, "link"),
        ("reference", "own/norae-8b", 8, "text"),
        ("reference", "own/norae-9b", 9, "link"),
        ("reference", "own/norae-9b", 9, "text"),
    ]
