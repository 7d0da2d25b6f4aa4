"""Every line of the score of every shipped procedure points at what decided it."""

from pathlib import Path

import pytest

from surgisim.procedure import shipped
from surgisim.record.result import LineEntry
from surgisim.session import Order, debrief, play
from surgisim.trainees import scripted


def witnessed(lines: tuple[LineEntry, ...], duration_s: float) -> bool:
    return all(
        line.moment_s is not None
        and 0.0 <= line.moment_s <= (line.until_s or line.moment_s) <= duration_s + 1e-9
        for line in lines
    )


@pytest.mark.parametrize("name", shipped())
def test_lines_of_a_shipped_procedure_have_their_evidence(name: str, tmp_path: Path) -> None:
    order = Order(name, tmp_path / "session", seed=3)
    play(order, lambda _, rng: scripted("dangerous", rng))
    debriefing = debrief(order.out)
    result = debriefing.result
    assert result.lines
    assert any(line.out_of == 0.0 for line in result.lines)  # dangerous makes mistakes
    assert witnessed(result.lines, result.duration_s)
    page = debriefing.report.read_text(encoding="utf-8")
    for number in range(1, len(result.lines) + 1):
        row = page.split(f'<tr id="score-{number}"')[1].split("</tr>")[0]
        assert '<a href="#' in row
