"""What a trainee who holds the endoscope of a session sees at one look."""

from surgisim.session.navigation import FOGGED, Navigation
from surgisim.session.port import LEAST_OUTSIDE_M
from surgisim.session.stage import Stage
from surgisim.trainees.scope_sight import ScopeSight

__all__ = ["scope_sight"]


def scope_sight(stage: Stage, navigation: Navigation) -> ScopeSight:
    """Collect what is seen; of the lit target its place only while it is in view."""
    spec, shown, scope = stage.procedure.scene.targets, navigation.shown, navigation.scope
    length_m = 0.0 if stage.port is None else stage.port.length_m
    seen = shown is not None and shown.in_view
    return ScopeSight(
        lens=navigation.lens,
        port=scope.port,
        angle=scope.angle,
        reach_m=length_m - LEAST_OUTSIDE_M,
        roll=navigation.roll,
        head=navigation.head,
        fogged=navigation.fog >= FOGGED,
        touching=bool(navigation.touched),
        beside={piece.name: (piece.points, piece.triangles) for piece in stage.beside},
        organ=stage.organ.name,
        target=shown.place if shown is not None and seen else None,
        normal=shown.target.normal if shown is not None and seen else None,
        target_on="" if navigation.lit is None else navigation.lit.organ,
        found=navigation.found,
        wanted=len(navigation.targets),
        near_m=0.0 if spec is None else spec.distance.low,
        far_m=0.0 if spec is None else spec.distance.high,
        within=0.0 if spec is None else spec.within,
        hold_s=0.0 if spec is None else spec.hold,
    )
