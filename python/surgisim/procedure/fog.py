"""How fogged a lens is while complications go on."""

from collections.abc import Iterable

from surgisim.procedure.complication import ComplicationRecord
from surgisim.procedure.model import Procedure

__all__ = ["fog_now"]


def fog_now(procedure: Procedure, records: Iterable[ComplicationRecord]) -> float:
    """Fog that the complications of a procedure lay on the lens now, 0 clear to 1.

    A state's own fog replaces that of its complication; of several complications the thickest
    counts.
    """
    specs = {spec.id: spec for spec in procedure.complications}
    fog = 0.0
    for record in records:
        if record.started_s is None or record.ended_s is not None:
            continue
        spec = specs[record.id]
        entered = {state for _, state in record.states[-1:]}
        effects = [spec.effect, *(one.effect for one in spec.states if one.id in entered)]
        laid = [effect.fog.amount for effect in effects if effect is not None and effect.fog]
        fog = max(fog, laid[-1] if laid else 0.0)
    return fog
