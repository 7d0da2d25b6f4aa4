//! `World`: bodies and tools by index.

use std::sync::{Mutex, MutexGuard};

use numpy::{PyArray1, PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use softbody::{
    Anchor, Averaging, Kernel, Law, Material, Pose, Prony, Room, Spring, TissuePoint, ToolShape,
    TopologyError,
};

use crate::convert::{array, rows, triple};
use crate::errors::{IntoPy, bad_value, missing, unstable};
use crate::mesh::TetMesh;
use crate::{detached, entered, in_parts};

type Triple = (f64, f64, f64);

/// Rest positions, tetrahedra, which of them are removed, surface triangles, glue.
type Mesh<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray2<u32>>,
    Bound<'py, PyArray1<bool>>,
    Bound<'py, PyArray2<u32>>,
    Bound<'py, PyArray2<u32>>,
);

/// One material as it comes from Python: law, (E, nu, density, damping, ratio of Mooney-Rivlin), Prony
/// series.
type Given = (String, [f64; 5], Vec<[f64; 2]>);

fn material((law, numbers, prony): Given) -> PyResult<Material> {
    let [young_modulus, poisson_ratio, density, damping, ratio] = numbers;
    let law = match law.as_str() {
        "stable_neo_hookean" => Law::StableNeoHookean,
        "neo_hookean" => Law::NeoHookean,
        "mooney_rivlin" => Law::MooneyRivlin { ratio },
        other => {
            return Err(unknown_law(other));
        }
    };
    Ok(Material {
        law,
        young_modulus,
        poisson_ratio,
        density,
        damping,
        prony: Prony::new(&prony).map_err(IntoPy::into_py)?,
    })
}

fn unknown_law(name: &str) -> PyErr {
    let text = format!(
        "law {name:?} is not known; use 'stable_neo_hookean', 'neo_hookean' or 'mooney_rivlin'"
    );
    crate::errors::bad_material(text)
}

fn averaging(name: &str) -> PyResult<Averaging> {
    match name {
        "strain" => Ok(Averaging::Strain),
        "pressure" => Ok(Averaging::Pressure),
        other => Err(bad_value(format!(
            "averaging {other:?} is not known; use 'strain' or 'pressure'"
        ))),
    }
}

/// Refuses a material outside its range.
#[pyfunction]
pub fn check_material(given: Given) -> PyResult<()> {
    material(given)?.validate().map_err(IntoPy::into_py)
}

/// A node, or the tissue at a point.
#[derive(FromPyObject)]
enum Place {
    Node(u32),
    Point([f64; 3]),
}

fn tissue(world: &softbody::World, body: usize, place: &Place) -> PyResult<TissuePoint> {
    match *place {
        Place::Node(node) => Ok(TissuePoint::node(body, node)),
        Place::Point(point) => world.tissue_point(body, point).map_err(IntoPy::into_py),
    }
}

/// k, L0, c, breaking force, tension only.
type GivenSpring = (f64, Option<f64>, f64, Option<f64>, bool);

fn kernel(name: &str) -> PyResult<Kernel> {
    Kernel::named(name).ok_or_else(|| {
        bad_value(format!(
            "kernel {name:?} is not known; use portable, avx2 or avx512"
        ))
    })
}

/// Everything that is simulated together.
#[pyclass(module = "surgisim._core", frozen)]
pub struct World(Mutex<softbody::World>);

#[pymethods]
impl World {
    #[new]
    fn new(dt: f64, gravity: [f64; 3]) -> PyResult<Self> {
        softbody::World::new(dt, gravity)
            .map(|world| Self(Mutex::new(world)))
            .map_err(IntoPy::into_py)
    }

    /// Materials: one, or one per tetrahedron by index into `kinds`.
    fn add_soft_body(
        &self,
        mesh: &TetMesh,
        kinds: Vec<Given>,
        kind_of_tetrahedron: Vec<usize>,
        fixed: Vec<u32>,
        averaging: &str,
    ) -> PyResult<usize> {
        let averaging = self::averaging(averaging)?;
        let kinds = kinds
            .into_iter()
            .map(material)
            .collect::<PyResult<Vec<_>>>()?;
        let materials: Vec<Material> = match kind_of_tetrahedron.as_slice() {
            [] => kinds,
            each => each
                .iter()
                .map(|&i| {
                    let kind = kinds.get(i).copied();
                    kind.ok_or_else(|| {
                        let count = kinds.len();
                        bad_value(format!("material {i} does not exist; {count} were given"))
                    })
                })
                .collect::<PyResult<_>>()?,
        };
        self.enter()?
            .add_soft_body_with(&mesh.0, &materials, &fixed, averaging)
            .map_err(IntoPy::into_py)
    }

    /// `a` = `b`: whether it collides with itself.
    fn set_tissue_contact(&self, a: usize, b: usize, on: bool) -> PyResult<()> {
        let mut world = self.enter()?;
        world.set_tissue_contact(a, b, on).map_err(IntoPy::into_py)
    }

    fn tissue_friction(&self) -> PyResult<f64> {
        Ok(self.enter()?.tissue_friction())
    }

    fn set_tissue_friction(&self, friction: f64) -> PyResult<()> {
        let mut world = self.enter()?;
        world.set_tissue_friction(friction).map_err(IntoPy::into_py)
    }

    fn tissue_force(&self, on: usize, by: usize) -> PyResult<Triple> {
        Ok(triple(self.enter()?.tissue_force(on, by)))
    }

    fn add_sphere(&self, radius: f64, position: [f64; 3], friction: f64) -> PyResult<usize> {
        let shape = ToolShape::Sphere { radius };
        self.enter()?
            .add_tool(shape, position, friction)
            .map_err(IntoPy::into_py)
    }

    fn add_capsule(
        &self,
        radius: f64,
        half_length: f64,
        axis: [f64; 3],
        position: [f64; 3],
        friction: f64,
    ) -> PyResult<usize> {
        let shape = ToolShape::Capsule {
            radius,
            half_length,
            axis,
        };
        self.enter()?
            .add_tool(shape, position, friction)
            .map_err(IntoPy::into_py)
    }

    fn add_box(
        &self,
        half_extents: [f64; 3],
        rounding: f64,
        position: [f64; 3],
        orientation: [f64; 4],
        friction: f64,
    ) -> PyResult<usize> {
        let shape = ToolShape::Box {
            half_extents,
            rounding,
        };
        let pose = Pose {
            position,
            orientation,
        };
        self.enter()?
            .add_tool(shape, pose, friction)
            .map_err(IntoPy::into_py)
    }

    fn add_mesh_tool(
        &self,
        surface: (PyReadonlyArray2<'_, f64>, PyReadonlyArray2<'_, u32>),
        rounding: f64,
        position: [f64; 3],
        orientation: [f64; 4],
        friction: f64,
    ) -> PyResult<usize> {
        let (points, triangles) = (rows(&surface.0, "points")?, rows(&surface.1, "triangles")?);
        let pose = Pose {
            position,
            orientation,
        };
        self.enter()?
            .add_mesh_tool(&points, &triangles, rounding, pose, friction)
            .map_err(IntoPy::into_py)
    }

    /// `body` None: `to` is a point of the world.
    fn attach(
        &self,
        start: (usize, Place),
        end: (Option<usize>, Place),
        spring: GivenSpring,
    ) -> PyResult<usize> {
        let mut world = self.enter()?;
        let from = tissue(&world, start.0, &start.1)?;
        let to = match end {
            (Some(body), place) => Anchor::Tissue(tissue(&world, body, &place)?),
            (None, Place::Point(point)) => Anchor::World(point),
            (None, Place::Node(_)) => return Err(bad_value("a node needs its body".into())),
        };
        let (stiffness, rest_length, damping, breaking_force, tension_only) = spring;
        let spring = Spring {
            stiffness,
            rest_length,
            damping,
            breaking_force,
            tension_only,
        };
        world.attach(from, to, spring).map_err(IntoPy::into_py)
    }

    /// Force, force vector, length, rest length, broken.
    fn attachment(&self, attachment: usize) -> PyResult<(f64, Triple, f64, f64, bool)> {
        let world = self.enter()?;
        let a = find_attachment(&world, attachment)?;
        let force = triple(a.force_vector);
        Ok((a.force, force, a.length, a.rest_length(), a.broken))
    }

    fn move_anchor(&self, attachment: usize, position: [f64; 3]) -> PyResult<()> {
        let mut world = self.enter()?;
        if let Anchor::Tissue(_) = find_attachment(&world, attachment)?.to() {
            return Err(bad_value(format!(
                "attachment {attachment} leads to tissue; only one that leads to a point of the \
                 world can be moved"
            )));
        }
        world.move_anchor(attachment, position);
        Ok(())
    }

    fn detach(&self, attachment: usize) -> PyResult<()> {
        let mut world = self.enter()?;
        find_attachment(&world, attachment)?;
        world.detach(attachment);
        Ok(())
    }

    /// Attachment, force and point of each that broke in the last step.
    fn broken(&self) -> PyResult<Vec<(usize, f64, Triple)>> {
        let world = self.enter()?;
        let events = world.broken().iter();
        Ok(events
            .map(|b| (b.attachment, b.force, triple(b.point)))
            .collect())
    }

    fn attachment_energy(&self) -> PyResult<f64> {
        Ok(self.enter()?.attachment_energy())
    }

    fn reserve_for_cutting(
        &self,
        body: usize,
        nodes: usize,
        tetrahedra: usize,
        triangles: usize,
    ) -> PyResult<()> {
        let room = Room {
            nodes,
            tetrahedra,
            triangles,
        };
        self.enter()?
            .reserve_for_cutting(body, room)
            .map_err(IntoPy::into_py)
    }

    fn remove(&self, body: usize, tetrahedra: Vec<u32>) -> PyResult<()> {
        self.cut(body, |world| world.remove(body, &tetrahedra))
    }

    fn split(&self, body: usize, edge: [u32; 2], fraction: f64) -> PyResult<u32> {
        self.cut(body, |world| world.split(body, edge, fraction))
    }

    /// Faces: 4 * tetrahedron + face.
    fn unglue(&self, body: usize, faces: Vec<u32>) -> PyResult<usize> {
        self.cut(body, |world| world.unglue(body, &faces))
    }

    fn topology_version(&self, body: usize) -> PyResult<u64> {
        Ok(find_body(&*self.enter()?, body)?.topology_version())
    }

    fn topology<'py>(&self, py: Python<'py>, body: usize) -> PyResult<Mesh<'py>> {
        let world = self.enter()?;
        let body = find_body(&world, body)?;
        let nodes = 0..body.node_count() as u32;
        let rest: Vec<_> = nodes.map(|n| body.rest_position(n)).collect();
        Ok((
            array(py, &rest),
            array(py, body.tetrahedra()),
            PyArray1::from_slice(py, body.removed()),
            array(py, &body.surface().triangles),
            array(py, body.glue()),
        ))
    }

    fn prescribe(
        &self,
        body: usize,
        nodes: Vec<u32>,
        displacements: PyReadonlyArray2<'_, f64>,
    ) -> PyResult<()> {
        let displacements = rows(&displacements, "displacements")?;
        body_mut(&mut *self.enter()?, body)?
            .prescribe(&nodes, &displacements)
            .map_err(IntoPy::into_py)
    }

    fn release(&self, body: usize, nodes: Vec<u32>) -> PyResult<()> {
        body_mut(&mut *self.enter()?, body)?
            .release(&nodes)
            .map_err(IntoPy::into_py)
    }

    fn set_capsule(&self, body: usize, ultimate_strain: Option<f64>) -> PyResult<()> {
        body_mut(&mut *self.enter()?, body)?.set_capsule(ultimate_strain);
        Ok(())
    }

    fn move_tool(&self, tool: usize, position: [f64; 3]) -> PyResult<()> {
        let mut world = self.enter()?;
        find_tool(&world, tool)?;
        world.move_tool(tool, position);
        Ok(())
    }

    fn pose_tool(&self, tool: usize, position: [f64; 3], orientation: [f64; 4]) -> PyResult<()> {
        let mut world = self.enter()?;
        find_tool(&world, tool)?;
        let pose = Pose {
            position,
            orientation,
        };
        world.pose_tool(tool, pose);
        Ok(())
    }

    fn move_supports(&self, body: usize, offset: [f64; 3], ticks: u32) -> PyResult<()> {
        let mut world = self.enter()?;
        find_body(&world, body)?;
        world.move_supports(body, offset, ticks);
        Ok(())
    }

    fn step(&self, py: Python<'_>, ticks: u64) -> PyResult<()> {
        let world = &mut *self.enter()?;
        in_parts(py, ticks, |part| {
            for _ in 0..part {
                world.step();
                if let Some(body) = world.stats().faulty {
                    return Err(unstable(format!(
                        "body {body} left the range of numbers in tick {}; it is at rest in the shape \
                         that it had before that tick, which counts as made: move tools and supports \
                         more slowly",
                        world.tick()
                    )));
                }
            }
            Ok(())
        })
    }

    fn settle(&self, py: Python<'_>, tolerance: f64, max_seconds: f64) -> PyResult<u64> {
        let world = &mut *self.enter()?;
        let mut heard = Ok(());
        let mut go_on = || {
            heard = Python::attach(|py| py.check_signals());
            heard.is_ok()
        };
        let settled = detached(py, || {
            world.settle_while(tolerance, max_seconds, &mut go_on)
        });
        heard?; // Ctrl-C
        settled.map_err(IntoPy::into_py)
    }

    fn positions<'py>(&self, py: Python<'py>, body: usize) -> PyResult<Bound<'py, PyArray2<f64>>> {
        self.nodes(py, body, |body, n| body.position(n))
    }

    fn displacements<'py>(
        &self,
        py: Python<'py>,
        body: usize,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        self.nodes(py, body, |body, n| body.displacement(n))
    }

    fn velocities<'py>(&self, py: Python<'py>, body: usize) -> PyResult<Bound<'py, PyArray2<f64>>> {
        self.nodes(py, body, |body, n| body.velocity(n))
    }

    fn reaction<'py>(
        &self,
        py: Python<'py>,
        body: usize,
        nodes: Vec<u32>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let mut world = self.enter()?;
        find_body(&world, body)?;
        let forces = world.reaction(body, &nodes).map_err(IntoPy::into_py)?;
        Ok(array(py, &forces))
    }

    /// Elastic, kinetic, gravitational.
    fn energy(&self, body: usize) -> PyResult<Triple> {
        let world = self.enter()?;
        let e = find_body(&world, body)?.energy(world.gravity());
        Ok((e.elastic, e.kinetic, e.gravitational))
    }

    fn volume(&self, body: usize) -> PyResult<f64> {
        Ok(find_body(&*self.enter()?, body)?.volume())
    }

    /// Ids of torn surface triangles.
    fn torn(&self, body: usize) -> PyResult<Vec<u32>> {
        let world = self.enter()?;
        let body = find_body(&world, body)?;
        Ok((0..body.surface().triangles.len() as u32)
            .filter(|&t| body.is_torn(t))
            .collect())
    }

    /// Position, force, torque, contacts.
    fn tool(&self, tool: usize) -> PyResult<(Triple, Triple, Triple, u32)> {
        let world = self.enter()?;
        let tool = find_tool(&world, tool)?;
        Ok((
            triple(tool.position),
            triple(tool.force),
            triple(tool.torque),
            tool.contact_count,
        ))
    }

    /// Unit quaternion (w, x, y, z).
    fn orientation(&self, tool: usize) -> PyResult<(f64, f64, f64, f64)> {
        let world = self.enter()?;
        let [w, x, y, z] = find_tool(&world, tool)?.orientation;
        Ok((w, x, y, z))
    }

    #[getter]
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let world = self.enter()?;
        let stats = world.stats();
        let dict = PyDict::new(py);
        dict.set_item("substeps", stats.substeps)?;
        dict.set_item("floored_fraction", stats.floored_fraction)?;
        dict.set_item("added_mass_kg", stats.added_mass_kg)?;
        dict.set_item("untangled", stats.untangled)?;
        dict.set_item("guard", stats.guard)?;
        dict.set_item("contacts", stats.contacts)?;
        Ok(dict)
    }

    #[getter]
    fn time(&self) -> PyResult<f64> {
        Ok(self.enter()?.time())
    }

    #[getter]
    fn tick(&self) -> PyResult<u64> {
        Ok(self.enter()?.tick())
    }

    #[getter]
    fn gravity(&self) -> PyResult<Triple> {
        Ok(triple(self.enter()?.gravity()))
    }

    /// Bodies, tools and attachments.
    fn counts(&self) -> PyResult<(usize, usize, usize)> {
        let world = self.enter()?;
        let tied = world.attachments().len();
        Ok((world.bodies().len(), world.tools().len(), tied))
    }

    #[getter]
    fn dt(&self) -> PyResult<f64> {
        Ok(self.enter()?.dt())
    }

    fn digest(&self) -> PyResult<u64> {
        Ok(self.enter()?.digest())
    }

    #[getter]
    fn kernel(&self) -> PyResult<&'static str> {
        Ok(self.enter()?.kernel().name())
    }

    #[setter]
    fn set_kernel(&self, name: &str) -> PyResult<()> {
        if self.enter()?.set_kernel(kernel(name)?) {
            return Ok(());
        }
        Err(bad_value(format!(
            "this processor cannot run the kernel {name}; use portable"
        )))
    }

    fn force_substeps(&self, substeps: Option<u32>) -> PyResult<()> {
        self.enter()?
            .force_substeps(substeps)
            .map_err(IntoPy::into_py)
    }
}

/// Tool `tool` of `world`; a SurgisimError where there is none.
pub fn find_tool(world: &softbody::World, tool: usize) -> PyResult<&softbody::Tool> {
    let tools = world.tools();
    let found = tools.get(tool);
    found.ok_or_else(|| missing("tool", tool, tools.len()))
}

fn find_attachment(world: &softbody::World, attachment: usize) -> PyResult<&softbody::Attachment> {
    let attachments = world.attachments();
    let found = attachments.get(attachment);
    found.ok_or_else(|| missing("attachment", attachment, attachments.len()))
}

fn find_body(world: &softbody::World, body: usize) -> PyResult<&softbody::SoftBody> {
    let bodies = world.bodies();
    let found = bodies.get(body);
    found.ok_or_else(|| missing("body", body, bodies.len()))
}

fn body_mut(world: &mut softbody::World, body: usize) -> PyResult<&mut softbody::SoftBody> {
    find_body(world, body)?;
    Ok(world.body_mut(body))
}

impl World {
    /// The world, unless another thread is inside.
    pub fn enter(&self) -> PyResult<MutexGuard<'_, softbody::World>> {
        entered(
            &self.0,
            "this world is at work in another thread; wait for it",
        )
    }

    /// Changes the topology of `body`. What it lacks room for is reserved, with a quarter of what is
    /// there, so that a long cut seldom waits for it.
    fn cut<T>(
        &self,
        body: usize,
        change: impl Fn(&mut softbody::World) -> Result<T, TopologyError>,
    ) -> PyResult<T> {
        let mut world = self.enter()?;
        loop {
            match change(&mut world) {
                Err(TopologyError::NoRoom { needed, .. }) => {
                    let now = find_body(&world, body)?;
                    let room = Room {
                        nodes: needed + now.node_count() / 4,
                        tetrahedra: needed + now.tetrahedra().len() / 4,
                        triangles: needed + now.surface().triangles.len() / 4,
                    };
                    let made = world.reserve_for_cutting(body, room);
                    made.map_err(IntoPy::into_py)?;
                }
                done => return done.map_err(IntoPy::into_py),
            }
        }
    }

    fn nodes<'py>(
        &self,
        py: Python<'py>,
        body: usize,
        value: impl Fn(&softbody::SoftBody, u32) -> [f64; 3],
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let world = self.enter()?;
        let body = find_body(&world, body)?;
        let all: Vec<_> = (0..body.node_count() as u32)
            .map(|n| value(body, n))
            .collect();
        Ok(array(py, &all))
    }
}
