"""What is refused at the public face: in one sentence, in classes of surgisim, changing nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import surgisim
from surgisim import Material, MaterialError, MeshError, SoftBody, SurgisimError, TetMesh, World

NUMBERS = {"young_modulus": 5e3, "poisson_ratio": 0.45, "density": 1060.0}
TISSUE = Material(**NUMBERS)
POINTS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
MESH = TetMesh.box((0.1, 0.1, 0.1), (1, 1, 1))


class Scene:
    """Two bodies and a ball; and a body of another world."""

    def __init__(self) -> None:
        self.world = World()
        self.body = self.world.add_soft_body(MESH, TISSUE, fixed=[0, 1])
        self.other = self.world.add_soft_body(MESH, TISSUE, fixed=[0])
        self.ball = self.world.add_sphere(0.01, (0.0, 0.5, 0.0))
        self.stranger = World().add_soft_body(MESH, TISSUE)


REFUSED: list[tuple[Callable[[Scene], object], type[SurgisimError], str]] = [
    # bodies that are none, or of another world
    (
        lambda s: s.world.set_contact(s.body, s.stranger),
        SurgisimError,
        "the body belongs to another",
    ),
    (
        lambda s: s.world.set_contact(s.ball, s.body),
        SurgisimError,
        "the body is <Tool .*a SoftBody",
    ),
    (
        lambda s: s.world.set_contact(s.body, None),
        SurgisimError,
        "the body is None; give a SoftBody",
    ),
    (
        lambda s: s.world.set_contact(s.body, s.other, "off"),
        SurgisimError,
        "on is 'off'; give True",
    ),
    (
        lambda s: s.body.contact_force(s.stranger),
        SurgisimError,
        "the other body belongs to another",
    ),
    (lambda s: s.body.contact_force(s.ball), SurgisimError, "the other body is <Tool"),
    (lambda s: s.body.contact_force(None), SurgisimError, "the other body is None"),
    (lambda s: s.body.contact_force(s.body), SurgisimError, "body 0 pushes itself with no force"),
    # meshes
    (lambda _: TetMesh(None, [[0, 1, 2, 3]]), MeshError, "points is None; give an"),
    (lambda _: TetMesh("abc", [[0, 1, 2, 3]]), MeshError, "points is 'abc'; give an"),
    (lambda _: TetMesh([[0, 0], [1]], [[0, 1, 2, 3]]), MeshError, r"points is \[\[0, 0\], \[1\]\]"),
    (lambda _: TetMesh(POINTS, None), MeshError, "tetrahedra is None; give integers"),
    (lambda _: TetMesh(POINTS, "abc"), MeshError, "tetrahedra is 'abc'; give integers"),
    (lambda _: TetMesh(POINTS, [[0, 1], [2]]), MeshError, r"tetrahedra is \[\[0, 1\], \[2\]\]"),
    (lambda _: TetMesh(POINTS, [[0, 1, 1, 2]]), MeshError, "tetrahedron 0 names node 1 twice"),
    (lambda _: TetMesh.box(0.1, (1, 1, 1)), MeshError, "the size of a box is 0.1; give three"),
    (lambda _: TetMesh.box(("a", 1, 1), (1, 1, 1)), MeshError, "the size of a box is"),
    (lambda _: TetMesh.box(None, (1, 1, 1)), MeshError, "the size of a box is None"),
    (lambda _: TetMesh.box((1, 1, 1), 3), MeshError, "the cells of a box are 3; give three whole"),
    (lambda _: TetMesh.box((1, 1, 1), (1, 1)), MeshError, r"the cells of a box are \(1, 1\)"),
    (lambda _: TetMesh.box((1, 1, 1), (1, 1.5, 1)), MeshError, "a count of cells is 1.5; give a"),
    (lambda _: TetMesh.box((1, 1, 1), (0, 1, 1)), MeshError, "a count of cells is 0; .* 1 or more"),
    (lambda _: TetMesh.box((1, 1, 1), (5000,) * 3), MeshError, "GiB, but this machine has"),
    (lambda _: TetMesh.box((1, 1, 1), (10**400, 1, 1)), MeshError, "GiB, but this machine has"),
    (lambda _: TetMesh.box((1, 1, 1), np.array(None)), MeshError, "the cells of a box are array"),
    (lambda _: TetMesh.read("x" * 200 * 2), MeshError, "xxx does not exist; give the path"),
    (lambda _: TetMesh.read(None), MeshError, "the path of a mesh is None; give a file's name"),
    (lambda _: TetMesh.read("."), MeshError, r"\. is a folder; give the path of a mesh file"),
    # materials
    (
        lambda _: Material(**{**NUMBERS, "young_modulus": "5kPa"}),
        MaterialError,
        "is '5kPa'; give a num",
    ),
    (
        lambda _: Material(**{**NUMBERS, "density": None}),
        MaterialError,
        "density is None; give a num",
    ),
    (
        lambda _: Material(**{**NUMBERS, "density": "5"}),
        MaterialError,
        "density is '5'; give a num",
    ),
    (lambda _: Material(**NUMBERS, law=None), MaterialError, "law is None; give a text"),
    (lambda _: Material(**NUMBERS, prony="ab"), MaterialError, "prony is pairs of numbers"),
    (lambda _: Material(**NUMBERS, range=5.0), MaterialError, r"range is 5.0; give a pair"),
    (lambda _: surgisim.tissue(None), MaterialError, "None is no name of a tissue"),
    (lambda _: Material(**NUMBERS, source=[]), MaterialError, r"source is \[\]; give a text"),
    # worlds
    (lambda _: World(dt="a"), SurgisimError, "dt is 'a'; give a number"),
    (lambda _: World(dt=None), SurgisimError, "dt is None; give a number"),
    (lambda _: World(gravity=-9.81), SurgisimError, "gravity is -9.81; give three finite numbers"),
    (lambda _: World(gravity="down"), SurgisimError, "gravity is 'down'; give three"),
    (lambda s: s.world.step(1.5), SurgisimError, "step was asked for 1.5 ticks; give a whole"),
    (lambda s: s.world.step("a"), SurgisimError, "step was asked for 'a' ticks; give a whole"),
    (lambda s: s.world.settle(tolerance="a"), SurgisimError, "settle: tolerance is 'a'"),
    (lambda s: s.world.settle(max_seconds=None), SurgisimError, "settle: max_seconds is None"),
    (lambda s: setattr(s.world, "tissue_friction", "a"), SurgisimError, "tissue_friction is 'a'"),
    (lambda s: setattr(s.world, "gravity", (0, 0, 0)), SurgisimError, "when the world is made"),
    # bodies and tools to add
    (lambda s: s.world.add_soft_body(POINTS, TISSUE), MeshError, r"mesh is .*; give a TetMesh"),
    (lambda s: s.world.add_soft_body(MESH, "liver"), MaterialError, r"surgisim.tissue\('liver'\)"),
    (lambda s: s.world.add_soft_body(MESH, None), MaterialError, "tissue is None; give a Material"),
    (
        lambda s: s.world.add_soft_body(MESH, ["a"] * 6),
        MaterialError,
        "of tetrahedron 0 is 'a'; give a Mat",
    ),
    (
        lambda s: s.world.add_soft_body(MESH, TISSUE, None),
        MeshError,
        "fixed is None; give integers",
    ),
    (
        lambda s: s.world.add_soft_body(MESH, TISSUE, "ab"),
        MeshError,
        "fixed is 'ab'; give integers",
    ),
    (
        lambda s: s.world.add_soft_body(MESH, TISSUE, MESH.points[:, 1] == 0.0),
        MeshError,
        r"fixed is a mask of True and False; give ids: np.flatnonzero\(mask\)",
    ),
    (
        lambda s: s.world.add_soft_body(MESH, TISSUE, averaging=2),
        SurgisimError,
        "averaging is 2; give",
    ),
    (
        lambda s: s.world.add_soft_body(MESH, TISSUE, self_contact="no"),
        SurgisimError,
        "self_contact is 'no'; give True or False",
    ),
    (lambda s: s.world.add_sphere("a", (0, 0, 0)), SurgisimError, "radius is 'a'; give a number"),
    (lambda s: s.world.add_sphere(0.1, None), SurgisimError, "position is None; give three"),
    (lambda s: s.world.add_sphere(0.1, (0, 0, 0), "a"), SurgisimError, "friction is 'a'"),
    (lambda s: s.ball.move_to("up"), SurgisimError, "position is 'up'; give three finite numbers"),
    (lambda s: s.ball.move_to((0, 0, 0), "up"), SurgisimError, "orientation is 'up'; give a quat"),
    # what bodies are told
    (lambda s: s.body.prescribe([0], "abc"), MeshError, r"displacements is 'abc'; give numbers"),
    (lambda s: s.body.prescribe([0], None), MeshError, "displacements is None; give numbers"),
    (lambda s: s.body.prescribe(None, (0, 0, 0)), MeshError, "node ids is None; give integers"),
    (
        lambda s: s.body.move_supports((0, 0, 0), "a"),
        SurgisimError,
        "the time of a movement is 'a'",
    ),
    (lambda s: s.body.move_supports(None, 1.0), SurgisimError, "offset is None; give three"),
    (lambda s: s.body.set_capsule("a"), MaterialError, "ultimate_strain is 'a'; give a number"),
    # attachments
    (
        lambda s: tie(s, s.body, 0, s.other),
        SurgisimError,
        r"to is <SoftBody .*or \(body, node or p",
    ),
    (lambda s: tie(s, s.body, 0, s.ball), SurgisimError, "to is <Tool .*Attachment.move_to"),
    (lambda s: tie(s, s.body, 0, None), SurgisimError, "to is None; give three finite numbers"),
    (
        lambda s: tie(s, s.body, None, (0, 0, 0)),
        SurgisimError,
        "end is None; give a node id or three",
    ),
    (
        lambda s: tie(s, s.body, 1.5, (0, 0, 0)),
        SurgisimError,
        "end is 1.5; give a node id or three",
    ),
    (
        lambda s: tie(s, s.ball, 0, (0, 0, 0)),
        SurgisimError,
        "the body is <Tool .*; give a SoftBody",
    ),
    (
        lambda s: tie(s, s.body, 0, (0, 0, 0), stiffness="a"),
        SurgisimError,
        "stiffness is 'a'; give",
    ),
]


def tie(scene: Scene, body: SoftBody, place: object, to: object, stiffness: object = 1.0) -> object:
    return scene.world.attach(body, place, to, stiffness=stiffness)


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_wrong_argument_is_told_in_one_sentence(
    call: Callable[[Scene], object], error: type[SurgisimError], message: str
) -> None:
    scene = Scene()
    digest = scene.world.digest()
    with pytest.raises(error, match=message) as refused:
        call(scene)
    assert len(str(refused.value)) < 500
    assert scene.world.digest() == digest


@pytest.mark.parametrize(
    "part", ["world", "body", "ball", "line", "mesh", "material"], ids=lambda part: part
)
def test_what_is_misspelt_is_not_taken(part: str) -> None:
    scene = Scene()
    parts = {
        **vars(scene),
        "mesh": MESH,
        "material": TISSUE,
        "line": tie(scene, scene.body, 0, (0, 1, 0)),
    }
    with pytest.raises((AttributeError, TypeError)):
        parts[part].tissue_fricton = 0.3
    for name in ("points", "positions", "force", "dt", "density"):
        if hasattr(parts[part], name):
            with pytest.raises(AttributeError):
                setattr(parts[part], name, 1.0)


def test_gravity_can_be_read() -> None:
    np.testing.assert_array_equal(World(gravity=(0, 1, 2)).gravity, (0.0, 1.0, 2.0))


def test_ids_may_come_in_any_order_and_kind() -> None:
    for fixed in ([0, 1], (1, 0), {0, 1}, range(2), (i for i in range(2)), np.array([[0], [1]])):
        World().add_soft_body(MESH, TISSUE, fixed=fixed)
    World().add_soft_body(MESH, TISSUE, fixed=[])
    World().add_soft_body(MESH, TISSUE, fixed=np.zeros(0, dtype=bool))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    for ending in ("vtu", "vtk", "msh", "mesh", "xyz"):
        path = tmp_path / f"bad.{ending}"
        path.write_bytes(b"\x00\xff no mesh \n" * 9)
        with pytest.raises(MeshError, match=f"bad.{ending} cannot be read as a mesh"):
            TetMesh.read(path)


def test_parts_say_what_they_are() -> None:
    scene = Scene()
    scene.world.step(3)
    assert repr(scene.world) == "<World at tick 3 of 0.001 s: bodies 2, tools 1, attachments 0>"
    assert repr(MESH) == "<TetMesh: 8 nodes, 6 tetrahedra, 0.1 x 0.1 x 0.1 m>"
    assert repr(scene.body) == f"<SoftBody 0: made of {MESH!r}>"
    assert repr(scene.ball) == "<Tool 0: sphere of radius 0.01 m>"
    line = scene.world.attach(scene.body, 3, (0, 1, 0), stiffness=1.0)
    assert repr(line) == "<Attachment 0: node 3 of body 0 to point (0, 1, 0) of the world>"
