"""Identifiers: one file per question, registered here, one line each."""

from __future__ import annotations

from aisbom.identify import licence, model_origin, origin
from aisbom.identify.identifier import Identifier

IDENTIFIERS: tuple[Identifier, ...] = (
    origin.developed,
    model_origin.trained,
    model_origin.architecture,
    licence.declared,
)
