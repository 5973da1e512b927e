"""Which names in one expression get their values together: parameters of one function, by the call,
and targets of one loop, by the turn.

The file that one call names does not lie in the folder that another call does.
"""

from __future__ import annotations

import ast
from itertools import islice

from aisbom.collect.references.python_names import Scope, reaching

MAX_NODES = 64
"""Parts of an expression that are looked at."""


def find_shared(node: ast.AST, scope: Scope) -> str | ast.AST | None:
    """What two names of an expression, or one that stands in it twice, get their values from: the
    function whose parameters they are, or what a loop goes through.
    """
    seen: list[str | ast.AST] = []
    for part in islice(ast.walk(node), MAX_NODES):
        if isinstance(part, ast.Name):
            sources: list[str | ast.AST] = []
            for binding in reversed(reaching(scope.names.get(part.id, []), part.lineno)[-4:]):
                if binding.parameter:
                    sources.append(binding.parameter[0])
                elif binding.path[:1] == ("*",) and binding.node is not None:
                    sources.append(binding.node)
            for source in sources:
                if any(source is other or source == other for other in seen):
                    return source
            seen += sources
    return None
