"""``surgisim passmark``: from sessions of experts and novices to a pass mark."""

import json
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.procedure import find, load
from surgisim.record import Metric, Result, SessionWriter, TickSummary, write_result
from surgisim.store import open_store

TIMES = {"experts": (100.0, 110.0, 120.0, 130.0), "novices": (200.0, 260.0, 300.0, 320.0)}
POINTS = {"experts": (80.0, 84.0, 88.0, 92.0), "novices": (40.0, 50.0, 60.0, 70.0)}


VERSION = load(find("liver_palpation")).version


def session(home: Path, trainee: str, score: float, time: float, version: str = VERSION) -> Result:
    header = {"procedure": "liver_palpation", "version": version, "seed": int(time), "dt_s": 1e-3}
    with SessionWriter(home) as writer:
        writer.write_header({**header, "trainee": trainee})
        writer.write_footer({"completed": True})
    found = Result(
        procedure="liver_palpation",
        version=version,
        seed=int(time),
        completed=True,
        passed=score >= 70,
        score=score,
        duration_s=time,
        metrics={
            "time": Metric(value=time, unit="s"),
            "nodules.found": Metric(value=3.0, unit="1"),
        },
        errors=(),
        complications=(),
        steps=(),
        ticks=TickSummary(count=1, cpu_us_p50=0, cpu_us_p99=0, late=0, scheduler="lockstep"),
        outcome="passed" if score >= 70 else "failed",
    )
    write_result(home, found)
    return found


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    for group, scores in POINTS.items():
        for number, (score, time) in enumerate(zip(scores, TIMES[group], strict=True)):
            session(tmp_path / group / str(number), f"p{number}", score, time)
    return tmp_path


def passmark(groups: Path, *more: str) -> int:
    given = ["passmark", "liver_palpation", "--experts", str(groups / "experts")]
    return main([*given, *more])


def test_levels_and_the_mark_between(groups: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert passmark(groups, "--novices", str(groups / "novices")) == 0
    out = capsys.readouterr().out
    assert f"(liver_palpation, version {VERSION}): 4 experts and 4 novices" in out
    assert "at most 115 s" in out
    assert "at least 3" in out
    assert "pass mark by contrasting groups: 7" in out
    assert "0 of 4 here" in out
    assert 'source: "contrasting groups, 4 experts and 4 novices"' in out


def test_for_programs_with_a_margin(groups: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert passmark(groups, "--margin", "1", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    (time,) = [line for line in data["lines"] if line["id"] == "time"]
    assert time["mean"] == 115.0
    assert time["limit"] == pytest.approx(115.0 + time["sd"])
    assert data["contrasting_groups"] is None


def test_levels_become_the_limits_of_a_course(
    groups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert passmark(groups, "--limits") == 0
    limits = capsys.readouterr().out
    assert '{metric: time, at_most: 115 s, source: "mean of 4 experts"}' in limits
    assert '{metric: nodules.found, at_least: 3, source: "mean of 4 experts"}' in limits
    course = groups / "course.yaml"
    course.write_text(
        "surgisim: course@1\nid: own\ntitle: Own\nversion: '1'\nmodules:\n"
        "  - id: one\n    title: One\n    procedure: liver_palpation\n    success:\n"
        + "".join(f"      {line}\n" for line in limits.splitlines())
        + "    proficient: {repeat: {in_a_row: 3}, source: chosen}\n"
    )
    assert main(["check", str(course)]) == 0


def test_people_are_told_apart_by_their_folders(
    groups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record calls whoever plays 'person': all experts were once one."""
    for name, times in (("ann", (100.0, 140.0)), ("bob", (110.0,)), ("cy", (130.0,))):
        for number, time in enumerate(times):
            session(groups / "people" / name / str(number), "person", 80.0, time)
    assert main(["passmark", "liver_palpation", "--experts", str(groups / "people"), "--json"]) == 0
    (time,) = [x for x in json.loads(capsys.readouterr().out)["lines"] if x["id"] == "time"]
    assert (time["people"], time["mean"]) == (3, 120.0)


def test_people_of_the_store_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "site.key"))
    monkeypatch.setenv("SURGISIM_STORE", str(tmp_path / "store"))
    store = open_store()
    who = [store.pseudonym(name) for name in ("ann", "bob", "cy", "dot")]
    for person, times in zip(who, ((100.0, 140.0), (110.0,), (130.0,), ()), strict=True):
        for time in times:
            home = tmp_path / f"{person}-{time}"
            played = session(home, "person", 80.0, time)
            store.add(home, played, "person", person)
    store.add_person("dot", None)
    experts = "store:" + ",".join(person[:12] for person in who[:3])
    assert main(["passmark", "liver_palpation", "--experts", experts, "--json"]) == 0
    (time,) = [x for x in json.loads(capsys.readouterr().out)["lines"] if x["id"] == "time"]
    assert (time["people"], time["mean"]) == (3, 120.0)
    assert passmark_of(f"{experts},id:dot") == 2
    told = capsys.readouterr().err
    assert f"the store has no session of liver_palpation, version {VERSION}, of id:dot" in told
    assert passmark_of("store:id:ann") == 2
    told = capsys.readouterr().err
    assert f"few experts, 1: 3 are needed; in the store are 2 sessions of {who[0]}." in told
    assert passmark_of("store:") == 2
    assert "store: names nobody: give pseudonyms, such as store:5f1c0a9e" in capsys.readouterr().err


def passmark_of(experts: str) -> int:
    return main(["passmark", "liver_palpation", "--experts", experts])


def test_experts_with_fewer_points_give_no_mark(
    groups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--experts", str(groups / "novices"), "--novices", str(groups / "experts")]
    assert main(["passmark", "liver_palpation", *given]) == 2
    assert (
        "no pass mark can be taken: experts have 55.0 points on average, and novices 86.0: the "
        "score does not tell them apart" in capsys.readouterr().err
    )


def test_lines_without_values_and_a_margin_are_told(
    groups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert passmark(groups) == 0
    assert "Peak force: no expert's session has a value of force.peak" in capsys.readouterr().out
    assert passmark(groups, "--limits", "--margin", "0.5") == 0
    assert 'source: "mean of 4 experts, 0.5 SD let off"' in capsys.readouterr().out


def test_runs_of_one_person_count_once(groups: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session(groups / "experts" / "again", "p0", 80.0, 140.0)
    session(groups / "experts" / "old", "p9", 10.0, 900.0, version="0.9")
    assert passmark(groups, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    (time,) = [line for line in data["lines"] if line["id"] == "time"]
    assert (time["people"], time["mean"]) == (4, 120.0)


def test_too_few_experts_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passmark", "liver_palpation", "--experts", str(tmp_path)]) == 2
    assert (
        f"no session of liver_palpation, version {VERSION}, lies below" in capsys.readouterr().err
    )
    session(tmp_path / "one", "p1", 80.0, 100.0)
    assert main(["passmark", "liver_palpation", "--experts", str(tmp_path)]) == 2
    assert (
        "no pass mark can be taken: 'found' was measured on too few experts, 1"
        in capsys.readouterr().err
    )


def test_too_few_people_are_named_with_how_they_are_told_apart(
    groups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        session(groups / "few" / str(number), "careful", 80.0, 100.0)
    assert main(["passmark", "liver_palpation", "--experts", str(groups / "few")]) == 2
    told = capsys.readouterr().err
    assert "was measured on too few experts, 1: 3 are needed" in told
    assert f"below {groups / 'few'} are 3 sessions of 'careful'; scripts are told apart" in told
    assert f"such as {groups / 'few' / 'anna'}" in told
    session(groups / "one" / "ann" / "s1", "person", 40.0, 200.0)
    assert passmark(groups, "--novices", str(groups / "one")) == 2
    told = capsys.readouterr().err
    assert "3 scores of each, and there are 1 of novices and 4 of experts" in told
    assert f"below {groups / 'one'} is 1 session of the person of {groups / 'one' / 'ann'}" in told
    assert f"below {groups / 'experts'}" not in told
