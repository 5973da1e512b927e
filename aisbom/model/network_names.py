"""What a network is for, by the words of its key, its file, its `model_type` or its class.

Wider than `part_names`, whose words stand in one configuration: these are asked where something
else says already that a network is described.
"""

from __future__ import annotations

import re

from aisbom.model import part_names

_PROJECTORS = frozenset(
    (
        *("projector", "projection", "connector", "resampler", "qformer", "aligner", "merger"),
        *("abstractor", "adaptor", "perceiver"),
    )
)
_VOCODERS = frozenset(
    ("vocoder", "hifigan", "bigvgan", "vocos", "token2wav", "code2wav", "istft", "univnet")
)
_CODECS = frozenset(
    (
        *("vae", "vq", "vqgan", "vqvae", "codec", "codebook", "quantizer", "autoencoder"),
        *("encodec", "dac", "mimi", "snac", "movq", "magvit"),
    )
)
_DENOISERS = frozenset({"unet", "dit", "mmdit", "denoiser", "diffusion"})
_SEES = frozenset({"vision", "visual", "image", "img", "vit", "pixel"})
_HEARS = frozenset({"audio", "speech", "sound", "voice", "acoustic", "wav"})
_WRITES = frozenset({"llm", "lm", "language"})
_VIDEO = frozenset({"video"})
_SENSES = _SEES | _HEARS | _VIDEO
_TEXT = frozenset({"text"})
_TOKENS = frozenset({"tokenizer", "discrete"})
_DECODERS = frozenset({"decoder"})
_ENCODERS = frozenset({"encoder", "backbone"})
_BODIES = frozenset({"encoder", "tower", "backbone", "trunk", "model", "module", "net", "network"})


def of_words(name: str) -> str:
    """The part that the words of a key or a file name mean (`continuous_audio_encoder`,
    `img_backbone`); `""` where they mean none.
    """
    words = _split(name)
    modality = _modality(words)
    for found, part in (
        (_PROJECTORS, f"{modality}-projector" if modality in ("vision", "audio") else "projector"),
        (_VOCODERS, "vocoder"),
        (_CODECS, "codec"),
        (_DENOISERS, "denoiser"),
        # What turns a picture or a sound into tokens, or back.
        (_TOKENS, "codec" if modality else ""),
        (_DECODERS, "speech-decoder" if modality == "audio" else "decoder"),
        (_BODIES | words if words <= _SENSES else _BODIES, f"{modality}-encoder"),
        (_TEXT if "encoder" in words else frozenset(), "text-encoder"),
        (_WRITES, "language-model"),
        (_ENCODERS, "encoder"),
    ):
        if words & found and part not in ("", "-encoder"):
            return part
    return ""


def _modality(words: frozenset[str]) -> str:
    for found, modality in ((_SEES, "vision"), (_HEARS, "audio"), (_VIDEO, "video")):
        if words & found:
            return modality
    return ""


def _split(name: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return frozenset(re.split(r"[^a-z0-9]+", spaced.lower())) - {"", "config", "cfg", "mm"}


# What a class is for by its name: whole models first, since they name their parts too.
_CLASSES: tuple[tuple[str, str], ...] = (
    (r"(?:ForCausalLM|LMHeadModel|LMModel)$", "language-model"),
    (
        (
            r"For[A-Z]\w+$|EncoderDecoder|Vision2Seq|DualEncoder|(?:Processor|Tokenizer|Extractor"
            r"|Config|Dataset|Loader|Collator|Loss|Optimizer|Scheduler|Callback|Logger|Trainer)\w*$"
        ),
        "",
    ),
    (r"(?:Vision|Image)(?:Model|Tower|Backbone)$", "vision-encoder"),
    (r"(?:Audio|Speech)(?:Model|Tower|Backbone)$", "audio-encoder"),
    (r"Projector|Resampler|QFormer|Abstractor|PatchMerger", "projector"),
    (
        (
            r"^(?:CLIPVision|Siglip\d?Vision|Siglip\d?Model|Dino\w*|ViT\w*|VisionTransformer|Swin"
            r"|BE[iI]T|EVA|Eva\d*V|InternVision|ConvNe?[xX]t|ResNet|ResNeXt|HRNet|EfficientNet"
            r"|MobileNet|PyramidVision|MixVision|RegNet|Hiera)"
        ),
        "vision-encoder",
    ),
    (
        (
            r"^(?:Whisper(?:Audio)?(?:Encoder|Model)|Wav2[Vv]ec|Hubert|HuBERT|WavLM|Data2VecAudio"
            r"|AudioSpectrogram|Conformer|FastConformer|Zipformer|ECAPA)"
        ),
        "audio-encoder",
    ),
    (r"^(?:S3Tokenizer|SpeechTokenizer|XCodec|MoVQ|MagVit|FSQ)", "codec"),
    (r"(?:CLIPText|FrozenCLIP|FrozenOpenCLIP|FrozenT5|T5Encoder|CLIPEmbedder)", "text-encoder"),
)


def of_architecture(name: str) -> str:
    """The part that a class of a network is by its name (`Qwen2AudioEncoder`); `""` for a whole
    model, for what is no network, and where the name says nothing.
    """
    name = name.rpartition(".")[2]
    for pattern, part in _CLASSES:
        if re.search(pattern, name):
            return part
    if part := part_names.of_class(name):
        return part
    words = _split(name)
    named = words & (_PROJECTORS | _VOCODERS | _CODECS | _DENOISERS)
    bodies = words & {"encoder", "tower", "backbone", "transformer"}
    if bodies and words & _SENSES:
        return f"{_modality(words)}-encoder"
    return of_words(name) if named or (bodies and words & _TEXT) else ""
