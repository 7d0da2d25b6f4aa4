"""A procedure in the headset from the briefing to the report and out of the session again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.record import load, read_timing
from surgisim.session import debrief, verify_session
from surgisim.session.closing import closing_of
from surgisim.testing.xr import FakeRuntime
from surgisim.xr.headset import Headset
from surgisim.xr.session import Deed, State

from .puppet import Visit, visit

Fake = Callable[..., FakeRuntime]
RATE_HZ = 45.0
DOCS = Path(__file__).parents[2] / "docs" / "procedures.md"


def first_touch(folder: Path) -> str:
    """Write the small procedure of the docs into a file; returns its path."""
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    file = folder / "first_touch.yaml"
    file.write_text(text)
    return str(file)


def test_a_whole_procedure_ends_with_its_score_its_report_and_the_session_destroyed(
    fake: Fake, tmp_path: Path, coarse_liver: Path
) -> None:
    runtime = fake(validate=True, eye=(64, 64), refresh_hz=RATE_HZ)
    out = tmp_path / "out"
    played: list[Headset] = []
    titles: list[str] = []

    def after(theatre: Visit) -> None:
        assert theatre.headset is not None
        played.append(theatre.headset)
        paint = theatre.picture

        def noting(*given: object) -> object:
            picture = paint(*given)  # type: ignore[arg-type]
            assert picture.panel is not None
            assert picture.panel.hud is not None
            titles.append(picture.panel.hud.title)
            return picture

        theatre.picture = noting  # type: ignore[assignment,method-assign]
        theatre.wait_for_debriefing()
        theatre.close(closing_of(debrief(out)), seconds=1.0)

    theatre = visit(
        runtime,
        out,
        coarse_liver,
        lambda *_: None,
        procedure=first_touch(tmp_path),
        after=after,
    )
    record = load(out)
    assert record.footer is not None
    assert record.footer["completed"]
    assert [event.kind for event in record.events][-1] == "session.ended"
    assert verify_session(record).agrees
    assert titles[0] == "The session is over"
    assert re.fullmatch(r"Passed: [\d.]+ of 100 points", titles[-1])
    assert titles.count(titles[-1]) == pytest.approx(RATE_HZ, abs=2)
    assert (out / "report.html").stat().st_size > 10_000
    (headset,) = played
    assert headset.deed is Deed.DESTROY
    assert headset.life.state is State.EXITING
    assert runtime.counts["state"] is None
    assert not runtime.counts["instance"]
    assert theatre.count.begun == theatre.count.ended == runtime.counts["frames"]
    assert theatre.count.late == runtime.counts["missed"] == 0
    assert runtime.errors == []
    assert runtime.violations == []
    timing = read_timing(out / "timing.json").headset
    assert timing is not None
    assert timing.frames == pytest.approx(RATE_HZ * record.duration_s, abs=20)
