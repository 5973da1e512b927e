"""Classes, path roles and roles: each claim names its rule; a place for tests or documents is never
core.
"""

from __future__ import annotations

import pytest

from aisbom.classify import Tree, classify, classify_component, under
from aisbom.judge import profile as profiles
from aisbom.model import Component, Evidence, Location, Observation, Relation, Scan, facts
from aisbom.model.path_roles import path_role

PROFILE = profiles.load("model")


def judged(*observations: Observation, kind: str = "library") -> dict[str, str]:
    component = Component("x", kind, "x", "", "", tuple(sorted(observations)))
    root = Component("root", "application", "root", "", "", ())
    scan = under(Scan("root", (root, component), (), tuple(classify_component(component))), PROFILE)
    return {claim.attribute: claim.value for claim in scan.claims}


def seen(kind: str, path: str, *pairs: tuple[str, str], **more: str | int) -> Observation:
    return Observation(
        kind,
        "x",
        "",
        "",
        Evidence("test", "filename", "high", Location(path, 1)),
        facts(*pairs, **more),
    )


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("src/app/x.py", "product"),
        ("tests/x.py", "test"),
        ("tests_v1/x.py", "test"),
        ("src/app/test_x.py", "test"),
        ("src/contest/x.py", "product"),
        ("examples/a/requirements.txt", "example"),
        ("docs/conf.py", "docs"),
        ("third_party/w/w.py", "vendored"),
        ("benchmarks/run.py", "benchmark"),
        ("requirements-docs.txt", "docs"),
        ("requirements-test.txt", "test"),
        ("requirements-latest.txt", "product"),
        ("requirements.txt", "product"),
        (".github/workflows/test.yml", "test"),
        (".buildkite/run.py", "test"),
        (".gitlab-ci.yml", "test"),
        (".cache/hub/models--a--b/config.json", "product"),
        ("scripts/bench_one.py", "benchmark"),
        ("scripts/validation/compare.py", "test"),
        ("norae/validation/compare.py", "product"),
        ("pkg/eval/run.py", "benchmark"),
        ("eval_mm/x.py", "benchmark"),
        ("pkg/metrics/clip_score.py", "benchmark"),
        ("pkg/metrics.py", "product"),
        ("scripts/generate_tiny_models/llama.py", "test"),
        ("tiny_models/llama.py", "product"),
        ("OwlEval/x.json", "benchmark"),
        ("scripts/v1/eval/vqa.sh", "benchmark"),
        ("pkg/configs/eval_config.yaml", "benchmark"),
        ("pkg/qa_baseline_gpt.py", "benchmark"),
        ("baselines/other/run.py", "benchmark"),
        ("pkg/retrieval/index.py", "product"),
        ("train_and_eval.py", "product"),
        ("pkg/evaluator_train.py", "product"),
        ("web_demos/web_demo_2.5.py", "example"),
        ("web_demo.py", "example"),
        ("gradio_demo.py", "example"),
        ("replicate_demo/predict.py", "example"),
        ("example.py", "example"),
        ("configs/custom_dataset_example.yaml", "example"),
        ("config.example.yaml", "product"),
        (".env.example", "product"),
        ("pkg/democracy.py", "product"),
        ("model_fixtures/m/config.json", "test"),
        ("unit_tests/x.py", "test"),
        ("pkg/test_time_training/model.py", "product"),
        ("pkg/ab_test_service/run.py", "product"),
        ("configs/test_train.yaml", "test"),
        ("web/app.spec.ts", "test"),
        ("packages_3rdparty/g/x.py", "vendored"),
        ("models/efficientnet_repo/x.py", "vendored"),
        ("triton/model_repo/x.py", "product"),
        ("pkg/vendor_id/x.py", "product"),
        ("scripts/benchmarking.py", "benchmark"),
        ("ci/run.py", "product"),
        ("playground/run.py", "example"),
        ("hub/playground-v2.5-aesthetic/model_index.json", "product"),
        ("CHANGELOG_CN.md", "docs"),
        ("HISTORY", "docs"),
        ("pkg/history.py", "product"),
    ],
)
def test_path_roles(path: str, role: str) -> None:
    assert path_role(path) == role


def test_the_package_of_an_evaluation_harness_is_its_product() -> None:
    assert path_role("lm_eval/models/hf.py") == "benchmark"
    assert path_role("lm_eval/models/hf.py", {"lm_eval"}) == "product"
    assert path_role("tests/x.py", {"lm_eval"}) == "test"


def test_folders_of_settings_are_no_model_code() -> None:
    assert judged(seen("source", "configs/__init__.py", lines=0), kind="file")["class"] == (
        "inference-code"
    )
    assert judged(seen("source", "pkg/configuration_x.py", lines=9), kind="file")["class"] == (
        "model-code"
    )


@pytest.mark.parametrize(
    ("path", "imports", "kind"),
    [
        ("pkg/models/x/modeling_x.py", [], "model-code"),
        ("pkg/transformer.py", ["torch"], "model-code"),
        ("pkg/trainer/loop.py", ["torch"], "training-code"),
        ("pkg/train.py", ["torch"], "training-code"),
        ("setup.py", ["torch"], "build-tool"),
        ("pkg/models/x/convert_x_to_hf.py", ["torch"], "build-tool"),
        ("pkg/models/x/convert_x_original_checkpoint.py", ["torch"], "build-tool"),
        ("pkg/models/x/convert_tokens.py", ["torch"], "model-code"),
        (".github/scripts/x.py", ["torch"], "build-tool"),
        ("pkg/serve/api_server.py", ["torch"], "inference-code"),
        ("src/norae_inference/transformer.py", ["torch"], "model-code"),
        ("norae_inference/server.py", ["torch"], "inference-code"),
        ("norae_training/loop.py", ["torch"], "training-code"),
        ("pkg/constrained.py", ["json"], "inference-code"),
        ("pkg/constrained.py", ["torch"], "model-code"),
    ],
)
def test_classes_of_code(path: str, imports: list[str], kind: str) -> None:
    found = judged(
        seen("source", path, *(("imports", name) for name in imports), lines=10), kind="file"
    )
    assert found["class"] == kind


def test_most_of_the_lines_decide() -> None:
    found = judged(
        seen("source", "a/models/modeling_a.py", lines=10),
        seen("source", "a/train.py", lines=500),
        kind="file",
    )
    assert found["class"] == "training-code"


@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        (["runtime"], "dependency"),
        (["build"], "build-tool"),
        (["group:dev"], "build-tool"),
        (["extra:audio"], "dependency"),
        (["extra:test"], "build-tool"),
        (["group:lint-and-docs"], "build-tool"),
        (["group:dev", "runtime"], "dependency"),
        (["group:latest"], "dependency"),
    ],
)
def test_classes_of_packages(groups: list[str], kind: str) -> None:
    assert (
        judged(*(seen("requirement", "pyproject.toml", ("group", group)) for group in groups))[
            "class"
        ]
        == kind
    )


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        (("model-type", "llama"), "backbone-weights"),
        (("model-type", "siglip"), "encoder-weights"),
        (("pipeline-tag", "automatic-speech-recognition"), "encoder-weights"),
        (("pipeline-tag", "text-generation"), "backbone-weights"),
        (("model-type", "qwen2_audio_encoder"), "encoder-weights"),
        (("architecture", "Qwen2AudioEncoder"), "encoder-weights"),
        (("architecture", "LlamaForCausalLM"), "backbone-weights"),
        (("architecture", "WeoProjector"), "adapter-weights"),
        (("base-model-relation", "adapter"), "adapter-weights"),
    ],
)
def test_classes_of_models(pair: tuple[str, str], kind: str) -> None:
    found = judged(seen("model", "models/m/config.json", pair), kind="machine-learning-model")
    assert (found["class"], found["role"]) == (kind, "core")


def test_weights_of_a_test_are_tooling() -> None:
    found = judged(seen("weights", "tests/data/model.safetensors"), kind="machine-learning-model")
    assert (found["class"], found["path-role"], found["role"]) == (
        "backbone-weights",
        "test",
        "tooling",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must name every component class"),
        ("nam = 'x'", "unknown key 'nam'"),
        ("[[[", "not valid TOML"),
    ],
)
def test_a_bad_profile_is_one_line(
    tmp_path_factory: pytest.TempPathFactory, text: str, says: str
) -> None:
    path = tmp_path_factory.mktemp("p") / "own.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match="--profile") as caught:
        profiles.load(str(path))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_kind_of_part_has_a_class() -> None:
    from aisbom.classify.weights import of_part
    from aisbom.model import part_names

    assert all(map(of_part, part_names.PARTS.values()))


def test_what_only_a_release_of_somebody_else_names_is_no_part_of_the_product() -> None:
    """Names in vendored trees are references with that path role."""
    named = Observation(
        "reference",
        "o/m",
        "",
        "",
        Evidence("python-references", "source-code-analysis", "high", Location("lib/a/x.py", 1)),
    )
    component = Component("x", "machine-learning-model", "o/m", "", "", (named,))
    root = Component("root", "application", "root", "", "", ())
    for copies, where, role in (
        (("lib/a/",), "vendored", "tooling"),
        (("lib/b/",), "product", "core"),
        ((), "product", "core"),
    ):
        scan = under(
            Scan("root", (root, component), (), tuple(classify_component(component, Tree(copies)))),
            PROFILE,
        )
        found = {claim.attribute: claim.value for claim in scan.claims}
        assert (found["path-role"], found["role"]) == (where, role)


def test_a_model_that_only_continuous_integration_names_is_no_part_of_the_product() -> None:
    found = judged(seen("reference", ".github/workflows/t.yml"), kind="machine-learning-model")
    assert (found["class"], found["path-role"], found["role"]) == (
        "backbone-weights",
        "test",
        "tooling",
    )
    both = judged(
        seen("reference", ".github/t.yml"),
        seen("reference", "app/x.py"),
        kind="machine-learning-model",
    )
    assert (both["path-role"], both["role"]) == ("product", "core")


def test_what_a_module_does_when_started_by_itself_is_an_example() -> None:
    guarded = seen("reference", "pkg/client.py", ("main-guard", "yes"))
    assert judged(guarded)["path-role"] == "example"
    assert judged(guarded, seen("reference", "pkg/other.py"))["path-role"] == "product"
    assert judged(seen("reference", "tests/x.py", ("main-guard", "yes")))["path-role"] == "test"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("owner/CLIP-ViT-B-32", "encoder-weights"),
        ("owner/ViT-SO400M-14-SigLIP2", "encoder-weights"),
        ("vit_b_32-quickgelu-laion.pt", "encoder-weights"),
        ("owner/whisper-small", "encoder-weights"),
        ("owner/own-llm-lora-sft", "adapter-weights"),
        ("owner/vision-tokenizer", "tokenizer"),
        ("owner/text-encoders", "encoder-weights"),
        ("owner/eclipse-7b", "backbone-weights"),
        ("clip-maker/llm-7b", "backbone-weights"),
        ("owner/vital-7b", "backbone-weights"),
    ],
)
def test_a_name_tells_an_encoder_weakly(name: str, kind: str) -> None:
    told = Observation(
        "reference",
        name,
        "",
        "",
        Evidence("t", "source-code-analysis", "high", Location("a.py", 1)),
    )
    component = Component("x", "machine-learning-model", name, "", "", (told,))
    (claim,) = (c for c in classify_component(component) if c.attribute == "class")
    assert (claim.value, claim.evidence[0].confidence) == (kind, "low")


@pytest.mark.parametrize(
    ("loaders", "kind"),
    [
        (["vision_tower"], "encoder-weights"),
        (["audio_model"], "encoder-weights"),
        (["pretrained_vision_name_or_path"], "encoder-weights"),
        (["text_model"], "backbone-weights"),
        (["model_name_or_path"], "backbone-weights"),
        (["AutoencoderKL.from_pretrained"], "encoder-weights"),
        (["FilterSafetyChecker.from_pretrained"], "encoder-weights"),
        # what loads all parts of one repository names a pipeline
        (
            ["AutoencoderKL.from_pretrained", "UNet2DConditionModel.from_pretrained"],
            "backbone-weights",
        ),
    ],
)
def test_what_loads_it_tells_the_class(loaders: list[str], kind: str) -> None:
    found = judged(
        seen("reference", "a.py", *(("loader", loader) for loader in loaders)),
        kind="machine-learning-model",
    )
    assert found["class"] == kind


def test_a_page_that_shows_a_model_is_a_demonstration() -> None:
    page = Component(
        "code:.", "file", ".", "", "", (seen("source", "app.py", ("imports", "gradio")),)
    )
    plain = Component(
        "code:s", "file", "s", "", "", (seen("source", "s/app.py", ("imports", "flask")),)
    )
    shown = Component("m", "machine-learning-model", "o/m", "", "", (seen("reference", "app.py"),))
    served = Component(
        "n", "machine-learning-model", "o/n", "", "", (seen("reference", "s/app.py"),)
    )
    claims = classify(Scan("", (page, plain, shown, served), ()))
    roles = {c.subject: c.value for c in claims if c.attribute == "path-role"}
    assert (roles["m"], roles["n"]) == ("example", "product")


def test_a_weight_file_has_the_class_of_what_it_belongs_to() -> None:
    part = Component(
        "model:m/eye",
        "machine-learning-model",
        "eye",
        "",
        "",
        (seen("submodel", "m/config.json", ("part", "vision-encoder")),),
    )
    file = Component(
        "weights:m/eye/w.bin", "file", "w.bin", "", "", (seen("weights", "m/eye/w.bin"),)
    )
    lone = Component("weights:z.bin", "file", "z.bin", "", "", (seen("weights", "z.bin"),))
    at = Location("m/eye/w.bin")
    held = Relation(part.ref, file.ref, "contains", at)
    found = classify(Scan("", (part, file, lone), (held,)))
    classes = {c.subject: (c.value, c.evidence[0].by) for c in found if c.attribute == "class"}
    assert classes[file.ref] == ("encoder-weights", "class/part-of")
    assert classes[lone.ref] == ("backbone-weights", "class/weights-file")


def test_tensors_that_no_layer_has_are_no_backbone() -> None:
    latent = seen("weights", "inference/encoded.pt", unlayered="yes")
    assert "class" not in judged(latent) and "role" not in judged(latent)
    assert judged(latent, seen("weights", "inference/model.pt"))["class"] == "backbone-weights"
    described = judged(latent, seen("model", "inference/config.json", ("model-type", "llama")))
    assert described["class"] == "backbone-weights"


def test_a_gguf_file_without_tensors_is_a_vocabulary() -> None:
    def of(form: str, count: int) -> str:
        row = seen("weights", "models/x", ("format", form), ("tensors", str(count)))
        return judged(row, kind="machine-learning-model")["class"]

    assert of("gguf", 0) == "tokenizer"
    assert of("gguf", 2) == of("safetensors", 0) == "backbone-weights"


def test_a_notice_that_names_a_folder_says_nothing_of_where_it_lies() -> None:
    here = seen("weights", "tests/data/norae/actions.safetensors")
    noted = Observation(
        "format",
        "credited",
        "",
        "",
        Evidence("t", "filename", "medium", Location("LICENSE", 9)),
        (),
    )
    assert judged(here, noted)["path-role"] == "test"
