"""People whose runs are taken together: a folder for each of them, or named in the store."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from surgisim.commands.past_runs import PastRun, alike, every_run_below, runs_in_store
from surgisim.commands.store_options import IN_STORE
from surgisim.errors import RecordError
from surgisim.procedure import Procedure
from surgisim.record.past import PERSON
from surgisim.report.words import counted
from surgisim.scoring.proficiency.experts import LEAST

if TYPE_CHECKING:
    from surgisim.store import Store

__all__ = ["GROUP_HELP", "Group", "group_of"]

GROUP_HELP = (
    f"a folder for each of them, or {IN_STORE}WHO,WHO,... for people of the store of records"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Some people and their runs of one procedure.

    Attributes
    ----------
    where
        As it was given: a folder, or ``store:WHO,WHO,...``.
    runs
        The runs of each by what tells them apart: a label of the records, a folder, or a pseudonym.
    """

    where: str
    runs: dict[str, list[PastRun]]

    def __len__(self) -> int:
        return len(self.runs)

    def few(self) -> list[str]:
        """Say whose the runs are where they are of too few people for a pass mark."""
        if len(self) >= LEAST:
            return []
        names, number = " and ".join(self.runs), sum(len(one) for one in self.runs.values())
        told = f"{'is' if number == 1 else 'are'} {counted(number, 'session')} of {names}"
        if self.where.startswith(IN_STORE):
            return [f"in the store {told}"]
        home = Path(self.where)
        return [
            f"below {home} {told}",
            "scripts are told apart by their names, people by a folder of their own, such as "
            f"{home / 'anna'} and {home / 'ben'}",
        ]


def group_of(where: str, procedure: Procedure, opened: "Callable[[], Store]") -> Group:
    """Read a group's runs of a procedure in its present version, but those broken off.

    Parameters
    ----------
    where
        A folder, or ``store:WHO,WHO,...``.
    procedure
        Whose runs count.
    opened
        Opens the store, where they are people of it.

    Raises
    ------
    RecordError
        There is no such run, or none of a person who is named.
    RightsError
        Whoever is signed in to the store may not read a person's results.
    StoreError
        Somebody is named whom the store does not know.
    """
    if where.startswith(IN_STORE):
        return Group(where, _in_store(where.removeprefix(IN_STORE), procedure, opened()))
    return Group(where, _below(Path(where), procedure))


def _below(folder: Path, procedure: Procedure) -> dict[str, list[PastRun]]:
    """Group the runs below a folder by who played.

    A record does not name a person: everybody has a folder of their own below `folder`. Where a
    label stands in the record, as of scripts, it counts instead.
    """
    found: dict[str, list[PastRun]] = {}
    for run in alike(every_run_below(folder), procedure.id, procedure.version):
        found.setdefault(_whose(run, folder), []).append(run)
    if not found:
        raise RecordError(f"no session of {_which(procedure)}, lies below {folder}.")
    return found


def _in_store(names: str, procedure: Procedure, store: "Store") -> dict[str, list[PastRun]]:
    found: dict[str, list[PastRun]] = {}
    for name in filter(None, (one.strip() for one in names.split(","))):
        person = store.find_person(name)
        runs = alike(runs_in_store(store, person), procedure.id, procedure.version)
        if not runs:
            raise RecordError(f"the store has no session of {_which(procedure)}, of {name}.")
        found[person] = runs
    if not found:
        raise RecordError(
            f"{IN_STORE}{names} names nobody: give pseudonyms, such as {IN_STORE}5f1c0a9e."
        )
    return found


def _whose(run: PastRun, folder: Path) -> str:
    """Name who played: the label of the record, or the first folder on the way to it."""
    if run.trainee not in ("", PERSON):
        return f"'{run.trainee}'"
    return f"the person of {folder.joinpath(*Path(run.name).relative_to(folder).parts[:1])}"


def _which(procedure: Procedure) -> str:
    return f"{procedure.id}, version {procedure.version}"
