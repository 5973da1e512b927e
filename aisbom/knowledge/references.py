"""Whose service a client is of, and which repository of the hub a bare name stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aisbom.knowledge import Knowledge, hub_table
from aisbom.knowledge.globs import fits
from aisbom.knowledge.rows import LoaderName, Service

SELF_HOSTED = "self-hosted"
"""The id of all servers of one's own: no provider's."""
ENDPOINT = "endpoint:"
"""What the id of a service begins with that is known by nothing but its host."""

KEYED = "key:"
"""What the id of a service begins with that is known by nothing but the name of its key."""
STATED = "stated:"
"""What the id of a service begins with of which only a document of another tool tells."""


def hub_name(knowledge: Knowledge, space: str, name: str) -> tuple[str, LoaderName] | None:
    """(`owner/name`, the row that says so) of a bare name in the table of a library; exact rows
    before globs.
    """
    rows = knowledge.loader_names.get(space)
    if rows is None:
        return None
    row = rows.named.get(name) or next((r for r in rows.globs if fits(name, r.name)), None)
    return (row.id.replace("{name}", name), row) if row else None


def key_name(knowledge: Knowledge, space: str, name: str) -> tuple[str, LoaderName] | None:
    """The same for a name under a key of settings, which also may be one of NeMo's, or of the one
    model of a known publisher that is called so.
    """
    found = hub_name(knowledge, space, name)
    if found or space != "hub":
        return found
    return hub_name(knowledge, "nemo", name) or _only_one(knowledge, name)


def _only_one(knowledge: Knowledge, name: str) -> tuple[str, LoaderName] | None:
    found: list[LoaderName] = []
    if not re.search(r"[-_.]", name):
        return None  # one word is that of much else: a method (`bm25`), a class, an option
    for identity in hub_table.ids_of(name):
        owner = identity.partition("/")[0]
        known = knowledge.by_owner("hub", owner)
        if known is not None and knowledge.not_origin(owner, name) is None:
            # The table has lower letters alone.
            written = next((one for one in known.hub if one.casefold() == owner), owner)
            page = f"https://huggingface.co/{written}/{name}"
            found.append(LoaderName("hub", name, f"{written}/{name}", page, known.as_of, ""))
    return (found[0].id, found[0]) if len(found) == 1 else None


def service(knowledge: Knowledge, how: str, key: str) -> Service | None:
    """The service behind a `class` of a client, a `host`, a variable (`env`) or the name of a
    `model`; None if nobody's is known.
    """
    found = knowledge.found_services
    if (how, key) not in found:
        found[how, key] = _find_service(knowledge.services, how, key)
    return found[how, key]


def _find_service(services: Iterable[Service], how: str, key: str) -> Service | None:
    if how == "model" and "/" not in key.partition(":")[0]:
        key = key.replace(":", "/", 1)  # `openai:gpt-4o` is litellm's `openai/gpt-4o`
    # What LangChain itself had before it moved to a package of its own.
    keys = {key}
    if key.startswith("langchain."):
        keys.add(key.replace(".", "_community.", 1))
    for row in services:
        if how == "host" and any(_is_host(key, host) for host in row.hosts):
            return row
        if how == "env" and _holds_key(key.upper(), row.env):
            return row
        if how == "model" and any(fits(key, glob) for glob in row.models):
            return row
        if how == "class" and any(_same(one, name) for one in keys for name in row.classes):
            return row
    return None


def _is_host(name: str, host: str) -> bool:
    """Whether a name is a host or lies below it, also where a region is put before it
    (`us-central1-aiplatform.googleapis.com`).
    """
    return name == host or name.endswith((f".{host}", f"-{host}"))


def _holds_key(name: str, known: tuple[str, ...]) -> bool:
    """Whether a variable holds a key: `NORAE_API_KEY` is also spelled `NORAE_KEY`, `NORAE_APIKEY`
    and `NO_RAE_API_KEY`.
    """
    if name in known:
        return True
    stem = name.removesuffix("_KEY")
    if stem != name and len(stem) > 3 and f"{stem}_API_KEY" in known:
        return True
    joined = name.replace("_", "")
    return joined.endswith("APIKEY") and any(joined == one.replace("_", "") for one in known)


_KEY_OF = re.compile(r"(?P<who>[A-Z][A-Z0-9]{2,30}(?:_[A-Z0-9]{2,20}){0,2})_API_?KEY")
_NOBODYS = frozenset(
    {
        # What a project calls its own, and what says nothing of whose it is.
        *("ACCESS", "ADMIN", "AGENT", "API", "APP", "ASR", "AUDIO", "AUTH", "BACKEND", "BASE"),
        *("BOT", "CHAT", "CLIENT", "CUSTOM", "DATABASE", "DEFAULT", "DUMMY", "EMBED", "EMBEDDING"),
        *("EMBEDDINGS", "ENTERPRISE", "EVAL", "EXAMPLE", "EXTERNAL", "FIRST", "MISSING", "SECOND"),
        *("THIRD", "FAKE", "FALLBACK", "FRONTEND", "GATEWAY"),
        *("IMAGE", "INTERNAL", "JUDGE", "LARGE", "LLM", "LOCAL", "MASTER", "MODEL", "MODELS"),
        *("PRIMARY", "PRIVATE", "PROVIDER", "PROXY", "PUBLIC", "REMOTE", "RERANK", "RERANKER"),
        *("ROOT", "ROUTER", "SEARCH", "SECRET", "SERVER", "SERVICE", "SMALL", "SOME", "STT"),
        *("TARGET", "TEST", "TEXT", "TOOL", "TTS", "USER", "VECTOR", "VISION", "VLM", "WEB"),
        *("WEATHER", "YOUR", "THE", "NEWS", "MAP", "MAPS", "SPEECH", "TRANSLATE", "GRAPH"),
        # Software that one runs oneself, and hubs.
        *("CHROMA", "COMFYUI", "ELASTIC", "ELASTICSEARCH", "FLOWISE", "GITHUB", "GITLAB"),
        *("GRAPHRAG", "LIGHTRAG", "DIFY", "FASTGPT", "ANYTHINGLLM", "KOBOLD", "TABBY"),
        *("HUGGING", "HUGGINGFACE", "HUGGINGFACEHUB", "LANGFLOW", "LITELLM", "LMSTUDIO"),
        *("LOCALAI", "MEILI", "MEILISEARCH", "MILVUS", "MINIO", "MLFLOW", "NEWAPI", "OLLAMA"),
        *("ONEAPI", "OPENSEARCH", "OPENWEBUI", "QDRANT", "RAGFLOW", "REDIS", "SEARXNG", "SGLANG"),
        *("TGI", "TYPESENSE", "VLLM", "WEAVIATE", "WEBUI", "XINFERENCE"),
        # What has nothing to do with models or data.
        *("AUTH0", "CLERK", "CLOUDINARY", "DATADOG", "FIREBASE", "MAILGUN", "MIXPANEL", "PAYPAL"),
        *("POSTMARK", "PYPI", "RESEND", "SEGMENT", "SENDGRID", "SENTRY", "STRIPE"),
    }
)
"""Words in the names of keys that lead to no hosted service of a model."""


def keyed_service(variable: str) -> str:
    """Whose a key says it is, in lower case with dashes: `norae` of `NORAE_API_KEY`; `""` where it
    says nothing of a provider.
    """
    match = _KEY_OF.fullmatch(variable)
    if match is None or not _NOBODYS.isdisjoint(match["who"].split("_")):
        return ""
    return match["who"].lower().replace("_", "-")


def _same(name: str, pattern: str) -> bool:
    """`langchain_openai.ChatOpenAI` is also `langchain_openai.chat_models.ChatOpenAI`; `x.*` is any
    class below x; a package of npm is itself.
    """
    if ":" in pattern:
        return name == pattern
    package, _, last = pattern.rpartition(".")
    inside = name.startswith(f"{package}.")
    return inside and (last == "*" or name.rpartition(".")[2] == last)


_SERVERS = frozenset(
    {
        *("hosted_vllm", "litellm_proxy", "lm_studio", "ollama", "ollama_chat", "palm", "petals"),
        *("text-completion-openai", "xinference"),
    }
)
"""Words before the name of a model that no account of the hub bears."""
_RELAYS: dict[str, tuple[str, ...]] = {
    "anyscale": (),
    "baseten": (),
    "groq": ("groq",),
    "openai": (
        *("whisper", "clip", "gpt2", "gpt-2", "gpt-oss", "imagegpt", "jukebox", "shap-e"),
        *("point-e", "consistency", "diffusers", "privacy", "safeguard", "openai"),
    ),
    "replicate": (),
}
"""Accounts of the hub that are also asked for models of others, and what the names have in them of
those that they publish themselves.
"""


_ONLY_SERVED = {"google": "gemini-", "anthropic": "claude-", "x-ai": "grok-", "openai": "gpt-5"}
"""What the models of an account are called that are only served. Routers spell them like ids."""


def is_relayed(name: str) -> bool:
    """Whether `owner/name` asks an interface for a model of somebody else's (`openai/llama3.1-70b`,
    `ollama/llama3`), and is no id of the hub.
    """
    owner, _, last = name.lower().partition("/")
    own = _RELAYS.get(owner)
    return (owner in _SERVERS or last.startswith(_ONLY_SERVED.get(owner, "/"))) or (
        own is not None and not any(word in last for word in own) and not hub_table.statements(name)
    )


def is_routed(knowledge: Knowledge, name: str) -> bool:
    """Whether `owner/name` is how a router spells a model of a provider (`azure/gpt-4o`), and no id
    of the hub.
    """
    owner, _, last = name.partition("/")
    rows = [row for row in knowledge.services if f"{owner}/*" in row.models]
    if not rows:
        return False
    if knowledge.by_owner("hub", owner) is None:
        return True
    return any(fits(last, glob) for row in rows for glob in row.models if "/" not in glob)
