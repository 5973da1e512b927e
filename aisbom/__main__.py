"""`python -m aisbom`."""

from __future__ import annotations

import sys

from aisbom.cli import main

sys.exit(main())
