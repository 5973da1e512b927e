"""YAML as plain values, built from parser events: no recursion, no tags that construct, bounded depth and number of nodes."""

from __future__ import annotations

from typing import Any

import yaml

from aisbom.walk import Unreadable

MAX_DEPTH = 64
MAX_NODES = 200_000

_PLAIN = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}


def load(text: str) -> Any:
    """The first document of `text`; timestamps stay text. Raises Unreadable."""
    loader = yaml.SafeLoader("")
    document: list[Any] = []
    stack: list[tuple[Any, list[Any]]] = [(document, [])]
    anchors: dict[str, Any] = {}
    nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            nodes += 1
            if nodes > MAX_NODES:
                raise Unreadable(f"more than {MAX_NODES:,} nodes: not read")
            if isinstance(event, yaml.DocumentEndEvent):
                break
            if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                if len(stack) > MAX_DEPTH:
                    raise Unreadable(f"nested more than {MAX_DEPTH} deep: not read")
                value: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
                _add(stack[-1], value)
                stack.append((value, []))
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
                continue
            elif isinstance(event, yaml.ScalarEvent):
                value = _scalar(loader, event)
                _add(stack[-1], value)
            elif isinstance(event, yaml.AliasEvent):
                # Only scalars: a shared collection grows with every use.
                value = anchors.get(event.anchor or "")
                _add(stack[-1], value if not isinstance(value, (list, dict)) else None)
                continue
            else:
                continue
            if event.anchor:
                anchors[event.anchor] = value
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(f"not YAML: {' '.join(str(error).split())[:160]}") from error
    return document[0] if document else None


def _add(top: tuple[Any, list[Any]], value: Any) -> None:
    holder, keys = top
    if isinstance(holder, list):
        holder.append(value)
    elif keys:
        holder[keys.pop()] = value
    else:
        keys.append(value if isinstance(value, (str, int, float, bool, type(None))) else str(value))


def _scalar(loader: yaml.SafeLoader, event: yaml.ScalarEvent) -> Any:
    tag = event.tag if event.tag and event.tag != "!" else loader.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
    if tag not in _PLAIN:
        return event.value
    return loader.construct_object(yaml.ScalarNode(tag, event.value))
