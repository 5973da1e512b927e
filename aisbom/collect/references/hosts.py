"""The hosts of addresses: which are nobody's, pages, one's own machine or a private network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from aisbom.lazy_module import compile_later

_NO_HOST = frozenset('%{}<>"^`|\\ ')
"""What no host holds, but a pattern for one may."""
_NO_INTERFACE = compile_later(
    r"(?:^|[.\-_])(?:your|my|placeholder|foo|bar|xxx+)(?:[.\-_:]|$)"
    r"|^(?:docs?|help|blog|support)\."
    r"|(?:^|\.)(?:test|mock|dummy|fake)\.(?:com|org|net|io)$"
)
"""Hosts that an example makes up, and those of documentation."""
_PAGES = compile_later(
    r"(?:^|\.)(?:github\.com|githubusercontent\.com|gitlab\.com|huggingface\.co|hf\.co|pypi\.org"
    r"|modelscope\.cn|readthedocs\.io|arxiv\.org|example\.(?:com|org|net)|provider\.com"
    r"|your[\w\-]*\.com)(?::\d+)?$"
)


def is_no_interface(host: str) -> bool:
    """Whether an example makes a host up, or it holds documentation."""
    return _NO_INTERFACE.search(host) is not None


def is_page(host: str) -> bool:
    """Whether a host holds code, models, packages or papers, which are told as such, or is nobody's
    (`example.com`): no service.
    """
    return _PAGES.search(host) is not None


def host_of(url: str) -> str:
    """The host of an http(s) or wss URL in lower case with its port if it has one, else `""`;
    nothing behind it is kept. `https://...` has none, nor has a pattern (`https://%s.example.org`).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "wss") or not parts.hostname:
        return ""
    if not any(map(str.isalnum, parts.hostname)) or set(parts.hostname) & _NO_HOST:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host.lower() + (f":{port}" if port else "")


def own_machine(host: str) -> bool:
    """Whether a host is the machine that it is written on."""
    name = _bare_host(host)
    address = _address(name)
    return name in ("localhost", "host.docker.internal") or (
        address is not None and (address.is_loopback or address.is_unspecified)
    )


def private(host: str) -> bool:
    """Whether a host is this machine or a private network: a server of one's own, no service."""
    name = _bare_host(host)
    if name in ("", "localhost", "host.docker.internal") or name.endswith(
        (".local", ".internal", ".localhost", ".lan", ".svc", ".test")
    ):
        return True
    address = _address(name)
    if address is None:
        return "." not in name  # the name of a container
    return (
        address.is_private or address.is_loopback or address.is_unspecified or address.is_link_local
    )


def _bare_host(host: str) -> str:
    name = host
    if "]" in host:
        name = host[: host.index("]")]
    elif host.count(":") == 1:
        name = host.partition(":")[0]
    return name.strip("[]")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
