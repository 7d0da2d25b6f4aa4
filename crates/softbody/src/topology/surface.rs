//! The surface follows the glue: a triangle for each free face, and none else.

use super::NONE;
use crate::body::SoftBody;
use crate::mesh::{FACE_NODES, FREE_FACE};

impl SoftBody {
    /// Outward nodes of face 4 * tetrahedron + face.
    pub(super) fn face_nodes(&self, face: u32) -> [u32; 3] {
        let nodes = self.tetrahedra[face as usize / 4];
        FACE_NODES[face as usize % 4].map(|corner| nodes[corner])
    }

    /// Where the triangle of a face is noted.
    fn triangle_of(&mut self, face: u32) -> &mut u32 {
        &mut self.topology.triangles[face as usize / 4][face as usize % 4]
    }

    /// What `face` is glued to.
    pub(super) fn glued(&self, face: u32) -> u32 {
        self.glue[face as usize / 4][face as usize % 4]
    }

    /// Glues `face` to `other`, from its side; to [`FREE_FACE`]: frees it.
    pub(super) fn set_glue(&mut self, face: u32, other: u32) {
        self.glue[face as usize / 4][face as usize % 4] = other;
    }

    /// Tissue without a capsule appears where `face` became free.
    pub(super) fn expose(&mut self, face: u32) {
        debug_assert_eq!(self.glued(face), FREE_FACE);
        *self.triangle_of(face) = self.surface.triangles.len() as u32;
        let nodes = self.face_nodes(face);
        self.surface.triangles.push(nodes); // room is reserved
        self.surface.owned.push([false; 3]);
        self.topology.faces.push(face);
        self.capsule.expose();
    }

    /// The triangle of `face` vanishes; the last one takes its number.
    pub(super) fn hide(&mut self, face: u32) {
        let triangle = std::mem::replace(self.triangle_of(face), NONE) as usize;
        self.surface.triangles.swap_remove(triangle);
        self.surface.owned.swap_remove(triangle);
        self.topology.faces.swap_remove(triangle);
        self.capsule.hide(triangle);
        if let Some(&moved) = self.topology.faces.get(triangle) {
            *self.triangle_of(moved) = triangle as u32;
        }
    }

    /// The triangle of `face` is that of `heir` from now on.
    pub(super) fn bequeath(&mut self, face: u32, heir: u32) {
        let triangle = std::mem::replace(self.triangle_of(face), NONE);
        *self.triangle_of(heir) = triangle;
        self.topology.faces[triangle as usize] = heir;
    }

    /// `part` is what was cut off from the free face `face`: both parts are as the whole was.
    pub(super) fn halve(&mut self, face: u32, part: u32) {
        let (old, new) = (*self.triangle_of(face), self.surface.triangles.len());
        self.expose(part);
        self.follow_nodes(face);
        let rest = &self.rest;
        let [a, b] =
            [old as usize, new].map(|t| self.surface.triangles[t].map(|n| rest[n as usize]));
        self.capsule.halve([old as usize, new], [a, b]);
    }

    /// Of the triangles that have `node` the first owns it, and no other.
    pub(super) fn find_owner(&mut self, node: u32) {
        let Self {
            topology, surface, ..
        } = self;
        let mut own = |triangle: u32, own: bool| {
            let t = triangle as usize;
            let corners = surface.triangles[t].iter().zip(&mut surface.owned[t]);
            let here = corners.filter(|(n, _)| **n == node);
            here.for_each(|(_, owned)| *owned = own);
        };
        let mut owner = NONE;
        for corner in topology.incidence.at(node) {
            let (t, opposite) = (corner as usize / 4, corner as usize % 4);
            for face in (0..4).filter(|face| *face != opposite) {
                let triangle = topology.triangles[t][face];
                if triangle != NONE {
                    own(triangle, false);
                    owner = owner.min(triangle);
                }
            }
        }
        if owner != NONE {
            own(owner, true);
        }
    }

    /// The nodes of a free face are others now.
    pub(super) fn follow_nodes(&mut self, face: u32) {
        let (triangle, nodes) = (*self.triangle_of(face), self.face_nodes(face));
        self.surface.triangles[triangle as usize] = nodes;
    }
}
