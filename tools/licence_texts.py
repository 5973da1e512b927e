"""Make aisbom/licences/texts.bin from a folder of ScanCode's licence data: digests only, no text is
kept.

    python tools/licence_texts.py FOLDER MORE            write the file
    python tools/licence_texts.py FOLDER MORE --check    match every text against it, as it is and changed in ways that change nothing

FOLDER holds `*.LICENSE` files with YAML front matter (`docs/` of
https://github.com/aboutcode-org/scancode-licensedb, or `licensedcode/data/licenses/` of the
licensedcode-data and scancode-toolkit-mini distributions). That data is Copyright (c) nexB Inc. and
others, CC-BY-4.0 (https://scancode-licensedb.aboutcode.org); the identifiers are those of the SPDX
Licence List. MORE holds the texts of licence_more.csv, each as `<key>.txt`.
"""  # noqa: E501

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from aisbom.licences import match
from aisbom.licences.reference import MAGIC, load, pack
from aisbom.licences.words import LONG, SPARSE, shingles, words

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "aisbom" / "licences"

# Words that take from a licence, or add to it: where a text has one that the licence it looks like
# has not, it is another licence.
TERMS = (
    "commons clause",
    "non commercial",
    "noncommercial",
    "monthly active users",
    "modified mit",
    "modified apache",
    "llvm exceptions",
    "classpath exception",
    "linking exception",
    "runtime library exception",
    "special exception",
    "additional terms",
    "additional conditions",
    "additional restrictions",
    "research purposes only",
    "research use only",
    "evaluation purposes",
    "acceptable use",
    "nuclear",
    "military",
    "advertising materials",
    "responsible use",
    "prohibited uses",
    "use restrictions",
    "competing",
    "prominently display",
    "may not be sold",
    "internal use",
    "production use",
    "trial",
    "for personal use",
    "no commercial",
)


def main(folder: Path, more: Path) -> None:
    """Write the digests of the texts in both folders."""
    own = {row["key"]: row["id"] for row in _table("licence_keys.csv")}
    texts: list[dict[str, object]] = []
    hashes: list[list[int]] = []
    for path in sorted(folder.glob("*.LICENSE")):
        _, front, text = (path.read_text("utf-8") + "\n").split("---\n", 2)
        about = yaml.safe_load(front)
        listed = about.get("spdx_license_key") or ""
        name = own.get(about["key"]) or ("" if listed.startswith("LicenseRef-") else listed)
        if name not in ("", "-") and not about.get("is_deprecated"):
            _add(texts, hashes, name, about["key"], text, exception=bool(about.get("is_exception")))
    for row in _table("licence_more.csv"):
        _add(
            texts,
            hashes,
            row["id"],
            row["key"],
            (more / f"{row['key']}.txt").read_text("utf-8"),
            exception=False,
        )
    packed, distinct = pack(hashes)
    header = {
        "source": "https://scancode-licensedb.aboutcode.org",
        "licence": "CC-BY-4.0, Copyright (c) nexB Inc. and others",
        "terms": TERMS,
        "shingles": distinct,
        "texts": texts,
    }
    target = DATA / "texts.bin"
    target.write_bytes(MAGIC + json.dumps(header, separators=(",", ":")).encode() + b"\n" + packed)
    print(f"{len(texts)} texts, {sum(map(len, hashes))} digests, {target.stat().st_size:,} bytes")


def _table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def _add(
    texts: list[dict[str, object]],
    hashes: list[list[int]],
    name: str,
    key: str,
    text: str,
    *,
    exception: bool,
) -> None:
    given = words(text).words
    if len(given) < 12:
        return
    found = shingles(given)
    rate = SPARSE if len(given) > LONG else 1
    kept = sorted({value for value in found if value % rate == 0})
    hashes.append(kept)
    line = " ".join(given)
    texts.append(
        {
            "id": name,
            "key": key,
            "rate": rate,
            "words": len(given),
            "count": len(kept),
            "exact": hashlib.sha256(line.encode()).hexdigest()[:16],
            "terms": [number for number, term in enumerate(TERMS) if f" {term} " in f" {line} "],
            "exception": exception,
        }
    )


def check(folder: Path, more: Path) -> None:
    """Print how many of the texts are recognised, and which are not."""
    changes: dict[str, Callable[[str], str]] = {
        "as it is": str,
        "one line a paragraph, with a title and a holder": lambda text: (
            "Our Licence\n\nCopyright (c) 2024 Acme\n\n" + _joined(text)
        ),
        "in capitals, commented": lambda text: "\n".join(
            f"# {line}" for line in text.upper().split("\n")
        ),
    }
    for name, change in changes.items():
        own: list[str] = []
        listed: list[str] = []
        rows = [row for row in load().texts if not row.exception]
        for row in rows:
            extra = more / f"{row.key}.txt"
            text = (
                extra.read_text("utf-8")
                if extra.is_file()
                else ((folder / f"{row.key}.LICENSE").read_text("utf-8") + "\n").split("---\n", 2)[
                    2
                ]
            )
            found = match(change(text)).found
            said = found[0].id if found else "nothing"
            if said not in (row.id, row.id.removesuffix("-only").removesuffix("-or-later")):
                (own if row.id.startswith("LicenseRef-") else listed).append(
                    f"{row.key}: {row.id} expected, {said} said"
                )
        count = sum(row.id.startswith("LicenseRef-") for row in rows)
        print(
            f"{name}: {len(rows) - count - len(listed)} of {len(rows) - count} of the SPDX list,"
            f" {count - len(own)} of {count} others"
        )
        print("".join(f"  {line}\n" for line in (*own, *listed)), end="")


def _joined(text: str) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


if __name__ == "__main__":
    (check if "--check" in sys.argv else main)(Path(sys.argv[1]), Path(sys.argv[2]))
