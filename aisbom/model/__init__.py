"""What every stage reads and returns: rows, claims, the ledger, the words of the field; standard
library only.
"""

from aisbom.model.rows import (
    WEIGHT_FORMATS,
    Claim,
    Component,
    Confidence,
    Evidence,
    Facts,
    Gap,
    Location,
    Observation,
    Relation,
    Row,
    Scan,
    Sees,
    Status,
    Technique,
    digest,
    facts,
)
from aisbom.model.sightings import Sighting

__all__ = [
    "WEIGHT_FORMATS",
    "Claim",
    "Component",
    "Confidence",
    "Evidence",
    "Facts",
    "Gap",
    "Location",
    "Observation",
    "Relation",
    "Row",
    "Scan",
    "Sees",
    "Sighting",
    "Status",
    "Technique",
    "digest",
    "facts",
]
