"""Lets the rehearsal of docs/rehearse.md take seconds: one quick run on a coarse liver."""

from pathlib import Path

from surgisim import anatomy, rehearsal

anatomy.write(anatomy.parametric_liver(edge_m=0.018), Path("liver"))
whole = rehearsal.make_plan


def quick(procedure, *, trainees, runs, **more):
    """Make a plan of the same procedure with less to play."""
    assert trainees
    assert runs
    return whole(procedure, trainees=("dangerous",), runs=1, anatomy=Path("liver"), **more)


rehearsal.make_plan = quick
