"""Ratings of sessions as rows of the store: kept, replaced, erased with their session or rater."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.errors import StoreError
from surgisim.record.rating import session_mark
from surgisim.store import Store

from .making import rating, result, session_folder

SignIn = Callable[[str, str], Store]


@pytest.fixture
def mark(admin: Store, home: Path) -> str:
    """The mark of a session of Ann's, number 1."""
    folder = session_folder(home / "played")
    admin.add(folder, result(), "person", admin.pseudonym("ann"))
    return session_mark(folder)


def test_a_rating_is_kept_with_its_session_and_gives_way_to_the_same_rater_s(
    signed_in: SignIn, mark: str
) -> None:
    miss = signed_in("miss", "instructor")
    miss.rate(1, rating(mark, "R2"))
    miss.rate(1, rating(mark, "R1", 3))
    miss.rate(1, rating(mark, "R1", 5))
    (found,) = miss.results()
    assert found.ratings == (rating(mark, "R1", 5), rating(mark, "R2"))
    assert [json.loads(line)["action"] for line in miss.audit()].count("session rated") == 3
    assert miss.verify().problems == ()
    sir = signed_in("sir", "instructor")
    with pytest.raises(StoreError, match="rating by 'R1' that somebody else entered"):
        sir.rate(1, rating(mark, "R1"))
    assert miss.results()[0].ratings == found.ratings


def test_what_cannot_be_rated_is_refused(admin: Store, signed_in: SignIn, mark: str) -> None:
    miss = signed_in("miss", "instructor")
    with pytest.raises(StoreError, match="the rating is of session 0123, and session 1 is"):
        miss.rate(1, rating("0123"))
    admin.begin("liver_palpation", 1, "mouse", "person")
    with pytest.raises(StoreError, match="session 2 has not ended, so there is nothing to rate"):
        miss.rate(2, rating(mark))
    with pytest.raises(StoreError, match="has no session 9"):
        miss.rate(9, rating(mark))
    assert miss.results()[0].ratings == ()


def test_ratings_are_exported_and_go_with_whom_they_are_about(
    admin: Store, signed_in: SignIn, mark: str, tmp_path: Path
) -> None:
    signed_in("miss", "instructor").rate(1, rating(mark))
    ann = admin.pseudonym("ann")
    admin.export(ann, tmp_path / "ann.zip")
    with zipfile.ZipFile(tmp_path / "ann.zip") as zipped:
        (one,) = json.loads(zipped.read("sessions.json"))
    assert [given["rater"] for given in one["ratings"]] == ["R1"]
    admin.erase(ann)
    with admin._desk.reading() as connection:
        assert connection.exec_driver_sql("SELECT * FROM rating").all() == []
    assert admin.verify().problems == ()


def test_a_rater_who_is_erased_is_not_named(
    admin: Store, signed_in: SignIn, mark: str, home: Path
) -> None:
    folder = session_folder(home / "other", 8)
    admin.add(folder, result(seed=8), "person", admin.pseudonym("bob"))
    miss = signed_in("miss", "instructor")
    for number, one in ((1, mark), (2, session_mark(folder))):
        miss.rate(number, rating(one, "miss"))
    miss.rate(1, rating(mark, "R1"))
    who = admin.find_person("id:miss")
    sir = signed_in("sir", "instructor")
    sir.rate(2, rating(session_mark(folder), who[:8]))  # for a rater elsewhere
    sir.rate(2, rating(session_mark(folder), who[:7]))
    admin.erase(who)
    names = [[given.rater for given in one.ratings] for one in admin.results()]
    assert [sorted(one) for one in names] == [
        ["erased1", "erased3"],
        sorted(["erased1", "erased4", who[:7]]),
    ]
    assert admin.verify().problems == ()
