"""What long work tells of itself."""

import pytest

from surgisim.commands.progress import bars


def test_without_a_terminal_a_stage_is_told_every_ten_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now_s = [0.0]
    with bars(lambda: now_s[0]) as progress:
        for share in range(101):
            now_s[0] = 0.25 * share
            progress("playing", 0.01 * share)
        progress("painting", 0.0)
    told = capsys.readouterr().err.splitlines()
    assert told == ["playing ...", "playing ... 40 %", "playing ... 80 %", "painting ..."]
