"""The rater's form: whole in one file, and filled in by a real browser."""

import base64
import hashlib
import re
import time
from pathlib import Path

import pytest

from surgisim.record.rating import read_rating
from surgisim.report.rating_form import FormData, rating_form
from surgisim.scoring.rating import scales

from .browser import browser
from .test_page import outline

DATA = FormData(
    "Find the <nodules>", "liver_palpation", "1.0", "0123456789abcdef", scales()["goals"]
)


def test_nothing_comes_from_outside_and_only_its_own_script_may_run() -> None:
    text = rating_form(DATA)
    assert "http:" not in text
    assert "https:" not in text
    assert "Find the &lt;nodules&gt;" in text
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text


@pytest.mark.parametrize("scale", scales().values(), ids=lambda scale: scale.id)
def test_every_item_can_be_given_1_to_5_and_shows_its_anchors(scale) -> None:
    page = outline(rating_form(FormData("Title", "procedure", "1", "0" * 16, scale)))
    for item in scale.items:
        given = [a["value"] for tag, a in page.elements if a.get("name") == f"item-{item.id}"]
        assert given == ["1", "2", "3", "4", "5", *([""] if item.optional else [])]
        assert all(anchor in page.text for anchor in item.anchors.values())


def test_a_browser_fills_it_in_and_saves_a_rating(tmp_path: Path) -> None:
    form = tmp_path / "form.html"
    form.write_text(rating_form(DATA), encoding="utf-8")
    with browser(tmp_path) as tab:
        tab.open(form, tmp_path)
        assert tab.run("getComputedStyle(document.getElementById('video')).display") == "none"
        tab.run("document.querySelector('button').click()")
        assert tab.run("document.getElementById('copy').hidden")  # it is not filled in yet
        tab.run("document.querySelector('[name=rater]').value = 'R7'")
        picks = ["[name=blinded][value=yes]", "[name=seen][value=video]"]
        picks += [
            f"[name=item-{item.id}][value='{score}']"
            for item, score in zip(DATA.scale.items, (3, 4, 2, 5), strict=False)
        ]
        for pick in picks:
            tab.run(f'document.querySelector("{pick}").click()')
        assert tab.run("document.getElementById('total').textContent") == "14"
        tab.run("document.querySelector('button').click()")
        tab.until("!document.getElementById('copy').hidden")
        saved = tmp_path / "goals-R7-0123456789abcdef.json"
        end = time.monotonic() + 30
        while not saved.exists() and time.monotonic() < end:
            time.sleep(0.02)
        written = tab.run("document.getElementById('written').value")
    assert saved.read_text(encoding="utf-8") == written
    rating = read_rating(saved)
    assert (rating.rater, rating.blinded, rating.seen) == ("R7", True, "video")
    assert rating.session == DATA.session
    assert rating.scores == {
        "depth_perception": 3,
        "bimanual_dexterity": 4,
        "efficiency": 2,
        "tissue_handling": 5,
    }


def test_a_name_is_no_pseudonym_to_the_form(tmp_path: Path) -> None:
    form = tmp_path / "form.html"
    form.write_text(rating_form(DATA), encoding="utf-8")
    with browser(tmp_path) as tab:
        tab.open(form, tmp_path)
        tab.run("document.querySelector('[name=rater]').value = 'Dr. Jane Doe'")
        assert tab.run("document.querySelector('[name=rater]').validity.patternMismatch")


def test_no_rule_runs_through_the_heading_of_a_group() -> None:
    """A border of the fieldset is drawn at half the height of its legend."""
    style = rating_form(DATA).partition("<style>")[2].partition("</style>")[0]
    rules = dict(re.findall(r"(fieldset|legend) \{(.*?)\}", style))
    assert "border-top" not in rules["fieldset"]
    assert "border-top" in rules["legend"]
