"""What the parts of a model are called: keys of configurations, prefixes of tensors, folders,
classes of pipelines.

A name says what a part is for, never whose weights it holds. Words that any network may use
(`encoder.layers`) say nothing.
"""

from __future__ import annotations

import re

_WORDS: dict[str, tuple[str, ...]] = {
    "projector": (
        *(
            "projector",
            "multi_modal_projector",
            "mm_projector",
            "vision_projector",
            "audio_projector",
            "speech_projector",
        ),
        *(
            "visual_projection",
            "vision_proj",
            "audio_proj",
            "connector",
            "modality_projection",
            "merger",
            "aligner",
            "qformer",
        ),
        *("resampler", "adaptor", "mlp1"),
    ),
    "vision-encoder": (
        *(
            "visual",
            "vision",
            "vision_tower",
            "vision_model",
            "vision_encoder",
            "vision_backbone",
            "image_encoder",
            "img_encoder",
        ),
        *("image_tower", "vit", "vpm", "mm_vision_tower", "image_model"),
    ),
    "video-encoder": ("video", "video_tower", "video_encoder", "mm_video_tower"),
    "audio-encoder": (
        *(
            "audio",
            "speech",
            "audio_tower",
            "audio_model",
            "audio_encoder",
            "speech_encoder",
            "speech_tower",
            "sound_encoder",
        ),
        *("sound_tower", "mm_audio_tower", "apm"),
    ),
    "language-model": (
        "text",
        "llm",
        "language",
        "language_model",
        "text_model",
        "text_backbone",
        "thinker",
    ),
    "speech-decoder": ("talker",),
    "text-encoder": ("text_encoder", "text_encoder_2", "text_encoder_3", "text_tower"),
    "vocoder": ("vocoder", "hifigan", "token2wav", "code2wav"),
    "codec": (
        *(
            "vae",
            "vq",
            "vqmodel",
            "vq_model",
            "codec",
            "audio_codec",
            "speech_codec",
            "speech_tokenizer",
            "audio_tokenizer",
        ),
        *("image_tokenizer", "vision_tokenizer", "vqgan"),
    ),
    "denoiser": ("unet", "dit", "diffusion_model"),
}
PARTS: dict[str, str] = {word: part for part, words in _WORDS.items() for word in words}

# Keys of one configuration or entries of one pipeline, where the words cannot mean anything else.
_KEYS = {
    **PARTS,
    "encoder": "encoder",
    "decoder": "decoder",
    "transformer": "denoiser",
    "perceiver": "projector",
    "lm": "language-model",
}
_MODALITIES = {
    "vision": "vision",
    "visual": "vision",
    "image": "vision",
    "audio": "audio",
    "speech": "audio",
    "video": "video",
}
_CONTAINERS = {"thinker": "thinker", "talker": "talker", "token2wav": ""}

# Wrappers that say nothing about the part inside them.
_WRAPPERS = frozenset(
    {
        "model",
        "module",
        "state_dict",
        "_orig_mod",
        "base_model",
        "ema",
        "params",
        "network",
        "net",
        "transformer",
    }
)


def kind(part: str) -> str:
    """`thinker.audio-encoder` -> `audio-encoder`, `vision-projector` -> `projector`."""
    part = part.rpartition(".")[2]
    return "projector" if part.endswith("projector") else part


def title(part: str) -> str:
    """`thinker.audio-encoder` -> `audio encoder`: a part in words."""
    return part.rpartition(".")[2].replace("-", " ")


def of_key(path: tuple[str, ...]) -> str:
    """The part that a path of configuration keys means (`thinker_config`, `vision_config`); `""` if
    it is none.
    """
    names = [key.lower().removesuffix("_config").removesuffix("_cfg") for key in path]
    part = _KEYS.get(names[-1], "")
    return _qualify_part(part, names[-1], [_CONTAINERS.get(name, "") for name in names[:-1]])


def of_prefix(tensor: str) -> tuple[str, str]:
    """(part, prefix) of a tensor by the first parts of its name; `("", "")` where they say
    nothing.
    """
    words = re.split(r"[./]", tensor)[:-1]
    taken: list[str] = []
    inside = ""
    for number, word in enumerate(words[:6]):
        taken.append(word)
        part = PARTS.get(word.lower(), "")
        if word.lower() in _CONTAINERS and number + 1 < len(words):
            inner = PARTS.get(words[number + 1].lower(), "")
            if inner and inner != "language-model":
                inside = _CONTAINERS[word.lower()]
                continue
        if part:
            return _qualify_part(part, word.lower(), [inside]), ".".join(taken)
        if word not in _WRAPPERS:
            break
    return "", ""


def of_folder(name: str) -> str:
    """The part that a folder name reveals (`audio_encoder_large`, `vision-tower`, `vae`); `""`
    where it reveals none.
    """
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if re.fullmatch(r"(?:.*_)?(?:lora|adapters?|qlora)(?:_.*)?", plain):
        return "adapter"
    padded = f"_{plain}_"
    # The longest word first: `vision_projector` is a projector.
    for word in sorted(PARTS, key=lambda word: (-len(word), word)):
        if "_" in word or word in _ALONE:
            if f"_{word}_" in padded:
                return _qualify_part(PARTS[word], word, [])
        elif plain == word:
            return _qualify_part(PARTS[word], word, [])
    return ""


_ALONE = frozenset(
    {
        "projector",
        "vae",
        "vocoder",
        "codec",
        "unet",
        "qformer",
        "hifigan",
        "code2wav",
        "token2wav",
        "vqgan",
    }
)


def of_class(name: str) -> str:
    """The part that an entry of a pipeline is (`model_index.json`), from the name of its class;
    `""` for schedulers and processors.
    """
    for words, part in (
        (r"Autoencoder|VQModel|VQGAN", "codec"),
        (r"UNet|Transformer\dDModel|DiT|Transformer2D|Transformer3D", "denoiser"),
        (
            r"(?:Text|T5|CLIP|Bert|Roberta|UMT5|Gemma|Qwen|Llama)\w*(?:EncoderModel|TextModel|TextModelWithProjection)$",
            "text-encoder",
        ),
        (r"(?:CLIPVision|Siglip|Dino)\w*", "vision-encoder"),
        (r"HifiGan|Vocoder", "vocoder"),
    ):
        if re.search(words, name):
            return part
    return ""


def _qualify_part(part: str, word: str, containers: list[str]) -> str:
    if part == "projector":
        modality = next(
            (_MODALITIES[piece] for piece in word.split("_") if piece in _MODALITIES), ""
        )
        part = f"{modality}-projector" if modality else part
    outside = next((name for name in reversed(containers) if name), "")
    return f"{outside}.{part}" if part and outside else part
