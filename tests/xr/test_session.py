"""The life of a session: what is done at which event, and what runs in which state."""

import itertools

import pytest

from surgisim.xr.session import Deed, Life, State

BEGUN = (State.IDLE, State.READY)
FOCUSED = (*BEGUN, State.SYNCHRONIZED, State.VISIBLE, State.FOCUSED)


def after(*states: int) -> Life:
    life = Life()
    for state in states:
        life.enter(state)
    return life


def test_a_session_begins_when_it_is_ready_and_ends_when_it_is_to_stop() -> None:
    life = Life()
    assert life.enter(State.IDLE) is None
    assert not life.runs_frames
    assert life.enter(State.READY) is Deed.BEGIN
    assert life.runs_frames
    for state in (State.SYNCHRONIZED, State.VISIBLE, State.FOCUSED, State.SYNCHRONIZED):
        assert life.enter(state) is None
        assert life.runs_frames
    assert life.enter(State.STOPPING) is Deed.END
    assert not life.runs_frames


@pytest.mark.parametrize(
    ("states", "frames", "seen", "takes_input"),
    [
        ((), False, False, False),
        (BEGUN, True, False, False),
        ((*BEGUN, State.SYNCHRONIZED), True, False, False),
        ((*BEGUN, State.SYNCHRONIZED, State.VISIBLE), True, True, False),
        (FOCUSED, True, True, True),
        ((*FOCUSED, State.STOPPING), False, False, False),
        ((*FOCUSED, State.LOSS_PENDING), False, False, False),
    ],
)
def test_input_counts_in_focus_alone(
    states: tuple[State, ...], frames: bool, seen: bool, takes_input: bool
) -> None:
    life = after(*states)
    assert (life.runs_frames, life.is_seen, life.takes_input) == (frames, seen, takes_input)


def test_a_headset_that_is_taken_off_and_put_on_again_goes_on() -> None:
    life = after(*FOCUSED)
    life.wear(False)
    assert not life.takes_input
    assert life.runs_frames
    assert [life.enter(s) for s in (State.VISIBLE, State.SYNCHRONIZED, State.STOPPING)] == [
        None,
        None,
        Deed.END,
    ]
    assert life.enter(State.IDLE) is None
    assert not life.gone
    life.wear(True)
    assert life.enter(State.READY) is Deed.BEGIN
    for state in FOCUSED[2:]:
        life.enter(state)
    assert life.takes_input


def test_repeated_events_begin_and_end_nothing_twice() -> None:
    life = after(*FOCUSED)
    assert life.enter(State.READY) is None
    assert life.enter(State.STOPPING) is Deed.END
    assert life.enter(State.STOPPING) is None


@pytest.mark.parametrize(
    ("event", "deed"),
    [
        (lambda life: life.enter(State.EXITING), Deed.DESTROY),
        (lambda life: life.enter(State.LOSS_PENDING), Deed.RECREATE),
        (Life.lose_session, Deed.RECREATE),
        (Life.lose_instance, Deed.RENEW),
    ],
)
def test_what_is_over_is_told_once(event, deed: Deed) -> None:
    life = after(*FOCUSED)
    assert event(life) is deed
    assert life.gone
    assert event(life) is None
    assert life.enter(State.READY) is None
    assert not life.runs_frames


def test_a_state_that_is_not_known_changes_nothing() -> None:
    life = after(*FOCUSED)
    assert life.enter(99) is None
    assert life.state is State.UNKNOWN
    assert life.runs_frames
    assert not life.takes_input


def test_whatever_comes_in_whatever_order_begin_and_end_alternate() -> None:
    for states in itertools.product(State, repeat=4):
        life, open_ = Life(), False
        for state in states:
            deed = life.enter(state)
            if deed is Deed.BEGIN:
                assert not open_
                open_ = True
            elif deed is Deed.END:
                assert open_
                open_ = False
            elif deed is not None:
                open_ = False
            assert life.runs_frames == open_
