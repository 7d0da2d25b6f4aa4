"""A real Dask cluster on this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from surgisim.errors import SurgisimError
from surgisim.procedure import find
from surgisim.rehearsal.cluster import on_cluster
from surgisim.rehearsal.outcome import Task
from surgisim.rehearsal.processes import in_processes

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

TEXT = find("liver_palpation").read_text(encoding="utf-8")


@pytest.fixture
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,  # a thread of this process; each run has a process of its own anyway
        host="127.0.0.1",
        protocol="tcp",
        dashboard_address=None,
    ) as found:
        yield found


def test_runs_on_a_cluster_are_the_runs_here(
    tmp_path: Path, coarse_liver: Path, own: str, cluster: Any
) -> None:
    names = ("Leaver", "Leaver", "Clumsy", "Leaver", "Leaver")
    tasks = [
        Task(trainee=f"{own}:{name}", skill=1.0, seed=n, text=TEXT, anatomy=str(coarse_liver))
        for n, name in enumerate(names)
    ]
    there = {one.run: one for one in on_cluster(tasks, cluster.scheduler_address)}
    here = {one.run: one for one in in_processes(tasks, 1, tmp_path / "log")}
    assert there.keys() == here.keys()
    for run, outcome in there.items():
        same = {"cpu_s": 0.0}
        assert outcome.model_copy(update=same) == here[run].model_copy(update=same)


def test_a_scheduler_without_workers_is_told(own: str) -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=None
        ) as empty,
        pytest.raises(SurgisimError, match="has no workers"),
    ):
        list(on_cluster([], empty.scheduler_address))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x:1"])
def test_nobody_at_the_address_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surgisim.rehearsal.cluster._CONNECT_S", 1)
    with pytest.raises(SurgisimError, match="no Dask scheduler answers at"):
        list(on_cluster([], address))
