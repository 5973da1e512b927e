from __future__ import annotations

import pytest

from aisbom.collect.references import settings
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Gap, Observation
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect


def found(make_tree: MakeTree, name: str, text: str | bytes) -> list[tuple[str, str, int]]:
    rows = collect(make_tree({name: text}), settings.COLLECTOR)
    return sorted(
        (r.kind, r.name, r.evidence.at.line)
        for r in rows
        if isinstance(r, Observation) and r.evidence.at.path == name
    )


def test_a_table_of_results_says_what_was_measured(make_tree: MakeTree) -> None:
    text = '[{"model": "own/llm-7b", "scores": ["", 3]}, {"model": "own/llm-8b", "lr": 0.1}]'
    told = {
        r.name: r.fact("used-for")
        for r in collect(make_tree({"data.json": text}), settings.COLLECTOR)
        if isinstance(r, Observation)
    }
    assert told == {"own/llm-7b": "evaluation", "own/llm-8b": ""}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("checkpoint_dir: checkpoints/meta-llama/Llama-3.1-8B", ["meta-llama/Llama-3.1-8B"]),
        ("checkpoint_dir: /tmp/Norae-7B-Instruct/", ["Norae-7B-Instruct"]),
        # What a training writes is called after what it is.
        ("checkpoint_dir: /ckpts/norae-7b", []),
        ("checkpoint_dir: ./checkpoints/norae-7b", []),
        ("checkpoint_dir: out/step-1000", []),
        ("checkpoint_dir: Norae-7B-Instruct", []),
    ],
)
def test_a_folder_of_checkpoints_that_is_called_as_a_published_model_is(
    make_tree: MakeTree, line: str, told: list[str]
) -> None:
    assert [name for _, name, _ in found(make_tree, "a.yaml", f"lr: 1\n{line}\n")] == told


def test_trainers(make_tree: MakeTree) -> None:
    text = (
        "base_model: own/llm\ndatasets:\n  - path: own/data\n    type: alpaca\n  - path: json\n   "
        " type: x\noutput_dir: ./out\n"
    )
    assert found(make_tree, "axolotl.yml", text) == [
        ("dataset", "own/data", 3),
        ("reference", "own/llm", 1),
    ]
    text = "model_name_or_path: own/llm\nlearning_rate: 1e-4\ndataset_name: own/data\n"
    data, model = found(make_tree, "sft.yaml", text)
    assert (data, model) == (("dataset", "own/data", 3), ("reference", "own/llm", 1))


def test_registered_data_sets(make_tree: MakeTree) -> None:
    assert found(
        make_tree, "dataset_info.json", '{\n "a": {\n  "hf_hub_url": "own/data"\n }\n}'
    ) == [("dataset", "own/data", 3)]


def test_a_data_set_of_another_registry_has_no_purl_of_the_hub(make_tree: MakeTree) -> None:
    text = '{\n "a": {\n  "ms_hub_url": "own/data"\n }\n}'
    rows = collect(make_tree({"dataset_info.json": text}), settings.COLLECTOR)
    (row,) = [r for r in rows if isinstance(r, Observation)]
    assert (row.name, row.purl, row.fact("registry")) == ("own/data", "", "modelscope")


def test_names_beside_paths_and_where_results_go(make_tree: MakeTree) -> None:
    text = "datasets:\n- path: own/set\n  name: coco\nhub_model_id: own/tuned-7b\n"
    assert found(make_tree, "a.yml", text) == [("dataset", "own/set", 2)]
    text = '[data]\ntrain = ["own/set_1"]\nother = ["own/set_2"]\n'
    assert found(make_tree, "a.toml", text) == [("dataset", "own/set_1", 2)]


def test_folders_and_small_names_of_data(make_tree: MakeTree) -> None:
    text = (
        "train_dataset_dir: ['/mnt/a/coco_converted', /mnt/a/norae]\neval_dataset_name: coco\n"
        "save_dir: /mnt/a/coco\ndataset_output_dir: /mnt/a/coco\n"
    )
    rows = [
        r
        for r in collect(make_tree({"a.yml": text}), settings.COLLECTOR)
        if isinstance(r, Observation) and r.kind == "dataset"
    ]
    assert sorted((r.evidence.at.line, r.name, r.fact("used-for")) for r in rows) == [
        (1, "coco_converted", "training"),
        (1, "norae", "training"),
        (2, "coco", ""),
    ]


def test_environment_files_of_any_name(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "compose.yml": "services:\n  a:\n    env_file: [conf/app.settings, ../up, /etc/x]\n",
            "conf/app.settings": "TTS_MODEL=own/voice-1b\nUPSTAGE_API_KEY=secret-value\n",
        }
    )
    rows = [r for r in collect(root, settings.COLLECTOR) if isinstance(r, Observation)]
    assert sorted((r.name, r.evidence.at.path, r.evidence.at.line) for r in rows) == [
        ("UPSTAGE_API_KEY", "conf/app.settings", 2),
        ("own/voice-1b", "conf/app.settings", 1),
    ]
    assert "secret-value" not in repr(rows)


def test_servers_and_their_formats(make_tree: MakeTree) -> None:
    text = "model: own/llm\nmax-model-len: 4096\ntool-call-parser: hermes\n"
    assert found(make_tree, "serve.yaml", text) == [
        ("format", "hermes", 3),
        ("reference", "own/llm", 1),
    ]
    assert found(make_tree, "other.yaml", "model: own/llm\ncolour: red\n") == [
        ("reference", "own/llm", 1)
    ]


def test_litellm_routes(make_tree: MakeTree) -> None:
    text = "model_list:\n- litellm_params:\n    model: azure/gpt-4o\n    api_key: x\n"
    text += "- litellm_params:\n    model: openai/own\n    api_base: http://10.0.0.1/v1\n"
    assert found(make_tree, "proxy.yaml", text) == [
        ("service", "azure/gpt-4o", 3),
        ("service", "self-hosted", 7),
    ]


def test_compose_and_workflows(make_tree: MakeTree) -> None:
    text = (
        "services:\n  a:\n    image: vllm/vllm-openai\n    command:\n      - --model\n      -"
        " own/llm\n    environment:\n      - OPENAI_API_KEY=sk-secretsecretsecretsecret\n      -"
        " MODEL_ID=own/tei\n"
    )
    rows = collect(make_tree({"compose.yaml": text}), settings.COLLECTOR)
    assert sorted((r.kind, r.name) for r in rows if isinstance(r, Observation)) == [
        ("reference", "own/llm"),
        ("reference", "own/tei"),
        ("service", "OPENAI_API_KEY"),
    ]
    assert "sk-secret" not in str(rows), "names of variables only"
    text = (
        "jobs:\n  t:\n    steps:\n      - run: |\n          echo hi\n          python t.py"
        " --model_name_or_path own/llm\n"
    )
    assert found(make_tree, ".github/workflows/t.yml", text) == [("reference", "own/llm", 6)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.json", '{"model_type": "llama", "base_model": "own/llm"}'),
        ("package.json", '{"model_id": "own/llm"}'),
        ("a.yaml", "model_name_or_path: ./out\nbase_model: path/to\nmodel_id: gpt2 is fine\n"),
        ("b.yaml", "model_name_or_path: 3\ndatasets: yes\noutput_dir: own/llm\nservices: 3\n"),
        ("d.yaml", "model: ckpts/last\nbase_model: model_cache/llm\ndata: data/train\n"),
        ("c.toml", "x = 1\n"),
    ],
)
def test_silence(make_tree: MakeTree, name: str, text: str) -> None:
    assert found(make_tree, name, text) == []


def test_broken_and_large_files(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {
        "broken.yaml": "base_model: own/llm\n  x: [",
        "deep.yaml": "base_model: " + "[" * 300,
        "large.json": b'{"base_model": "own/llm", "x": "' + b"x" * 3_000_000 + b'"}',
        "data.json": b'{"text": "' + b"x" * 3_000_000 + b'"}',
        "null.yaml": b"base_model: own/llm\n\0",
    }
    rows = collect(make_tree(files), settings.COLLECTOR)
    assert {r.at.path for r in rows if isinstance(r, Gap)} == {
        "broken.yaml",
        "deep.yaml",
        "large.json",
        "null.yaml",
    }
    assert any("larger than" in text for text in gaps(rows))


def test_models_under_keys_of_many_names(make_tree: MakeTree) -> None:
    text = (
        "model_config:\n  vision:\n    pretrained_vision_name_or_path: own/clip\n"
        "text_model: &m own/llm-7b\naudio_model: own/asr-1\nagain:\n  lm: *m\n"
        "train_sets: [{name: x}]\nprocessors:\n  - own/no\nteachers:\n  teacher_models: [own/aa, own/bb]\n"
        "dataset_name_or_paths: [own/data]\nimage: own/img:1\nuses: own/action@v1\n"
    )
    assert {(kind, name) for kind, name, _ in found(make_tree, "exp.yaml", text)} == {
        ("dataset", "own/data"),
        ("reference", "own/aa"),
        ("reference", "own/asr-1"),
        ("reference", "own/bb"),
        ("reference", "own/clip"),
        ("reference", "own/llm-7b"),
    }


def test_models_of_dockers_own_registry_are_no_ids_of_the_hub(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"compose.yaml": "models:\n  llm:\n    model: ai/smollm2:latest\n"}),
        settings.COLLECTOR,
    )
    (row,) = [r for r in rows if isinstance(r, Observation)]
    assert (row.name, row.purl, row.fact("registry")) == ("ai/smollm2", "", "docker")


def test_keys_of_every_type_and_circles_are_read(make_tree: MakeTree) -> None:
    text = "1: own/x-1\n2.5: {null: own/y}\n? [a, b]\n: own/z\ntrue: own/w\nmodel: own/llm-7b\n"
    rows = collect(make_tree({"a.yaml": text}), settings.COLLECTOR)
    assert isinstance(rows, tuple)
    loop = "a: &a\n  model: own/llm-7b\n  b: *a\n"
    assert gaps(collect(make_tree({"b.yaml": loop}), settings.COLLECTOR))


def test_names_of_model_zoos(make_tree: MakeTree) -> None:
    text = (
        "MODEL:\n"
        '  WEIGHTS: "detectron2://ImageNetPretrained/MSRA/R-50.pkl"\n'
        "  MASK_ON: True\n"
        "init_cfg:\n  checkpoint: open-mmlab://resnet50_caffe\n"
        "link: ftp://torchvision/resnet50\n"
    )
    assert found(make_tree, "base.yaml", text) == [
        ("reference", "facebookresearch/detectron2:ImageNetPretrained/MSRA/R-50", 2),
        ("reference", "open-mmlab/mmcv:resnet50_caffe", 5),
    ]


def test_a_mixture_has_data_sets_as_keys(make_tree: MakeTree) -> None:
    text = "dataset_mixer:\n  norae/talk-10k: 0.5\n  norae/talk-20k: 1\nlinks:\n  own/page: 2\n"
    assert found(make_tree, "sft.yaml", text) == [
        ("dataset", "norae/talk-10k", 2),
        ("dataset", "norae/talk-20k", 3),
    ]


def test_a_tracker_in_a_list(make_tree: MakeTree) -> None:
    text = "model: own/llm\nreport_to:\n- tensorboard\n- wandb\n"
    assert ("service", "wandb.init", 4) in found(make_tree, "sft.yaml", text)


def test_a_config_that_is_no_models(make_tree: MakeTree) -> None:
    assert found(make_tree, "config.json", '{"hf_repo": "norae/talk-7b"}') == [
        ("reference", "norae/talk-7b", 1)
    ]
    of_model = '{"model_type": "norae", "base_model": "norae/talk-7b"}'
    assert found(make_tree, "config.json", of_model) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("llm_path: ./ckpts/Norae-7B-Chat/\n", "Norae-7B-Chat"),
        ("vision_tower: hf/siglip-so400m-14\n", "siglip-so400m-14"),
        ("output_dir: ./ckpts/Norae-7B-Chat\n", ""),  # what is written there
        ("llm_path: ./ckpts/last\n", ""),
    ],
)
def test_a_folder_that_is_called_after_a_model(make_tree: MakeTree, text: str, name: str) -> None:
    rows = collect(make_tree({"train.yaml": text}), settings.COLLECTOR)
    named = [r for r in rows if isinstance(r, Observation)]
    assert [(r.name, r.fact("named-by"), r.evidence.confidence) for r in named] == (
        [(name, "folder", "low")] if name else []
    )


def kinds(make_tree: MakeTree, text: str) -> set[tuple[str, str]]:
    found = collect(make_tree({"conf.yaml": text}), settings.COLLECTOR)
    return {(r.kind, r.name) for r in found if isinstance(r, Observation)}


def test_what_a_client_asks_a_provider_for_is_a_model_of_the_service(make_tree: MakeTree) -> None:
    keyed = "groq_llm:\n  llm_api_key: x\n  model: llama-3.3-70b-versatile\n"
    assert kinds(make_tree, keyed) == {
        ("service", "groq/llama-3.3-70b-versatile"),
        ("service", "llm/llama-3.3-70b-versatile"),
    }
    hosted = "chat:\n  base_url: https://api.together.xyz/v1\n  model: own/llm-7b\n"
    assert ("service", "own/llm-7b") in kinds(make_tree, hosted)
    assert ("reference", "own/llm-7b") not in kinds(make_tree, hosted)


@pytest.mark.parametrize(
    "text",
    [
        "TAVILY_API_KEY: sk-1\n",
        "search:\n  tavily_api_key: ''\n  top-k: 3\n",
        "search: {api_key: '${TAVILY_API_KEY}', top-k: 3}\n",
        "search: {api_key: '${oc.env:TAVILY_API_KEY,null}'}\n",
        "search: {api_key: os.environ/TAVILY_API_KEY}\n",
        "search: {env_key: TAVILY_API_KEY, top-k: 3}\n",
    ],
)
def test_keys_of_services(make_tree: MakeTree, text: str) -> None:
    assert kinds(make_tree, text) == {("service", "TAVILY_API_KEY")}
    rows = collect(make_tree({"conf.yaml": text}), settings.COLLECTOR)
    assert "sk-1" not in str(rows)


@pytest.mark.parametrize(
    "text",
    [
        # Beside an address it is the key of that server, whosever it is.
        "llm: {base_url: 'http://10.0.0.1/v1', openai_api_key: x-1}\n",
        "llm: {api_key: x-1}\n",
        "llm: {llm_api_key: x-1}\n",
        "sort_key: '${HOME}/a-b'\n",
        "primary-key: 3\nforeign_key: a-b\n",
    ],
)
def test_no_keys_of_services(make_tree: MakeTree, text: str) -> None:
    rows = resolve_names(collect(make_tree({"conf.yaml": text}), settings.COLLECTOR), load())
    told = {r.fact("service") for r in rows if isinstance(r, Observation) and r.kind == "service"}
    assert told <= {"self-hosted"}


def test_what_a_provider_calls_a_model_is_no_model(make_tree: MakeTree) -> None:
    text = "bedrock:\n  model: aws_llama_3_8b\n  model_id: meta.llama3-8b-instruct-v1:0\n"
    rows = collect(make_tree({"conf.yaml": text}), settings.COLLECTOR)
    told = resolve_names(rows, load())
    assert [r.name for r in told if isinstance(r, Observation) and r.kind == "reference"] == []
    assert kinds(make_tree, "planner_model: openai:o3\n") == {("service", "openai:o3")}


def test_what_runs_on_a_server_of_ones_own_is_loaded_there(make_tree: MakeTree) -> None:
    own = "chat:\n  base_url: http://localhost:8000/v1\n  api_key: none\n  model: own/llm-7b\n"
    assert ("reference", "own/llm-7b") in kinds(make_tree, own)
    assert ("reference", "own/llm-7b") in kinds(make_tree, "chat:\n  model: own/llm-7b\n")


def test_a_repository_of_the_hub_under_any_name(make_tree: MakeTree) -> None:
    text = '{"tower": {"repo_id": "own/tower-b", "files": ["a.bin"]}}'
    assert found(make_tree, "bert_models.json", text) == [("reference", "own/tower-b", 1)]
    text = '{"dataset": {"repo_id": "own/set-b"}}'
    assert found(make_tree, "sets.json", text) == [("dataset", "own/set-b", 1)]


def test_a_plain_name_says_what_its_holder_says(make_tree: MakeTree) -> None:
    text = (
        "model:\n  name_or_path: own/llm-7b\ndata:\n  sources:\n    - type: hub\n"
        "      name_or_path: own/set-a\n    - own/set-b\nlogger:\n  name_or_path: own/x-1\n"
    )
    assert found(make_tree, "train.yaml", text) == [
        ("dataset", "own/set-a", 6),
        ("dataset", "own/set-b", 7),
        ("reference", "own/llm-7b", 2),
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("model: qwen2.5:7b", "qwen2.5"),
        ("model: ollama/llama3", "llama3"),
        ("model: ollama_chat/gemma2:9b", "gemma2"),
        ("model: ollama", ""),
        ("llm_model: deepseek-r1:8b-q4_K_M", "deepseek-r1"),
        ("embedding_model: nomic-embed-text:latest", "nomic-embed-text"),
        ("model: provider:latest-one", ""),
        ("image: redis:7", ""),
        ("base: 10:30", ""),
    ],
)
def test_a_model_may_bear_the_tag_of_the_ollama_library(
    make_tree: MakeTree, line: str, name: str
) -> None:
    rows = collect(make_tree({"c.yaml": f"x: 1\n{line}\n"}), settings.COLLECTOR)
    found = [(r.name, r.fact("space")) for r in rows if isinstance(r, Observation)]
    assert found == ([(name, "ollama")] if name else [])


def test_a_text_encoder_of_open_clip_by_its_network_and_tag(make_tree: MakeTree) -> None:
    text = "params:\n  arch: ViT-bigG-14\n  version: laion2b_s39b_b160k\n"
    assert found(make_tree, "sd.yaml", text) == [("reference", "ViT-bigG-14:laion2b_s39b_b160k", 3)]
    assert found(make_tree, "sd.yaml", text.replace("laion2b_s39b_b160k", "1.0-rc")) == []


def test_a_model_of_tensorflow_js_is_no_settings(make_tree: MakeTree) -> None:
    """Its tensors have names like ids (`tower_0/images`): a gap says that they are not listed."""
    text = '{"model": "tower_0/images", "weightsManifest": [{"paths": ["own.bin"]}]}'
    rows = collect(make_tree({"models/own.json": text}), settings.COLLECTOR)
    assert [type(row) for row in rows] == [Gap]


def test_models_that_are_only_served_are_shown_to_the_knowledge(make_tree: MakeTree) -> None:
    text = "client:\n  model: gpt-4o-mini\nnodes:\n  llm: [o1-mini, own/llm-7b]\ntitle: gpt-4o\n"
    found = collect(make_tree({"a.yaml": text}), settings.COLLECTOR)
    assert sorted(
        (r.kind, r.name, r.fact("named-by")) for r in found if isinstance(r, Observation)
    ) == [
        ("reference", "own/llm-7b", "key"),
        ("service", "gpt-4o-mini", "setting"),
        ("service", "o1-mini", "setting"),
    ]


@pytest.mark.parametrize(
    ("provider", "model", "kind"),
    [
        ("togetherai", "own/llm-7b", "service"),
        ("together_ai", "own/llm-7b", "service"),
        ("mistral", "pixtral-large-latest", "service"),
        # A server of that interface, or the hub itself: somebody has to have the weights.
        ("openai", "own/llm-7b", "reference"),
        ("huggingface", "own/llm-7b", "reference"),
        ("Norae", "own/llm-7b", "reference"),
    ],
)
def test_who_serves_a_model_that_may_be_chosen(
    make_tree: MakeTree, provider: str, model: str, kind: str
) -> None:
    text = f'{{"models": [\n{{"id": "{model}",\n "providerId": "{provider}"}}]}}\n'
    told = [
        (r.kind, r.fact("model") or r.name)
        for r in collect(make_tree({"models.json": text}), settings.COLLECTOR)
        if isinstance(r, Observation)
    ]
    assert told == [(kind, model)]


@pytest.mark.parametrize("said", ["random_init: true", "pretrained: false", "from_scratch: True"])
def test_a_design_that_begins_at_random_loads_no_weights(make_tree: MakeTree, said: str) -> None:
    rows = [
        row
        for row in collect(
            make_tree({"a.yaml": f"model_id: own/norae-7b\n{said}\n"}), settings.COLLECTOR
        )
        if isinstance(row, Observation)
    ]
    assert [(row.name, row.fact("named-by")) for row in rows] == [("own/norae-7b", "text")]


def test_what_does_not_begin_at_random_is_loaded(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"a.yaml": "model_id: own/norae-7b\nrandom_init: false\npretrained: true\n"}),
        settings.COLLECTOR,
    )
    assert [row.fact("named-by") for row in rows if isinstance(row, Observation)] == ["key"]


def test_an_id_behind_a_scheme_in_capitals(make_tree: MakeTree) -> None:
    text = '{"model_list": [{"model": "HF://own/norae-7b-MLC"}]}'
    assert found(make_tree, "a.json", text) == [("reference", "own/norae-7b-MLC", 1)]


def test_what_a_provider_alone_serves_is_no_model_of_the_hub(make_tree: MakeTree) -> None:
    text = "models:\n  - model: google/gemini-2.5-flash\n  - model: google/norae-7b\n"
    assert found(make_tree, "a.yaml", text) == [
        ("reference", "google/norae-7b", 3),
        ("service", "gemini-2.5-flash", 2),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("wandb_project: norae", ["wandb"]),
        ("train:\n  wandb_mode: online", ["wandb"]),
        ("wandb_mode: disabled", []),
        ("wandb_project: ''\nmodel: x", []),
        (
            "spring:\n  ai:\n    mistral-ai:\n      chat:\n        options:\n          model: pixtral-norae",
            ["mistral"],
        ),
    ],
)
def test_services_that_keys_tell(make_tree: MakeTree, text: str, told: list[str]) -> None:
    rows = list(resolve_names(collect(make_tree({"s.yaml": text}), settings.COLLECTOR), load()))
    services = [r.fact("service") for r in rows if isinstance(r, Observation)]
    assert sorted(filter(None, services)) == told
    assert not [r for r in rows if isinstance(r, Observation) and r.kind == "reference"]


def test_the_address_of_weights_under_a_key_is_a_download(make_tree: MakeTree) -> None:
    text = "pretrained: https://host.org/zoo/norae_r50.pth\nmodel_url: https://host.org/page\n"
    (row,) = collect(make_tree({"s.yaml": text}), settings.COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.name, row.fact("url")) == ("norae_r50.pth", "https://host.org/zoo/norae_r50.pth")


def test_weights_of_torchvision_by_their_tag(make_tree: MakeTree) -> None:
    text = "rgb:\n  name: resnet18\n  weights: IMAGENET1K_V1\n"
    rows = list(resolve_names(collect(make_tree({"s.yaml": text}), settings.COLLECTOR), load()))
    assert [r.name for r in rows if isinstance(r, Observation)] == ["pytorch/vision:resnet18"]
    assert found(make_tree, "s.yaml", text.replace("IMAGENET1K_V1", "imagenet")) == []


def test_a_long_list_of_addresses_is_a_catalogue(make_tree: MakeTree) -> None:
    few = "".join(f"v{n}:\n  package: https://host.org/norae_v{n}.pt\n" for n in range(3))
    assert [name for _, name, _ in found(make_tree, "s.yaml", few)] == [
        f"norae_v{n}.pt" for n in range(3)
    ]
    many = "".join(f"v{n}:\n  package: https://host.org/norae_v{n}.pt\n" for n in range(30))
    assert [name for _, name, _ in found(make_tree, "s.yaml", many)] == ["catalogue"]


def test_a_list_of_data_sets_that_is_one_text(make_tree: MakeTree) -> None:
    text = "datasets: kilt_triviaqa,alce_asqa_700, own/set\nfiles: a_triviaqa,b\n"
    rows = resolve_names(collect(make_tree({"c.yaml": text}), settings.COLLECTOR), load())
    told = {r.name for r in rows if isinstance(r, Observation) and r.kind == "dataset"}
    assert told == {"TriviaQA", "ASQA", "own/set"}


def test_a_name_of_a_router_under_any_key(make_tree: MakeTree) -> None:
    text = "engines:\n  small: together_ai/own/norae-7b\n  path: github/own/norae-7b\n"
    told = {name for kind, name, _ in found(make_tree, "c.yaml", text) if kind == "reference"}
    assert told == {"own/norae-7b"}
    text = text.replace("together_ai", "folder")
    assert not [one for one in found(make_tree, "c.yaml", text) if one[0] == "reference"]


def test_the_items_of_settings_of_nothing_but_data_sets(make_tree: MakeTree) -> None:
    text = "train:\n  - own/songs\n  - own/words\n"
    assert {one[:2] for one in found(make_tree, "dataset_config.yaml", text)} == {
        ("dataset", "own/songs"),
        ("dataset", "own/words"),
    }
    assert not found(make_tree, "config.yaml", text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("anything: hf://own/norae-7b\n", ("reference", "own/norae-7b", 1)),
        ("x_path: hf-snapshot://own/norae-7b\n", ("reference", "own/norae-7b", 1)),
        ("a:\n  _target_: own.datasets.Spoken\n  id: own/set\n", ("dataset", "own/set", 3)),
        ("dataset:\n  path: data/hanul\n", ("dataset", "hanul", 2)),
        ("dataset_config:\n  path_or_name: a_news:3.0.0\n", ("dataset", "a_news", 2)),
    ],
)
def test_what_an_address_a_class_or_a_folder_says(
    make_tree: MakeTree, text: str, told: tuple[str, str, int]
) -> None:
    assert told in found(make_tree, "a.yaml", text)


def test_a_folder_of_weights_under_a_key_for_a_path_is_no_id(make_tree: MakeTree) -> None:
    text = "vocoder_path: hanul/weights\nmodel_path: own/norae\nmodel_id: own/checkpoints\n"
    told = [("reference", "own/norae", 2), ("reference", "own/checkpoints", 3)]
    assert found(make_tree, "conf/run.yaml", text) == sorted(told)
