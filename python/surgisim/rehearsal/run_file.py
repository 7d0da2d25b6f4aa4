"""The file of runs: a header, then a line of JSON for each run as it is done.

It is added to after every run and forced to the disk, so that a rehearsal can be stopped at any
time and goes on where it was. A last line that a power cut left half written is let go of. Runs of
a trainee of one's own whose file has changed since are played again.
"""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pydantic import ValidationError

from surgisim import __version__
from surgisim.errors import RecordError
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.plan import Plan, Run

__all__ = ["RUNS_FILE", "RunFile"]

RUNS_FILE = "runs.jsonl"
_FORM = "rehearsal@1"


class RunFile:
    """The runs of a plan, in a folder.

    Parameters
    ----------
    folder
        Where the file is or will be; made where it does not exist.
    plan
        What is rehearsed.

    Attributes
    ----------
    done
        Outcomes so far, of this plan's runs and others of the same procedure.

    Raises
    ------
    RecordError
        The file is of something else, is no such file, or cannot be read or written.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.path = folder / RUNS_FILE
        self.done: dict[Run, Outcome] = {}
        self._programs = plan.programs
        header = {
            "form": _FORM,
            "procedure": plan.procedure.id,
            "version": plan.procedure.version,
            "fingerprint": plan.fingerprint,
            "software": f"surgisim {__version__}",
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self.path.exists():
                self._read(header)
            self._file: BinaryIO = self.path.open("ab")
            if self._file.tell() == 0:
                self._write(json.dumps(header))
        except OSError as error:
            raise RecordError(
                f"{self.path} cannot be used: {error.strerror or error}; choose another --out."
            ) from error

    def add(self, outcome: Outcome) -> None:
        """Write down what a run came to; one that broke is told but tried again the next time."""
        program = self._programs.get(outcome.trainee, "")
        outcome = outcome.model_copy(update={"program": program})
        self.done[outcome.run] = outcome
        if not outcome.broke:
            self._write(outcome.model_dump_json())

    def _write(self, line: str) -> None:
        self._file.write(line.encode("utf-8") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, header: dict[str, str]) -> None:
        data = self.path.read_bytes()
        whole, end, torn = data.rpartition(b"\n")
        if torn:
            with self.path.open("r+b") as file:
                file.truncate(len(whole) + len(end))
        lines = whole.split(b"\n") if whole else []
        if lines:
            self._compare(lines[0], header)
        try:
            outcomes = [Outcome.model_validate_json(line) for line in lines[1:]]
        except ValidationError as error:
            raise RecordError(
                f"{self.path} holds a line that is no run; move the file away and begin anew."
            ) from error
        self.done = {outcome.run: outcome for outcome in outcomes if self._holds(outcome)}

    def _holds(self, outcome: Outcome) -> bool:
        """Whether a run would give the same today."""
        return outcome.program == self._programs.get(outcome.trainee, outcome.program)

    def _compare(self, line: bytes, header: dict[str, str]) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict) or found.get("form") != _FORM:
            raise RecordError(f"{self.path} is no file of runs; choose another --out.")
        for key in ("procedure", "version", "fingerprint", "software"):
            if found.get(key) != header[key]:
                raise RecordError(
                    f"{self.path} holds runs of {found.get('procedure')} {found.get('version')} "
                    f"({found.get('software')}) as it was, and its text, its anatomy or the "
                    "software is another now; choose another --out or move the file away."
                )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
