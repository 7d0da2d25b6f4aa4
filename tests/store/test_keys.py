"""The site key, pseudonyms and what is sealed: golden values; nothing opens what was changed."""

import hashlib
import hmac
import io
import sqlite3
from pathlib import Path

import pytest

from surgisim.errors import StoreError
from surgisim.store import open_store
from surgisim.store.sealing import PIECE, open_file, open_text, seal_file, seal_text
from surgisim.store.site_key import SiteKey

KEY = SiteKey(bytes(range(32)))
CONTENT = bytes(range(256)) * 1024  # four pieces to the byte


def sealed(content: bytes, context: str = "a/session.mcap") -> bytes:
    return b"".join(seal_file(KEY.secret, io.BytesIO(content), context))


def opened(data: bytes, key: bytes = KEY.secret, context: str = "a/session.mcap") -> bytes:
    return b"".join(open_file(key, io.BytesIO(data), context))


def test_a_pseudonym_is_the_keyed_hash_cut_to_128_bits() -> None:
    whole = hmac.new(KEY.secret, b"4711", hashlib.sha256).hexdigest()
    assert KEY.pseudonym("4711") == whole[:32]
    assert KEY.pseudonym("4711") == "6d45b7f8862dbcd87e2aef15fc78bd09"  # by openssl


@pytest.mark.parametrize("spelling", ["ann", " Ann ", "ANN", "\uff21nn"])
def test_all_spellings_of_an_id_are_one_person(spelling: str) -> None:
    assert KEY.pseudonym(spelling) == KEY.pseudonym("Ann")


@pytest.mark.parametrize("wrong", ["", "  ", "a\nb", "x" * 201])
def test_what_is_no_id_is_refused(wrong: str) -> None:
    with pytest.raises(StoreError, match="a local id has 1 to 200 letters"):
        KEY.pseudonym(wrong)


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = {KEY.derive(purpose) for purpose in ("audit head", "seals", "login", "key id")}
    assert len(keys | {KEY.secret}) == 5
    assert "secret" not in repr(KEY)


def test_a_key_is_kept_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "config" / "site.key"
    key = SiteKey.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SiteKey.read(path) == key
    with pytest.raises(StoreError, match="cannot be written"):
        SiteKey.create(path)
    path.chmod(0o640)
    with pytest.raises(StoreError, match="can be read by others; take their rights away: chmod"):
        SiteKey.read(path)


@pytest.mark.parametrize("text", ["", "surgisim-site-key@1 abc", "surgisim-site-key@1 @@", "x"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(StoreError, match="holds no site key"):
        SiteKey.read(path)
    with pytest.raises(StoreError, match="is missing, and without it the store cannot be read"):
        SiteKey.read(tmp_path / "other.key")


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, len(CONTENT)])
def test_a_sealed_file_opens_as_it_was(size: int) -> None:
    data = sealed(CONTENT[:size])
    assert opened(data) == CONTENT[:size]
    assert CONTENT[:size] not in data or size < 4
    assert data != sealed(CONTENT[:size])


PLACES = [0, 20, 40, PIECE // 2, 2 * PIECE, -1]


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_byte_is_refused(place: int) -> None:
    data = bytearray(sealed(CONTENT))
    data[place] ^= 1
    with pytest.raises(StoreError, match="was changed"):
        opened(bytes(data))


def test_pieces_cannot_be_left_out_exchanged_or_cut_off() -> None:
    data = sealed(CONTENT)
    head, step = 34, PIECE + 16
    pieces = [data[at : at + step] for at in range(head, len(data), step)]
    assert len(pieces) == 4
    for order in ([0, 1, 2], [0, 2, 3], [1, 0, 2, 3], [0, 1, 2, 3, 3], [3], []):
        with pytest.raises(StoreError, match="was changed"):
            opened(data[:head] + b"".join(pieces[n] for n in order))


def test_another_key_or_place_opens_nothing() -> None:
    for key, context in ((bytes(32), "a/session.mcap"), (KEY.secret, "b/session.mcap")):
        with pytest.raises(StoreError, match="belongs to another key"):
            opened(sealed(CONTENT), key, context)
    note = seal_text(KEY.secret, b"left-handed", "note about a")
    assert open_text(KEY.secret, note, "note about a") == b"left-handed"
    for key, context in ((bytes(32), "note about a"), (KEY.secret, "note about b")):
        with pytest.raises(StoreError, match="the sealed note about"):
            open_text(key, note, context)


def test_half_a_key_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("surgisim.store.site_key.os.fsync", full)
        with pytest.raises(StoreError, match="No space left on device"):
            SiteKey.create(tmp_path / "site.key")
    assert list(tmp_path.iterdir()) == []
    SiteKey.create(tmp_path / "site.key")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("records", "records/site.key"),
        ("records", "records/keys/site.key"),
        ("sqlite:///{home}/own/mine.sqlite", "own/site.key"),
        ("sqlite:///{home}/own/mine.sqlite", "own/sessions/deep/site.key"),
        ("postgresql:///records", "files/site.key"),
    ],
)
def test_a_key_that_lies_in_the_store_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURGISIM_STORE_FILES", "files")
    monkeypatch.setenv("SURGISIM_SITE_KEY", key)
    with pytest.raises(StoreError, match=r"lies in the store, .* a place outside of it"):
        open_store(name.format(home=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_store_and_its_folders_are_for_their_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "keys" / "site.key"))
    store = open_store(str(tmp_path / "records"))
    assert store.place.file is not None
    for path in (store.place.file.parent, store.place.file, store.place.files, store.place.key):
        assert path.stat().st_mode & 0o077 == 0


def test_two_stores_do_not_share_a_folder_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURGISIM_SITE_KEY", str(tmp_path / "keys" / "site.key"))
    url = f"sqlite:///{tmp_path}/records/"
    open_store(f"{url}one.sqlite")
    for _ in range(2):  # a store that is refused is not made
        with pytest.raises(StoreError, match="holds the session files of another store"):
            open_store(f"{url}two.sqlite")
    with sqlite3.connect(tmp_path / "records" / "two.sqlite") as made:
        assert made.execute("SELECT count(*) FROM site").fetchone() == (0,)
    assert open_store(f"{url}one.sqlite").actor.role == "admin"
