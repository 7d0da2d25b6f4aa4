"""A played session, and a real learning record store on the loopback interface."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import requests
from tests.record.sessions import TIMING

from surgisim.record import (
    ComplicationEntry,
    ErrorEntry,
    Metric,
    Result,
    SessionWriter,
    StepEntry,
    TickSummary,
    write_result,
)
from surgisim.xapi import Agent, Played, Statement, statements_of
from surgisim.xapi.statement import Account

RALPH = Path(
    os.environ.get("SURGISIM_TEST_RALPH", Path(__file__).parents[2] / ".venv/lrs/bin/ralph")
)
USER, PASSWORD = "site", "secret"
_STARTS_WITHIN_S = 60.0

OUTCOME = Result(
    procedure="liver_palpation",
    version="1.0",
    seed=7,
    completed=True,
    passed=False,
    score=71.4,
    duration_s=60.0,
    metrics={"force.peak": Metric(value=4.5, unit="N"), "sparc": Metric(value=None, unit="1")},
    errors=(
        ErrorEntry(id="pressed_too_hard", time_s=12.0, text="pressed harder", severity="major"),
        ErrorEntry(id="pressed_too_hard", time_s=14.0, text="pressed harder", severity="major"),
    ),
    complications=(
        ComplicationEntry(id="deep_breath", started_s=20.0, ended_s=24.0, cause="chance"),
        ComplicationEntry(id="capsule_tear", started_s=30.5, cause="capsule.torn"),
    ),
    steps=(
        StepEntry(id="touch", outcome="done", started_s=0.0, ended_s=5.25),
        StepEntry(id="search", outcome="late", started_s=5.25, ended_s=50.0),
        StepEntry(id="report", outcome="unfinished", started_s=50.0),
        StepEntry(id="never", outcome="not_started"),
    ),
    ticks=TickSummary.from_timing(TIMING),
    outcome="failed",
)


def someone(pseudonym: str) -> Agent:
    """Who played."""
    return Agent(account=Account(homePage="urn:x-surgisim:site", name=pseudonym))


ACTOR = someone("5f1c0a9e")


def played(number: int = 0, **changes: object) -> Played:
    """A session; `number` tells sessions apart."""
    return Played(
        id=UUID(int=0x5E55_0000 + number),
        title="Find the nodules by touch",
        ended=datetime(2026, 11, 30, 12, 1, 0, tzinfo=UTC),
        outcome=OUTCOME.model_copy(update=changes),
    )


def told(number: int = 0, **changes: object) -> tuple[Statement, ...]:
    """Its statements."""
    return statements_of(played(number, **changes), ACTOR)


@dataclass
class Store:
    """A running store."""

    url: str
    file: Path

    def statements(self) -> list[dict[str, object]]:
        """All that it has, over HTTP."""
        answer = requests.get(
            f"{self.url}/statements/?limit=500",
            auth=(USER, PASSWORD),
            headers={"X-Experience-API-Version": "2.0.0"},
            timeout=20,
        )
        found: list[dict[str, object]] = answer.json()["statements"]
        return found


@pytest.fixture
def store(server: Store) -> Store:
    """A store that is empty."""
    server.file.unlink(missing_ok=True)
    return server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store's process."""
    if not RALPH.exists():
        pytest.skip(f"no learning record store at {RALPH}: make lrs")
    folder = tmp_path_factory.mktemp("lrs")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    names = {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_LRS_FILE": "statements.jsonl",
    }
    environment = {**os.environ, **names}
    environment.pop("PYTHONPATH", None)
    subprocess.run(
        [RALPH, "auth", "-u", USER, "-p", PASSWORD, "-s", "all", "-O", "http://site.test/", "-w"],
        env=environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [RALPH.with_name("python"), Path(__file__).with_name("lrs_server.py"), str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _await_port(port, process)
        yield Store(f"http://127.0.0.1:{port}/xAPI", folder / "statements.jsonl")
    finally:
        process.terminate()
        process.wait(20)


def _await_port(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the learning record store did not start; see its log")


@pytest.fixture
def session_folder(tmp_path: Path) -> Path:
    """A session folder with a record and a result."""
    folder = tmp_path / "session"
    with SessionWriter(folder) as writer:
        writer.write_header(
            {
                "procedure": "liver_palpation",
                "title": "Find the nodules",
                "version": "1.0",
                "seed": 7,
                "dt_s": 1e-3,
            }
        )
        writer.write_footer({"completed": True})
    write_result(folder, OUTCOME)
    return folder
