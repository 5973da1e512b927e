"""Which profiles of SPDX 3.0.1 a document conforms to, and what it lacks for the others.

The AI and the dataset profile require fields of every package of theirs (model/AI/Classes/
AIPackage.md and model/Dataset/Classes/DatasetPackage.md of github.com/spdx/spdx-3-model, "External
properties restrictions").
"""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.emit.spdx3.rows import Json

_ALWAYS = ("core", "software", "simpleLicensing")
_REQUIRED = {
    "ai": (
        "ai_AIPackage",
        (
            *("suppliedBy", "software_downloadLocation", "software_packageVersion"),
            *("software_primaryPurpose", "releaseTime"),
        ),
    ),
    "dataset": (
        "dataset_DatasetPackage",
        (
            *("originatedBy", "software_downloadLocation", "software_primaryPurpose"),
            *("builtTime", "releaseTime"),
        ),
    ),
}


def conformance(elements: Iterable[Json]) -> tuple[list[str], str]:
    """The profiles that the elements conform to, and a sentence for each other one of which there
    are packages: how many of them lack which field.
    """
    rows = list(elements)
    profiles = list(_ALWAYS)
    sentences = []
    for profile, (kind, fields) in _REQUIRED.items():
        packages = [row for row in rows if row["type"] == kind]
        lacking = {field: sum(field not in row for row in packages) for field in fields}
        said = [f"{field} ({count})" for field, count in lacking.items() if count]
        if packages and not said:
            profiles.append(profile)
        elif said:
            sentences.append(
                f". It does not conform to the {profile} profile: of {len(packages)} packages some"
                f" lack {', '.join(said)}"
            )
    return profiles, "".join(sentences)
