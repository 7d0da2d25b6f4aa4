"""What is to be played, and by whom with what in the hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surgisim.session.stage import Stage
from surgisim.snapshot import Vector

__all__ = ["Order", "kind_of_device"]

Control = Callable[[Stage], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played.

    Attributes
    ----------
    procedure
        Name or file.
    out
        Session folder; an older session in it is replaced when this one begins.
    seed
        Decides everything that chance decides; a whole number, 0 or more.
    anatomy
        Folder, or None for the procedure's own.
    device
        ``"hand"``, ``"mouse"``, or as ``surgisim devices`` lists it.
    control
        What lies between hand and tool, as a rig tells it, or how to tell it for a stage; None for
        the device's own defaults, its reach laid over the scene's field.
    port
        Whether the instrument goes through the port of the procedure, if that has one.
    rig
        Name of the rig, for the record, or nothing.
    trainee
        What the record says of who played.
    tissue_hz
        How often the tissue is computed beside the tick; None: in every tick.
    allow_behaviour
        Whether the procedure's own program, if it has one, may run, with the player's rights.
    live
        On the wall clock at 1 kHz, or as fast as the machine can.
    """

    procedure: str | Path
    out: Path
    seed: int = 1
    anatomy: Path | None = None
    device: str = "hand"
    control: Mapping[str, Any] | Control | None = None
    port: bool = True
    rig: str = ""
    trainee: str = "careful"
    tissue_hz: float | None = None
    live: bool = False
    allow_behaviour: bool = False

    @property
    def device_kind(self) -> str:
        """The device without the path or address that tells it from others of its kind."""
        return kind_of_device(self.device)

    def control_on(self, stage: Stage) -> dict[str, Any] | None:
        """Join what is told of hand and tool with the port that the instrument goes through."""
        told = self.control(stage) if callable(self.control) else self.control
        control = None if told is None else dict(told)
        port = stage.port if self.port else None
        if port is None or (control is not None and "port" in control):
            return control
        control = {"port": port.control(), **(control or {})}
        if control.get("mapping") is not None:
            control["mapping"] = port.carried(control["mapping"])
        return control

    def field_on(self, stage: Stage) -> tuple[Vector, Vector] | None:
        """Say where a device's reach is laid; hands that are made for the scene have no reach."""
        if self.device in ("hand", "mouse"):
            return None
        if stage.port is None or not self.port:
            return stage.field
        return stage.port.field(stage.organ.points, stage.scene.probe.start)


def kind_of_device(device: str) -> str:
    """Name a device without the path or address that tells it from others of its kind."""
    driver, _, _ = device.partition(":")
    return device if driver == "simulated" else driver
