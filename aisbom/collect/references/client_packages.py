"""Packages of clients of hosted services."""

from __future__ import annotations

CLIENTS: tuple[str, ...] = (
    *(
        "openai",
        "anthropic",
        "cohere",
        "mistralai",
        "groq",
        "together",
        "fireworks",
        "replicate",
        "litellm",
        "dashscope",
        "qianfan",
        "tencentcloud",
    ),
    *(
        "google.generativeai",
        "google.genai",
        "vertexai",
        "huggingface_hub",
        "zhipuai",
        "zai",
        "ai21",
        "aleph_alpha_client",
        "voyageai",
    ),
    *(
        "cerebras.cloud.sdk",
        "writerai",
        "xai_sdk",
        "elevenlabs",
        "deepgram",
        "assemblyai",
        "nomic",
        "volcenginesdkarkruntime",
        "friendli",
    ),
    *(
        "langchain_openai",
        "langchain_anthropic",
        "langchain_google_genai",
        "langchain_google_vertexai",
        "langchain_cohere",
    ),
    *(
        "langchain_mistralai",
        "langchain_groq",
        "langchain_together",
        "langchain_fireworks",
        "langchain_aws",
        "langchain_upstage",
    ),
    *(
        "langchain_deepseek",
        "langchain_xai",
        "langchain_nvidia_ai_endpoints",
        "langchain_community.chat_models",
        "langchain.chat_models",
    ),
    *("langchain_community.llms", "langchain_community.embeddings", "langchain_naver"),
    *(
        "langchain.llms",
        "langchain.embeddings",
        "llama_index.llms",
        "llama_index.embeddings",
        "tencentcloud.hunyuan",
        "ibm_watsonx_ai",
    ),
    *(
        "gigachat",
        "yandex_cloud_ml_sdk",
        "sambanova",
        "pplx",
        "boto3",
        "azure.ai.inference",
        "azure.ai.translation",
        "azure.cognitiveservices.speech",
        "google.cloud.speech",
        "google.cloud.texttospeech",
        "google.cloud.translate",
        "google.cloud.vision",
        *("google.cloud.speech_v1", "google.cloud.speech_v2", "google.cloud.translate_v2"),
        *("google.cloud.translate_v3", "aip", "transformers.integrations", "snowflake.cortex"),
        "googletrans",
        "deepl",
        "deep_translator",
        "wandb",
        "modal",
        "ngrok",
        "pyngrok",
        "twelvelabs",
        "sarvamai",
        "typecast",
        "speechmatics",
        "cartesia",
        "reka",
        "predibase",
        "fal_client",
        "sensenova",
        "dspy",
        "pydantic_ai",
        "instructor",
        "aisuite",
        "crewai",
        "smolagents",
        "pytorch_lightning.loggers",
        "lightning.pytorch.loggers",
        "ollama",
        *("tavily", "langchain_tavily", "serpapi", "exa_py", "firecrawl"),
        *("langchain_community.tools", "langchain_community.utilities", "posthog"),
        *("langchain.tools", "langchain.utilities", "langchain.document_loaders"),
        *("langchain.retrievers", "langchain.vectorstores"),
        *("langsmith", "comet_ml", "swanlab", "langchain_openrouter"),
        *("pinecone", "weaviate", "linkup", "azure.search.documents", "edge_tts", "contextual"),
        *("vectara", "llama_parse", "llama_cloud_services", "zep_cloud", "fish_audio_sdk"),
        *("novita_client", "maritalk", "langchain_community.vectorstores", "databricks_langchain"),
        *("langchain_ai21", "langchain_cerebras", "langchain_databricks", "langchain_gigachat"),
        *("langchain_ibm", "langchain_perplexity", "langchain_snowflake", "langchain_sambanova"),
        *("langchain_voyageai", "langchain_writer", "langchain_nomic", "langchain_pinecone"),
        *("langchain_linkup", "langchain_vectara", "langchain_huggingface", "langchain_apify"),
        *("langchain_astradb", "langchain_scrapegraph", "langchain_aimlapi"),
        *("langchain_community.document_loaders", "langchain_community.retrievers"),
        *("adobe", "agentops", "algoliasearch", "apify_client", "arize", "astrapy"),
        *("azure.ai.documentintelligence", "azure.ai.formrecognizer", "braintrust"),
        *("browserbase", "clarifai", "clearml", "composio", "composio_langchain"),
        *("composio_openai", "cozepy", "daytona", "daytona_sdk", "ddgs", "duckduckgo_search"),
        *("chatlib", "e2b", "e2b_code_interpreter"),
        *("finnhub", "google.cloud.documentai", "google.cloud.documentai_v1", "googlemaps"),
        *("haystack.components", "hume", "lmnt", "lumaai", "mem0", "neptune", "newsapi"),
        *("nlpcloud", "octoai", "polygon", "portkey_ai", "pyht", "pyowm", "reducto", "resemble"),
        *("arxiv", "runwayml", "scrapegraph_py", "scrapingbee", "semanticscholar", "tripo3d"),
        *("turbopuffer", "upstash_redis", "upstash_vector", "wolframalpha", "twilio"),
        *("vonage", "rev_ai", "wit", "langchain_mongodb", "llama_index.vector_stores"),
    ),
)
"""Packages of clients of hosted services: a call of something imported from them is shown to the
knowledge, which knows whose it is.
"""

CLIENT_ROOTS = frozenset(name.partition(".")[0] for name in CLIENTS)

SCRIPT_CLIENTS = frozenset(
    {
        *("openai", "@ai-sdk/openai", "@langchain/openai", "@azure/openai", "@ai-sdk/azure"),
        *("posthog-js", "posthog-node", "duck-duck-scrape"),
        *("@anthropic-ai/sdk", "@ai-sdk/anthropic", "@langchain/anthropic"),
        *("@google/generative-ai", "@google/genai", "@ai-sdk/google", "@langchain/google-genai"),
        *("@google-cloud/vertexai", "@ai-sdk/google-vertex", "@langchain/google-vertexai"),
        *("@aws-sdk/client-bedrock-runtime", "@ai-sdk/amazon-bedrock", "@aws-sdk/client-polly"),
        *("@aws-sdk/client-transcribe", "@aws-sdk/client-translate", "@ai-sdk/gateway"),
        *("cohere-ai", "@ai-sdk/cohere", "@langchain/cohere", "@mistralai/mistralai"),
        *("@ai-sdk/mistral", "@langchain/mistralai", "groq-sdk", "@ai-sdk/groq", "@langchain/groq"),
        *("replicate", "@ai-sdk/replicate", "together-ai", "@ai-sdk/togetherai"),
        *("@ai-sdk/fireworks", "@ai-sdk/deepinfra", "@ai-sdk/deepseek", "@ai-sdk/xai"),
        *("@ai-sdk/perplexity", "@ai-sdk/cerebras", "@cerebras/cerebras_cloud_sdk"),
        *("@huggingface/inference", "@openrouter/ai-sdk-provider", "elevenlabs", "deepl-node"),
        *("@elevenlabs/elevenlabs-js", "@ai-sdk/elevenlabs", "@deepgram/sdk", "@ai-sdk/deepgram"),
        *("assemblyai", "@fal-ai/client", "@fal-ai/serverless-client", "@ai-sdk/fal", "voyageai"),
        *("@tavily/core", "exa-js", "@mendable/firecrawl-js", "langsmith", "edge-tts"),
        *("@azure/search-documents", "@pinecone-database/pinecone", "@langchain/pinecone"),
        "llama-cloud-services",
        "@e2b/code-interpreter",
        *("@ai-sdk/black-forest-labs", "@ai-sdk/gladia", "@ai-sdk/hume", "@ai-sdk/klingai"),
        *("@ai-sdk/lepton", "@ai-sdk/lmnt", "@ai-sdk/luma", "@ai-sdk/assemblyai"),
        *("@ai-sdk/moonshotai", "@ai-sdk/baseten", "@ai-sdk/huggingface"),
        *("@browserbasehq/sdk", "@composio/core", "composio-core", "@coze/api"),
        *("@datastax/astra-db-ts", "@daytonaio/sdk", "@googlemaps/js-api-loader"),
        *("@helicone/helpers", "@heygen/streaming-avatar", "@humeai/voice-react", "hume"),
        *("@runwayml/sdk", "@turbopuffer/turbopuffer", "@upstash/ratelimit", "@upstash/redis"),
        *("@upstash/vector", "algoliasearch", "apify-client", "braintrust", "lumaai", "playht"),
        *("twilio", "@vonage/server-sdk", "revai-node-sdk"),
        *("portkey-ai", "microsoft-cognitiveservices-speech-sdk", "@google-cloud/speech"),
        *("@google-cloud/text-to-speech", "@google-cloud/translate", "@google-cloud/vision"),
        *("@google-cloud/aiplatform", "@google-cloud/documentai", "@aws-sdk/client-textract"),
        *("@aws-sdk/client-bedrock-agent-runtime", "@langchain/aws", "@langchain/deepseek"),
        *("@langchain/exa", "@langchain/tavily", "@langchain/xai", "@langchain/azure-openai"),
        *("@llamaindex/anthropic", "@llamaindex/cohere", "@llamaindex/google"),
        *("@llamaindex/groq", "@llamaindex/mistral", "@llamaindex/deepseek"),
        *("@genkit-ai/googleai", "@genkit-ai/google-genai", "@genkit-ai/vertexai"),
        *("@cartesia/cartesia-js", "@livekit/agents-plugin-deepgram"),
        *("@livekit/agents-plugin-elevenlabs", "@livekit/agents-plugin-cartesia"),
    }
)
"""Packages of npm that are clients of hosted services; the knowledge knows whose (`npm:` and the
name).
"""

_LANGCHAINGO = "go:github.com/tmc/langchaingo"
_LANGCHAIN4J = "java:dev.langchain4j"
_SPRING_AI = "java:org.springframework.ai"

COMPILED_CLIENTS = frozenset(
    {
        *("go:github.com/sashabaranov/go-openai", "go:github.com/openai/openai-go"),
        *("java:com.openai", "java:com.theokanning.openai", "java:com.aallam.openai", "cs:OpenAI"),
        *("rust:async_openai", f"{_LANGCHAINGO}/llms/openai", f"{_LANGCHAIN4J}.model.openai"),
        *(f"{_SPRING_AI}.openai", f"{_SPRING_AI}.azure.openai", f"{_LANGCHAIN4J}.model.azure"),
        *("java:com.azure.ai.openai", "cs:Azure.AI.OpenAI"),
        "go:github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai",
        *("go:github.com/anthropics/anthropic-sdk-go", "java:com.anthropic", "cs:Anthropic"),
        *(f"{_LANGCHAINGO}/llms/anthropic", f"{_LANGCHAIN4J}.model.anthropic"),
        *(f"{_SPRING_AI}.anthropic", "go:google.golang.org/genai", "java:com.google.genai"),
        *("go:github.com/google/generative-ai-go", f"{_LANGCHAINGO}/llms/googleai"),
        *(f"{_LANGCHAIN4J}.model.googleai", f"{_LANGCHAINGO}/llms/googleai/vertex"),
        *("go:cloud.google.com/go/vertexai", "java:com.google.cloud.vertexai"),
        *(f"{_LANGCHAIN4J}.model.vertexai", f"{_SPRING_AI}.vertexai"),
        "go:github.com/aws/aws-sdk-go-v2/service/bedrockruntime",
        *("java:software.amazon.awssdk.services.bedrockruntime", "cs:Amazon.BedrockRuntime"),
        *("rust:aws_sdk_bedrockruntime", f"{_LANGCHAINGO}/llms/bedrock"),
        *(f"{_LANGCHAIN4J}.model.bedrock", f"{_SPRING_AI}.bedrock"),
        *("go:github.com/cohere-ai/cohere-go", "java:com.cohere", f"{_LANGCHAINGO}/llms/cohere"),
        *(f"{_LANGCHAIN4J}.model.cohere", f"{_LANGCHAINGO}/llms/mistral"),
        *(f"{_LANGCHAIN4J}.model.mistralai", f"{_SPRING_AI}.mistralai"),
        *("go:github.com/gage-technologies/mistral-go", f"{_LANGCHAIN4J}.model.voyageai"),
        *(f"{_LANGCHAINGO}/embeddings/voyageai", f"{_LANGCHAINGO}/embeddings/jina"),
        *(f"{_LANGCHAIN4J}.model.jina", f"{_LANGCHAINGO}/llms/huggingface"),
        *(f"{_LANGCHAINGO}/embeddings/huggingface", f"{_LANGCHAIN4J}.model.huggingface"),
        *(f"{_LANGCHAIN4J}.model.watsonx", "java:com.ibm.watsonx", f"{_LANGCHAINGO}/llms/watsonx"),
        *(f"{_LANGCHAIN4J}.model.ovhai", f"{_LANGCHAINGO}/llms/maritaca"),
        *(f"{_LANGCHAINGO}/llms/ernie", f"{_LANGCHAIN4J}.community.model.qianfan"),
        *("java:com.alibaba.dashscope", "java:com.alibaba.cloud.ai.dashscope"),
        *(f"{_LANGCHAIN4J}.community.model.dashscope", f"{_LANGCHAIN4J}.community.model.zhipu"),
        *("java:com.zhipu.oapi", "java:ai.z.openapi", f"{_SPRING_AI}.zhipuai"),
        *(f"{_SPRING_AI}.minimax", f"{_SPRING_AI}.moonshot", f"{_SPRING_AI}.deepseek"),
        *(
            "go:github.com/volcengine/volcengine-go-sdk/service/arkruntime",
            "java:com.volcengine.ark",
        ),
        *(f"{_LANGCHAINGO}/llms/cloudflare", f"{_LANGCHAINGO}/tools/perplexity"),
        *(f"{_LANGCHAIN4J}.web.search.tavily", f"{_LANGCHAIN4J}.web.search.searchapi"),
        *(f"{_LANGCHAIN4J}.web.search.google", f"{_LANGCHAINGO}/tools/serpapi"),
        *(f"{_LANGCHAINGO}/tools/metaphor", f"{_LANGCHAINGO}/tools/zapier"),
        *("go:github.com/pinecone-io/go-pinecone", "java:io.pinecone"),
        *(f"{_LANGCHAIN4J}.store.embedding.pinecone", f"{_LANGCHAINGO}/vectorstores/pinecone"),
        *("java:com.azure.search.documents", f"{_LANGCHAINGO}/vectorstores/azureaisearch"),
        *(f"{_LANGCHAIN4J}.store.embedding.azure.search", f"{_LANGCHAIN4J}.model.github"),
        *("rust:rig::providers::openai", "rust:rig::providers::anthropic"),
        *("rust:rig::providers::cohere", "rust:rig::providers::gemini"),
        *("rust:rig::providers::deepseek", "rust:rig::providers::groq"),
        *("rust:rig::providers::mistral", "rust:rig::providers::perplexity"),
        *("rust:rig::providers::together", "rust:rig::providers::xai"),
        *("rust:rig::providers::openrouter", "rust:rig::providers::moonshot"),
        *("cs:Microsoft.SemanticKernel.Connectors.AzureOpenAI", "cs:Mscc.GenerativeAI"),
        "cs:Microsoft.SemanticKernel.Connectors.Google",
        "cs:Microsoft.SemanticKernel.Connectors.MistralAI",
        *("go:github.com/henomis/cohere-go", "go:github.com/henomis/langfuse-go"),
        *("go:github.com/liushuangls/go-anthropic", "go:github.com/cohesion-org/deepseek-go"),
        *(
            f"go:github.com/cloudwego/eino-ext/components/model/{name}"
            for name in ("openai", "ark", "deepseek", "qwen", "gemini", "claude")
        ),
        f"{_LANGCHAINGO}/tools/duckduckgo",
        "go:github.com/firebase/genkit/go/plugins/googlegenai",
        *("go:github.com/haguro/elevenlabs-go", "go:github.com/deepgram/deepgram-go-sdk"),
    }
)
"""Packages of Go (`go:`), of Java and what runs beside it (`java:`), of .NET (`cs:`) and Rust
(`rust:`) that are clients of hosted services.
"""

FRAMEWORKS = (
    *("agno.models", "autogen_ext.models", "haystack_integrations.components.generators"),
    *("haystack_integrations.components.embedders", "livekit.plugins", "llama_index.embeddings"),
    *("llama_index.llms", "llama_index.multi_modal_llms", "llama_index.postprocessor"),
    *("phi.model", "pipecat.services", "pydantic_ai.models", "semantic_kernel.connectors.ai"),
    "strands.models",
)
"""Frameworks that have a module per provider, whose name says whom a client asks."""
_SPELT = {
    "amazon_bedrock": "bedrock",
    "aws": "bedrock",
    "aws_bedrock": "bedrock",
    "azure_ai_inference": "azure_ai",
    "azure_inference": "azure_ai",
    "bedrock_converse": "bedrock",
    "cohere_rerank": "cohere",
    "fireworks": "fireworks_ai",
    "google": "gemini",
    "google_ai": "gemini",
    "google_genai": "gemini",
    "grok": "xai",
    "huggingface_api": "huggingface",
    "jinaai": "jina_ai",
    "jinaai_rerank": "jina_ai",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "nvidia": "nvidia_nim",
    "open_ai": "openai",
    "together": "together_ai",
    "vertex": "vertex_ai",
    "voyageai": "voyage",
}
"""What modules are called whose provider routers call otherwise."""
_NOBODYS = frozenset(
    {
        *("azure", "base", "huggingface", "langchain", "llama_cpp", "lmstudio", "ollama", "vllm"),
        *("openai_like", "silero", "turn_detector", "whisper", "local", "instrumented", "test"),
    }
)
"""Modules of what runs on one's own machine, and of more than one service of a provider."""


def find_provider(name: str) -> str:
    """The provider whose client in a framework a dotted name is, as routers spell it:
    `pipecat.services.deepgram.stt.DeepgramSTTService`; `""` where it is none. Whether a service of
    that name is known, the knowledge says.
    """
    for framework in FRAMEWORKS:
        if name.startswith(f"{framework}."):
            module, _, rest = name.removeprefix(f"{framework}.").partition(".")
            if rest and module not in _NOBODYS:
                return _SPELT.get(module, module)
    return ""
