"""The schema's versions: an older store is brought up to date, a newer one is refused.

Each step runs in one transaction with everything around it: a store is of the one version or of
the other, also after a crash in the middle.
"""

from sqlalchemy import Connection, inspect, text

from surgisim.errors import StoreError

__all__ = ["REVISIONS", "bring_up_to_date", "is_current", "revision_of"]

REVISIONS = ("0001", "0002", "0003")
"""Every version there was, in order; the last is what this program works with."""


def revision_of(connection: Connection) -> str | None:
    """Return the version of the store's schema, None where there is no store yet.

    Raises
    ------
    StoreError
        The database holds something else.
    """
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError(
                "the database holds tables of another program; give the store one of its own."
            )
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def is_current(connection: Connection) -> bool:
    """Return whether the store is of this program's version.

    Raises
    ------
    StoreError
        The store is of a newer program, or no store.
    """
    found = revision_of(connection)
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"the store was changed by a newer surgisim (its version is {found}, this one knows "
            f"{REVISIONS[-1]}); use that one."
        )
    return found == REVISIONS[-1]


def bring_up_to_date(connection: Connection) -> None:
    """Make or change the tables until they are of this program's version.

    Parameters
    ----------
    connection
        In a transaction that shuts other writers out.

    Raises
    ------
    StoreError
        The store is of a newer program, or no store.
    """
    if is_current(connection):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "surgisim.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
