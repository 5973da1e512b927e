"""Which names of weight files say what they are."""

from __future__ import annotations

import re

from aisbom.lazy_module import compile_later

_FILE = compile_later(
    r"(?:.*[/\\])?(?P<stem>[A-Za-z0-9][\w.\-]{2,120})"
    r"\.(?P<kind>pth?|ckpt|safetensors|gguf|onnx|jit|nemo|pdparams|tflite|th|bin)"
)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANYBODYS = _set(
    """model models pytorch torch diffusion weights weight checkpoint checkpoints ckpt best final
    last latest epoch epochs step steps iter state dict net network generator discriminator encoder
    decoder gen dis adapter lora non trainables mm projector optimizer optim scheduler ema rank mp
    rng consolidated pruned fp bf int of ft finetune finetuned pretrained pretrain train trained
    training new old tmp temp test demo example sample my your our output out save saved resume
    snapshot exp run main default data file name path foo bar some quantized quant merged all part
    shard layer layers bin only full head heads embedding embeddings params se style styles speaker
    speakers spk voice voices"""
)
_SIZES = _set("tiny small base medium large huge giant xl xxl mini nano")


def telling(path: str) -> str:
    """The name of the weight file at a path if it tells which release it is, else `""`: two words
    of its own, or one of more than three letters with a number or a size.
    """
    match = _FILE.fullmatch(path.strip()) if len(path) < 400 else None
    if match is None or "*" in path or "{" in path or "%" in path:
        return ""
    words = re.findall(r"[a-z]+|\d+", match["stem"].lower())
    own = {word for word in words if len(word) > 1 and word.isalpha()} - _ANYBODYS - _SIZES
    sized = any(word.isdigit() or word in _SIZES for word in words)
    longest = max(map(len, own), default=0)
    if longest > 2 and (len(own) > 1 or (sized and longest > 3)):
        return f"{match['stem']}.{match['kind']}"
    return ""
