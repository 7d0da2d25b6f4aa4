"""Tables in narrow terminals."""

from surgisim.commands.wrapping import columns

ROWS = [("no.", "procedure", "verdict"), ("1", "liver_palpation@1.2", "practice")]


def test_short_last_cells_stay_in_their_line_where_there_is_room() -> None:
    """The verdicts of sessions once stood each in a line of its own at 90 letters."""
    table = columns(ROWS, 36)
    assert table.splitlines()[1] == "1    liver_palpation@1.2  practice"
    assert columns(ROWS, 30).splitlines()[2:] == ["1  liver_palpation@1.2", "    practice"]


def test_long_last_cells_are_set_under_the_others_where_there_is_little_room() -> None:
    rows = [("force.peak", "N", "largest force in the whole of the session")]
    assert columns(rows, 60).splitlines()[0].startswith("force.peak  N  largest force in")
    assert columns(rows, 30).splitlines()[0] == "force.peak  N"
