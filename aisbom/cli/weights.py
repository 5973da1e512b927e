"""`aisbom weights`: what weight files hold, and whether two models have a common origin."""

from __future__ import annotations

from aisbom.cli import weights_reference
from aisbom.cli.commands import command, new_app
from aisbom.cli.weights_compare import compare
from aisbom.cli.weights_inspect import inspect
from aisbom.cli.weights_parents import parents
from aisbom.cli.weights_sketch import sketch

app = new_app(help="What weight files hold. Nothing in them is run.")
command(app, "inspect", examples=("aisbom weights inspect models/mini --hash full",))(inspect)
command(app, "sketch", examples=("aisbom weights sketch models/mini -o mini.sketch",))(sketch)
command(app, "compare", examples=("aisbom weights compare base/ tuned/ --plot hits.svg",))(compare)
command(app, "parents", examples=("aisbom weights parents merged/ first/ second/",))(parents)
app.add_typer(weights_reference.app, name="reference")
