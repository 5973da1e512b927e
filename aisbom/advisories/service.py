"""A service of OSV, asked through pip-audit (extra `audit`): the only code that uses the network,
and only where `--vulnerabilities` asks for it.
"""

from __future__ import annotations

import os
from typing import Any

from packaging.version import Version

from aisbom.advisories.records import matching, merge_aliases
from aisbom.errors import UsageError
from aisbom.model.facts import Vulnerability

_SECONDS = 20


class ServiceFailure(Exception):
    """The service failed; the message is one line."""


class Service:
    """The service at `url`, else osv.dev. Raises UsageError without the extra."""

    newest = ""
    broken = 0

    def __init__(self, url: str = "") -> None:
        try:
            # What it imports asks `python -m pip` for its version, which would run a `pip` that
            # lies in the folder where the user stands.
            os.environ["PYTHONSAFEPATH"] = "1"
            from pip_audit._service.osv import OsvService
        except ImportError as error:
            raise UsageError(
                "--vulnerabilities: needs pip-audit: pip install aisbom[audit]"
            ) from error
        self._service = OsvService(timeout=_SECONDS, osv_url=url or OsvService.DEFAULT_OSV_URL)
        self.name = url or "osv.dev"
        self._answers: list[Any] = []
        # pip-audit keeps no ratings: they are read out of the answer that it was given.
        self._service.session.hooks["response"].append(self._keep)

    def ask(self, name: str, version: Version) -> list[Vulnerability]:
        """What is known of this version of a package. Raises NotAnswered."""
        from pip_audit._service.interface import ResolvedDependency, ServiceError

        self._answers.clear()
        try:
            self._service.query(ResolvedDependency(name, version))
        # No connection, 404, rubbish: that is no answer, and never "none".
        except (ServiceError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            cause = error.__cause__ or error
            raise ServiceFailure(f"the service did not answer ({type(cause).__name__})") from error
        if not self._answers or not isinstance(self._answers[-1], dict):
            raise ServiceFailure("the service gave no answer that can be read")
        found = self._answers[-1].get("vulns", [])
        every = (matching(record, name, version, self.name) for record in found)
        return merge_aliases(one for one in every if one is not None)

    def _keep(self, response: Any, *_: object, **__: object) -> None:
        try:
            self._answers.append(response.json())
        except ValueError:
            self._answers.append(None)
