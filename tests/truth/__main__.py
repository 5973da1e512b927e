"""Print the figures: `python -m tests.truth [SITE-PACKAGES ...]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.truth.measure import report

print(report(Path(argument) for argument in sys.argv[1:]))
