"""A PostgreSQL database for one test."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from services.kernel.ids import new_id
from tests.servers.server import Server


@pytest.fixture
async def postgres_database(postgres_server: Server) -> AsyncIterator[str]:
    """The URL of an empty database, which is dropped afterwards with whatever is still connected to it."""
    name = new_id("test").lower()
    await execute(postgres_server.url, f'CREATE DATABASE "{name}"')
    yield make_url(postgres_server.url).set(database=name).render_as_string(hide_password=False)
    await execute(postgres_server.url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def execute(url: str, statement: str) -> None:
    """Run one statement, on a connection of its own and outside any transaction."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
