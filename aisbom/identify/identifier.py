"""What an identifier is: a pure function from one component and the knowledge to claims about it.

It reads the component's facts and the knowledge, and nothing else; it yields claims with evidence,
and stays silent where it knows nothing. Whether claims agree is for the ledger to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component

Identifier = Callable[[Component, Knowledge], Iterator[Claim]]
