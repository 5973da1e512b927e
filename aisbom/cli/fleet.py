"""`aisbom fleet`: many submissions as one catalogue."""

from __future__ import annotations

from aisbom.cli.commands import command, new_app
from aisbom.cli.fleet_match import match, rescore
from aisbom.cli.fleet_query import ask, query
from aisbom.cli.fleet_scan import scan
from aisbom.cli.fleet_tables import compact, export
from aisbom.cli.fleet_watch import report, watch

app = new_app(help="Many submissions as one catalogue that can be asked. Needs aisbom[fleet].")
command(
    app,
    "scan",
    examples=(
        "aisbom fleet scan submissions/* -o catalogue --home KR --round 1",
        "aisbom fleet scan list.csv -o s3://bucket/catalogue --scheduler tcp://host:8786",
    ),
)(scan)
command(
    app,
    "query",
    examples=('aisbom fleet query catalogue "SELECT kind, count(*) FROM components GROUP BY ALL"',),
)(query)
command(
    app,
    "ask",
    examples=("aisbom fleet ask catalogue", "aisbom fleet ask catalogue holders llama"),
)(ask)
command(app, "export", examples=("aisbom fleet export catalogue -o tables --format arrow",))(export)
command(app, "compact", examples=("aisbom fleet compact catalogue",))(compact)
command(
    app, "rescore", examples=("aisbom fleet rescore catalogue --profile eu-cloud-sovereignty",)
)(rescore)
command(
    app,
    "match",
    examples=("aisbom fleet match catalogue --common starter-kit",),
)(match)
command(app, "report", examples=("aisbom fleet report catalogue -o fleet.html",))(report)
command(
    app,
    "watch",
    examples=("aisbom fleet watch list.csv -o s3://bucket/catalogue",),
)(watch)
