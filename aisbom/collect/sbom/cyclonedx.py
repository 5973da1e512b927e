"""CycloneDX 1.2 to 1.7 of any tool: components, models with their data sets, services, edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisbom.collect.models import hub
from aisbom.collect.python.metadata import clean
from aisbom.collect.sbom.foreign import (
    Document,
    Edge,
    Part,
    Service,
    dicts,
    generic,
    get_list,
    hash_facts,
    hub_model,
    page_purl,
    purl_of,
    some,
    text,
)

VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})

_LINKS = frozenset({"website", "vcs", "distribution", "source-distribution"})


def read(stated: dict[str, Any], version: str) -> Document:
    """The document. `version` is that of the format."""
    metadata = stated.get("metadata")
    found = Document(f"CycloneDX {version}", tuple(_tools(metadata)))
    waiting: list[tuple[dict[str, Any], str, str]] = []
    subject = metadata.get("component") if isinstance(metadata, dict) else None
    if isinstance(subject, dict):
        waiting.append((subject, "", "/metadata/component"))
    elif subject is not None:
        found.faults.append(("/metadata/component", "metadata.component is not an object: skipped"))
    waiting += [
        (component, "", pointer) for component, pointer in dicts(found, stated, "components", "")
    ]
    waiting.reverse()
    while waiting:
        component, above, pointer = waiting.pop()
        part = _component(found, component, above, pointer)
        if part:
            found.parts.append(part)
            _data_sets(found, component, part)
        nested = [
            (inner, part.ref if part else above, at)
            for inner, at in dicts(found, component, "components", pointer)
        ]
        waiting += reversed(nested)
    _services(found, stated)
    for dependency, pointer in dicts(found, stated, "dependencies", ""):
        source = text(dependency, "ref")
        for target in get_list(found, dependency, "dependsOn", pointer):
            if source and isinstance(target, str):
                found.edges.append(Edge(source, clean(target, 500), "depends-on", source))
    return found


def _tools(metadata: Any) -> Iterator[str]:
    tools = metadata.get("tools") if isinstance(metadata, dict) else None
    every = (
        [tools]
        if isinstance(tools, list)
        else [tools.get("components"), tools.get("services")]
        if isinstance(tools, dict)
        else []
    )
    for rows in every:
        for tool in rows if isinstance(rows, list) else ():
            yield text(tool, "name")


def _component(found: Document, component: dict[str, Any], above: str, pointer: str) -> Part | None:
    name, group = text(component, "name"), text(component, "group")
    if not name:
        found.faults.append((pointer, "a component without a name: skipped"))
        return None
    version = text(component, "version")
    ref = text(component, "bom-ref") or text(component, "purl") or pointer
    # A reference may be a purl; without any, the name is all there is.
    stated_purl = text(component, "purl", 1000)
    links = [
        (text(link, "type", 40), text(link, "url"))
        for link in some(component.get("externalReferences"))
    ]
    candidate = stated_purl or (ref if ref.startswith("pkg:") else "")
    if not candidate and text(component, "type") in ("machine-learning-model", "data"):
        pages = (page_purl(url, version) for _, url in links)
        candidate = next((page for page in pages if page), "")
    purl, own = purl_of(found, pointer, candidate, version) or (generic(group, name, version), "")
    facts = [
        ("type", text(component, "type", 60)),
        ("cpe", text(component, "cpe")),
        ("bom-scope", text(component, "scope", 20)),
    ]
    facts += _licences(component.get("licenses"))
    for stated in some(component.get("hashes")):
        facts += hash_facts(text(stated, "alg"), text(stated, "content"))
    supplier = (
        text(component.get("supplier"), "name")
        or text(component.get("manufacturer"), "name")
        or text(component, "publisher")
    )
    facts.append(("supplier", supplier))
    facts += _ancestors(component.get("pedigree"))
    facts += _model_card(component.get("modelCard"))
    for kind, url in links:
        if kind in _LINKS and url.startswith(("https://", "http://", "git")):
            facts.append(("project-url", f"{kind}, {url}"))
    return Part(
        ref,
        f"{group}/{name}" if group else name,
        version or own,
        purl,
        tuple(facts),
        pointer,
        stated_purl,
        above,
        subject=pointer == "/metadata/component",
    )


def _ancestors(stated: Any) -> list[tuple[str, str]]:
    """The models that a pedigree names as ancestors, by their ids on the hub."""
    found = []
    for ancestor in some(stated.get("ancestors") if isinstance(stated, dict) else None):
        named = hub_model(text(ancestor, "purl", 1000)) or hub.model_id(
            "/".join(filter(None, (text(ancestor, "group"), text(ancestor, "name"))))
        )
        found.append(("base-model", named))
    return found


def _model_card(card: Any) -> list[tuple[str, str]]:
    """Task and data sets; a reference to a data set of the document is an edge."""
    parameters = card.get("modelParameters") if isinstance(card, dict) else None
    if not isinstance(parameters, dict):
        return []
    named = [text(one, "name") for one in some(parameters.get("datasets"))]
    return [("pipeline-tag", text(parameters, "task", 60)), *(("dataset", name) for name in named)]


def _data_sets(found: Document, component: dict[str, Any], model: Part) -> None:
    """The data sets of a model: described in its card, or elsewhere in the document."""
    card = component.get("modelCard")
    parameters = card.get("modelParameters") if isinstance(card, dict) else None
    for one, pointer in dicts(found, parameters, "datasets", f"{model.pointer}/modelCard"):
        ref, name = text(one, "ref"), text(one, "name")
        if ref:
            found.edges.append(Edge(model.ref, ref, "depends-on", model.ref))
            continue
        if not name:
            found.faults.append((pointer, "a data set without a name: skipped"))
            continue
        contents = one.get("contents")
        address = text(contents, "url")
        purl = page_purl(address, "") or generic("", name, "")
        facts = [("type", "data"), ("used-for", "training")]
        if address.startswith(("https://", "http://")):
            facts.append(("project-url", f"distribution, {address}"))
        found.parts.append(Part(pointer, name, "", purl, tuple(facts), pointer, above=model.above))
        found.edges.append(Edge(model.ref, pointer, "depends-on", model.ref))


def _services(found: Document, stated: dict[str, Any]) -> None:
    """The services, those inside others too."""
    waiting = list(dicts(found, stated, "services", ""))
    while waiting:
        service, pointer = waiting.pop(0)
        waiting += dicts(found, service, "services", pointer)
        name = text(service, "name")
        if not name:
            found.faults.append((pointer, "a service without a name: skipped"))
            continue
        provider = service.get("provider")
        addresses = some(provider.get("url")) if isinstance(provider, dict) else []
        urls = [clean(url, 500) for url in some(service.get("endpoints")) if isinstance(url, str)]
        found.services.append(
            Service(
                text(service, "bom-ref") or pointer,
                name,
                pointer,
                tuple(urls),
                text(provider, "name"),
                next((clean(url, 500) for url in addresses if isinstance(url, str)), ""),
                service.get("authenticated") is True,
            )
        )


def _licences(stated: Any) -> list[tuple[str, str]]:
    """One expression or identifier is an expression; several side by side do not say how they
    combine, and stay words.
    """
    entries = [entry for entry in some(stated) if isinstance(entry, dict)]
    exact = [text(e, "expression") or text(e.get("license"), "id") for e in entries]
    if len(entries) == 1 and exact[0]:
        return [("license-expression", exact[0])]
    return [
        ("license", one or text(entry.get("license"), "name", 200))
        for one, entry in zip(exact, entries, strict=True)
    ]
