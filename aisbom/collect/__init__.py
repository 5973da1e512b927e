"""Collectors: one file per file format, registered here, one line each."""

from __future__ import annotations

from aisbom.collect.collector import Collector

COLLECTORS: tuple[Collector, ...] = ()
