"""The arguments and options that commands share, each with its words in one place."""

from __future__ import annotations

import locale
from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from aisbom.cli import complete

QUESTION = "What is asked"
READING = "What is read"
SHOWING = "What is shown"

Query = Annotated[
    str, typer.Argument(metavar="QUERY", help="a purl, a name, a path, or a claim: c-3f9a12d07b44")
]
Source = Annotated[
    str,
    typer.Argument(
        metavar="SBOM|PATH",
        help="a document of aisbom (- is standard input), or what `generate` takes",
        show_default=False,
    ),
]
TextOrJson = Annotated[
    Literal["text", "json"],
    typer.Option("--format", help="form of the answer", rich_help_panel=SHOWING),
]


def locale_language() -> Literal["en", "ko"]:
    """The language of the user's locale where a catalogue has it, else English."""
    name = locale.getlocale()[0] or ""
    return "ko" if name.lower().startswith(("ko", "korean")) else "en"


Language = Annotated[
    Literal["en", "ko"] | None,
    typer.Option(
        "--lang", help="language of the answer (default: the locale's, else en)",
        rich_help_panel=SHOWING,
    ),
]  # fmt: skip
Home = Annotated[
    str,
    typer.Option(
        "--home",
        metavar="CC[,CC...]",
        help="home jurisdiction: ISO 3166-1 alpha-2 codes or a group such as EU",
        rich_help_panel=QUESTION,
    ),
]
ShippedProfile = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help=f"where core ends: {', '.join(complete.list_shipped('profiles'))} (default model)",
        autocompletion=complete.profiles,
        rich_help_panel=QUESTION,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="leave out what matches, beside what the configuration leaves out (repeatable)",
        rich_help_panel=READING,
    ),
]
Hash = Annotated[
    Literal["none", "sampled", "full"] | None,
    typer.Option(
        "--hash",
        help="weight bytes (default full up to 2 GiB, sampled above)",
        rich_help_panel=READING,
    ),
]
SigningKey = Annotated[
    str,
    typer.Option(
        "--key", metavar="KEY", help="a private key of yours (PEM)", rich_help_panel=QUESTION
    ),
]
SignedPolicy = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="NAME|FILE",
        help="the policy whose verdict goes in, too (default: as in `check`)",
        autocompletion=complete.policies,
        rich_help_panel=QUESTION,
    ),
]
SignersKey = Annotated[
    str,
    typer.Option(
        "--key",
        metavar="PUB",
        help="the signer's public key or certificate (PEM)",
        rich_help_panel=QUESTION,
    ),
]


@dataclass(frozen=True, slots=True)
class Scanning:
    """The options of every command that scans."""

    home: Home = ""
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME|FILE",
            help=f"where core ends: {', '.join(complete.list_shipped('profiles'))} (default model)",
            autocompletion=complete.profiles,
            rich_help_panel=QUESTION,
        ),
    ] = ""
    exclude: Exclude = None
    python: Annotated[
        str,
        typer.Option(
            "--python",
            metavar="PATH",
            help="also read the distributions installed in this environment (it is never run)",
            rich_help_panel=READING,
        ),
    ] = ""
    hash: Hash = None
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            metavar="N",
            help="processes (default: one per core)",
            show_default=False,
            rich_help_panel=READING,
        ),
    ] = 0
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="read every file again", rich_help_panel=READING),
    ] = False
    knowledge: Annotated[
        str,
        typer.Option(
            "--knowledge",
            metavar="DIR",
            help="a folder with your own organisations.csv (default: the configuration's)",
            rich_help_panel=READING,
        ),
    ] = ""
    config: Annotated[
        str,
        typer.Option(
            "--config",
            metavar="FILE",
            help="default: aisbom.toml or [tool.aisbom] in pyproject.toml at PATH",
            rich_help_panel=READING,
        ),
    ] = ""
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="ask the package index and the model hub what is left open",
            rich_help_panel=READING,
        ),
    ] = False
    online_report: Annotated[
        bool,
        typer.Option(
            "--online-report",
            help="with --online: list on standard error what was asked, and the answers' addresses",
            rich_help_panel=READING,
        ),
    ] = False
    vulnerabilities: Annotated[
        bool,
        typer.Option(
            "--vulnerabilities",
            help="ask osv.dev for known vulnerabilities, through pip-audit (uses the network)",
            rich_help_panel=QUESTION,
        ),
    ] = False
    osv_url: Annotated[
        str,
        typer.Option(
            "--osv-url",
            metavar="URL",
            help="another service of OSV for --vulnerabilities",
            rich_help_panel=QUESTION,
        ),
    ] = ""
    advisories: Annotated[
        str,
        typer.Option(
            "--advisories",
            metavar="DIR|ZIP",
            help="known vulnerabilities from files in the format of OSV; no network",
            rich_help_panel=QUESTION,
        ),
    ] = ""
    vex: Annotated[
        str,
        typer.Option(
            "--vex",
            metavar="FILE",
            help="what somebody states about vulnerabilities (OpenVEX or CycloneDX)",
            rich_help_panel=QUESTION,
        ),
    ] = ""
    tree_says: Annotated[
        Literal["everything", "declarations"] | None,
        typer.Option(
            "--tree-says",
            help=(
                "what the tree's own configuration counts for (default everything; declarations"
                " where --policy lies outside of the tree)"
            ),
            rich_help_panel=READING,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Answering:
    """In which form and language a command answers."""

    form: TextOrJson = "text"
    language: Language = None


@dataclass(frozen=True, slots=True)
class Talking:
    """How much a command says."""

    quiet: Annotated[
        bool,
        typer.Option("-q", "--quiet", help="say nothing but errors", rich_help_panel=SHOWING),
    ] = False
    verbose: Annotated[
        bool,
        typer.Option(
            "-v",
            "--verbose",
            help="list every gap, and show where a defect of aisbom lies",
            rich_help_panel=SHOWING,
        ),
    ] = False
