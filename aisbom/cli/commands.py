"""Commands on Typer: loaded when they are called, with help that stays plain text.

Typer's coloured help needs rich at every `--help`; it and the commands themselves are imported only
where they are used, so that `aisbom --help` costs little more than Typer itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from aisbom.cli.exit_codes import DONE, USAGE
from aisbom.errors import UsageError

EXIT_CODES = (
    "0 done, or the policy holds",
    "1 the policy is violated (with --strict: or undecided)",
    "2 usage or configuration error",
    "3 nothing, or less than the required coverage, could be collected",
    "4 a stage failed: a defect of aisbom",
    "5 a signature or a verification does not hold",
)

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_SYNONYMS = {"scan": "generate", "sbom": "generate", "why": "explain", "help": "--help"}
"""What other tools call these."""


class Entry(NamedTuple):
    """One command of the program, known without importing it."""

    module: str
    section: str
    summary: str


class Command(TyperCommand):
    """A command with its options in sections (`rich_help_panel` of each) and errors on one line."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then one section for each panel of options."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                argument = parameter.param_type_name == "argument"
                panel = "Arguments" if argument else _panel(parameter)
                sections.setdefault(panel, []).append(record)
        # Every command has --help, which belongs to no panel: last.
        for title in sorted(sections, key=lambda title: title == "Other options"):
            with formatter.section(title):
                formatter.write_dl(sections[title])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the epilog as it stands: its lines are examples."""
        _verbatim(self.epilog, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments. Raises UsageError, which names the argument at fault."""
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            raise UsageError(_sentence(error, ctx)) from None


class Group(TyperGroup):
    """A command with commands below it. Errors are one line, with the nearest known command."""

    entries: ClassVar[Mapping[str, Entry]] = {}
    """Commands that are imported when they are called, beside those that are registered."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands in the order of the help."""
        return [*self.entries, *self.commands]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, imported now; None where there is none."""
        if cmd_name in self.entries and cmd_name not in self.commands:
            app = import_module(self.entries[cmd_name].module).app
            self.commands[cmd_name] = typer.main.get_command(app)
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the summaries, section by section, without importing one command."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, entry.summary))
        for name, command in self.commands.items():
            if name not in self.entries:
                sections.setdefault("Commands", []).append((name, command.get_short_help_str(80)))
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the epilog as it stands: its lines are examples."""
        _verbatim(self.epilog, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what stands before the command; without any argument the help is shown."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            raise typer.Exit
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            raise UsageError(_sentence(error, ctx)) from None
        except typer.Exit as left:
            # Typer says 1 where it cannot complete for a shell: here that is a violated policy.
            raise typer.Exit(USAGE if left.exit_code else DONE) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that `args` begin with. Raises UsageError with the nearest known name."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known:
            meant = _SYNONYMS.get(name)
            near = [meant] if meant in (*known, "--help") else get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
            raise UsageError(f"no command {name!r} in `{ctx.command_path}`; {hint}")
        return name, self.get_command(ctx, name), args[1:]


def new_app(**more: Any) -> typer.Typer:
    """An application whose help is plain and whose errors are left to the caller.

    `more` is what `typer.Typer` takes beside that: `cls`, `help`, `epilog`, `name`.
    """
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        **{"cls": Group, "add_completion": False, **more},
    )


def command(
    app: typer.Typer, name: str | None = None, examples: Sequence[str] = ()
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register a function that returns an exit code as a command of `app`.

    A parameter whose type is a dataclass stands for one option a field, and arrives as an instance.
    `examples` are shown under the help, with the exit codes.
    """
    lines = ["Examples:", *(f"  {line}" for line in examples), ""] if examples else []
    epilog = "\n".join([*lines, "Exit codes:", *(f"  {line}" for line in EXIT_CODES)])

    def register(function: Callable[..., int]) -> Callable[..., int]:
        app.command(name, cls=Command, epilog=epilog, context_settings=_SETTINGS)(_spread(function))
        return function

    return register


def _spread(function: Callable[..., int]) -> Callable[..., int]:
    """The function with the fields of its dataclass parameters as parameters of their own."""
    hints = get_type_hints(function, include_extras=True)
    groups: dict[str, Any] = {}
    spread: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        kind = hints[name]
        if not is_dataclass(kind):
            spread.append(parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        groups[name] = kind
        own = get_type_hints(kind, include_extras=True)
        spread += [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=(inspect.Parameter.empty if field.default is MISSING else field.default),
                annotation=own[field.name],
            )
            for field in fields(kind)
        ]

    def run(**given: Any) -> int:
        for name, kind in groups.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        return function(**given)

    run.__doc__ = function.__doc__
    run.__name__ = function.__name__
    run.__signature__ = inspect.Signature(spread)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in spread}
    return run


def _panel(parameter: Any) -> str:
    return getattr(parameter, "rich_help_panel", None) or "Other options"


def _verbatim(text: str | None, formatter: Any) -> None:
    if text:
        formatter.write_paragraph()
        formatter.write("".join(f"{line}\n" for line in text.split("\n")))


def _sentence(error: typer.TyperException, ctx: Any) -> str:
    """What is wrong, which argument it is, and what to write instead, on one line."""
    see = f"see `{ctx.command_path} --help`"
    option = str(getattr(error, "option_name", ""))
    if hasattr(error, "possibilities"):
        known = [name for parameter in ctx.command.get_params(ctx) for name in parameter.opts]
        near = get_close_matches(option, known, 1)
        return f"no option {option}; " + (f"did you mean {near[0]}?" if near else see)
    parameter = getattr(error, "param", None)
    message = " ".join(error.format_message().split()).rstrip(".")
    if parameter is not None and message.startswith("Invalid value"):
        name = max(parameter.opts, key=len) if parameter.opts else parameter.name
        return f"{name}: {' '.join(error.message.split()).rstrip('.')}; {see}"
    return f"{message[:1].lower()}{message[1:]}; {see}"
