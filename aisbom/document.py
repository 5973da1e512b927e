"""One tree to one document: all stages as one call, which the commands and whoever scans many trees
in one process share. A second tree costs no second start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from aisbom import pipeline
from aisbom.bom import Bom
from aisbom.bom.build import build
from aisbom.bom.compact import compact
from aisbom.collect.run import Progress
from aisbom.emit import emit
from aisbom.judge import Judgement
from aisbom.model import Scan
from aisbom.pipeline import Options


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """What was found, how it was judged, both as one bill with every claim, and the document as
    bytes: none where no file was read, since nothing scanned is never nothing found.
    """

    scan: Scan
    judgement: Judgement
    bill: Bom
    data: bytes

    @property
    def complete(self) -> bool:
        """Whether every reader came to its end: what one that crashed left out may be there the
        next time.
        """
        return all(gap.kind != "crashed" for gap in self.scan.gaps)


def scan_document(  # noqa: PLR0913  what the command line can say, by name
    path: Path,
    options: Options | None = None,
    *,
    home: Sequence[str] = (),
    unapplied: Sequence[str] = (),
    form: str = "json",
    spec_version: str = "1.6",
    claims: Literal["core", "all"] = "core",
    progress: Progress | None = None,
) -> ScannedDocument:
    """The document of a folder or archive, with the bytes that `aisbom generate` writes of it.

    What the tree's own configuration says is no part of it unless the caller puts it into `options`
    (`aisbom.config.load`). `home` are jurisdictions (ISO 3166-1 alpha-2, or groups); `unapplied`
    are words of that configuration that were not followed; `form` is `json` or `xml`; of claims,
    `core` leaves routine ones about dependencies out. Raises UsageError for options that cannot be
    followed; unreadable input is a Gap in the scan.
    """
    options = options or Options()
    scan, judgement = scan_and_judge(
        path, options, home=home, unapplied=unapplied, progress=progress
    )
    bill = build(scan, judgement)
    if dict(scan.facts).get("read") == "0":
        return ScannedDocument(scan, judgement, bill, b"")
    written = compact(bill) if claims == "core" else bill
    return ScannedDocument(scan, judgement, bill, emit(written, form, spec_version))


def scan_and_judge(
    path: Path,
    options: Options,
    *,
    home: Sequence[str] = (),
    unapplied: Sequence[str] = (),
    progress: Progress | None = None,
) -> tuple[Scan, Judgement]:
    """The scan and its judgement alone, for the same arguments."""
    scan = pipeline.scan(path, options, progress)
    if unapplied:
        rows = (("unapplied", words) for words in unapplied)
        scan = replace(scan, facts=tuple(sorted({*scan.facts, *rows})))
    return scan, pipeline.measure(scan, options.profile, home)
