"""Hosted services that Python code reaches: clients by what they are imported from, routers by the
model that they are asked for, variables that hold a key, hosts.

A client that speaks to any server, with a base URL that is not settled, names no provider; that of
one provider names it (`Anthropic(base_url=host)`, `AzureOpenAI(azure_endpoint=os.environ[...])`). A
base URL in a private network is a server of one's own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aisbom.collect.models import hub_names
from aisbom.collect.references import client_packages, loaders
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.hosts import host_of, is_page, private
from aisbom.collect.references.key_words import KEY
from aisbom.collect.references.python_names import Call, Scope
from aisbom.collect.references.python_tables import NONE, ScopedNode
from aisbom.collect.references.python_values import Text
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import Module as LazyModule
from aisbom.lazy_module import compile_later
from aisbom.model import Row

if TYPE_CHECKING:
    from aisbom.collect.references import variables
else:
    variables = LazyModule("aisbom.collect.references.variables")

_URL = re.compile(r"(?:https?|wss)://[^\s'\"<>{}]+")
_HOST_END = re.compile(r"\.((?:[\w\-]{1,63}\.){1,5}[a-z]{2,12})(?::\d{1,5})?(?:/[^\s'\"<>{}]*)?")
"""The end of a host in an f-string: `https://{region}.tts.example.com/v1`."""
_API = re.compile(
    r"(?:^|[.\-])(?:api|aip|apigw|inference|router|gateway|dashscope|generativelanguage|bigmodel"
    r"|speech|delivery|translate|translator|openapi|arcb)",
    re.IGNORECASE,
)
_INTERFACE = re.compile(
    r"_?(?:[A-Z0-9]+_)*(?:API|ENDPOINT|BASE_URL)(?:_(?:BASE|URL|ENDPOINT|HOST|ROOT|BASE_URL))*"
)
"""A constant that holds the address of an interface: `_API`, `FRED_API_BASE`, `S3_BASE_URL`."""
_LOCAL_INTERFACE = compile_later(r"[a-z0-9]+(?:_[a-z0-9]+)*_api_(?:base|url|endpoint|base_url)")
"""A variable that holds one: `weather_api_url`."""
_OF_FILES = re.compile(r"(?:dl|downloads?|cdn|files|static|weights|assets|media|releases)\d?\.")
"""Hosts that files lie at."""
_BASES = (
    "base_url",
    "api_base",
    "openai_api_base",
    "azure_endpoint",
    "endpoint",
    "endpoint_url",
    "server_url",
    "host",
    "api_url",
    "api_host",
)
_MIN_TABLE = 3
"""Addresses of a table that leads from providers to where they are asked."""
_MODELS = ("model", "model_name", "model_id", "deployment_name", "engine", "deployment_id")
_KEYED = ("api_key", "openai_api_key", "api_token", "token", "credentials", "anthropic_api_key")
_BOTO = ("bedrock", "sagemaker-runtime", "transcribe", "polly", "translate", "comprehend")
_AMAZONS = frozenset({"boto3", "boto3.Session", "aioboto3", "aioboto3.Session", "aiobotocore"})
"""Packages whose sessions make clients: `session.client("bedrock-runtime")`."""
# Functions that are clients, of packages whose clients are classes.
_FUNCTIONS = frozenset(
    {
        "litellm",
        "replicate",
        "dashscope",
        "ollama",
        "wandb",
        "openai",
        "fal_client",
        "voyageai",
        "ngrok",
        "pyngrok",
        *("pinecone", "weaviate", "agentops", "braintrust", "clearml", "neptune", "posthog"),
    }
)
_NOT_CALLS = frozenset({"init_chat_model", "init_embeddings"})
# Clients that speak to any server of that interface.
_ANYBODYS = re.compile(r"openai\.|huggingface_hub\.|langchain.*\.(?:Azure)?(?:Chat)?OpenAI")
# One client, many providers: `azure/gpt-4o`, `openai:gpt-4o`.
_ROUTERS = re.compile(
    r"litellm\.|langchain\.(?:chat_models|embeddings)\.(?:base\.)?init_|dspy\.LM$|dspy\.Embedder$"
    r"|pydantic_ai\.Agent$|instructor\.from_provider$|aisuite\.|any_llm\.|ell\.simple$"
    r"|livekit\.agents\.inference\.|openai_harmony\.|smolagents\.LiteLLMModel$|crewai\.LLM$|agno\."
)
_HOOK = compile_later(r"Wandb\w{0,20}(?:Hook|Backend|Callback|Logger)")
"""What OpenMMLab and others register: `dict(type="WandbLoggerHook")`."""
_TRACKED = frozenset({"report_to", "log_with", "logger", "loggers", "tracker"})
_OPENAI_CLASSES = frozenset({"OpenAI", "AsyncOpenAI", "AzureOpenAI", "ChatOpenAI"})

_SPEAK_OPENAI = ("openai.", "litellm.", "langchain", "llama_index.")


def services(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """The rows of one module."""
    settled = _Module(module)
    for call in module.calls:
        if _ROUTERS.match(call.name):
            yield from _router_model(module, call, source, place)
        yield from _client(settled, call, source, place)
        yield from _framework_client(module, call, source, place)
    yield from _read_inherited_clients(module, source, place)
    yield from _read_given_clients(module, source, place)
    yield from _clients_of_addresses(module, source, place)
    yield from _variables(settled, source, place)
    yield from _interfaces(module, source, place)
    yield from _tables_of_interfaces(module, source, place)
    yield from _hosts(module, source, place)
    yield from _asked_for(module, source, place)
    yield from _trackers(module, source, place)


def _asked_for(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """Names of models that are only served: which service is asked for them, the rest of the scan
    says.
    """
    found: dict[str, int] = {}
    for node in module.strings:
        text = node.value if isinstance(node.value, str) and node.value.count("/") < 3 else ""
        # Behind the names of a router and a provider: `router/provider/gpt-4o`.
        name = text.rpartition("/")[2]
        if hub_names.HOSTED.fullmatch(name):
            found.setdefault(name, node.lineno)
    for name, line in list(found.items())[:16]:
        yield from source.service(name, "model", *place(line), model=name, named_by="word")


def _trackers(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """`report_to="wandb"`, `get_tracker("wandb")`, a hook of that name: a trainer sends its metrics
    there.
    """
    for call in module.calls:
        if call.name.endswith(".get_tracker") and call.node.args:
            for text in module.texts(call.node.args[0], call.scope):
                if text.value == "wandb":
                    yield from source.service("wandb.init", "class", *place(call.node.lineno))
    for entry in module.entries:
        if entry.name in _TRACKED:
            for text in module.texts(entry.node, entry.scope):
                if text.value == "wandb":
                    yield from source.service("wandb.init", "class", *place(text.line))
        elif entry.name == "type" and isinstance(entry.node, ast.Constant):
            hook = entry.node.value if isinstance(entry.node.value, str) else ""
            if _HOOK.fullmatch(hook):
                yield from source.service("wandb.init", "class", *place(entry.node.lineno))


class _Module:
    """One module, and what it sets for all calls of OpenAI's old client (`openai.api_base`)."""

    def __init__(self, module: Module) -> None:
        self.module = module
        told = {"api_base": [], "api_type": [], "base_url": []}  # type: dict[str, list[Text] | None]
        spoken = "openai" in module.names.imports.values()
        for entry in module.entries if spoken else ():
            if entry.name in told and not entry.holder:
                texts = module.texts(entry.node, entry.scope)
                known = told[entry.name]
                told[entry.name] = None if known is None or not texts else [*known, *texts]
        self.azure = any(text.value == "azure" for text in told["api_type"] or ())
        bases = told["api_base"]
        self.open_base = bases is None
        self.hosts = [host for text in bases or () if (host := host_of(text.value))]


def _router_model(module: Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """The provider stands in the name of the model, or beside it (`model_provider="openai"`)."""
    node = module.argument(call, 0, ("model", "model_id", "model_name"))
    beside = {t.value for t in _texts(module, call, "model_provider")}
    beside |= {t.value for t in _texts(module, call, "custom_llm_provider")}
    hosts = _bases(module, call)
    own = hosts is None or any(private(host) for host in hosts)
    for text in module.texts(node, call.scope) if node is not None else ():
        name = text.value
        if not re.fullmatch(r"[\w.\-/:@]{2,100}", name):
            continue
        if len(beside) == 1 and "/" not in name and ":" not in name:
            name = f"{next(iter(beside))}/{name}"
        at, words = place(text.line)
        if not own:
            yield from source.service(name, "model", at, words, model=name)
        elif hosts:
            yield from source.service(name, "model", at, words, endpoint=hosts[0], model=name)


def _client(settled: _Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """A client of one provider, with its models and hosts."""
    module, name = settled.module, _name_of(settled.module, call)
    if not name:
        return
    hosts = _bases(module, call)
    if hosts is None:
        if name.rpartition(".")[2] in _OPENAI_CLASSES and "Azure" not in name:
            # It may reach any server: what settings ask for by the name of a served model tells.
            yield from source.service(name, "class", *place(call.node.lineno), named_by="client")
        if _is_anybodys(name) or _is_computed(call):
            return
        hosts = []
    if call.name.startswith(("openai.ChatCompletion", "openai.Completion", "openai.Embedding")):
        if settled.azure:
            name = "openai.AzureOpenAI"
        elif settled.open_base:
            return
        hosts = hosts or ([] if settled.azure else settled.hosts)
    authenticated = "yes" if any(k.arg in _KEYED for k in call.node.keywords) else ""
    at, words = place(call.node.lineno)
    models = sorted({text.value for key in _MODELS for text in _texts(module, call, key)})[:8]
    endpoints = list(dict.fromkeys(hosts)) or [""]
    for host in endpoints:
        yield from source.service(
            name, "class", at, words, endpoint=host, authenticated=authenticated
        )
    public = next((host for host in endpoints if host and not private(host)), "")
    if not hosts or public:
        for model in models:
            if re.fullmatch(r"[\w.\-/:@]{2,100}", model):
                yield from source.service(
                    *(name, "class", at, words),
                    endpoint=public,
                    model=model,
                    authenticated=authenticated,
                )


def _framework_client(module: Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """The client of a provider that a framework has in a module of its own."""
    provider = client_packages.find_provider(call.name)
    if not provider or not call.name.rpartition(".")[2][:1].isupper():
        return
    hosts = _bases(module, call)
    if hosts is None or any(map(private, hosts)):
        return  # perhaps a server of one's own
    if provider == "openai" and any(entry.name in _BASES for entry in module.entries):
        return  # which client has that address is not followed
    models = [text.value for key in _MODELS for text in _texts(module, call, key)]
    at, words = place(call.node.lineno)
    for model in models[:8] or ["-"]:
        more = {} if model == "-" else {"model": model}
        yield from source.service(f"{provider}/{model}", "model", at, words, **more)


def _is_anybodys(name: str) -> bool:
    """Whether a client speaks to any server of its interface, whosever it is."""
    low = name.lower()
    return "azure" not in low and (_ANYBODYS.match(name) is not None or "openai" in low)


def _is_computed(call: Call) -> bool:
    """Whether a function makes the base URL, such as one of a server that was just started; that of
    Azure is always one of Azure.
    """
    return "azure" not in call.name.lower() and any(
        keyword.arg in _BASES
        and isinstance(keyword.value, ast.Call)
        and not ast.unparse(keyword.value.func).endswith(("getenv", "environ.get"))
        for keyword in call.node.keywords
    )


def _read_inherited_clients(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """A client of one's own that is one of a provider (`class Ours(ChatAnthropic)`)."""
    for line, name in module.names.inherited:
        if _is_client_of_one(name):
            yield from source.service(name, "class", *place(line))


def _read_given_clients(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """The class of a provider's client that a function returns or a table holds: somebody else
    makes one of it.
    """
    given: list[ast.AST | None] = [
        binding.node
        for scopes in module.names.returns.values()
        for scope in scopes
        for binding in scope.names.get("return", ())
    ]
    given += [entry.node for entry in module.entries]
    for node in given:
        if isinstance(node, ast.Name) and _is_client_of_one(module.names.imports.get(node.id, "")):
            name = module.names.imports[node.id]
            yield from source.service(name, "class", *place(node.lineno))


def _tables_of_interfaces(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """A table of nothing but addresses, most of them of interfaces: `{"norae":
    "https://api.norae.ai/v1", ...}` leads from providers to where they are asked.
    """
    for entry in module.entries:
        values = entry.node.values if isinstance(entry.node, ast.Dict) else []
        nodes = [node for node in values[:64] if isinstance(node, ast.Constant)]
        urls = [
            node for node in nodes if isinstance(node.value, str) and _URL.fullmatch(node.value)
        ]
        hosts = [host_of(str(node.value)) for node in urls]
        asked = sum(_API.search(host) is not None for host in hosts)
        if len(urls) < _MIN_TABLE or len(urls) != len(values) or 2 * asked < len(urls):
            continue
        for node, host in zip(urls, hosts, strict=True):
            if host and _API.search(host) and not private(host):
                at, words = place(node.lineno)
                yield from source.service(host.partition(":")[0], "class", at, words, endpoint=host)


def _is_client_of_one(name: str) -> bool:
    """Whether a dotted name is that of a class that asks one provider and nobody else."""
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    known = root in client_packages.CLIENT_ROOTS and loaders.within(name, client_packages.CLIENTS)
    anybodys = _ANYBODYS.match(name) and "Azure" not in last
    return known and last[:1].isupper() and last not in _NOT_CALLS and not anybodys


def _clients_of_addresses(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """`NoraeClient(url="https://norae.ai/knn-service")`: whoever lives at that address is asked."""
    for call in module.calls:
        if not call.name.endswith("Client"):
            continue
        for keyword in call.node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if keyword.arg not in ("url", "endpoint") or not isinstance(value, str):
                continue
            host = host_of(value) if value.startswith("https://") else ""
            if host and not private(host) and not is_page(host):
                at, words = place(keyword.value.lineno)
                yield from source.service(host.partition(":")[0], "class", at, words, endpoint=host)


def _interfaces(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """`WEATHER_API_BASE = "https://..."`: the address of an interface, whosever it is."""
    for entry in module.entries:
        value = entry.node.value if isinstance(entry.node, ast.Constant) else None
        named = _INTERFACE.fullmatch(entry.name) or (
            not entry.holder and _LOCAL_INTERFACE.fullmatch(entry.name)
        )
        if not isinstance(value, str) or not named:
            continue
        host = host_of(value) if "://" in value and len(value) < 2000 else ""
        # Files that somebody published, and no interface.
        released = "/releases/" in value or _OF_FILES.match(host) is not None
        if host and not released and not private(host) and not is_page(host):
            at, words = place(entry.node.lineno)
            yield from source.service(host.partition(":")[0], "class", at, words, endpoint=host)


def _name_of(module: Module, call: Call) -> str:
    """The dotted name by which the knowledge knows the client that is called, or `""`."""
    name = call.name
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    if last in _OPENAI_CLASSES and name != last and root not in client_packages.CLIENT_ROOTS:
        # The client of another package, which is given a key.
        given = {keyword.arg for keyword in call.node.keywords}
        return f"openai.{last.removeprefix('Chat')}" if given & {"key", *_KEYED} else ""
    session = last == "client" and not _AMAZONS.isdisjoint(module.names.imports.values())
    if not session and (
        root not in client_packages.CLIENT_ROOTS
        or not loaders.within(name, client_packages.CLIENTS)
    ):
        return ""
    if session or name.startswith("boto3."):
        texts = module.texts(module.argument(call, 0, ("service_name",)), call.scope)
        found = [text.value for text in texts if text.value.startswith(_BOTO)]
        return f"boto3.client.{found[0].partition('-')[0]}" if found else ""
    if last in _NOT_CALLS or (not last[:1].isupper() and root not in _FUNCTIONS):
        return ""
    return name


def _variables(settled: _Module, source: Source, place: Place) -> Iterator[Row]:
    """Names of variables that hold a key, also those of a table and the fields of a class of
    settings (`deepl_api_key: str`). Where the file gives its clients a base URL that may be
    anybody's, the name of the key says nothing of the provider.
    """
    module = settled.module
    if settled.open_base or any(
        _ANYBODYS.match(call.name)
        and (_bases(module, call) is None or any(map(private, _bases(module, call) or ())))
        for call in module.calls
    ):
        return
    # Servers of one's own that speak the same language take a key of this name, too.
    spoken = any(call.name.startswith(_SPEAK_OPENAI) for call in module.calls) or any(
        isinstance(node.value, str) and "api.openai.com" in node.value for node in module.strings
    )
    for node in module.strings:
        if isinstance(node.value, str) and KEY.fullmatch(node.value):
            if node.value.startswith("OPENAI_") and not spoken:
                continue
            yield from source.service(node.value, "env", *place(node.lineno), authenticated="yes")
    for fields in module.names.settings:
        held = [variables.Variable(name.upper(), "", place(line)[0]) for line, name in fields]
        yield from variables.keys(held, source)


def _hosts(module: Module, source: Source, place: Place) -> Iterator[Row]:
    """Hosts that look like an interface of a service."""
    for node in module.strings:
        text = node.value
        if not isinstance(text, str) or len(text) > 2000 or "." not in text:
            continue
        host = ""
        if _URL.fullmatch(text):
            host = host_of(text)
        elif match := _HOST_END.fullmatch(text):
            host = match[1].lower()
        if host and _API.search(host) and "/docs" not in text and not private(host):
            yield from source.service(
                host.partition(":")[0], "host", *place(node.lineno), endpoint=host
            )


def _bases(module: Module, call: Call) -> list[str] | None:
    """The hosts that a client is given: none is the provider's own; None where it is not settled,
    and may be anybody's.
    """
    given: list[tuple[ast.expr, Scope]] = []
    for keyword in call.node.keywords:
        if keyword.arg in _BASES:
            given.append((keyword.value, call.scope))
        elif keyword.arg is None:
            values = module.values(keyword.value, call.scope)
            tables = [
                v for v in values if isinstance(v, ScopedNode) and isinstance(v.node, ast.Dict)
            ]
            made = call.name.rpartition(".")[2][:1].isupper()
            if not tables and made and _ANYBODYS.match(call.name):
                return None
            given += [pair for table in tables for pair in _bases_in(table)]
    hosts = []
    for node, scope in given:
        values = module.values(node, scope)
        mine = [
            host for value in values if isinstance(value, Text) and (host := host_of(value.value))
        ]
        if not mine and not any(value is NONE for value in values):
            return None
        hosts += mine
    return hosts


def _bases_in(table: ScopedNode) -> Iterator[tuple[ast.expr, Scope]]:
    if isinstance(table.node, ast.Dict):
        for key, value in zip(table.node.keys, table.node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in _BASES:
                yield value, table.scope


def _texts(module: Module, call: Call, keyword: str) -> Iterator[Text]:
    node = next((k.value for k in call.node.keywords if k.arg == keyword), None)
    if node is not None:
        yield from module.texts(node, call.scope)
