"""Make aisbom/licences/texts.bin from a folder of ScanCode's licence data: digests only, no text is kept.

    python tools/licence_texts.py FOLDER

FOLDER holds `*.LICENSE` files with YAML front matter (`docs/` of https://github.com/aboutcode-org/scancode-licensedb, or
`licensedcode/data/licenses/` of the licensedcode-data and scancode-toolkit-mini distributions). That data is Copyright (c) nexB Inc.
and others, CC-BY-4.0 (https://scancode-licensedb.aboutcode.org); the identifiers are those of the SPDX Licence List.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from array import array
from pathlib import Path

import yaml

from aisbom.licences.reference import MAGIC
from aisbom.licences.words import LONG, SPARSE, shingles, words

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "aisbom" / "licences"

# Words that take from a licence, or add to it: where a text has one that the licence it looks like has not, it is another licence.
TERMS = (
    "commons clause", "non commercial", "noncommercial", "monthly active users", "modified mit", "modified apache",
    "llvm exceptions", "classpath exception", "linking exception", "runtime library exception", "special exception", "additional terms",
    "additional conditions", "additional restrictions", "research purposes only", "research use only", "evaluation purposes",
    "acceptable use",
    "nuclear", "military", "advertising materials", "responsible use", "prohibited uses", "use restrictions", "competing",
    "prominently display", "may not be sold", "internal use", "production use", "trial", "for personal use", "no commercial",
)  # fmt: skip


def main(folder: Path) -> None:
    """Write the digests of the texts in `folder`."""
    with (HERE / "licence_keys.csv").open(encoding="utf-8", newline="") as stream:
        own = {row["key"]: row["id"] for row in csv.DictReader(line for line in stream if not line.startswith("#"))}
    texts = []
    hashes = array("I")
    for path in sorted(folder.glob("*.LICENSE")):
        _, front, text = (path.read_text("utf-8") + "\n").split("---\n", 2)
        about = yaml.safe_load(front)
        listed = about.get("spdx_license_key") or ""
        name = own.get(about["key"]) or ("" if listed.startswith("LicenseRef-") else listed)
        if name in ("", "-") or about.get("is_deprecated"):
            continue
        given = words(text).words
        if len(given) < 12:
            continue
        found = shingles(given)
        rate = SPARSE if len(given) > LONG else 1
        kept = sorted({value for value in found if value % rate == 0})
        hashes.extend(kept)
        line = " ".join(given)
        texts.append(
            {
                "id": name,
                "key": about["key"],
                "rate": rate,
                "words": len(given),
                "count": len(kept),
                "exact": hashlib.sha256(line.encode()).hexdigest()[:16],
                "terms": [number for number, term in enumerate(TERMS) if f" {term} " in f" {line} "],
                "exception": bool(about.get("is_exception")),
            }
        )
    header = {
        "source": "https://scancode-licensedb.aboutcode.org",
        "licence": "CC-BY-4.0, Copyright (c) nexB Inc. and others",
        "terms": TERMS,
        "texts": texts,
    }
    if sys.byteorder == "big":
        hashes.byteswap()
    target = DATA / "texts.bin"
    target.write_bytes(MAGIC + json.dumps(header, separators=(",", ":")).encode() + b"\n" + hashes.tobytes())
    print(f"{len(texts)} texts, {len(hashes)} digests, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
