"""Delivery to a real learning record store, and to one that behaves badly."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from tests.record.sessions import TIMING

from surgisim.cli import main
from surgisim.errors import RecordError
from surgisim.record import write_timing
from surgisim.xapi import Lrs, Outbox, deliver

from .conftest import ACTOR, PASSWORD, USER, Store, told


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "box") as box:
        yield box


def _ids(store: Store) -> list[str]:
    return [str(one["id"]) for one in store.statements()]


def test_a_store_gets_every_statement_once(store: Store, outbox: Outbox) -> None:
    outbox.put([*told(), *told(1), *told(2), *told(3), *told(4)])  # more than one batch
    lrs = Lrs(store.url, USER, PASSWORD)
    delivery = deliver(outbox, lrs)
    assert (delivery.sent, delivery.refused, delivery.stopped) == (5 * len(told()), 0, "")
    assert outbox.counts().waiting == 0
    found = _ids(store)
    assert len(found) == len(set(found)) == 5 * len(told())
    assert deliver(outbox, lrs).sent == 0
    mine = next(one for one in store.statements() if one["id"] == str(told()[-2].id))
    assert {key: mine[key] for key in told()[-2].content()} == told()[-2].content()
    assert mine["actor"] == ACTOR.model_dump(mode="json")


def test_an_answer_that_is_lost_doubles_nothing(store: Store, outbox: Outbox) -> None:
    outbox.put(told())
    with _between(store) as (url, proxy):
        proxy.swallow = 1  # the store takes the batch, and its answer never arrives
        first = deliver(outbox, Lrs(url, USER, PASSWORD))
        assert first.stopped
        assert outbox.counts().waiting == len(told())
        assert len(_ids(store)) == len(told())
        second = deliver(outbox, Lrs(url, USER, PASSWORD))
    assert second.sent == len(told())
    assert sorted(_ids(store)) == sorted(str(one.id) for one in told())


def test_one_bad_statement_does_not_hold_up_the_rest(store: Store, outbox: Outbox) -> None:
    lrs = Lrs(store.url, USER, PASSWORD)
    theirs = told()[4].content() | {"verb": told()[0].content()["verb"]}
    lrs.post([theirs])  # somebody else's statement under the id of one of ours
    outbox.put(told())
    delivery = deliver(outbox, lrs)
    assert (delivery.sent, delivery.refused) == (len(told()) - 1, 1)
    [(identity, reason)] = outbox.refused()
    assert identity == told()[4].id
    assert reason.startswith("409")
    assert len(_ids(store)) == len(told())


def test_a_wrong_password_loses_nothing(store: Store, outbox: Outbox) -> None:
    outbox.put(told())
    delivery = deliver(outbox, Lrs(store.url, USER, "wrong"))
    assert "turns this program away (401)" in delivery.stopped
    assert outbox.counts().waiting == len(told())


def test_a_store_that_is_away_loses_nothing(outbox: Outbox) -> None:
    outbox.put(told())
    delivery = deliver(outbox, Lrs("http://127.0.0.1:9", USER, PASSWORD))
    assert "does not answer" in delivery.stopped
    assert outbox.counts().waiting == len(told())


@pytest.mark.parametrize(
    ("url", "told_so"),
    [
        ("http://lrs.example/xapi", "password in the clear"),
        ("ftp://lrs.example", "no address"),
        ("lrs", "no address"),
        ("https://[lrs", "no address"),
    ],
)
def test_addresses_that_are_none_or_unsafe(url: str, told_so: str) -> None:
    with pytest.raises(RecordError, match=told_so):
        Lrs(url, USER, PASSWORD)


class _Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on to a store, and drops the next `swallow` answers."""

    target = ""
    swallow = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = requests.post(
            self.target + self.path, data=body, headers=dict(self.headers), timeout=20
        )
        if type(self).swallow > 0:
            type(self).swallow -= 1
            self.close_connection = True
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def _between(store: Store) -> Iterator[tuple[str, type[_Proxy]]]:
    proxy = type("Proxy", (_Proxy,), {"target": store.url})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), proxy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_redirects_and_errors_of_a_store_are_for_later(outbox: Outbox) -> None:
    outbox.put(told())
    for status in (302, 429, 503):
        with _answering(status) as url:
            delivery = deliver(outbox, Lrs(url, USER, PASSWORD))
        assert str(status) in delivery.stopped
        assert outbox.counts().waiting == len(told())


def test_a_statement_that_a_store_has_and_does_not_show_holds_nothing_up(outbox: Outbox) -> None:
    outbox.put(told())

    class Voided(_Proxy):
        """Has one of the statements, and it was voided."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(409 if str(told()[2].id).encode() in body else 200)

        def do_GET(self) -> None:
            self._answer(404)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with _serving(Voided) as url:
        delivery = deliver(outbox, Lrs(url, USER, PASSWORD))
    assert (delivery.sent, delivery.refused, delivery.stopped) == (len(told()) - 1, 1, "")
    assert [identity for identity, _ in outbox.refused()] == [told()[2].id]


@contextmanager
def _answering(status: int) -> Iterator[str]:
    class Fixed(_Proxy):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with _serving(Fixed) as url:
        yield url


@contextmanager
def _serving(handler: type[_Proxy]) -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_command_puts_and_sends(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    session_folder: Path,
) -> None:
    box = ["--outbox", str(tmp_path / "box")]
    assert main(["xapi", "status", *box]) == 0
    assert main(["xapi", "put", str(session_folder), "--actor", "5f1c0a9e", *box]) == 0
    assert main(["xapi", "put", str(session_folder), "--actor", "5f1c0a9e", *box]) == 0
    assert "0 new statements, 12 were there; 12 wait" in capsys.readouterr().out
    send = ["xapi", "send", "--lrs", store.url, *box]
    assert main(send) == 2
    assert "SURGISIM_LRS_USER" in capsys.readouterr().err
    monkeypatch.setenv("SURGISIM_LRS_USER", USER)
    monkeypatch.setenv("SURGISIM_LRS_PASSWORD", PASSWORD)
    assert main(send) == 0
    assert "12 sent, 0 refused; 0 wait" in capsys.readouterr().out
    assert len(_ids(store)) == 12
    assert main(["xapi", "show", str(session_folder), "--actor", "5f1c0a9e"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 12
    assert main(["xapi", "show", str(session_folder), "--actor", "x", "--site", "no iri"]) == 2
    assert "is no IRI" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["show", "put"])
def test_nobody_is_told_of_by_name(
    verb: str, session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = ["--outbox", str(tmp_path / "box")] if verb == "put" else []
    assert main(["xapi", verb, str(session_folder), "--actor", "Anna Müller", *box]) == 2
    assert "'Anna Müller' is no pseudonym" in capsys.readouterr().err
    assert not (tmp_path / "box").exists()


def test_a_session_is_told_without_reading_the_whole_of_its_record(
    session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)
    write_timing(session_folder, TIMING.model_copy(update={"begun_at": begun}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surgisim.record.reader.collect", lambda *_: 1 / 0)
        assert main(["xapi", "show", str(session_folder), "--actor", "5f1c0a9e"]) == 0
    first, *_, last = json.loads(capsys.readouterr().out)
    assert first["object"]["definition"]["name"]["en"] == "Find the nodules"
    assert first["timestamp"] == "2026-11-30T12:00:00.000Z"
    assert last["timestamp"] == "2026-11-30T12:01:00.000Z"


def test_the_command_forgets(
    session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = ["--outbox", str(tmp_path / "box")]
    assert main(["xapi", "forget", "5f1c0a9e", *box]) == 1
    assert "nothing about 5f1c0a9e waits in" in capsys.readouterr().out
    assert not (tmp_path / "box").exists()
    assert main(["xapi", "put", str(session_folder), "--actor", "5f1c0a9e", *box]) == 0
    assert main(["xapi", "forget", "5f1c0a9e", *box]) == 0
    assert "12 statements about 5f1c0a9e are out of" in capsys.readouterr().out
    assert main(["xapi", "status", *box]) == 0
    assert "0 wait, 0 sent, 0 refused" in capsys.readouterr().out
