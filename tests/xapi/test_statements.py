"""Statements obey the specification, and tell a session in order."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from surgisim.xapi import Agent
from surgisim.xapi.statement import Account, Activity, Context, Result, Score, Statement, Verb
from surgisim.xapi.vocabulary import EXTENSIONS, OWN, VERBS, profile

from .conftest import ACTOR, told

ADL = "http://adlnet.gov/expapi/verbs/"


def verbs(statements: tuple[Statement, ...]) -> list[str]:
    return [one.verb.display["en"] for one in statements]


def test_a_session_is_told_in_order() -> None:
    assert verbs(told()) == [
        *("initialized", "completed", "mistook", "mistook", "met", "resolved", "met"),
        *("completed", "attempted", "ignored", "failed", "terminated"),
    ]
    times = [one.timestamp for one in told()]
    assert times == sorted(times)
    assert times[0] == datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "passed", "verdict"),
    [
        ("passed", True, ["passed"]),
        ("failed", False, ["failed"]),
        ("practice", None, ["scored"]),
        ("interrupted", False, []),
    ],
)
def test_there_is_one_verdict_at_most_and_the_end_is_last(
    outcome: str, passed: bool | None, verdict: list[str]
) -> None:
    said = verbs(told(outcome=outcome, passed=passed))
    assert [verb for verb in said if verb in ("passed", "failed", "scored")] == verdict
    assert said[0] == "initialized"
    assert said[-1] == "terminated"
    assert said.count("terminated") == said.count("initialized") == 1


def test_the_verdict_holds_score_and_measures() -> None:
    verdict = told()[-2].content()
    assert verdict["result"]["score"] == {"scaled": 0.714, "raw": 71.4, "min": 0.0, "max": 100.0}
    assert verdict["result"]["success"] is False
    assert verdict["result"]["duration"] == "PT60S"
    assert verdict["result"]["extensions"][EXTENSIONS["metrics"]] == {
        "force.peak": {"value": 4.5, "unit": "N"}  # what was not measured is not told
    }
    extensions = verdict["context"]["extensions"]
    assert extensions[EXTENSIONS["version"]] == "1.0"
    assert verdict["object"]["id"] == f"{OWN}procedure:liver_palpation"


def test_a_late_step_is_completed_without_success() -> None:
    late = next(one for one in told() if one.object.id.endswith("search")).content()
    assert late["result"] == {"success": False, "completion": True, "duration": "PT44.75S"}
    parent = late["context"]["contextActivities"]["parent"]
    assert [one["id"] for one in parent] == [f"{OWN}procedure:liver_palpation"]


def test_the_same_session_gives_the_same_statements_and_another_gives_others() -> None:
    assert [one.id for one in told()] == [one.id for one in told()]
    ids = {one.id for one in told()} | {one.id for one in told(1)}
    assert len(ids) == 2 * len(told())


def test_nothing_empty_is_written() -> None:
    def look(node: object) -> None:
        assert node is not None
        assert node not in ({}, [])
        for one in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            look(one)

    for one in told():
        look(one.content())
        assert json.loads(json.dumps(one.content())) == one.content()


def test_times_carry_a_zone_and_milliseconds() -> None:
    pattern = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    assert all(pattern.fullmatch(one.content()["timestamp"]) for one in told())


def _result(**content: object) -> Result:
    return Result.model_validate(content)


@pytest.mark.parametrize(
    "score",
    [
        {"scaled": 1.01, "raw": 1, "min": 0, "max": 2},
        {"scaled": 0.5, "raw": 3, "min": 0, "max": 2},
        {"scaled": 0.5, "raw": 1, "min": 2, "max": 2},
        {"scaled": float("nan"), "raw": 1, "min": 0, "max": 2},
    ],
)
def test_a_score_outside_its_bounds_is_refused(score: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Score.model_validate(score)


@pytest.mark.parametrize("iri", ["", "no-scheme", "http://a b", "urn:", "urn:x<y>"])
def test_what_is_no_iri_is_refused(iri: str) -> None:
    with pytest.raises(ValidationError):
        Verb(id=iri, display={"en": "x"})
    with pytest.raises(ValidationError):
        _result(completion=True, extensions={iri: 1})


def test_other_broken_parts_are_refused() -> None:
    with pytest.raises(ValidationError, match="says nothing"):
        Result()
    with pytest.raises(ValidationError, match="language tag"):
        Verb(id="urn:x", display={"english language": "x"})
    with pytest.raises(ValidationError, match="below 0"):
        Result(duration=timedelta(seconds=-1))
    with pytest.raises(ValidationError, match="timezone"):
        Statement(
            id=UUID(int=1),
            actor=ACTOR,
            verb=VERBS["passed"],
            object=Activity(id="urn:x"),
            context=Context(registration=UUID(int=2)),
            timestamp=datetime(2026, 1, 1),  # the mistake
        )
    with pytest.raises(ValidationError):
        Agent.model_validate({"account": {"homePage": "urn:x", "name": "a"}, "mbox": "mailto:a@b"})
    with pytest.raises(ValidationError):
        Account(homePage="urn:x", name="")


def test_the_profile_defines_every_word_of_our_own() -> None:
    defined = {concept["id"] for concept in profile()["concepts"]}
    used: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, dict):
            used.update(key for key in node if key.startswith(OWN))
            for key, value in node.items():
                if key in ("id", "type") and str(value).startswith((f"{OWN}verb", f"{OWN}type")):
                    used.add(str(value))
                collect(value)
        elif isinstance(node, list):
            for one in node:
                collect(one)

    for one in told():
        collect(one.content())
    assert len(used) >= 6
    assert used <= defined


def test_the_profile_says_where_each_extension_of_ours_stands() -> None:
    kinds = {one["id"]: one["type"] for one in profile()["concepts"]}
    for one in told():
        content = one.content()
        for part, kind in (("result", "ResultExtension"), ("context", "ContextExtension")):
            for iri in content.get(part, {}).get("extensions", {}):
                assert kinds[iri] == kind, iri
