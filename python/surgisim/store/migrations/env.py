"""Alembic's way in: the connection, with its transaction, comes from `surgisim.store.upgrade`."""

from alembic import context

from surgisim.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
