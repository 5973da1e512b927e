"""The sentences of findings, each made of a form and what stands in its places.

A claim carries its sentence in English, so that every reader of a document understands it; the fact
`sentence` beside its evidence keeps the form and the values, for who says it in another language.
"""

from __future__ import annotations

from aisbom.model.facts import SENTENCE, Sentence

_TRACES = {
    "base-model": "the base model",
    "source": "the source",
    "path": "the path",
    "header-parent": "the parent in the header",
    "header-maker": "the maker in the header",
    "name": "the name",
}
_FORBIDS = {
    "no-commercial-use": "does not allow commercial use",
    "no-sharing": "does not allow passing it on freely",
    "no-change": "does not allow changing it",
    "limited-use": "limits what it may be used for",
    "imposed-name": "imposes a name on what is made with it",
    "copyleft": "asks that the whole be under it",
}
MOST = 400
"""Letters of a sentence that a claim carries."""

FORMS = {
    **{
        f"scratch-{key}": f"from scratch: the card says so at {{0}}, and {trace} '{{1}}' at {{2}}"
        " names a model of {3}"
        for key, trace in _TRACES.items()
    },
    **{
        f"readme-scratch-{key}": f"from scratch: the README says so at {{0}}, and {trace} '{{1}}'"
        " at {2} names a model of {3}"
        for key, trace in _TRACES.items()
    },
    **{
        f"scratch-{key}-of": f"from scratch: the card says so at {{0}}, and {trace} '{{1}}' of"
        " {4} at {2} names a model of {3}"
        for key, trace in _TRACES.items()
    },
    "parameters-tensors": "parameters: the card states {0} at {1}, the tensors hold {2} at {3}",
    "parameters-configuration": "parameters: the card states {0} at {1}, the configuration gives"
    " about {2} at {3}",
    "hidden-size": "hidden size: the configuration says {0} at {1}, {2} shows {3} at {4}",
    "vocab-size": "vocab size: the configuration says {0} at {1}, {2} shows {3} at {4}",
    "num-hidden-layers": "num hidden layers: the configuration says {0} at {1}, the names of the"
    " layers show {3} at {4}",
    "architecture": "architecture: the header says {0} ({1}) at {2}, the configuration says {3}"
    " ({4}) at {5}",
    "base-model": "base model: the card names {0} at {1}, the adapter loads {2} at {3}",
    "notice-loads": "notice: {0} lists what was taken over, but not the weights of {1} that {2}"
    " loads",
    "notice-folder": "notice: {0} lists what was taken over, but not the weights of {1} that the"
    " folder of {2} names",
    "credits": "credits: {0} says what the code was built on, but nothing of the weights of {1}"
    " that {2} names",
    "licence": "licence: {0} declares {1}, {2} holds the text of {3}",
    "declared": "{0} is declared as {1} at {2}, but {3} says {4} at {5}",
    "no-licence": "no-licence: {0} at {1}: nothing states a licence, and without one there is no"
    " right to use, change or pass it on",
    **{
        key: f"{key}: {{0}} is under {{1}} ({{2}}), which {forbids}; {{3}} is offered under {{4}}"
        " ({5})"
        for key, forbids in _FORBIDS.items()
    },
    **{
        f"hazard-{through}": f"{through}: {{0}}"
        for through in ("pickle", "keras", "operator", "template", "remote-code", "loader")
    },
    "copyleft-needed": "copyleft: {0}, which {3} needs ({6}), is under {1} ({2}); {3} is offered"
    " under {4} ({5})",
}
"""By key; values in the order in which a form of another language may want them differently."""


def say(key: str, *values: object) -> tuple[str, tuple[str, str]]:
    """A sentence in English, and the fact that keeps its form and values."""
    said = Sentence(key, tuple(" ".join(str(value).split()) for value in values))
    return spell_sentence(said)[:MOST], SENTENCE(said)


def spell_sentence(said: Sentence) -> str:
    """The sentence in English, `""` for what is none: parts may come from a document of anybody."""
    try:
        return FORMS[said.key].format(*said.values)
    except (KeyError, IndexError, TypeError):
        return ""
