"""What is believed of an id that only stands somewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Evidence, Location, Observation, Row, facts


def row(name: str, by: str, kind: str = "reference", line: int = 1) -> Observation:
    evidence = Evidence("text-references", "other", "low", Location("a.md", line), name)
    space = "dataset" if kind == "dataset" else "hub"
    return Observation(kind, name, "", "pkg:x/y", evidence, facts(named_by=by, space=space))


def believed(*rows: Row) -> list[tuple[str, str]]:
    return [(r.kind, r.name) for r in resolve_names(rows, load()) if isinstance(r, Observation)]


@pytest.mark.parametrize("by", ["key", "link", ""])
def test_what_a_place_promises_is_believed(by: str) -> None:
    assert believed(row("nobody/thing", by)) == [("reference", "nobody/thing")]


@pytest.mark.parametrize("by", ["word", "text"])
@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("openai/whisper-large-v3", True),
        ("openai/gpt-5-high", False),
        ("Qwen/Qwen2.5-7B", True),
        ("openai/guided-diffusion", False),
        ("microsoft/LoRA", False),
        ("nobody/llama-7b", False),
        ("nvidia/cuda", False),
    ],
)
def test_a_text_is_believed_of_labs_and_names_of_models(name: str, is_model: bool, by: str) -> None:
    assert bool(believed(row(name, by))) is is_model


def test_an_owner_that_the_tree_loads_from_is_a_lab() -> None:
    assert ("reference", "nobody/llama-7b") in believed(
        row("nobody/other", "", line=3), row("nobody/llama-7b", "text")
    )


def test_a_text_names_the_data_set_that_a_link_leads_to() -> None:
    found = believed(row("nobody/set-1", "link", "dataset", 3), row("nobody/set-1", "text"))
    assert found == [("dataset", "nobody/set-1")] * 2


def test_a_page_of_the_hub_is_no_name_that_is_relayed() -> None:
    """Settings and options may ask an interface; what is linked or loaded lies on the hub."""
    option = replace(row("openai/norae", "link"), facts=facts(named_by="link", loader="--model"))
    assert believed(option) == believed(row("openai/norae", "key")) == []
    for by in ("link", ""):
        assert believed(row("openai/norae", by)) == [("reference", "openai/norae")]


def test_an_option_that_takes_either_takes_the_data_set_that_is_linked() -> None:
    linked = row("nobody/set-1", "link", "dataset", 3)
    option = replace(row("nobody/set-1", "link"), facts=facts(named_by="link", loader="--root"))
    assert believed(linked, option) == [("dataset", "nobody/set-1")] * 2
    assert believed(linked, row("nobody/set-1", "key")) == [("dataset", "nobody/set-1")] * 2
    # What code loads as a model is one, whatever bears the name beside it.
    loaded = row("nobody/set-1", "", line=5)
    kinds = [kind for kind, _ in believed(linked, row("nobody/set-1", "key"), loaded)]
    assert kinds == ["dataset", "reference", "reference"]


def test_a_bare_name_is_an_id_of_its_spelling_where_there_is_one() -> None:
    assert (
        believed(row("nobody/My-Net-1", "link"), row("my_net_1", "key", line=3))
        == [("reference", "nobody/My-Net-1")] * 2
    )
    two = (row("nobody/My-Net-1", "link"), row("other/MyNet1", "link", line=2))
    assert len(believed(*two, row("my_net_1", "key", line=3))) == 2


def test_a_place_is_shown_once() -> None:
    assert believed(row("nobody/m-1", "key"), row("nobody/m-1", "text")) == [
        ("reference", "nobody/m-1")
    ]


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("azure/gpt-4o", False),
        ("anthropic/claude-sonnet-4-5", False),
        ("openai/gpt-4o-mini", False),
        ("openai/whisper-large-v3", True),
        ("databricks/dbrx-instruct", True),
        ("openrouter/auto-1", False),
    ],
)
def test_how_a_router_spells_a_model_is_no_id_of_the_hub(name: str, is_model: bool) -> None:
    assert bool(believed(row(name, "key"))) is is_model


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("Qwen2.5", True),
        ("SigLIP2-400M", True),
        ("CosyVoice2", True),
        ("own/anything-1", True),
        ("A100", False),
        ("Liger-Kernel", False),
        ("LLaVA-UHD-v4", True),
        ("CUDA-12.8", False),
    ],
)
def test_a_sentence_is_believed_of_known_releases(name: str, is_model: bool) -> None:
    assert bool(believed(row(name, "declared"))) is is_model


def test_an_encoder_by_its_family_alone_is_the_one_that_the_tree_names() -> None:
    tower = replace(
        row("CLIP", "declared"),
        facts=facts(named_by="declared", space="hub", part="vision-encoder"),
    )
    assert believed(tower) == [("reference", "CLIP")]
    named = row("openai/clip-vit-large-patch14", "")
    assert believed(tower, named) == [("reference", named.name)] * 2
    small = replace(row("small", "", line=3), facts=facts(named_by="", space="whisper"))
    voice = replace(tower, name="Whisper")
    assert [name for _, name in believed(voice, small)] == ["small"]
    other = row("openai/clip-vit-base-patch32", "", line=3)
    assert believed(tower, named, other) == [("reference", r.name) for r in (named, other)]
    # As the weights of something else the word says nothing.
    assert believed(row("CLIP", "declared")) == []


@pytest.mark.parametrize(
    ("identity", "meant"),
    [
        ("own/llava-llama-3-8b-v1_1-transformers", True),
        ("own/llava-llama-3-8b-hf", True),
        ("own/llava-llama-3-8b-instruct", False),
        ("own/llava-llama-3-8b-ko-v1", False),
    ],
)
def test_a_sentence_may_leave_out_version_and_format(identity: str, meant: bool) -> None:
    found = believed(row("llava-llama-3-8b", "declared"), row(identity, "", line=3))
    assert (found == [("reference", identity)] * 2) is meant


def test_two_plain_words_in_a_sentence_are_no_id() -> None:
    """`writing stories, ads/commodity recommendations, based on ...`"""
    assert believed(row("ads/commodity", "declared"), row("norae/mm-7b", "declared")) == [
        ("reference", "norae/mm-7b")
    ]


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("own-7B-v1.tar", True),
        ("mistral-nemo-base-2407.tar.gz", True),
        ("enc.pth", True),
        ("images.zip", False),
        ("train2017.zip", False),
        ("annotations-v2.tar.gz", False),
    ],
)
def test_archives_are_weights_by_their_names(name: str, is_model: bool) -> None:
    evidence = Evidence("text-references", "other", "low", Location("a.md", 1), name)
    told = facts(named_by="link", space="url", url=f"https://x.org/{name}")
    found = believed(Observation("reference", name, "", "pkg:generic/x", evidence, told))
    assert bool(found) is is_model


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("Qwen2.5-0.5B-Instruct", True),
        ("vicuna-7b-v1.5", True),
        ("siglip-so400m-14-980", True),
        ("vicuna-7b-v1.5-sft", False),  # what a training writes
        ("llama-7b-ours", False),
        ("norae-7b", False),  # nobody's release
        ("qwen2_5", False),  # no size: a design
        ("run-12", False),
    ],
)
def test_a_folder_is_called_after_a_release_in_a_size(name: str, is_model: bool) -> None:
    assert bool(believed(row(name, "folder"))) is is_model


def test_a_folder_of_the_spelling_of_an_id_is_called_after_it() -> None:
    found = believed(row("nobody/My-Net-1", "link"), row("My-Net-1", "folder", line=3))
    assert found == [("reference", "nobody/My-Net-1")] * 2


def test_a_network_that_the_tree_registers_is_no_model_of_a_package() -> None:
    made = Observation("registered", "norae_base_patch16", "", "", row("x", "").evidence, ())
    asked = replace(row("norae_base_patch16", ""), purl="", facts=facts(space="timm"))
    assert believed(asked) == [("reference", "norae_base_patch16")]
    assert believed(made, asked) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bge-m3", "BAAI/bge-m3"),
        ("kure-v1", "nlpai-lab/kure-v1"),
        ("glm4-chat", "glm4-chat"),
        ("qwen-2-instruct", "qwen-2-instruct"),
        ("own-m3", ""),
        ("gpt-4o", ""),
        ("gpt-3.5-turbo", ""),  # its tokenizer lies on the hub
        ("chat-4", ""),
        ("huggingface_all_mpnet_base_v2", ""),
    ],
)
def test_a_setting_may_name_a_model_without_its_owner(name: str, found: str) -> None:
    """A table knows the one model of that name, or it is a release of a known family."""
    seen = replace(row(name, "key"), purl="")
    assert [name for _, name in believed(seen)] == ([found] if found else [])


def file_row(name: str, line: int = 1) -> Observation:
    told = facts(named_by="file", space="file", loader="load_from")
    return replace(row(name, "file", line=line), purl="", facts=told)


def test_a_file_of_weights_is_one_of_nobodys_page() -> None:
    [found] = resolve_names([file_row("norae_r50.pth")], load())
    assert isinstance(found, Observation)
    assert (found.name, found.purl) == ("norae_r50.pth", "")


def test_a_file_that_lies_here_is_read_there() -> None:
    here = Evidence("weights", "other", "high", Location("w/norae_r50.pth"), "")
    rows = [Observation("weights", "norae_r50", "", "", here, ()), file_row("norae_r50.pth")]
    assert believed(*rows) == [("weights", "norae_r50")]


def test_a_file_is_that_of_the_address_that_the_tree_loads() -> None:
    address = "https://example.org/norae_r50.pth"
    told = facts(space="url", url=address, download_host="example.org")
    purl = f"pkg:generic/norae_r50.pth?download_url={address}"
    known = replace(row("norae_r50.pth", "", line=9), purl=purl, facts=told)
    found = resolve_names([known, file_row("norae_r50.pth")], load())
    assert {r.purl for r in found if isinstance(r, Observation)} == {purl}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Llama-2-7b_vocab/hf", "Llama-2-7b_vocab"),  # an owner that is called as a release
        ("nobody/Llama-2-7b", "nobody/Llama-2-7b"),
        ("mistral-team/hf-1", "mistral-team/hf-1"),  # no size
    ],
)
def test_an_owner_that_is_called_as_a_release_is_a_folder(name: str, expected: str) -> None:
    one = replace(row(name, "key"), purl=f"pkg:huggingface/{name}")
    assert believed(one) == [("reference", expected)]


def test_the_words_of_a_list_of_data_sets_are_believed_but_for_models() -> None:
    assert believed(row("Norae-Bench", "list", "dataset")) == [("dataset", "Norae-Bench")]
    assert believed(row("llama-2-7b", "list", "dataset")) == []


def test_what_is_only_served_is_no_repository_of_that_name() -> None:
    """A tokenizer of `Quay/gpt-4o` makes no model of the hub of the setting `gpt-4o`."""
    found = believed(row("quay/gpt-4o", ""), row("gpt-4o", "key", line=3))
    assert found == [("reference", "quay/gpt-4o")]


def test_a_folder_of_a_repository_that_the_tree_names_is_that_repository() -> None:
    repository = row("nobody/norae-flow-2", "link")
    folder = row("norae-flow-2/decoder_v1", "key", line=9)
    assert believed(repository, folder) == [("reference", "nobody/norae-flow-2")] * 2
    # The folder's own name is no second one.
    bare = row("decoder_v1", "folder", line=20)
    assert believed(repository, folder, bare) == [("reference", "nobody/norae-flow-2")] * 3
    # An account that is called as one of its models is an account.
    own, other = row("norae-2/norae-2", "link"), row("norae-2/norae-2-chat", "key", line=9)
    assert believed(own, other)[1] == ("reference", "norae-2/norae-2-chat")


def service(key: str, how: str, by: str = "", line: int = 1) -> Observation:
    evidence = Evidence("settings-references", "other", "low", Location("a.yaml", line), key)
    return Observation("service", key, "", "", evidence, facts(how=how, named_by=by))


def test_a_served_model_of_settings_counts_beside_a_client_of_any_server() -> None:
    asked = service("gpt-4o", "model", "setting", 3)
    assert believed(asked) == []
    assert believed(service("openai.OpenAI", "class", "client"), asked) == [
        ("service", "OpenAI API")
    ]
    told = service("gpt-4o", "model", "word", 3)
    assert believed(service("openai.OpenAI", "class", "client"), told) == []


def test_a_path_of_the_tree_is_no_id() -> None:
    def at(path: str, name: str, by: str) -> Observation:
        one = row(name, by)
        place = Evidence("python-references", "other", "low", Location(path, 1), name)
        return replace(one, evidence=place)

    inside = at("speech_parts/a.py", "speech_parts/norae-7b", "key")
    assert believed(inside) == []
    assert believed(inside, at("b.md", "speech_parts/norae-7b", "link")) != []
    assert believed(at("Qwen/a.py", "Qwen/Qwen2.5-7B", "key")) != []


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("NoraeBERT/NoraeBERT-210m", True),
        ("NoraeBERT/NoraeBERT-train", False),
        ("NoraeBERT/Other-210m", False),
    ],
)
def test_a_release_of_an_account_that_is_called_so(name: str, is_model: bool) -> None:
    assert bool(believed(row(name, "text"))) is is_model


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sd-vae-ft-mse", "stabilityai/sd-vae-ft-mse"),  # a name that is unmistakable
        ("FLUX.1-dev", "black-forest-labs/FLUX.1-dev"),  # one release of that name is known
        ("sd-vae-ours", ""),
        ("flux-dev-7", ""),
    ],
)
def test_a_folder_is_called_after_a_release_that_a_table_knows(name: str, expected: str) -> None:
    found = believed(row(name, "folder"))
    assert found == ([("reference", expected)] if expected else [])


def loaded(name: str, space: str) -> Observation:
    evidence = Evidence("python-references", "other", "high", Location("a.py", 9), name)
    return Observation("reference", name, "", "", evidence, facts(space=space, loader="x"))


def test_a_bare_name_is_what_a_library_publishes_under_it() -> None:
    zoo = ("reference", "pytorch/vision:mobilenet_v3_small")
    package = loaded("torchvision:mobilenet_v3_small", "package")
    assert believed(package, row("mobilenet_v3_small", "key")) == [zoo, zoo]
    timm = ("reference", "timm/vit_base_patch16_224")
    assert believed(loaded("vit_base_patch16_224", "timm"), row("vit_base_patch16_224", "key")) == [
        timm,
        timm,
    ]
    # Another size is another model.
    assert ("reference", "pytorch/vision:mobilenet_v3_large") not in believed(
        package, row("mobilenet_v3_large", "key")
    )


@pytest.mark.parametrize(
    ("name", "is_model"),
    [
        ("convnextv2_tiny", False),
        ("vit_base_patch16_224", False),
        ("vit_base_patch16_224.augreg_in21k", True),  # a tag is one of weights
        ("ViT-L-14", True),
    ],
)
def test_a_network_without_a_library_that_has_its_weights_is_a_design(
    name: str, is_model: bool
) -> None:
    assert bool(believed(row(name, "key"))) is is_model


def test_a_network_where_timm_loads_weights_may_be_one() -> None:
    rows = (loaded("resnet50", "timm"), row("convnextv2_tiny", "key"))
    assert ("reference", "convnextv2_tiny") in believed(*rows)


def test_an_archive_with_a_version_in_a_folder_of_checkpoints() -> None:
    def archive(name: str, folder: str) -> Observation:
        url = f"https://host.org/{folder}/{name}"
        told = facts(("url", url), ("named-by", "link"), ("space", "url"))
        evidence = Evidence("text-references", "other", "low", Location("a.md", 1), name)
        return Observation("reference", name, "", f"pkg:generic/{name}", evidence, told)

    given = archive("norae_v1.1_songs.tar.gz", "norae-checkpoints")
    other = archive("norae_v1.1_songs.tar.gz", "norae-files")
    data = archive("dataset_v1.1.tar.gz", "norae-checkpoints")
    assert believed(given) == [("reference", "norae_v1.1_songs.tar.gz")]
    assert believed(other) == believed(data) == []


def test_a_part_of_a_data_set_is_no_other() -> None:
    whole, part = row("own/songs", "text", "dataset"), row("own/songs_de", "key", "dataset", 2)
    assert ("dataset", "own/songs_de") not in believed(whole, part)
    assert ("dataset", "own/songs_de") in believed(part)


def test_a_data_set_that_a_loader_gets_without_owner() -> None:
    named = replace(row("big_norae_songs", "", "dataset"), purl="")
    assert believed(named) == [("dataset", "big_norae_songs")]
    assert believed(replace(named, name="songs")) == []  # perhaps a folder


def said(name: str, excerpt: str) -> Observation:
    """A data set that words of a text may name."""
    found = row(name, "text", "dataset")
    return replace(found, evidence=replace(found.evidence, excerpt=excerpt))


@pytest.mark.parametrize(
    ("excerpt", "is_set"),
    [
        ("the test sets of MATH and GSM8K", True),
        ("on the MATH dataset", True),
        ("MATH is hard, as is GSM8K", False),
    ],
)
def test_an_everyday_name_beside_a_known_one(excerpt: str, is_set: bool) -> None:
    told = believed(said("GSM8K", excerpt), said("MATH", excerpt))
    assert (("dataset", "MATH") in told) is is_set


def listed(name: str, by: str) -> Observation:
    """A name in a list of settings, or among the choices of code."""
    found = row(name, by, "dataset")
    evidence = replace(found.evidence, technique="manifest-analysis")
    return replace(found, evidence=evidence, facts=facts(*found.facts, ("loader", "datasets")))


def test_a_name_in_a_list_of_known_data_sets() -> None:
    known = ("GQA", "VQAv2", "TextVQA", "DocVQA", "ChartQA")
    told = believed(*(listed(name, "key") for name in (*known, "Noraebench")))
    assert ("dataset", "Noraebench") in told
    assert believed(*(listed(name, "key") for name in ("GQA", "Noraebench"))) == [
        ("dataset", "GQA")
    ]
    # A choice may be anything: an everyday name as it is spelled.
    told = believed(*(listed(name, "choice") for name in (*known, "Clotho", "hanul")))
    assert ("dataset", "Clotho") in told
    assert ("dataset", "hanul") not in told


def test_an_option_that_settings_are_called_after_is_no_model() -> None:
    def at(path: str, name: str) -> Observation:
        found = row(name, "key")
        return replace(found, evidence=replace(found.evidence, at=Location(path, 1)))

    beside = at("configs/llama-norae-7b.yaml", "own/norae-7b")
    assert ("reference", "llama-norae-7b") in believed(at("run.yaml", "llama-norae-7b"))
    assert ("reference", "llama-norae-7b") not in believed(beside, at("run.yaml", "llama-norae-7b"))
    itself = at("configs/llama-norae-7b.yaml", "llama-norae-7b")
    assert ("reference", "llama-norae-7b") in believed(itself)
