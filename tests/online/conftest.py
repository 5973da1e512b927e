"""A server for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.online.servers import Index


@pytest.fixture
def index() -> Iterator[Index]:
    server = Index()
    yield server
    server.server.shutdown()
    server.server.server_close()
