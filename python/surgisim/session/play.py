"""Play a session: live on its own clock, or in lockstep as fast as the machine can."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from surgisim.errors import ProcedureError, SurgisimError
from surgisim.procedure import Engine, Problem, Procedure, Program, find, program_text
from surgisim.procedure.engine import LOOK_S
from surgisim.procedure.load import loads
from surgisim.procedure.respiration import Respiration
from surgisim.procedure.source import UnreadableError, read_text
from surgisim.record import HeadsetTiming, Recorder, SessionWriter, write_timing
from surgisim.run import LiveRun, LockstepRun, Run, TickStats
from surgisim.session.chance import sources
from surgisim.session.header import footer_of, header_of
from surgisim.session.interrupt import leaving_on_interrupt
from surgisim.session.look import Looks
from surgisim.session.order import Order
from surgisim.session.physics import Placed
from surgisim.session.scenery import write_pieces
from surgisim.session.script import Casting
from surgisim.session.stage import DT_S, Stage, set_stage
from surgisim.session.stock import stock_of
from surgisim.session.timing import timing_of
from surgisim.snapshot import Snapshot

__all__ = ["Played", "perform", "play"]

_Kind = TypeVar("_Kind", LockstepRun, LiveRun)

TICKS_A_LOOK = round(LOOK_S / DT_S)
Progress = Callable[[str, float], None]
Watcher = Callable[[Looks, Snapshot], None]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A session that ran.

    Attributes
    ----------
    stage, engine
        Where it was played, and the procedure as it went.
    stats
        What the ticks cost.
    warnings
        What the player should be told.
    """

    stage: Stage
    engine: Engine
    stats: TickStats
    warnings: tuple[str, ...] = ()


def play(
    order: Order,
    cast: Casting,
    *,
    watch: Watcher | None = None,
    wait: Callable[[float], None] | None = None,
    progress: Progress | None = None,
    headset: Callable[[], HeadsetTiming] | None = None,
) -> Played:
    """Play a session and record it; Ctrl-C leaves it, and what was played is kept.

    Parameters
    ----------
    order
        What.
    cast
        Makes the trainee, given the stage and a generator of its own.
    watch
        Called after every look, for a window.
    wait
        Live only: waits until the given seconds after the last look was due, as `Pace.wait` does.
    progress
        Called with a stage of the work and its share done.
    headset
        Tells at the end what a headset showed.

    Raises
    ------
    ProcedureError, AnatomyError, MaterialError, RecordError, DeviceError
        Whatever is missing or wrong, before anything is played.
    SurgisimError
        A seed below 0.
    """
    with SessionWriter(order.out, replace=True) as writer:
        played = perform(order, cast, writer, watch=watch, wait=wait, progress=progress)
    shown = None if headset is None else headset()
    timing = timing_of(played.stats, order.tissue_hz, shown)
    write_timing(order.out, timing.model_copy(update={"begun_at": writer.begun_at}))
    return played


def perform(
    order: Order,
    cast: Casting,
    writer: Recorder,
    *,
    watch: Watcher | None = None,
    wait: Callable[[float], None] | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play a session into any recorder; `order.out` is not touched. See `play`."""
    if order.seed < 0:
        raise SurgisimError(f"the seed is {order.seed}; choose a whole number, 0 or more")
    procedure, text = _read(find(order.procedure), order.anatomy)
    chance = sources(order.seed)
    code = _program_text(procedure, find(order.procedure).parent, order.allow_behaviour)
    stage = set_stage(procedure, order.anatomy, chance.stage, progress)
    engine, trainee = Engine(procedure, chance.engine), cast(stage, chance.trainee)
    program = Program(procedure, code, chance.program) if code else None
    brought = {"behaviour_text": code} if code else {}
    placed = stage.scene.place()

    def begin(run: Run) -> Looks:
        writer.write_header(header_of(order, stage, text, placed, run) | brought)
        stage.scene.write_arrays(writer)
        writer.write_array("surface", stage.organ.surface)
        write_pieces(writer, stage.seen_beside)
        if stage.beneath is not None:
            writer.write_array("beneath", stage.beneath.points)
        breathing = procedure.scene.breathing
        patient = None if breathing is None else Respiration(breathing, chance.patient)
        return Looks(stage, run, engine, trainee, writer, patient, program)

    if order.live:
        if wait is None:
            raise ValueError("a live session needs a way to wait")
        looks, stats = _live(order, stage, placed, begin, watch, wait)
    else:
        looks, stats = _lockstep(order, stage, placed, begin, watch, progress)
    writer.write_footer(footer_of(looks, stats))
    return Played(stage, engine, stats, tuple(looks.warnings))


def _read(path: Path, where: Path | None) -> tuple[Procedure, str]:
    """Read a procedure and its text, once: the file may change while it is played.

    Its names are looked for as `surgisim check` does, in the anatomy `where` if there is one.
    """
    try:
        text = read_text(path)
    except UnreadableError as error:
        problem = Problem(str(path), error.line, error.column, str(error))
        raise ProcedureError(str(problem)) from error
    return loads(text, str(path), stock_of(where), path.parent), text


def _program_text(procedure: Procedure, folder: Path, allowed: bool) -> str:
    """Read the procedure's own program, if it has one and may run."""
    if procedure.behaviour is None:
        return ""
    if not allowed:
        raise ProcedureError(
            f"procedure '{procedure.id}' brings its own program, {procedure.behaviour}, which "
            "would run with your rights: read it, then play with --allow-behaviour"
        )
    try:
        return program_text(procedure, folder)
    except ValueError as error:
        raise ProcedureError(str(error)) from error


def _run(kind: type[_Kind], order: Order, stage: Stage, placed: Placed) -> _Kind:
    """Make the run that is ordered."""
    return kind(
        placed.world,
        placed.probe,
        placed.organ,
        device=order.device,
        force_limit_n=stage.procedure.scene.limits.force.value,
        control=order.control_on(stage),
        field=order.field_on(stage),
        tissue_hz=order.tissue_hz,
    )


def _lockstep(
    order: Order,
    stage: Stage,
    placed: Placed,
    begin: Callable[[Run], Looks],
    watch: Watcher | None,
    progress: Progress | None,
) -> tuple[Looks, TickStats]:
    run = _run(LockstepRun, order, stage, placed)
    looks = begin(run)
    with leaving_on_interrupt(looks.leave):
        while not looks.over:
            run.advance(TICKS_A_LOOK)
            snapshot = looks.look()
            if watch is not None:
                watch(looks, snapshot)
            if progress is not None:
                limit_s = looks.stage.procedure.time_limit
                progress("playing", min(snapshot.time_s / limit_s, 1.0))
    if progress is not None:
        progress("playing", 1.0)  # a session that ends before its time limit is whole, too
    return looks, run.stats()


def _live(
    order: Order,
    stage: Stage,
    placed: Placed,
    begin: Callable[[Run], Looks],
    watch: Watcher | None,
    wait: Callable[[float], None],
) -> tuple[Looks, TickStats]:
    run = _run(LiveRun, order, stage, placed)
    with run:
        looks = begin(run)
        with leaving_on_interrupt(looks.leave):
            # A signal ends the run at once; what came before it is still to be told.
            while run.running or looks.left:
                snapshot = looks.look()
                if watch is not None:
                    watch(looks, snapshot)
                if looks.over:  # asked after a look: it has told what came before a Ctrl-C
                    break
                wait(LOOK_S)
            stats = run.stop()
            looks.take_rest()
    return looks, stats
