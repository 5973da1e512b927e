"""Print the figures: `python -m tests.truth [SITE-PACKAGES | PACKAGE-1.0.tar.gz | PACKAGE-1.0.whl
...]`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.truth import references
from tests.truth.measure import report

given = [Path(argument) for argument in sys.argv[1:]]
named = references.packages(given)
print(report(path for path in given if path not in named.values()))
print(references.report(named.values()))
