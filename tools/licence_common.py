"""Make aisbom/licences/common.bin: every run of words of the licences that are met most, as
digests, so that words of somebody's own inside such a text can be told from the licence's.

    python tools/licence_common.py FOLDER     FOLDER as for tools/licence_texts.py

The data is Copyright (c) nexB Inc. and others, CC-BY-4.0; no text is kept.
"""

from __future__ import annotations

import json
import sys
from array import array
from pathlib import Path

from aisbom.licences.common import COMMON, MAGIC
from aisbom.licences.words import shingles, words

TARGET = Path(__file__).resolve().parent.parent / "aisbom" / "licences" / "common.bin"


def main(folder: Path) -> None:
    """Write the digests of the texts of COMMON."""
    counts: dict[str, int] = {}
    hashes = array("I")
    for key in COMMON:
        raw = (folder / f"{key}.LICENSE").read_text("utf-8") + "\n"
        text = raw.split("---\n", 2)[2]
        values = sorted(set(shingles(words(text).words)))
        counts[key] = len(values)
        hashes.extend(values)
    if sys.byteorder == "big":
        hashes.byteswap()
    header = {"source": "https://scancode-licensedb.aboutcode.org", "counts": counts}
    data = json.dumps(header, separators=(",", ":")).encode()
    TARGET.write_bytes(MAGIC + data + b"\n" + hashes.tobytes())
    print(f"{len(counts)} texts, {len(hashes)} digests, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
