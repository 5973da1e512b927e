from __future__ import annotations

import pytest

from aisbom.collect.references.key_words import KEY, held_in_folder, judges, purpose, weak


@pytest.mark.parametrize(
    ("name", "holder", "told"),
    [
        ("vision_tower", "", "model"),
        ("pretrained_vision_name_or_path", "", "model"),
        ("textModel", "", "model"),
        ("--tokenizer-model", "", "tokenizer"),
        ("BASE_MODEL", "", "model"),
        ("image_encoder", "", "model"),
        ("--enc_name_or_path", "", "model"),
        ("enc_hidden_size", "", ""),
        ("path", "DatasetConfig", "dataset"),
        ("path", "ModelArguments", "model"),
        ("dataset_name_or_paths", "", "dataset"),
        ("model_type_or_dir", "", "model"),
        ("checkpoint_file_or_url", "", "model"),
        ("save_or_load_dir", "", ""),
        ("model_output_or_cache_dir", "", ""),
        ("hf_hub_url", "", "dataset"),
        ("processor", "", "settings"),
        # A configuration is a format; a class that holds one has a model under its path.
        ("encoder_config_path", "", "settings"),
        ("dataset_config_name", "", "settings"),
        ("path", "ModelConfig", "model"),
        ("path", "", ""),
        ("output_dir", "", ""),
        ("model_cache_dir", "", ""),
        ("--t5-feat-path", "", ""),
        ("TTS_Vocal_Token", "", ""),
        ("served_model_name", "", ""),
        # Where trainers upload to.
        ("hub_model_id", "", ""),
        ("model_type", "", ""),
        ("base_image", "", ""),
        ("max_model_len", "", ""),
        ("colour", "", ""),
        # What the documentation of transformers is made from.
        ("OWN_PRETRAINED_CONFIG_ARCHIVE_MAP", "", ""),
        ("OWN_PRETRAINED_MODEL_ARCHIVE_LIST", "", ""),
        ("_CHECKPOINT_FOR_DOC", "", ""),
        ("checkpoint", "add_code_sample_docstrings", ""),
        ("checkpoint", "load_net", "model"),
    ],
)
def test_purpose(name: str, holder: str, told: str) -> None:
    assert purpose(name, holder) == told


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("norae_model_dir", "weights"),
        ("--ckpt-folder", "weights"),
        ("tokenizer_dir", "tokenizer"),
        ("output_model_dir", ""),
        ("model_cache_dir", ""),
        ("data_dir", ""),
        ("model", ""),
    ],
)
def test_folders_of_what_is_read(name: str, part: str) -> None:
    assert held_in_folder(name) == part


def test_words_of_many_meanings() -> None:
    assert weak("repo")
    assert weak("base")
    assert not weak("base_model")
    assert not weak("path", "DatasetConfig")


def test_networks_by_their_names() -> None:
    assert purpose("SDXL_CONTROLNET_CHOICES") == "model"
    assert purpose("brushnet_names") == "model"
    assert not weak("brushnet_names")
    assert purpose("subnet_id") == purpose("internet") == purpose("choices") == ""


@pytest.mark.parametrize(
    ("name", "holder", "told"),
    [
        ("judge_model", "", True),
        ("--judge-model", "", True),
        ("model", "grader", True),
        ("evaluator_llm", "", True),
        ("model", "judgement", False),
        ("eval_model", "", False),  # what is evaluated
        ("model", "llm", False),
    ],
)
def test_keys_of_what_judges(name: str, holder: str, told: bool) -> None:
    assert judges(name, holder) is told


def test_a_key_into_a_hub_is_of_what_its_holder_is_of() -> None:
    assert purpose("dataset_key", "DatasetEntry") == "dataset"
    assert purpose("dataset_key", "Row") == ""


def test_a_file_of_a_tokenizer_is_no_key_of_a_service() -> None:
    assert KEY.fullmatch("NORAE_API_KEY")
    assert KEY.fullmatch("NORAE_KEY_2")
    assert not KEY.fullmatch("TEXT_TOKENIZER_FILE")
