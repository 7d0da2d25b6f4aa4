"""The page and the tables of a rehearsal."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from surgisim.commands.rehearsed import as_text, counting
from surgisim.rehearsal.outcome import Outcome
from surgisim.rehearsal.page import render_page, write_page
from surgisim.rehearsal.plan import Plan
from surgisim.rehearsal.rehearse import Rehearsal
from surgisim.rehearsal.summary import summarise
from surgisim.rehearsal.verdict import judge

from .made import TEXT, outcome, plan


def rehearsed(of: Plan, broke: int = 0) -> Rehearsal:
    done = {run: outcome(run.trainee, run.seed, skill=run.skill) for run in of.runs()}
    for run in list(done)[:broke]:
        done[run] = Outcome.broken(run, "its process <ended>")
    summary = summarise(of, done)
    return Rehearsal(summary, judge(summary, of, 0.95))


def test_the_page_tells_all_of_it_and_needs_nothing_else(tmp_path: Path) -> None:
    of = plan(runs=40, skills=(1.0, 0.5))
    page = write_page(rehearsed(of, broke=2), of, tmp_path).read_text(encoding="utf-8")
    for told in ("Now and then", "pressed too hard", "Points over skill", "✗ NOT YET"):
        assert told in page
    assert "its process &lt;ended&gt;" in page
    assert page.count("<svg") == 5
    assert not re.search(r"(src|href)=\"(?!#|data:)", page)
    assert "<script" not in page
    assert [path.name for path in tmp_path.iterdir()] == ["rehearsal.html"]


def test_the_same_rehearsal_gives_the_same_page() -> None:
    of = plan(runs=10)
    assert render_page(rehearsed(of), of) == render_page(rehearsed(of), of)


@pytest.mark.parametrize("skills", [(1.0,), (1.0, 0.5)])
def test_a_page_without_a_single_outcome_can_be_written(skills: tuple[float, ...]) -> None:
    of = plan(runs=1, skills=skills)
    page = render_page(rehearsed(of, broke=len(of)), of)
    assert "Runs that broke" in page


def test_a_page_does_not_vouch_for_what_was_not_tried() -> None:
    """Where only 'hesitant' had played, people could play it, as far as scripts could tell."""
    both, one = plan(runs=40), plan(trainees=("hesitant",), runs=40)
    assert "people can play it" in render_page(rehearsed(both), both)
    page = render_page(rehearsed(one), one)
    assert "people can play it" not in page
    assert "was not all tried" in page


def test_the_page_says_how_a_run_of_this_anatomy_is_played_again() -> None:
    """Coarse edges once stood nowhere in the command, which played another organ."""
    of = replace(
        plan(runs=3, skills=(0.5,)),
        file="my own.yaml",
        anatomy=Path("out/liver-14mm"),
        allow_behaviour=True,
    )
    told = (
        "<code>surgisim run &#39;my own.yaml&#39; --trainee careful --seed 1 --skill 0.5 "
        "--anatomy out/liver-14mm --allow-behaviour</code>"
    )
    assert told in render_page(rehearsed(of), of)
    plain = replace(plan(runs=3, trainees=("random",)), file="exposure")
    assert "<code>surgisim run exposure --trainee random --seed 1</code>" in render_page(
        rehearsed(plain), plain
    )


def test_practice_is_not_said_to_be_passed() -> None:
    of = plan(runs=3)
    page = render_page(rehearsed(of), of)
    assert "Goal reached" in page
    assert "the goal of 60" in page
    assert ">Passed<" not in page
    assert " passed " not in page
    exam = plan(runs=3, text=TEXT.replace("purpose: practice", "purpose: assessment"))
    page = render_page(rehearsed(exam), exam)
    assert ">Passed<" in page
    assert "60 pass" in page


def test_titles_are_escaped() -> None:
    of = plan(runs=3, text=TEXT.replace("title: Even", "title: <b>Even</b> & $x$"))
    page = render_page(rehearsed(of), of)
    assert "<b>Even" not in page
    assert "&lt;b&gt;Even&lt;/b&gt; &amp; $x$" in page


def test_the_tables_say_what_the_page_says() -> None:
    text = as_text(rehearsed(plan(runs=40)), 100)
    assert "hazards 1: 80 of 80 runs, 100 an hour on one processor" in text
    assert re.search(r"careful +40 +100 % +91\.2-100\.0 % +9\d\.\d", text)
    assert re.search(r"now_and_then +20 % \(10\.5-34\.8 %\)", text)
    assert "ok: careful reached the goal in 40 of 40 runs" in text
    assert "who        runs  at goal  95 %" in text
    assert "FAULT" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_both_say_how_to_play_a_run_again_that_did_not_pass() -> None:
    of = plan(runs=2)
    done = {run: outcome(run.trainee, run.seed, passed=False) for run in of.runs()}
    summary = summarise(of, done)
    short = Rehearsal(summary, judge(summary, of, 0.95))
    command = "surgisim run hazards --trainee careful --seed 1"
    assert as_text(short, 40).endswith(f"\nplay one again: {command}")  # whole, to be copied
    assert f"<code>{command}</code>" in render_page(short, of)


def test_where_nothing_was_judged_the_tables_end_without_empty_lines() -> None:
    text = re.sub(r"^complications:.*?^scoring:", "scoring:", TEXT, flags=re.DOTALL | re.MULTILINE)
    told = as_text(rehearsed(plan(("hesitant",), runs=3, text=text)), None)
    assert told == told.rstrip()


def test_many_groups_have_room() -> None:
    text = as_text(rehearsed(plan(runs=5, skills=(1.0, 0.7, 0.4, 0.0))), None)
    assert "2 more groups are on the page." in text


def test_the_rate_counts_only_what_was_played_now(capsys) -> None:
    clock = iter([0.0, *[0.0] * 8, *range(100, 100_000, 100)])
    with counting(8, lambda: float(next(clock))) as told:
        for seed in range(1, 9):
            told(outcome("careful", seed))
    lines = [line for line in capsys.readouterr().err.splitlines() if " an hour" in line]
    assert lines
    assert "8 of 8 runs" in lines[-1]
    assert "0 s left" in lines[-1]
