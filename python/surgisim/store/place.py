"""Where a store lies: its database, the folder of its session files, and elsewhere the site key.

A store is named by a URL, ``sqlite:////srv/surgisim/records.sqlite`` or
``postgresql://host/database``, or by a folder, which then holds ``records.sqlite`` and
``sessions``. Without a name it is the one that SURGISIM_STORE names, else a folder among the
user's data. Of a PostgreSQL store the session files lie in the folder that SURGISIM_STORE_FILES
names, else among the user's data.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["Place", "is_there", "place_of"]

DATABASE_FILE = "records.sqlite"
SESSIONS = "sessions"
_KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of a store lie.

    Attributes
    ----------
    url
        Of the database, with its driver.
    files
        Folder of the session files.
    key
        File of the site key; never inside the store.
    """

    url: "URL"
    files: Path
    key: Path

    @property
    def file(self) -> Path | None:
        """File of the database, None where a server keeps it."""
        on_disk = self.url.get_backend_name() == "sqlite"
        return Path(str(self.url.database)) if on_disk else None

    def __str__(self) -> str:
        return str(self.file or self.url.render_as_string(hide_password=True))


def place_of(name: str | None = None) -> Place:
    """Say where a store lies.

    Parameters
    ----------
    name
        URL or folder; None for the usual one.

    Raises
    ------
    StoreError
        No URL, one of a database that is neither SQLite nor PostgreSQL, or a site key that lies in
        the store, where a copy of the store would take it along.
    """
    name = name or os.environ.get("SURGISIM_STORE") or str(_data() / "records")
    key = Path(os.environ.get("SURGISIM_SITE_KEY") or _config() / "site.key")
    if "://" not in name:
        folder = Path(name).absolute()
        return _apart(Place(_sqlite(folder / DATABASE_FILE), folder / SESSIONS, key), folder)
    url = _parsed(name)
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise StoreError(f"{name} names no file; give sqlite:////folder/{DATABASE_FILE}.")
        file = Path(str(url.database)).absolute()
        beside = key.resolve().parent == file.parent.resolve()
        home = file.parent if beside else file.parent / SESSIONS
        return _apart(Place(_sqlite(file), file.parent / SESSIONS, key), home)
    files = Path(os.environ.get("SURGISIM_STORE_FILES") or _data() / SESSIONS).absolute()
    return _apart(Place(url.set(drivername="postgresql+psycopg"), files, key), files)


def _apart(place: Place, folder: Path) -> Place:
    """Return a place whose site key lies outside of the store's `folder`, or refuse it."""
    if folder.resolve() in place.key.resolve().parents:
        raise StoreError(
            f"the site key {place.key} lies in the store, and whoever copies the store could read "
            "what is sealed in it; name a place outside of it in SURGISIM_SITE_KEY."
        )
    return place


def is_there(name: str | None = None) -> bool:
    """Return whether a store was made already; one on a server is taken to be there."""
    if name or os.environ.get("SURGISIM_STORE"):
        file = place_of(name).file
        return file is None or file.exists()
    return (_data() / "records" / DATABASE_FILE).exists()


def _sqlite(file: Path) -> "URL":
    from sqlalchemy import URL

    return URL.create("sqlite", database=str(file))


def _parsed(name: str) -> "URL":
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(name)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "the store's name is no URL; give a folder, sqlite:////folder/records.sqlite or "
            "postgresql://host/database."
        ) from error
    if url.get_backend_name() not in _KINDS:
        raise StoreError(
            f"a store lies in SQLite or PostgreSQL, not in {url.get_backend_name()}; give a "
            "folder, sqlite:////folder/records.sqlite or postgresql://host/database."
        )
    return url


def _data() -> Path:
    import platformdirs

    return platformdirs.user_data_path("surgisim", appauthor=False)


def _config() -> Path:
    import platformdirs

    return platformdirs.user_config_path("surgisim", appauthor=False)
