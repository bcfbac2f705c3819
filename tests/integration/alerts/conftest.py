"""Delivery between a database and a workspace."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.integration.alerts.office import Office, opened


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    async with opened(database) as office:
        yield office
