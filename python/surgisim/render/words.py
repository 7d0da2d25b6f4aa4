"""What is written over a picture, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from surgisim.render.spots import Vector

__all__ = ["Hud", "Label", "Vitals"]


@dataclass(frozen=True, slots=True)
class Label:
    """A short text that points at a place in the world, m."""

    point: Vector
    text: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a monitor shows; whatever is None is left out.

    Attributes
    ----------
    heart_rate_bpm
        Beats a minute.
    systolic_mmhg, diastolic_mmhg
        Blood pressure.
    spo2_percent
        Oxygen saturation.
    """

    heart_rate_bpm: float | None = None
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    spo2_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Hud:
    """What is written over the picture; whatever is None or empty is left out.

    Attributes
    ----------
    force_n, force_limit_n
        Force on the instrument and what the tissue bears, N.
    title, message
        The step, and what the trainee should read now.
    time_s, blood_loss_ml
        Session time and lost volume.
    alarm
        A complication or a breath: a red banner.
    hint
        One quiet line at the lower edge.
    help_lines
        Shown in the middle as a panel, one (key, meaning) a line.
    vitals
        The monitor's numbers, under the clock.
    step
        Which step is under way and of how many.
    scale
        Size of everything, for dense screens and weak eyes; 1 suits 720 lines.
    """

    force_n: float | None = None
    force_limit_n: float | None = None
    title: str = ""
    message: str = ""
    time_s: float | None = None
    blood_loss_ml: float | None = None
    alarm: str = ""
    hint: str = ""
    help_lines: tuple[tuple[str, str], ...] = ()
    vitals: Vitals | None = None
    step: tuple[int, int] | None = None
    scale: float = 1.0
