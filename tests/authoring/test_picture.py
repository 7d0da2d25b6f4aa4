"""The picture's geometry: texts lie in their cards, nothing overlaps, no arrow crosses a card."""

import itertools
from pathlib import Path

import pytest
from PIL import Image

from surgisim.authoring.flow import flow_of
from surgisim.authoring.graph import essential
from surgisim.authoring.paint import paint
from surgisim.authoring.picture import picture_of
from surgisim.authoring.sheet import Arrow, Box, Line, Paragraph, Sheet, column
from surgisim.authoring.typeset import Style, width, wrap
from surgisim.errors import RenderError
from surgisim.procedure import Procedure, find, load, shipped
from surgisim.procedure.load import loads

from .large import large

SLACK = 0.01


def _sized(procedure: Procedure) -> Sheet:
    return picture_of(flow_of(procedure))


SHEETS = [
    *(pytest.param(lambda n=name: _sized(load(find(n))), id=name) for name in shipped()),
    *(
        pytest.param(
            lambda n=steps, s=seed: _sized(loads(large(n, s), "large")), id=f"{steps} steps, {seed}"
        )
        for steps, seed in ((1, 1), (2, 2), (6, 3), (15, 4), (15, 5), (30, 6))
    ),
]


@pytest.fixture(params=SHEETS)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return request.param()


def _inside(part: Line | Box, whole: Box | Sheet) -> bool:
    x, y = (whole.x, whole.y) if isinstance(whole, Box) else (0.0, 0.0)
    return (
        part.x >= x - SLACK
        and part.y >= y - SLACK
        and part.x + part.width <= x + whole.width + SLACK
        and part.y + part.height <= y + whole.height + SLACK
    )


def _apart(a: Line | Box, b: Line | Box) -> bool:
    return (
        a.x + a.width <= b.x + SLACK
        or b.x + b.width <= a.x + SLACK
        or a.y + a.height <= b.y + SLACK
        or b.y + b.height <= a.y + SLACK
    )


def _crosses(arrow: Arrow, box: Box | Line) -> bool:
    """Whether a part of a polyline, all of whose parts are upright or level, runs inside."""
    for (ax, ay), (bx, by) in itertools.pairwise(arrow.points):
        assert min(abs(ax - bx), abs(ay - by)) < 0.1
        low, high = (min(ax, bx), min(ay, by)), (max(ax, bx), max(ay, by))
        if (
            high[0] > box.x + SLACK
            and low[0] < box.x + box.width - SLACK
            and high[1] > box.y + SLACK
            and low[1] < box.y + box.height - SLACK
        ):
            return True
    return False


def test_nothing_overlaps(sheet: Sheet) -> None:
    assert all(_inside(part, sheet) for part in (*sheet.boxes, *sheet.lines))
    for a, b in itertools.combinations(sheet.lines, 2):
        assert _apart(a, b), (a, b)
    for a, b in itertools.combinations(sheet.boxes, 2):
        assert _apart(a, b) or _inside(a, b) or _inside(b, a), (a, b)
    for line, box in itertools.product(sheet.lines, sheet.boxes):
        assert _apart(line, box) or _inside(line, box), (line, box)


def test_arrows_run_between_the_cards(sheet: Sheet) -> None:
    for arrow in sheet.arrows:
        for line in sheet.lines:
            assert not _crosses(arrow, line), (arrow, line)
        holders = [box for box in sheet.boxes if _crosses(arrow, box)]
        for box in holders:  # only the panel that a graph of states lies in
            assert all(
                box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
                for x, y in arrow.points
            ), (arrow, box)
        assert len(holders) <= 1


def test_the_shape_suits_a_page(sheet: Sheet) -> None:
    assert 0.3 < sheet.width / sheet.height < 2.5


def test_a_picture_that_overlaps_is_noticed() -> None:
    style = Style(9.0, "black")
    a, b = Line(0.0, 0.0, "some text", style), Line(30.0, 5.0, "more", style)
    assert not _apart(a, b)
    assert not _inside(a, Box(0.0, 0.0, 20.0, 30.0, "white"))
    assert _crosses(Arrow(((5.0, -5.0), (5.0, 30.0)), "black"), a)


def test_lines_are_as_wide_as_they_are_drawn(tmp_path: Path) -> None:
    style = Style(9.0, "#000000")
    for text in ("when the trainee has declared the work finished", "WWW iii 0.5 mL/min"):
        sheet = Sheet(300.0, 20.0, lines=[Line(10.0, 2.0, text, style)])
        paint(sheet, tmp_path / "line.png", "one line")
        with Image.open(tmp_path / "line.png") as picture:
            left, top, right, bottom = (
                picture.convert("L").point(lambda v: 255 * (v < 200)).getbbox()
            )
        scale = 144.0 / 72.0
        assert right / scale == pytest.approx(10.0 + width(text, style), abs=1.5)
        assert left / scale == pytest.approx(10.0, abs=1.5)
        assert 2.0 <= top / scale < bottom / scale <= 2.0 + sheet.lines[0].height


def test_long_words_are_broken_and_none_is_lost() -> None:
    style = Style(9.0, "black")
    text = f"a {'x' * 200} word"
    lines = wrap(text, style, 100.0)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, style) <= 100.0 for line in lines)
    assert column([Paragraph("", style), Paragraph("x", style, gap=9.0)], 50.0).height < 15.0


def test_edges_that_others_imply_are_left_out() -> None:
    needs = {"a": [], "b": ["a"], "c": ["a", "b", "b"], "d": ["c", "a"]}
    assert essential(needs) == [("a", "b"), ("b", "c"), ("c", "d")]


def test_a_way_may_be_as_long_as_a_file_lets_it() -> None:
    needs = {f"s{n}": [f"s{n + 1}"] for n in range(2000)} | {"s2000": list[str]()}
    assert essential(needs) == [(f"s{n + 1}", f"s{n}") for n in range(2000)]


@pytest.mark.parametrize("ending", [".svg", ".png", ".pdf"])
def test_the_same_procedure_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    sheet = _sized(load(find("liver_palpation")))
    files = [tmp_path / "a" / f"one{ending}", tmp_path / f"two{ending}"]
    for file in files:
        paint(sheet, file, "Find $the$ nodules")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].stat().st_size > 10_000


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"end it with \.svg, \.png, \.pdf"):
        paint(Sheet(10.0, 10.0), tmp_path / "a.jpg", "x")
    with pytest.raises(RenderError, match="cannot be written"):
        paint(Sheet(10.0, 10.0), Path("/proc/none/a.svg"), "x")
