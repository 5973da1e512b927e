"""Hosted services and their models in settings: keys, addresses, and what is asked of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aisbom.collect.parsed.nodes import Node
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.key_words import words
from aisbom.collect.references.rows import Source
from aisbom.model import Row

URL_KEYS = frozenset({"api_base", "base_url", "openai_api_base", "api_url", "endpoint_url"})


_HOLDERS = frozenset(
    {"args", "entries", "init_args", "items", "kwargs", "list", "options", "params", "sources"}
)
"""Keys that say of what they hold no more than the one above them does."""


def list_keyed(source: Source, name: str, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
    """The key of a service. Beside an address it is that server's, which the address tells."""
    hosts = [
        host
        for other, value in holder.items()
        if _is_base(str(other), name) and (host := host_of(str(value)))
    ]
    if not hosts:
        yield from source.service(name, "env", node.at, name, authenticated="yes")
    elif not private(hosts[0]):
        host = hosts[0].partition(":")[0]
        yield from source.service(host, "host", node.at, name, endpoint=hosts[0])


def list_routed(source: Source, text: str, node: Node, holder: Mapping[str, Any]) -> Iterator[Row]:
    """litellm: `provider/model`; with an `api_base` of one's own it is one's own server, which
    the key of the base says.
    """
    base = str(holder.get("api_base") or "")
    host = host_of(base)
    if base and (not host or private(host)):
        return
    keyed = "yes" if holder.get("api_key") else ""
    more = {"model": text, "authenticated": keyed, **({"endpoint": host} if host else {})}
    yield from source.service(text, "model", node.at, node.excerpt, **more)


def list_served(source: Source, text: str, host: str, node: Node) -> Iterator[Row]:
    """`groq_llm: {api_key: ..., model: ...}`: a model that the provider serves, whose name
    stands above, or whose address beside it.
    """
    above = nearest_keys(node.path)[1]
    named = [f"{word}/{text}" for word in words(above)] if not host else [text]
    for name in named:
        more = {"model": text, **({"endpoint": host} if host else {})}
        yield from source.service(name, "model", node.at, node.excerpt, **more)


def served_at(holder: Mapping[str, Any]) -> str | None:
    """The host at which the client of these settings asks for a model, `""` where only a key says
    that it asks somebody; None where nothing does, or where it asks a server of one's own.
    """
    bases = [str(value) for key, value in holder.items() if key in URL_KEYS and value]
    if bases:
        host = host_of(bases[0])
        return host if host and not private(host) else None
    keyed = any({"api", "key"} <= set(words(str(key))) for key in holder)
    return "" if keyed else None


def nearest_keys(path: tuple[str | int, ...]) -> tuple[str, str]:
    """(the nearest key that is no number, the next one above it that says something): `path`,
    `datasets`.
    """
    keys = [part for part in path if isinstance(part, str)]
    above = [key for key in keys[:-1] if key not in _HOLDERS] or keys[:-1]
    return (keys[-1] if keys else ""), (above[-1] if above else "")


def _is_base(key: str, of: str) -> bool:
    """Whether a key holds the address of the server that the key `of` is for: `base_url`, and
    `OPENAI_API_BASE` of `OPENAI_API_KEY`.
    """
    told = words(key)
    ends = "_".join(told).endswith(("base_url", "api_base", "endpoint", "api_url", "host"))
    return ends and (key.lower() in URL_KEYS or told[0] in words(of))
