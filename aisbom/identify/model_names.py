"""Names of other labs' models in the names of folders and files, and sentences of a card that own
up to them.

A name is a hint of where to look. It counts against a card only where it says more than a kind of
architecture: a size or version of a release, or a word such as "from" beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from aisbom.knowledge import Knowledge, Organisation, release_names


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First words of model types that are also ordinary words, or kinds of network that anybody may
# build.
_COMMON = _words(
    "albert align aquila arcee aria audio axk bamba bark bart beit bert big bit bitnet bloom blt"
    " bros canary canine chameleon chinese clap clip coarse cohere convnext convnextv cosmos ctrl"
    " cvt dab dbrx deberta deformable deit depth detr distilbert doge donut dots dpt efficientnet"
    " electra emu encodec encoder esm falcon fast fine flava flex florence fnet focalnet fsmt fuyu"
    " git glm gpt granite grok grounding groupvit helium hiera higgs idefics imagegpt jais janus"
    " laguna layoutlm layoutlmv led levit longformer longt luke mamba mask maskformer mega megatron"
    " mimi mimo mobilebert mobilenet mobilevit mobilevitv modernbert moonshine moss motif mpnet mpt"
    " musicflamingo nllb nomic nougat openai openelm opt owlv owlvit parakeet patchtsmixer patchtst"
    " pegasus perceiver perception persimmon phi pocket prophetnet radio recurrent reformer regnet"
    " rembert resnet roberta roformer rt sam sapiens seamless seed segformer semantic skywork solar"
    " speech speecht speecht5 splinter step step3p swiftformer swin swinv switch table tapas time"
    " timesfm timm transformer tvp udop univnet uvdoc video videomae vilt vision vit vits vivit"
    " xclip xlm xlstm xmod yi yolos youtu zamba zoedepth"
)
# Names that also stand for a format or a design: only a version, or a word such as "from", makes
# them tell of a release.
_DESIGNS = _words("llama mistral mixtral qwen gemma whisper hubert wav2vec")
_RELEASE = (
    r"(?:v?\d+(?:[._]\d+)*[bm]?|\d+(?:[._]\d+)?[bm]"
    r"|tiny|small|base|large|medium|xl|xxl|turbo|so400m|instruct|chat)"
)
_FROM = _words(
    "from init initialized initialised pretrained finetuned finetune ft distilled distill based"
    " tuned"
)


class NamedModel(NamedTuple):
    """A model of another lab in a name: the word, the lab, and whether the name says more than an
    architecture.
    """

    word: str
    organisation: Organisation
    telling: bool


def find_named_model(text: str, knowledge: Knowledge) -> NamedModel | None:
    """The model family that a folder, a file or a hub name names; None where it names none that
    only one lab makes.
    """
    pieces = [piece for piece in re.split(r"[^a-z0-9.]+", text.lower()) if piece]
    heads = _heads(knowledge)
    for number, piece in enumerate(pieces):
        match = re.fullmatch(r"(?P<head>[a-z]+(?:2vec)?)(?P<rest>[\d.]*[bmv]?)", piece)
        if not match or match["head"] not in heads:
            continue
        row = knowledge.organisation(heads[match["head"]])
        if row is None:
            continue
        after = pieces[number + 1] if number + 1 < len(pieces) else ""
        sized = bool(re.fullmatch(_RELEASE, after)) and (
            match["head"] not in _DESIGNS or "." in after or number == 0
        )
        telling = bool(match["rest"]) or sized or bool(_FROM & set(pieces))
        return NamedModel(match["head"], row, telling)
    return None


def find_named_maker(name: str, knowledge: Knowledge) -> Organisation | None:
    """Who publishes models of the name of a file or of a model; None where that is not known."""
    row = knowledge.organisation(release_names.publisher(name) or "")
    family = find_named_model(name, knowledge) if row is None else None
    return family.organisation if family else row


_SOURCE = re.compile(
    r"(?:^|[-_.])(?:from|based[-_]on|init(?:ialised|ialized)?[-_](?:from|with))[-_](.+)"
)


def source_of(folder: str, knowledge: Knowledge) -> tuple[str, NamedModel] | None:
    """(the words after "from", the model that they name) where the name of a folder says from what
    its contents come: `audio-encoder-from-qwen2-audio-7b`.
    """
    found = _SOURCE.search(folder.lower()[:200])
    model = find_named_model(found[1], knowledge) if found else None
    return (found[1], model) if found and model else None


def is_disclosed(word: str, statements: Iterable[str]) -> bool:
    """Whether a sentence of the card that tells of what was taken over names the same family."""
    return any(word in text.lower() for text in statements)


def _heads(knowledge: Knowledge) -> dict[str, str]:
    """`{first word of a model type: the id of the one lab}`; words that several labs use, or that
    are kinds of network, are left out.
    """
    found: dict[str, set[str]] = {}
    for model_type, row in knowledge.families.items():
        head = re.split(r"[^a-z0-9]+", model_type.lower())[0]
        head = re.sub(r"\d+[a-z]?$", "", head) if not head.endswith("2vec") else head
        if len(head) >= 4 and row.basis == "curated":
            found.setdefault(head, set()).update(row.organisations)
    return {
        head: next(iter(ids))
        for head, ids in found.items()
        if len(ids) == 1 and head not in _COMMON
    }
