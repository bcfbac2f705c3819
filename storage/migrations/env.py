"""Runs migrations on the connection that storage.migrate hands over, or on DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  the tables must be known before they are compared
from storage.database import Database

DEFAULT_URL = "sqlite:///tallyman.db"


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="sqlmodel.",
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    database = Database(os.environ.get("DATABASE_URL", DEFAULT_URL))
    with database.engine.begin() as own_connection:
        migrate(own_connection)
    database.close()
