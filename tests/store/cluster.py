"""A PostgreSQL server of the tests' own, on a socket in a folder, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_OPTIONS = "-c listen_addresses='' -c fsync=off -c autovacuum=off -c unix_socket_directories='{}'"


def _programs() -> Path:
    """Find the folder with initdb and pg_ctl; the test is skipped where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    named = shutil.which("initdb")
    if named is not None:
        folders.append(Path(named).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _as_user(home: Path) -> list[str]:
    """Say how to run a program as somebody else than root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    shutil.chown(home, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


@contextmanager
def server() -> Iterator[str]:
    """Start a server; gives the query of a URL that leads to it."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path is short
    user = _as_user(home)
    data = home / "data"

    def run(name: str, *arguments: str) -> None:
        subprocess.run([*user, programs / name, *arguments], check=True, cwd=home,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    try:
        run("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-N", "--no-instructions")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"),
            "-o", _OPTIONS.format(home), "start")  # fmt: skip
        try:
            yield f"host={home}&user=tester"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
