"""Hosted services that Python code asks over HTTP with a key, without a client of theirs:
`requests.post(URL, headers={"X-API-KEY": key})`.

What is had without a key (a file, a page) is no service that a product depends on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from aisbom.collect.references.expressions import Module
from aisbom.collect.references.hosts import host_of, is_page, private
from aisbom.collect.references.python_names import Call, Scope
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Row

_SIGN = compile_later(rb"\b(?:requests|httpx)\.(?:get|post|put|request)\(")
_ASKS = compile_later(r"(?:requests|httpx)\.(?P<how>get|post|put|request)")
_KEYED = compile_later(
    r"authorization|bearer|api[-_]?key|x-api|subscription-key"
    r"|(?<![a-z])(?:key|token|appid|access_token)['\"]?\s*[=:]",
    re.IGNORECASE,
)
MAX_WORDS = 4_000


def is_used(data: bytes) -> bool:
    """Whether a source file holds a request."""
    return (b"requests." in data or b"httpx." in data) and _SIGN.search(data) is not None


def rows(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """The services that calls of one module ask with a key."""
    for call in module.calls:
        match = _ASKS.fullmatch(call.name)
        if match is None:
            continue
        node = module.argument(call, int(match["how"] == "request"), ("url",))
        address = _address(module, node, call.scope)
        host = host_of(address)
        if not host or private(host) or is_page(host):
            continue
        if _KEYED.search(address) or any(map(_KEYED.search, _read_request_arguments(module, call))):
            at, words = place(call.node.lineno)
            yield from source.service(
                host.partition(":")[0], "class", at, words, endpoint=host, authenticated="yes"
            )


def _address(module: Module, node: ast.expr | None, scope: Scope) -> str:
    """The URL that an expression stands for, or how it begins; `""` where that is not settled."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value if node.func.attr == "format" else node
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    if isinstance(node, ast.BinOp):
        node = node.left
    found = {text.value for text in module.texts(node, scope) if "://" in text.value}
    return found.pop() if len(found) == 1 else ""


def _read_request_arguments(module: Module, call: Call) -> Iterator[str]:
    """The words of headers and parameters."""
    for keyword in call.node.keywords:
        if keyword.arg in ("headers", "params", "json", "data", "files", "auth"):
            node = keyword.value
            bound = module.bound(node, call.scope) if isinstance(node, ast.Name) else [node]
            for one in bound:
                yield ast.unparse(one)[:MAX_WORDS]
