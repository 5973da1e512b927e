"""Names of models as routers spell them: `together_ai/meta-llama/Norae-8B` is a model of an owner
behind the name of whom to ask for it.

The names of providers are those of LiteLLM (https://docs.litellm.ai/docs/providers); other routers
took them over.
"""

from __future__ import annotations

from typing import NamedTuple

from aisbom.collect.models.hub_names import HOSTED, hub_id

_SERVED = frozenset(
    {
        *("together_ai", "together", "openrouter", "fireworks_ai", "fireworks", "deepinfra"),
        *("huggingface", "anyscale", "replicate", "nvidia_nim", "nim", "groq", "novita", "nebius"),
        *("siliconflow", "featherless_ai", "sambanova", "cloudflare", "databricks", "watsonx"),
        *("watsonx_text", "predibase", "vertex_ai", "bedrock", "sagemaker", "azure_ai", "azure"),
        "azure_text",
        *("friendliai", "hyperbolic", "lambda_ai", "baseten", "perplexity", "vercel_ai_gateway"),
        *("modelscope", "dashscope", "github", "truefoundry", "portkey", "wandb", "scaleway"),
        *("ovhcloud", "nscale", "gradient_ai", "meta_llama", "cerebras", "snowflake", "heroku"),
    }
)
_ALONE = frozenset(
    {
        *(
            "openai",
            "anthropic",
            "google_genai",
            "google_vertexai",
            "google",
            "gemini",
            "mistralai",
        ),
        *("mistral", "cohere", "xai", "deepseek", "upstage", "azure_openai", "bedrock_converse"),
    }
)
"""Providers that are asked for models of their own, `anthropic:claude-...`."""
_OF_ONES_OWN = frozenset(
    {
        *("hosted_vllm", "vllm", "lm_studio", "litellm_proxy", "openai", "openai_like"),
        *("custom_openai", "text-completion-openai", "xinference", "llamafile", "sglang"),
        *("docker_model_runner", "infinity", "local"),
    }
)
"""Servers of that interface, whosever they are."""


class RoutedName(NamedTuple):
    """`provider` is whom a router asks, `""` for a server of one's own; `model` is the `owner/name`
    that is asked for, `""` where that is a model of the provider's or one that is only served.
    """

    provider: str
    model: str


def split_routed_name(text: str) -> RoutedName | None:
    """The provider and the model of a name of at least three parts; None for any other text."""
    provider, _, rest = text.partition("/")
    if "/" not in rest or "://" in text:
        return None
    if provider not in _SERVED and provider not in _OF_ONES_OWN:
        return None
    model = rest.partition(":")[0]  # `...:free`
    named = hub_id(model) if model.count("/") == 1 else ""
    hosted = HOSTED.fullmatch(named.rpartition("/")[2]) is not None
    return RoutedName("" if provider in _OF_ONES_OWN else provider, "" if hosted else named)


def is_unmistakable(text: str) -> bool:
    """Whether a text can be nothing but the name of a model as a router spells it, wherever it
    stands: its provider is called like no folder.
    """
    provider = text.partition("/")[0]
    return provider in _LIKE_NO_FOLDER and split_routed_name(text) is not None


_LIKE_NO_FOLDER = frozenset(
    {
        *("together_ai", "fireworks_ai", "featherless_ai", "lambda_ai", "vertex_ai", "openrouter"),
        *("deepinfra", "nvidia_nim", "siliconflow", "sambanova", "anyscale", "hosted_vllm"),
    }
)


def is_provider(name: str) -> bool:
    """Whether `name:model` is how a router spells a model of a provider, and no tag of a model."""
    return name in _SERVED or name in _ALONE


def is_asked_of_provider(key: str) -> bool:
    """Whether a key or a constant says whom to ask for a model (`GROQ_MODEL_NAME`), by a name that
    is none of a family of models.
    """
    first, *rest = key.lower().replace("-", "_").split("_")
    return bool(rest) and first in _ASKED


_ASKED = frozenset(
    {
        *(
            "anyscale",
            "azure",
            "bedrock",
            "cerebras",
            "deepinfra",
            "fireworks",
            "groq",
            "hyperbolic",
        ),
        *("novita", "openai", "openrouter", "perplexity", "sambanova", "siliconflow", "together"),
        *("vertex", "watsonx", "anthropic", "dashscope", "voyage", "replicate"),
    }
)


def name_provider_of_others(key: str) -> str:
    """The provider that a key or a constant says is asked (`together_model_strings`), where it
    serves models of others and publishes none under its own name; else `""`.
    """
    first = key.lower().replace("-", "_").partition("_")[0]
    return first if first in _ASKED & _SERVED - {"azure", "bedrock", "replicate"} else ""


def name_served(key: str, text: str) -> str | None:
    """What a provider is asked for that `key` names: an id of others as a router spells it
    (`together/owner/norae`), `""` for a name without an owner; `None` where nobody is asked.
    """
    if not is_asked_of_provider(key):
        return None
    of_others = hub_id(text) and name_provider_of_others(key)
    return f"{of_others}/{text}" if of_others else None if "/" in text else ""


def named_provider(name: str, model: str) -> str:
    """The provider that settings name beside a model (`providerId: togetherai`), `""` where it is
    none that is known, a hub that keeps weights, or one whose interface asks an own server for a
    model of another owner.
    """
    plain = name.lower().replace("-", "").replace("_", "").replace(" ", "")
    if plain in _PLAIN and plain not in ("huggingface", "modelscope", "github"):
        return plain
    alone = any(plain == known.replace("_", "") for known in _ALONE)
    return plain if alone and not hub_id(model) else ""


_PLAIN = frozenset(name.replace("_", "") for name in _SERVED)
