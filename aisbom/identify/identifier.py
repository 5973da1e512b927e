"""What an identifier is: a pure function from what was seen and the knowledge to claims.

Most look at one component alone. Those that compare components look at the whole scan, and at the
ledger of what was claimed before them. An identifier yields claims with evidence, and stays silent
where it knows nothing; whether claims agree is for the ledger to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Ledger

Identifier = Callable[[Component, Knowledge], Iterator[Claim]]
ScanIdentifier = Callable[[Scan, Ledger, Knowledge], Iterator[Claim]]
