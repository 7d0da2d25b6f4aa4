"""The files of sessions beside the database: sealed with their person's key, hashed, opened again.

They lie in ``FILES/<uid of the session>/``; a session that is being played, not sealed yet, in
``FILES/open/<uid>``, and one that is being looked at, opened for the time, in ``FILES/shown/``.
Who works on a session holds its lock in ``FILES/locks``.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from surgisim.errors import StoreError
from surgisim.record.files import sync_folder
from surgisim.record.layout import SESSION_FILE
from surgisim.record.result import RESULT_FILE
from surgisim.record.timing import TIMING_FILE
from surgisim.store.sealing import open_file, seal_file

__all__ = [
    "LOCKS",
    "OPEN",
    "SHOWN",
    "Kept",
    "claim",
    "delete",
    "hash_of",
    "hold",
    "is_held",
    "let_go",
    "opened",
    "sealed_path",
    "sweep",
    "take_in",
    "unseal",
    "working_folder",
]

OPEN, SHOWN, LOCKS = "open", "shown", "locks"
_TAKEN = (SESSION_FILE, TIMING_FILE, RESULT_FILE)
_OWNER = "store"  # the file that says whose folder it is
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a session: size and hash of its content, and the hash of its sealed form."""

    name: str
    size: int
    sha256: str
    sealed_sha256: str


def claim(files: Path, store_id: str) -> None:
    """Make a folder of session files that of one store.

    Raises
    ------
    StoreError
        It is another store's, which would take these sessions for what a crash left of its own.
    """
    owner = files / _OWNER
    try:
        found = owner.read_text("ascii") if owner.exists() else ""
        if not found:  # a power cut may have left nothing in it
            owner.write_text(store_id, "ascii")
            return
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{owner} cannot be used: {error}; check the folder.") from error
    if found != store_id:
        raise StoreError(
            f"{files} holds the session files of another store; give each store a folder of its "
            "own (SURGISIM_STORE_FILES for PostgreSQL)."
        )


def working_folder(files: Path, uid: str) -> Path:
    """Where a session lies while it is played."""
    return files / OPEN / uid


def sealed_path(files: Path, uid: str, name: str) -> Path:
    """Where a file of a session lies, sealed."""
    return files / uid / f"{name}.sealed"


def take_in(files: Path, uid: str, folder: Path, key: bytes) -> tuple[Kept, ...]:
    """Seal the files of a session folder into the store; they are on the disk when it returns.

    Parameters
    ----------
    files
        Folder of all session files.
    uid
        Of the session.
    folder
        Where it was played; left as it is.
    key
        Of its person.

    Raises
    ------
    StoreError
        There is no record, or a file cannot be read or written.
    """
    if not (folder / SESSION_FILE).is_file():
        raise StoreError(f"{folder} holds no session: {SESSION_FILE} is missing.")
    home, part = files / uid, files / f"{uid}.part"
    try:
        for old in (home, part):  # of a program that was cut off while it did this
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        kept = tuple(_seal(path, part, uid, key) for path in _taken(folder))
        sync_folder(part)
        part.replace(home)
        sync_folder(files)
    except OSError as error:
        raise StoreError(
            f"the session in {folder} cannot be taken into the store: {error.strerror or error}."
        ) from error
    return kept


@contextmanager
def opened(files: Path, uid: str, names: Sequence[str], key: bytes) -> Iterator[Path]:
    """Open the files of a session into a folder that is gone when the block ends.

    What a program left there that was cut off while it looked at a session goes, too.

    Raises
    ------
    StoreError
        A file is missing or was changed.
    """
    shown = files / SHOWN
    shown.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(files, shown.iterdir())
    folder = shown / f"{uid}-{os.urandom(8).hex()}"
    lock = hold(files, folder.name)  # before the folder is there: nobody takes it for a remnant
    try:
        folder.mkdir(mode=0o700)
        for one in names:
            unseal(files, uid, one, folder / one, key)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        let_go(files, folder.name, lock)


def hold(files: Path, name: str, wait_s: float = 1.0) -> FileLock:
    """Take the lock of a session or of a folder in which it is shown.

    The system lets it go when the process ends, however that happens.

    Raises
    ------
    Timeout
        Another process has it.
    """
    lock = FileLock(_lock_path(files, name))
    lock.acquire(timeout=wait_s)  # somebody may just be looking whether it is held
    return lock


def is_held(files: Path, name: str) -> bool:
    """Return whether a process plays a session, takes it in, or looks at it."""
    if not _lock_path(files, name).exists():
        return False
    try:
        with hold(files, name, wait_s=0.0):
            return False
    except Timeout:
        return True


def let_go(files: Path, name: str, lock: FileLock) -> None:
    """Give a lock back and leave nothing of it."""
    lock.release()
    _lock_path(files, name).unlink(missing_ok=True)


def _lock_path(files: Path, name: str) -> Path:
    folder = files / LOCKS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{name}.lock"


def unseal(files: Path, uid: str, name: str, out: Path, key: bytes) -> None:
    """Write a file of a session as it was before it was sealed.

    Raises
    ------
    StoreError
        It is missing or was changed.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with sealed_path(files, uid, name).open("rb") as source, out.open("xb") as target:
            out.chmod(0o600)
            for piece in open_file(key, source, f"{uid}/{name}"):
                target.write(piece)
    except OSError as error:
        raise StoreError(
            f"{error.filename} cannot be opened: {error.strerror or error}."
        ) from error


def sweep(files: Path, folders: Iterable[Path]) -> int:
    """Delete folders in which no process is at work; returns how many."""
    free = [path for path in folders if path.is_dir() and not is_held(files, path.stem)]
    for path in free:
        shutil.rmtree(path, ignore_errors=True)
    return len(free)


def delete(files: Path, uid: str) -> None:
    """Take away all files of a session: sealed, open and shown."""
    for folder in (
        files / uid,
        files / f"{uid}.part",
        working_folder(files, uid),
        *(files / SHOWN).glob(f"{uid}-*"),
    ):
        shutil.rmtree(folder, ignore_errors=True)


def hash_of(path: Path) -> str:
    """SHA-256 of a file.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _taken(folder: Path) -> list[Path]:
    """Name the files that belong to a session; others in its folder are none of ours."""
    return [folder / name for name in _TAKEN if (folder / name).is_file()]


def _seal(path: Path, home: Path, uid: str, key: bytes) -> Kept:
    name = path.name
    out = home / f"{name}.sealed"
    digest = hashlib.sha256()
    with path.open("rb") as source, out.open("xb") as target:
        out.chmod(0o600)
        for piece in seal_file(key, source, f"{uid}/{name}"):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
        size = source.tell()
    return Kept(name, size, hash_of(path), digest.hexdigest())
