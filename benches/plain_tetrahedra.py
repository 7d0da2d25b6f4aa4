"""Plain linear tetrahedra in Taichi, written by hand as its users would.

Explicit f32 kernels, stable Neo-Hookean, atomic scatter, rigid contact of nodes without friction.
Such elements lock near nu = 0.5 and bend badly; what a ball meets between nodes, it does not feel.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from scenes import DAMPING, DT, RADIUS, Floats, Scene
from simulators import CALMING, calm

__all__ = ["Taichi", "start_taichi"]


def start_taichi() -> None:
    """Once for all that lives at the same time: it ends what was before."""
    import taichi as ti

    ti.init(
        arch=ti.cpu,
        cpu_max_num_threads=1,
        default_fp=ti.f32,
        offline_cache=False,
        log_level=ti.WARN,
    )


class Taichi:
    def __init__(self, scene: Scene, substeps: int) -> None:
        import taichi as ti

        self.version = f"Taichi {'.'.join(map(str, ti.__version__))}"
        self.substeps = substeps
        self.start, self.ball = scene.mesh.points.astype(np.float32), np.array(scene.ball)
        tetrahedra = scene.mesh.tetrahedra
        n, m = len(self.start), len(tetrahedra)
        (mu, lam), gravity, radius = scene.lame, scene.gravity, RADIUS
        edges = np.moveaxis(
            scene.mesh.points[tetrahedra[:, 1:]] - scene.mesh.points[tetrahedra[:, :1]], 1, 2
        )
        holds = np.zeros(n, dtype=np.int32)
        holds[scene.held] = 1

        x, v, f = (ti.Vector.field(3, ti.f32, n) for _ in range(3))
        mass, held = ti.field(ti.f32, n), ti.field(ti.i32, n)
        nodes, inverse = ti.Vector.field(4, ti.i32, m), ti.Matrix.field(3, 3, ti.f32, m)
        volume, push = ti.field(ti.f32, m), ti.Vector.field(3, ti.f32, ())
        x.from_numpy(self.start)
        nodes.from_numpy(tetrahedra.astype(np.int32))
        inverse.from_numpy(np.linalg.inv(edges).astype(np.float32))
        volume.from_numpy((np.linalg.det(edges) / 6).astype(np.float32))
        mass.from_numpy(scene.masses().astype(np.float32))
        held.from_numpy(holds)

        @ti.func
        def column(a: ti.template(), j: ti.template()) -> Any:
            return ti.Vector([a[0, j], a[1, j], a[2, j]])

        @ti.kernel
        def substep(h: ti.f32, damping: ti.f32, cx: ti.f32, cy: ti.f32, cz: ti.f32):
            for e in nodes:
                q = nodes[e]
                d = ti.Matrix.cols([x[q[1]] - x[q[0]], x[q[2]] - x[q[0]], x[q[3]] - x[q[0]]])
                F = d @ inverse[e]
                a, b, c = column(F, 0), column(F, 1), column(F, 2)
                cofactors = ti.Matrix.cols([b.cross(c), c.cross(a), a.cross(b)])
                J = a.dot(b.cross(c))
                P = mu * F + ((lam + mu) * (J - 1.0) - mu) * cofactors
                H = -volume[e] * P @ inverse[e].transpose()
                f1, f2, f3 = column(H, 0), column(H, 1), column(H, 2)
                f[q[0]] -= f1 + f2 + f3
                f[q[1]] += f1
                f[q[2]] += f2
                f[q[3]] += f3
            for i in x:
                pull = f[i] / mass[i] + ti.Vector([0.0, gravity, 0.0])
                w = (v[i] + h * pull) / (1.0 + h * damping)
                if held[i] == 1:
                    w = ti.Vector([0.0, 0.0, 0.0])
                p = x[i] + h * w
                away = p - ti.Vector([cx, cy, cz])
                distance = away.norm()
                if distance < radius and held[i] == 0:
                    out = (radius - distance) / distance * away
                    p += out
                    w += out / h
                    push[None] -= mass[i] / (h * h) * out
                x[i], v[i], f[i] = p, w, ti.Vector([0.0, 0.0, 0.0])

        self.substep: Callable[..., None] = substep
        self.x, self.v, self.push = x, v, push

    @property
    def name(self) -> str:
        return f"{self.version}, {self.substeps} substeps"

    def reset(self) -> None:
        self.x.from_numpy(self.start)
        self.v.fill(0.0)

    def step(self, centre: Floats, damping: float = DAMPING) -> float:
        since = time.process_time()
        self.push[None] = (0.0, 0.0, 0.0)
        for _ in range(self.substeps):
            self.substep(DT / self.substeps, damping, *centre)
        return time.process_time() - since

    def force(self) -> float:
        return float(self.push[None][1]) / self.substeps

    def positions(self) -> Floats:
        return self.x.to_numpy().astype(np.float64)

    def exploded(self) -> bool:
        return not np.isfinite(self.positions()).all()

    def settle(self) -> bool:
        return calm(self, lambda: self.step(self.ball, CALMING))
