//! Bodies and tools, advanced together tick by tick.

use crate::attachments::Attachments;
use crate::attachments::solve::Moment;
use crate::body::{Memory, SoftBody};
use crate::capsule::Rupture;
use crate::contact::candidates::collect;
use crate::contact::nodes::Nodes;
use crate::contact::pose::Pose;
use crate::contact::row::Substep;
use crate::contact::solve::resolve;
use crate::contact::tissues::Tissues;
use crate::contact::tool::{Tool, ToolShape, check_friction};
use crate::contact::way::follow;
use crate::denormals::flushed;
use crate::digest::Digest;
use crate::elements::Averaging;
use crate::error::WorldError;
use crate::material::Material;
use crate::mesh::TetMesh;
use crate::simd::Kernel;
use crate::stepping::{Floor, MAX_SUBSTEPS};
use crate::vec3::{Vec3, add, axpy, finite, scale, wide};

/// Words that tell the digest where a body, a tool and the attachments begin.
const BODY: u64 = 1 << 62;
const TOOL: u64 = 1 << 61;
const ATTACHMENTS: u64 = 1 << 60;

/// What the last step did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepStats {
    /// Substeps made.
    pub substeps: u32,
    /// Share of free nodes that carried added mass.
    pub floored_fraction: f64,
    /// Sum of that added mass, kg.
    pub added_mass_kg: f64,
    /// Contact points at the end.
    pub contacts: u32,
    /// Whether speeds were clipped in this step or shortly before.
    pub guard: bool,
    /// Nodes that the watchdog took out of a tangle.
    pub untangled: u32,
    /// Bodies whose state left the numbers' range in this step and was taken back to its start.
    pub faults: u32,
    /// The first of them.
    pub faulty: Option<usize>,
}

/// Everything that is simulated together.
#[derive(Debug)]
pub struct World {
    dt: f64,
    pub(crate) gravity: Vec3,
    forced_substeps: Option<u32>,
    kernel: Kernel,
    tick: u64,
    pub(crate) bodies: Vec<SoftBody>,
    pub(crate) tools: Vec<Tool>,
    pub(crate) touching: Tissues,
    /// Nodes touched in the last substep; used while contacts are resolved.
    pub(crate) touched: Nodes,
    pub(crate) attachments: Attachments,
    ruptures: Vec<Rupture>,
    stats: StepStats,
}

/// By hand, because a cloned `Vec` only has room for what is in it, and a step must not allocate.
impl Clone for World {
    fn clone(&self) -> Self {
        let mut world = Self {
            bodies: self.bodies.clone(),
            tools: self.tools.clone(),
            touching: self.touching.clone(),
            touched: Nodes::default(),
            attachments: self.attachments.clone(),
            ruptures: self.ruptures.clone(),
            ..*self
        };
        world.reserve();
        world
    }
}

impl World {
    /// An empty world with ticks of `dt` (s) and `gravity` (m/s^2).
    ///
    /// # Errors
    /// A `dt` that is not in (0, 0.1], gravity that is not finite.
    pub fn new(dt: f64, gravity: Vec3) -> Result<Self, WorldError> {
        check_dt(dt)?;
        if !finite(gravity) {
            return Err(WorldError::NotFinite { name: "gravity" });
        }
        Ok(Self {
            dt,
            gravity,
            forced_substeps: None,
            kernel: Kernel::detect(),
            tick: 0,
            bodies: Vec::new(),
            tools: Vec::new(),
            touching: Tissues::default(),
            touched: Nodes::default(),
            attachments: Attachments::default(),
            ruptures: Vec::new(),
            stats: StepStats::default(),
        })
    }

    /// Adds tissue: `materials` holds one material or one per tetrahedron, `fixed` the nodes that
    /// are held. Returns its index.
    ///
    /// # Errors
    /// Materials outside their range, unknown nodes.
    pub fn add_soft_body(
        &mut self,
        mesh: &TetMesh,
        materials: &[Material],
        fixed: &[u32],
    ) -> Result<usize, WorldError> {
        self.add_soft_body_with(mesh, materials, fixed, Averaging::default())
    }

    /// The same, with a choice of element.
    ///
    /// # Errors
    /// As for [`add_soft_body`](Self::add_soft_body).
    pub fn add_soft_body_with(
        &mut self,
        mesh: &TetMesh,
        materials: &[Material],
        fixed: &[u32],
        averaging: Averaging,
    ) -> Result<usize, WorldError> {
        self.bodies.push(SoftBody::new(
            mesh,
            materials,
            fixed,
            averaging,
            self.kernel,
        )?);
        self.touching.add(&self.bodies);
        self.reserve();
        Ok(self.bodies.len() - 1)
    }

    /// Adds a rigid tool with a Coulomb coefficient against tissue, at a position or a [`Pose`].
    /// Returns its index.
    ///
    /// # Errors
    /// Sizes that are not positive, numbers that are not finite.
    pub fn add_tool(
        &mut self,
        shape: ToolShape,
        pose: impl Into<Pose>,
        friction: f64,
    ) -> Result<usize, WorldError> {
        self.tools.push(Tool::new(shape, pose.into(), friction)?);
        self.reserve();
        Ok(self.tools.len() - 1)
    }

    /// Adds a rigid tool whose surface is given by `triangles` over `points` (m, in its own frame; it
    /// turns about the origin of that), closed and oriented either way, thicker by `rounding` (m) all
    /// round. Returns its index.
    ///
    /// # Errors
    /// A surface that is open, flat, or not oriented alike; numbers that are not finite.
    pub fn add_mesh_tool(
        &mut self,
        points: &[Vec3],
        triangles: &[[u32; 3]],
        rounding: f64,
        pose: impl Into<Pose>,
        friction: f64,
    ) -> Result<usize, WorldError> {
        let tool = Tool::mesh(points, triangles, rounding, pose.into(), friction)?;
        self.tools.push(tool);
        self.reserve();
        Ok(self.tools.len() - 1)
    }

    /// Room for every triangle in all lists, those to come too, so that a step never allocates.
    pub(crate) fn reserve(&mut self) {
        self.bodies.iter_mut().for_each(SoftBody::hold_room);
        let triangles: usize = self.bodies.iter().map(|b| b.most().triangles).sum();
        self.ruptures
            .reserve(triangles.saturating_sub(self.ruptures.len()));
        for tool in &mut self.tools {
            tool.outside.resize(self.bodies.len(), false);
            tool.reserve(triangles);
        }
        self.touching.reserve();
        let nodes = self.bodies.iter().map(|b| b.most().nodes);
        self.touched.reserve(nodes);
    }

    /// Makes ticks of `dt` (s) from now on. Longer ones take more substeps, and beyond those that a tick
    /// may have the mass floor carries more of the motion: rest states stay, quick motion slows down
    /// ([`StepStats::added_mass_kg`]). Supports that are gliding arrive after as many ticks as before.
    ///
    /// # Errors
    /// A `dt` that is not in (0, 0.1].
    pub fn set_dt(&mut self, dt: f64) -> Result<(), WorldError> {
        check_dt(dt)?;
        self.dt = dt;
        Ok(())
    }

    /// Uses `substeps` in every tick instead of choosing (None: chooses again).
    ///
    /// # Errors
    /// Zero, or more than 1000.
    pub fn force_substeps(&mut self, substeps: Option<u32>) -> Result<(), WorldError> {
        if let Some(n) = substeps {
            let fine = (1..=1000).contains(&n);
            WorldError::unless(fine, "substeps", f64::from(n), "from 1 to 1000")?;
        }
        self.forced_substeps = substeps;
        Ok(())
    }

    /// The tool reaches `position` at the end of the next step; a position that is not finite is
    /// ignored.
    pub fn move_tool(&mut self, tool: usize, position: Vec3) {
        if finite(position) {
            self.tools[tool].target.position = position;
        }
    }

    /// As [`move_tool`](Self::move_tool), and turned, the shorter way round, to `pose`'s orientation; a
    /// pose that is not finite, or whose quaternion is zero, is ignored.
    pub fn pose_tool(&mut self, tool: usize, pose: Pose) {
        if pose.is_valid() {
            self.tools[tool].target = pose.normalised();
        }
    }

    /// All held nodes of `body` glide to their prescribed place + `offset` (m) within `ticks`.
    /// An offset that is not finite is ignored.
    pub fn move_supports(&mut self, body: usize, offset: Vec3, ticks: u32) {
        if finite(offset) {
            self.bodies[body].supports.glide(offset, ticks);
        }
    }

    /// Advances everything by one tick. Never allocates, locks or panics.
    pub fn step(&mut self) {
        flushed(|| self.advance());
    }

    fn advance(&mut self) {
        let wanted = self
            .bodies
            .iter_mut()
            .map(|b| b.wanted_substeps(self.dt))
            .max()
            .unwrap_or(1);
        let substeps = self.forced_substeps.unwrap_or(wanted);
        self.stats = StepStats {
            substeps,
            ..StepStats::default()
        };
        self.begin_tick();
        for s in 0..substeps {
            self.substep(s, substeps);
        }
        self.end_tick();
    }

    fn begin_tick(&mut self) {
        self.ruptures.clear();
        self.attachments.begin_tick(self.dt);
        for body in &mut self.bodies {
            body.begin_tick();
        }
        for tool in &mut self.tools {
            tool.begin_tick();
        }
        collect(&mut self.tools, &self.bodies, self.dt);
        self.touching.collect(&self.bodies);
    }

    fn substep(&mut self, s: u32, substeps: u32) {
        let h = self.dt / f64::from(substeps);
        let fraction = f64::from(s + 1) / f64::from(substeps);
        let mut floor = Floor::default();
        for body in &mut self.bodies {
            let follow = s == 0 || (body.is_violent() && substeps >= MAX_SUBSTEPS);
            body.elastic_pass(Memory::Keep, follow);
            if follow {
                body.take_bounds(h);
                let f = body.set_masses(h);
                floor.floored += f.floored;
                floor.free += f.free;
                floor.added_mass += f.added_mass;
            }
        }
        let now = Moment {
            h,
            dt: self.dt,
            passed: f64::from(s) / f64::from(substeps),
            share: 1.0 / f64::from(substeps),
            gravity: self.gravity,
        };
        self.attachments.pull(&mut self.bodies, &self.tools, now);
        for tool in &mut self.tools {
            tool.advance(fraction);
            follow(tool, &self.bodies);
        }
        self.touching.find(&self.bodies);
        for body in &mut self.bodies {
            body.move_held_nodes(fraction, self.dt);
            body.integrate(h, self.gravity);
        }
        if s == 0 {
            self.stats.floored_fraction = floor.floored as f64 / floor.free.max(1) as f64;
            self.stats.added_mass_kg = floor.added_mass;
        }
        let substep = Substep {
            h,
            push: h,
            share: now.share,
        };
        resolve(
            &mut self.tools,
            &mut self.touching,
            &mut self.touched,
            &mut self.bodies,
            substep,
        );
        if self.touching.touch() || self.tools.iter().any(|t| !t.contacts.is_empty()) {
            for body in &mut self.bodies {
                body.move_held_nodes(fraction, self.dt); // those that gave way in contact
            }
        }
    }

    fn end_tick(&mut self) {
        for (b, body) in self.bodies.iter_mut().enumerate() {
            if !body.survive() {
                self.stats.faults += 1;
                self.stats.faulty.get_or_insert(b);
            }
            if body.is_violent() {
                self.stats.guard = true;
                self.stats.untangled += body.untangle(self.attachments.nodes(b));
            }
        }
        let faulty = self.stats.faults > 0;
        self.attachments.end_tick(&self.bodies, faulty);
        for tool in &mut self.tools {
            if faulty {
                tool.begin_tick(); // a force from a broken state must not reach the hand
            }
            self.stats.contacts += tool.contact_count;
        }
        if faulty {
            self.touching.forget();
        }
        self.stats.contacts += self.touching.count();
        self.tear();
        self.tick += 1;
    }

    fn tear(&mut self) {
        for tool in self.tools.iter_mut().filter(|t| t.contact_count > 0) {
            for &(b, triangle) in &tool.candidates {
                let body = &mut self.bodies[b as usize];
                let strain = body.surface_strain(triangle);
                tool.surface_strain = tool.surface_strain.max(strain);
                self.ruptures.extend(body.tear(b, triangle, strain)); // room for all is reserved
            }
        }
    }

    /// What the supports push on the held nodes among `nodes`, N, one vector per node (zero for
    /// free nodes): against the tissue's forces, weights, and what attachments, tools and other tissue did to them
    /// in the last substep.
    ///
    /// # Errors
    /// Unknown nodes.
    pub fn reaction(&mut self, body: usize, nodes: &[u32]) -> Result<Vec<Vec3>, WorldError> {
        let (id, index) = (body, body as u32);
        let body = &mut self.bodies[body];
        nodes.iter().try_for_each(|&n| body.check_node(n))?;
        flushed(|| body.elastic_pass(Memory::Look, false));
        let mut acting = vec![[0.0; 3]; body.node_count()];
        for &n in &body.supports.nodes {
            let n = n as usize;
            acting[n] = axpy(wide(body.f[n]), f64::from(body.mass[n]), self.gravity);
        }
        for (node, force) in self.attachments.all.iter().flat_map(|a| a.node_forces(id)) {
            acting[node as usize] = add(acting[node as usize], force);
        }
        for (node, force) in self.touching.node_forces(index) {
            acting[node as usize] = add(acting[node as usize], force);
        }
        for tool in &self.tools {
            for contact in &tool.contacts {
                for (node, force) in contact.node_forces(index, tool.impulse_length) {
                    acting[node as usize] = add(acting[node as usize], force);
                }
            }
        }
        let held = |n: &u32| body.supports.nodes.binary_search(n).is_ok();
        let push = |n: &u32| scale(acting[*n as usize], if held(n) { -1.0 } else { 0.0 });
        Ok(nodes.iter().map(push).collect())
    }

    /// Whether bodies `a` and `b` collide, as two bodies do unless told otherwise; for `a` = `b`,
    /// whether the body collides with itself when it folds, which it does only when told.
    ///
    /// # Errors
    /// Unknown bodies.
    pub fn set_tissue_contact(&mut self, a: usize, b: usize, on: bool) -> Result<(), WorldError> {
        let bodies = self.bodies.len();
        if let Some(body) = [a, b].into_iter().find(|i| *i >= bodies) {
            return Err(WorldError::NoSuchBody { body, bodies });
        }
        self.touching.switch(a, b, on, &self.bodies);
        self.reserve();
        Ok(())
    }

    /// Coulomb coefficient between tissues, [`DEFAULT_FRICTION`](crate::contact::tissues::DEFAULT_FRICTION)
    /// unless set.
    ///
    /// # Errors
    /// A coefficient that is negative or not finite.
    pub fn set_tissue_friction(&mut self, friction: f64) -> Result<(), WorldError> {
        check_friction(friction)?;
        self.touching.friction = friction;
        Ok(())
    }

    /// Coulomb coefficient between tissues.
    #[must_use]
    pub fn tissue_friction(&self) -> f64 {
        self.touching.friction
    }

    /// What body `by` pushed on body `on` with in the last tick, N, mean over it.
    #[must_use]
    pub fn tissue_force(&self, on: usize, by: usize) -> Vec3 {
        self.touching.force(on, by)
    }

    /// Tool `tool`.
    #[must_use]
    pub fn tool(&self, tool: usize) -> &Tool {
        &self.tools[tool]
    }

    /// Body `body`.
    #[must_use]
    pub fn body(&self, body: usize) -> &SoftBody {
        &self.bodies[body]
    }

    /// Body `body`, to change what is held or the capsule.
    pub fn body_mut(&mut self, body: usize) -> &mut SoftBody {
        &mut self.bodies[body]
    }

    /// All bodies.
    #[must_use]
    pub fn bodies(&self) -> &[SoftBody] {
        &self.bodies
    }

    /// All tools.
    #[must_use]
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }

    /// Ticks made.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Simulated time, s.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.tick as f64 * self.dt
    }

    /// Length of a tick, s.
    #[must_use]
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// Gravity, m/s^2.
    #[must_use]
    pub fn gravity(&self) -> Vec3 {
        self.gravity
    }

    /// The kernel in use.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// Uses `kernel` from now on. Returns false, and changes nothing, if this processor lacks it.
    pub fn set_kernel(&mut self, kernel: Kernel) -> bool {
        if !kernel.is_available() {
            return false;
        }
        self.kernel = kernel;
        for body in &mut self.bodies {
            body.elements.kernel = kernel;
        }
        true
    }

    /// What the last step did.
    #[must_use]
    pub fn stats(&self) -> &StepStats {
        &self.stats
    }

    /// What tore in the last step.
    #[must_use]
    pub fn ruptures(&self) -> &[Rupture] {
        &self.ruptures
    }

    /// A hash of everything that can differ between two worlds of one model (meshes, materials, tool
    /// shapes, gravity, dt, kernel) and that their future depends on; equal in two runs that are
    /// equal.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut digest = Digest::new();
        digest.word(self.tick);
        digest.word(u64::from(self.forced_substeps.unwrap_or(0))); // forced ones are at least 1
        for (b, body) in self.bodies.iter().enumerate() {
            digest.word(BODY + b as u64);
            body.digest(&mut digest);
        }
        for (t, tool) in self.tools.iter().enumerate() {
            digest.word(TOOL + t as u64);
            for pose in [tool.pose(), tool.target, tool.proxy] {
                let numbers = pose.position.into_iter().chain(pose.orientation);
                numbers.for_each(|x| digest.number(x));
            }
            tool.force.iter().for_each(|x| digest.number(*x));
            digest.word(u64::from(tool.careful));
            tool.outside.iter().for_each(|x| digest.word(u64::from(*x)));
        }
        digest.word(ATTACHMENTS);
        self.attachments.digest(&mut digest);
        self.touching.digest(&mut digest);
        digest.value()
    }
}

fn check_dt(dt: f64) -> Result<(), WorldError> {
    let fine = dt > 0.0 && dt <= 0.1;
    WorldError::unless(fine, "dt", dt, "more than 0 and at most 0.1 s")
}
