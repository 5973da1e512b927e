"""Curves of growth on logarithmic axes, as an SVG file. Needs matplotlib, which nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def draw_growth(
    target: Path,
    title: str,
    axes: tuple[str, str],
    sizes: Sequence[float],
    curves: Mapping[str, Sequence[float]],
) -> None:
    """Draw one line a curve over the same sizes; `axes` names the horizontal and the vertical one.

    A grey line beside the first curve grows as fast as the sizes. The same numbers give the same
    bytes. Ends the program with a word where matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise SystemExit("--plot needs matplotlib: pip install matplotlib") from error
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "aisbom"})
    from matplotlib import pyplot

    figure, plot = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
    first = next(iter(curves.values()))
    linear = [first[0] * size / sizes[0] for size in sizes]
    plot.loglog(sizes, linear, color="0.75", linestyle="--", label="linear")
    for (name, values), mark in zip(curves.items(), "os^Dv<>", strict=False):
        plot.loglog(sizes, values, marker=mark, label=name)
    plot.set(title=title, xlabel=axes[0], ylabel=axes[1])
    plot.grid(visible=True, which="major", alpha=0.3)
    plot.legend(frameon=False)
    figure.savefig(target, metadata={"Date": None})
