from typing import TypedDict, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FineSurface",
    "Live",
    "Lockstep",
    "TetMesh",
    "World",
    "check_material",
    "first_difference",
    "simulated_devices",
    "survey_devices",
]

_Vector = tuple[float, float, float]
_Tissue = tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.bool_]]
_Material = tuple[str, list[float], list[tuple[float, float]]]

class _MeshReport(TypedDict):
    flipped: int
    volume: float
    min_dihedral_deg: float
    edge_range: tuple[float, float]

class _StepStats(TypedDict):
    substeps: int
    floored_fraction: float
    added_mass_kg: float
    untangled: int
    guard: bool
    contacts: int

class _Setup(TypedDict):
    tool: int
    organ: int
    force_limit: float
    device: str
    control: str
    field: tuple[_Vector, _Vector] | None
    trace: bytes
    tissue_every: int
    device_info: str

class _Snapshot(TypedDict):
    tick: int
    time_s: float
    position: _Vector
    velocity: _Vector
    force: _Vector
    device_force: _Vector
    buttons: int
    strain: float
    touching: bool
    contact_rest: _Vector | None
    contact_normal: _Vector | None
    path_length_m: float
    peak_force_n: float
    contact_s: float
    over_limit_s: float
    over_limit_ns: float
    peak_strain: float
    positions: NDArray[np.float64]

class _Event(TypedDict, total=False):
    tick: int
    time_s: float
    kind: str
    body: int
    triangle: int
    strain: float
    point: _Vector
    rest_point: _Vector
    force_n: float
    late_s: float
    fault: str

class _Distribution(TypedDict):
    count: int
    p50_ns: int
    p99_ns: int
    p99_9_ns: int
    p99_99_ns: int
    max_ns: int
    buckets: list[tuple[int, int]]

class _TickStats(TypedDict, total=False):
    ticks: int
    rate_hz: float
    dropped: int
    late: int
    longest_late_ns: int
    longest_burst: int
    clamped: int
    slew_limited: int
    silenced: int
    waited: int
    braked: int
    watchdog_trips: int
    leaps: int
    device_watchdog: bool
    echo_errors: int
    scheduler: str
    fallback: str | None
    passed_over: str | None
    memory_unlocked: str | None
    memory_untouched: str | None
    deep_sleep: str | None
    steal: float | None
    disturbance: tuple[int, int, int, int, int] | None
    tissue: tuple[int, int, int, float] | None
    tissue_steps: _Distribution
    cpu: _Distribution
    lateness: _Distribution
    panic: str | None

@final
class FineSurface:
    @staticmethod
    def smooth(triangles: NDArray[np.uint32], vertices: int, levels: int) -> FineSurface: ...
    @staticmethod
    def embedded(
        tissue: _Tissue, rest: NDArray[np.float64], triangles: NDArray[np.uint32]
    ) -> FineSurface: ...
    def follow(self, tissue: _Tissue) -> None: ...
    def frame(
        self,
        positions: NDArray[np.float64] | NDArray[np.float32],
        blood: NDArray[np.float32] | None,
        out: NDArray[np.float32],
    ) -> None: ...
    def counts(self) -> tuple[int, int, int]: ...
    def triangles(self) -> NDArray[np.uint32]: ...
    def distances(self) -> NDArray[np.float64]: ...

@final
class TetMesh:
    def __new__(cls, points: NDArray[np.float64], tetrahedra: NDArray[np.uint32]) -> TetMesh: ...
    @staticmethod
    def box(size: list[float], cells: list[int]) -> TetMesh: ...
    @property
    def points(self) -> NDArray[np.float64]: ...
    @property
    def tetrahedra(self) -> NDArray[np.uint32]: ...
    @property
    def surface(self) -> NDArray[np.uint32]: ...
    @property
    def report(self) -> _MeshReport: ...

def check_material(given: _Material) -> None: ...

@final
class World:
    def __new__(cls, dt: float, gravity: _Vector) -> World: ...
    def add_soft_body(
        self,
        mesh: TetMesh,
        kinds: list[_Material],
        kind_of_tetrahedron: list[int],
        fixed: list[int],
        averaging: str,
    ) -> int: ...
    def set_tissue_contact(self, a: int, b: int, on: bool) -> None: ...
    def tissue_friction(self) -> float: ...
    def set_tissue_friction(self, friction: float) -> None: ...
    def tissue_force(self, on: int, by: int) -> _Vector: ...
    def add_sphere(self, radius: float, position: _Vector, friction: float) -> int: ...
    def add_capsule(
        self,
        radius: float,
        half_length: float,
        axis: _Vector,
        position: _Vector,
        friction: float,
    ) -> int: ...
    def add_box(
        self,
        half_extents: _Vector,
        rounding: float,
        position: _Vector,
        orientation: tuple[float, float, float, float],
        friction: float,
    ) -> int: ...
    def add_mesh_tool(
        self,
        surface: tuple[NDArray[np.float64], NDArray[np.uint32]],
        rounding: float,
        position: _Vector,
        orientation: tuple[float, float, float, float],
        friction: float,
    ) -> int: ...
    def attach(
        self,
        start: tuple[int, int | _Vector],
        end: tuple[int | None, int | _Vector],
        spring: tuple[float, float | None, float, float | None, bool],
    ) -> int: ...
    def attachment(self, attachment: int) -> tuple[float, _Vector, float, float, bool]: ...
    def move_anchor(self, attachment: int, position: _Vector) -> None: ...
    def detach(self, attachment: int) -> None: ...
    def broken(self) -> list[tuple[int, float, _Vector]]: ...
    def attachment_energy(self) -> float: ...
    def reserve_for_cutting(
        self, body: int, nodes: int, tetrahedra: int, triangles: int
    ) -> None: ...
    def remove(self, body: int, tetrahedra: list[int]) -> None: ...
    def split(self, body: int, edge: list[int], fraction: float) -> int: ...
    def unglue(self, body: int, faces: list[int]) -> int: ...
    def topology_version(self, body: int) -> int: ...
    def topology(
        self, body: int
    ) -> tuple[
        NDArray[np.float64],
        NDArray[np.uint32],
        NDArray[np.bool_],
        NDArray[np.uint32],
        NDArray[np.uint32],
    ]: ...
    def prescribe(
        self, body: int, nodes: list[int], displacements: NDArray[np.float64]
    ) -> None: ...
    def release(self, body: int, nodes: list[int]) -> None: ...
    def set_capsule(self, body: int, ultimate_strain: float | None) -> None: ...
    def move_tool(self, tool: int, position: _Vector) -> None: ...
    def pose_tool(
        self, tool: int, position: _Vector, orientation: tuple[float, float, float, float]
    ) -> None: ...
    def move_supports(self, body: int, offset: _Vector, ticks: int) -> None: ...
    def step(self, ticks: int) -> None: ...
    def settle(self, tolerance: float, max_seconds: float) -> int: ...
    def positions(self, body: int) -> NDArray[np.float64]: ...
    def displacements(self, body: int) -> NDArray[np.float64]: ...
    def velocities(self, body: int) -> NDArray[np.float64]: ...
    def reaction(self, body: int, nodes: list[int]) -> NDArray[np.float64]: ...
    def energy(self, body: int) -> _Vector: ...
    def volume(self, body: int) -> float: ...
    def torn(self, body: int) -> list[int]: ...
    def orientation(self, tool: int) -> tuple[float, float, float, float]: ...
    def tool(self, tool: int) -> tuple[_Vector, _Vector, _Vector, int]: ...
    @property
    def stats(self) -> _StepStats: ...
    @property
    def time(self) -> float: ...
    @property
    def tick(self) -> int: ...
    @property
    def gravity(self) -> _Vector: ...
    def counts(self) -> tuple[int, int, int]: ...
    @property
    def dt(self) -> float: ...
    def digest(self) -> int: ...
    @property
    def kernel(self) -> str: ...
    @kernel.setter
    def kernel(self, value: str) -> None: ...
    def force_substeps(self, substeps: int | None) -> None: ...

class _Run:
    def aim(self, point: _Vector) -> None: ...
    def press(self, mask: int) -> None: ...
    def move_supports(self, body: int, offset: _Vector, ticks: int) -> None: ...
    def snapshot(self) -> _Snapshot: ...
    def drain_events(self) -> list[_Event]: ...
    def drain_trace(self) -> bytes: ...
    def drain_commands(self) -> bytes: ...
    @property
    def control(self) -> str: ...
    @property
    def device_info(self) -> str: ...

@final
class Lockstep(_Run):
    def __new__(cls, world: World, setup: _Setup) -> Lockstep: ...
    def advance(self, ticks: int) -> None: ...
    def schedule(self, commands: bytes) -> None: ...
    def stats(self) -> _TickStats: ...

@final
class Live(_Run):
    def __new__(cls, world: World, setup: _Setup, priority: int | None) -> Live: ...
    @property
    def running(self) -> bool: ...
    @property
    def placement(self) -> tuple[str, str | None, str | None]: ...
    @property
    def lost(self) -> tuple[int, int, int]: ...
    def stop(self) -> _TickStats: ...

def survey_devices() -> list[tuple[str, str, bool, str, bool]]: ...
def simulated_devices() -> list[tuple[str, str]]: ...
def first_difference(a: bytes, b: bytes) -> int | None: ...
