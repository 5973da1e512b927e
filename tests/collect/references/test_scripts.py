from __future__ import annotations

import pytest

from aisbom.collect.references import scripts
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Gap, Observation, Relation
from tests.conftest import MakeTree, collect

ALL = (scripts.COLLECTOR, scripts.MODELFILE_COLLECTOR, scripts.ENV_COLLECTOR)


def found(make_tree: MakeTree, name: str, text: str) -> list[tuple[str, str, int]]:
    return sorted(
        (r.kind, r.name, r.evidence.at.line)
        for r in collect(make_tree({name: text}), *ALL)
        if isinstance(r, Observation) and r.evidence.at.path == name
    )


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("vllm serve own/llm --port 1", "reference", "own/llm"),
        ("python -m sglang.launch_server --model-path own/llm", "reference", "own/llm"),
        ("text-generation-launcher --model-id=own/llm", "reference", "own/llm"),
        ("accelerate launch t.py --model_name_or_path 'own/llm'", "reference", "own/llm"),
        ("huggingface-cli download own/llm --local-dir x", "reference", "own/llm"),
        ("hf download --repo-type dataset own/data", "dataset", "own/data"),
        ("python t.py --dataset_name own/data:korean", "dataset", "own/data"),
        ("git clone https://huggingface.co/datasets/own/data", "dataset", "own/data"),
        ("git clone https://user:token@huggingface.co/own/llm.git", "reference", "own/llm"),
        ("git clone https://www.modelscope.cn/own/llm.git", "reference", "own/llm"),
        ("git clone https://modelscope.cn/models/own/llm", "reference", "own/llm"),
        ("git clone https://www.modelscope.cn/datasets/own/data.git", "dataset", "own/data"),
        ("ollama run hf.co/own/llm:Q4", "reference", "own/llm"),
        ("ollama pull llama3.2:1b", "reference", "llama3.2"),
        ("wget -q https://e.org/a/b.safetensors", "reference", "b.safetensors"),
        ("wget https://e.org/a/b.pth.tar", "reference", "b.pth.tar"),
        ("MODEL=own/llm; vllm serve own/llm", "reference", "own/llm"),
        (
            "python llama.cpp/convert_hf_to_gguf.py ./norae-7b --outtype f16",
            "reference",
            "norae-7b",
        ),
        ("python convert_checkpoint.py --model_dir /x/norae-7b", "reference", "norae-7b"),
    ],
)
def test_lines(make_tree: MakeTree, line: str, kind: str, name: str) -> None:
    assert found(make_tree, "run.sh", f"#!/bin/sh\n{line}\n") == [(kind, name, 2)]


def test_settings_that_a_command_puts_in_their_place(make_tree: MakeTree) -> None:
    """What Hydra is told by `model.path=` is named by a key. Without a dot, an option of a group of
    settings looks the same: that counts where the owner is known.
    """
    text = (
        "python3 -m train actor.model.path=own/llm-7b +critic.model.path=own/small \\\n"
        "  experiment=lm/wt103 model=rnn/gru trainer.name=a/b\n"
        "echo model.path=own/other\n"
        "python3 -m train actor.model.path=$HOME/models/norae-7b model=x/y/z-7b\n"
    )
    rows = [
        (r.name, r.evidence.at.line, r.fact("named-by"))
        for r in collect(make_tree({"run.sh": text}), *ALL)
        if isinstance(r, Observation)
    ]
    assert sorted(rows) == [
        ("norae-7b", 4, "folder"),
        ("own/llm-7b", 1, "key"),
        ("own/small", 1, "key"),
        ("rnn/gru", 2, "word"),
    ]


def test_variables_and_continued_lines(make_tree: MakeTree) -> None:
    text = (
        "M=own/llm\nN=${2:-own/other}\npython -m vllm.entrypoints.api_server \\\n  --model $M \\\n "
        " --port 1\n"
    )
    text += "vllm serve ${N}\nvllm serve $UNSET\n"
    assert [(kind, name) for kind, name, _ in found(make_tree, "run.sh", text)] == [
        ("reference", "own/llm"),
        ("reference", "own/other"),
    ]


def test_arguments_are_followed_into_the_script_that_gets_them(make_tree: MakeTree) -> None:
    """What a positional argument is for stands in the other script; where it is named, here."""
    root = make_tree(
        {
            "scripts/all.sh": 'L1=own/llm # ours\nVT=own/tower\nbash scripts/one.sh data "$L1" $VT\n',
            "scripts/one.sh": 'M="$2"\ndeepspeed train.py --model_name_or_path $M \\\n'
            " --vision_tower $3 --pretrain own/other\n",
        }
    )
    rows = [r for r in collect(root, *ALL) if isinstance(r, Observation)]
    assert sorted((r.name, str(r.evidence.at), r.fact("loader")) for r in rows) == [
        ("own/llm", "scripts/all.sh:1", "--model_name_or_path"),
        ("own/other", "scripts/one.sh:3", "--pretrain"),
        ("own/tower", "scripts/all.sh:2", "--vision_tower"),
    ]


@pytest.mark.parametrize("path", ["../out.sh", "gone.sh", "/etc/x.sh"])
def test_a_script_that_is_not_in_the_tree_is_not_followed(make_tree: MakeTree, path: str) -> None:
    assert found(make_tree, "run.sh", f"bash {path} own/llm\n") == []


def test_a_flag_may_take_a_list(make_tree: MakeTree) -> None:
    line = """python t.py --vision_tower_list '["own/one", "own/two"]'"""
    assert [name for _, name, _ in found(make_tree, "run.sh", line)] == ["own/one", "own/two"]


def test_dockerfiles(make_tree: MakeTree) -> None:
    text = (
        'FROM x\nARG M=own/llm\nRUN hf download $M\nCMD ["vllm", "serve", "own/two",'
        ' "--tool-call-parser", "hermes"]\n'
    )
    assert found(make_tree, "Dockerfile", text) == [
        ("format", "hermes", 4),
        ("reference", "own/llm", 3),
        ("reference", "own/two", 4),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "# vllm serve own/llm",
        "echo vllm serve own/llm --model own/llm",
        "ls own/llm",
        "tool --model ckpts/llm --output_dir own/llm",
        "vllm serve --help",
    ],
)
def test_silence(make_tree: MakeTree, line: str) -> None:
    assert found(make_tree, "run.sh", line) == []


def test_modelfiles(make_tree: MakeTree) -> None:
    tree = make_tree(
        {
            "Modelfile": "FROM ./weights/m.gguf\nADAPTER ./a.safetensors\n",
            "b/Modelfile": "FROM hf.co/own/llm:Q8\n",
        }
    )
    rows = collect(tree, *ALL)
    assert {r.target for r in rows if isinstance(r, Relation)} == {
        "path:weights/m.gguf",
        "path:a.safetensors",
    }
    assert [r.purl for r in rows if isinstance(r, Observation)] == ["pkg:huggingface/own/llm"]


def test_a_modelfile_names_a_file_by_its_own_name(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"Modelfile": "FROM ./Norae-Jay-7B.Q8_0.gguf\n"}), *ALL)
    named = [(r.name, r.fact("named-by")) for r in rows if isinstance(r, Observation)]
    assert named == [("Norae-Jay-7B.Q8_0.gguf", "file")]


def test_a_name_that_the_tree_creates_is_no_model(make_tree: MakeTree) -> None:
    text = "ollama create norae-7b -f Modelfile\nollama run llama3-8b\n"
    made = text + "ollama create llama3-8b -f b/Modelfile\n"

    def models(script: str) -> set[str]:
        rows = resolve_names(collect(make_tree({"run.sh": script}), *ALL), load())
        return {r.name for r in rows if isinstance(r, Observation)}

    assert models(made) == set()
    assert models(text) == {"llama3-8b"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("hf download own/llm-7b norae_tower_r50.pth", {"own/llm-7b", "norae_tower_r50.pth"}),
        ("hf download own/llm-7b model.safetensors config.json", {"own/llm-7b"}),
        ("wget https://x.org/data/real_im256.npz", set()),
        ("wget https://x.org/R50+ViT-B_16.npz", {"R50+ViT-B_16.npz"}),
        ("wget https://x.org/SoriInstaller_glnxa64.bin", set()),
        ("wget https://x.org/norae.bin", {"norae.bin"}),
    ],
)
def test_files_that_are_fetched(make_tree: MakeTree, line: str, told: set[str]) -> None:
    rows = collect(make_tree({"run.sh": f"{line}\n"}), *ALL)
    assert {r.name for r in rows if isinstance(r, Observation)} == told


def test_environment_files_give_names_only(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree(
            {".env": "OPENAI_API_KEY=sk-abcdefabcdefabcdefabcdef\n# COHERE_API_KEY=\nlower=1\n"}
        ),
        *ALL,
    )
    told = [(r.kind, r.name, r.fact("named-by")) for r in rows if isinstance(r, Observation)]
    assert sorted(told) == [
        ("service", "COHERE_API_KEY", "text"),
        ("service", "OPENAI_API_KEY", ""),
    ]
    assert "sk-abc" not in str(rows)


def test_what_an_environment_offers_in_comments(make_tree: MakeTree) -> None:
    text = "# export DEEPL_API_KEY=x\n## GROQ_API_KEY =\n# see NORAE_API_KEY\n# OPENAI_API_KEY=x\n"
    rows = collect(make_tree({".env.example": text + "# OPENAI_BASE_URL=http://x\n"}), *ALL)
    # What a server of one's own may take is nobody's.
    assert {r.name for r in rows if isinstance(r, Observation)} == {"DEEPL_API_KEY", "GROQ_API_KEY"}


def test_large_and_strange_files(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree(
            {
                "a.sh": "vllm serve own/llm\n" + "x" * 2_000_000,
                "b.sh": b"\0\xff--model\0",
                "c.sh": "A=$A$A\n" * 300 + "vllm serve $A",
            }
        ),
        *ALL,
    )
    assert [r.at.path for r in rows if isinstance(r, Gap)] == ["a.sh"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            (
                "FROM base\nRUN pip install x && hf download own/one --local-dir /m \\\n"
                " && huggingface-cli download own/two config.json\n"
            ),
            ["own/one", "own/two"],
        ),
        ("RUN hf download own/one; hf download own/two | tee log\n", ["own/one", "own/two"]),
        ("vllm serve own/one & vllm serve own/two\n", ["own/one", "own/two"]),
        ("ollama pull own/a-1 && ollama pull own/b-1\n", ["own/a-1", "own/b-1"]),
        (
            "git clone https://huggingface.co/own/one && git clone https://huggingface.co/own/two\n",
            ["own/one", "own/two"],
        ),
    ],
)
def test_every_match_in_a_line(make_tree: MakeTree, text: str, names: list[str]) -> None:
    assert sorted({name for _, name, _ in found(make_tree, "Dockerfile", text)}) == names


def test_variables_and_flags(make_tree: MakeTree) -> None:
    text = (
        'MODEL="own/llm-7b"\nexport ENCODER=own/enc\nOUT=own/out\n'
        "python train.py --vision_tower own/vit --tokenizer-model own/tok --output_dir own/out \\\n"
        "  --lm_path own/lm --model_name_or_path $MODEL\n"
    )
    assert sorted({(name, line) for _, name, line in found(make_tree, "run.sh", text)}) == [
        ("own/enc", 2),
        ("own/llm-7b", 1),
        ("own/llm-7b", 4),
        ("own/lm", 5),
        ("own/tok", 4),
        ("own/vit", 4),
    ]


def test_sections_and_folders_of_ini_files(make_tree: MakeTree) -> None:
    text = (
        "[corpora.train]\npath = own/not-a-model\n[components.transformer.model]\n"
        'name = "own/base-7b"\n[init]\nmodel_path = /data/models/norae-7b\n'
    )
    rows = collect(make_tree({"x.cfg": text}), scripts.INI_COLLECTOR)
    told = [(r.name, r.evidence.at.line) for r in rows if isinstance(r, Observation)]
    assert sorted(told) == [("norae-7b", 6), ("own/base-7b", 4)]


def test_settings_of_jsonnet(make_tree: MakeTree) -> None:
    text = '{\n  "model_name": "own/base-7b",\n}\n'
    (row,) = collect(make_tree({"x.jsonnet": text}), scripts.INI_COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.name, row.evidence.at.line) == ("own/base-7b", 2)


def test_ini_files(make_tree: MakeTree) -> None:
    text = "[a]\nmodel = own/llm-7b\nencoder: 'own/enc'\noutput = own/out\nurl = https://x/own/y\n"
    rows = collect(make_tree({"a.ini": text}), scripts.INI_COLLECTOR)
    found = [(r.name, r.evidence.at.line) for r in rows if isinstance(r, Observation)]
    assert sorted(found) == [("own/enc", 3), ("own/llm-7b", 2)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("spring.ai.openai.api-key=${OPENAI_API_KEY}", ["OPENAI_API_KEY"]),
        ("tavily_api_key = ", []),
        ("tavily_api_key = x", ["TAVILY_API_KEY"]),
        ("api-key = x", []),
        ("keys = ${DATABASE_URL}", []),
    ],
)
def test_keys_of_services_in_ini_files(make_tree: MakeTree, line: str, told: list[str]) -> None:
    rows = collect(make_tree({"a.properties": f"{line}\n"}), scripts.INI_COLLECTOR)
    assert [r.name for r in rows if isinstance(r, Observation)] == told


def test_an_architecture_of_fairseq_is_a_format(make_tree: MakeTree) -> None:
    text = "fairseq-train data-bin --arch transformer_wmt_en_de_big --task translation\n"
    (row,) = (r for r in collect(make_tree({"t.sh": text}), scripts.COLLECTOR))
    assert isinstance(row, Observation)
    assert (row.kind, row.fact("format")) == (
        "format",
        "fairseq architecture transformer_wmt_en_de_big",
    )
    assert not collect(make_tree({"u.sh": "python main.py --arch resnet50\n"}), scripts.COLLECTOR)[
        1:
    ]


@pytest.mark.parametrize(
    ("name", "text", "keys"),
    [
        ("Dockerfile", "FROM x\nARG DEEPL_API_KEY\nENV DEEPL_API_KEY=${DEEPL_API_KEY}\n", 2),
        ("run.sh", "export DEEPL_API_KEY=...\nvllm serve own/llm\n", 1),
        ("run.sh", "export OPENAI_API_KEY=EMPTY\nvllm serve own/llm\n", 0),
        ("run.sh", "export OPENAI_BASE_URL=$1\nexport OPENAI_API_KEY=x\n", 0),
        ("run.sh", "DEEPL_API_KEY=$1\nvllm serve own/llm\n", 0),
    ],
)
def test_keys_that_an_image_or_a_script_sets(
    make_tree: MakeTree, name: str, text: str, keys: int
) -> None:
    kinds = [kind for kind, _, _ in found(make_tree, name, text)]
    assert kinds.count("service") == keys


def test_a_model_of_ollama_in_properties(make_tree: MakeTree) -> None:
    text = (
        "spring.ai.ollama.chat.options.model=norae3.2:latest\nspring.ai.openai.chat.model=gpt-5\n"
    )
    rows = collect(make_tree({"application.properties": text}), scripts.INI_COLLECTOR)
    told = [(r.name, r.fact("space")) for r in rows if isinstance(r, Observation)]
    assert told == [("norae3.2", "ollama")]


def test_each_branch_gives_another_address(make_tree: MakeTree) -> None:
    text = (
        "case $1 in\n a)\n  url=https://x.org/norae_a1.pt\n ;;\n"
        " b)\n  url=https://x.org/norae_b1.pt\n ;;\nesac\n{} {}\n"
    )
    names = [name for _, name, _ in found(make_tree, "a.sh", text.format("wget", '"$url"'))]
    assert names == ["norae_a1.pt", "norae_b1.pt"]
    assert not found(make_tree, "b.sh", text.format("echo", '"$url"'))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MODELS=(\n  'own/norae-7b' # the small one\n  # 'own/norae-1b'\n)\n", ["own/norae-7b"]),
        ('S_MODELS=("Yi-34B-200K" "$MINE" "word")\n', ["Yi-34B-200K"]),
        ("COLOURS=('own/norae-7b' 'own/norae-1b')\n", []),
        ("MODELS=($(ls own/norae-7b))\n", []),
    ],
)
def test_an_array_names_models(make_tree: MakeTree, text: str, names: list[str]) -> None:
    rows = resolve_names(collect(make_tree({"run.sh": text}), scripts.COLLECTOR), load())
    told = [r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"]
    assert told == names


def test_files_of_data_that_a_variable_lists(make_tree: MakeTree) -> None:
    text = 'D=/x\ntrain_datasets="$D/hanul.jsonl $D/norae.jsonl"\n'
    told = [(kind, name) for kind, name, _ in found(make_tree, "a.sh", text)]
    assert told == [("dataset", "hanul"), ("dataset", "norae")]


def test_a_folder_of_checkpoints_beside_a_base_is_made(make_tree: MakeTree) -> None:
    text = "BASE_MODEL=own/norae-7b\nCHECKPOINT_PATH=./out/norae-chat-7b\n"
    assert [name for _, name, _ in found(make_tree, "a.sh", text)] == ["own/norae-7b"]
