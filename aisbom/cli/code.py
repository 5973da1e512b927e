"""`aisbom code`: where source code comes from."""

from __future__ import annotations

from aisbom.cli import code_index
from aisbom.cli.code_compare import compare
from aisbom.cli.commands import command, new_app

app = new_app(help="Where source code comes from. Nothing is run.")
command(app, "compare", examples=("aisbom code compare src/model upstream/model --format json",))(
    compare
)
app.add_typer(code_index.app, name="index")
