"""Materials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from surgisim import _core
from surgisim.errors import MaterialError
from surgisim.simulation.checks import listed, number, shown

__all__ = ["Material", "materials_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A tissue: an isotropic hyperelastic law and its constants.

    Attributes
    ----------
    young_modulus
        E at small strain, Pa, positive.
    poisson_ratio
        nu at small strain, in (0, 0.5).
    density
        kg/m^3, positive.
    law
        ``"stable_neo_hookean"`` (Smith, de Goes, Kim 2018), ``"neo_hookean"`` (logarithmic form,
        Bonet and Wood 2008) or ``"mooney_rivlin"`` (compressible, with (ln J)^2).
    damping
        Mass-proportional damping rate, 1/s: a mode of angular frequency w has the damping ratio
        damping / (2 w).
    mooney_ratio
        Of ``"mooney_rivlin"``: c2 / (c1 + c2), from 0 to 1 and less than nu / (1 - 2 nu).
    prony
        How the shear modulus fades: pairs (g, tau) with G(t) = mu (1 - sum g (1 - exp(-t / tau))),
        tau in s, at most 4. E and nu are then the instantaneous ones.
    source, confidence, range
        Where E comes from, "A" (table read), "B" (abstract read) or "C" (recollection), and the
        published range of E, Pa; empty for a material of your own.

    Raises
    ------
    MaterialError
        A constant outside its range, or an unknown law.
    """

    young_modulus: float
    poisson_ratio: float
    density: float
    law: str = "stable_neo_hookean"
    damping: float = 10.0
    mooney_ratio: float = 0.0
    prony: tuple[tuple[float, float], ...] = ()
    source: str = ""
    confidence: str = ""
    range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name in _NUMBERS:
            self._set(name, number(getattr(self, name), name, MaterialError))
        self._set("prony", _series(self.prony))
        if self.range is not None:
            self._set("range", _pair(self.range))
        for name in ("law", "source", "confidence"):
            if not isinstance(getattr(self, name), str):
                raise MaterialError(f"{name} is {shown(getattr(self, name))}; give a text")
        if self.mooney_ratio and self.law != "mooney_rivlin":
            raise MaterialError(
                f"mooney_ratio is {self.mooney_ratio}, but the law is {self.law!r}; "
                "use law='mooney_rivlin' or leave it out"
            )
        _core.check_material(self._given())

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # what was given, as the type that is promised

    def _given(self) -> tuple[str, list[float], list[tuple[float, float]]]:
        return self.law, [getattr(self, name) for name in _NUMBERS], list(self.prony)


_NUMBERS = ("young_modulus", "poisson_ratio", "density", "damping", "mooney_ratio")


def _pair(values: Iterable[float]) -> tuple[float, float]:
    try:
        low, high = values
    except (TypeError, ValueError):
        raise MaterialError(f"range is {shown(values)}; give a pair (lo, hi), Pa") from None
    return (number(low, "range", MaterialError), number(high, "range", MaterialError))


def _series(prony: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    try:
        return tuple((float(g), float(tau)) for g, tau in prony)
    except (TypeError, ValueError) as error:
        raise MaterialError(f"prony is pairs of numbers (g, tau): {error}") from error


def materials_of(tissue: object, tetrahedra: int) -> list[Material]:
    """Return the material of all, or that of each tetrahedron."""
    if isinstance(tissue, Material):
        return [tissue]
    if isinstance(tissue, str):
        raise MaterialError(f"tissue is a text; give a material: surgisim.tissue({shown(tissue)})")
    given = listed(tissue)
    if given is None:
        raise MaterialError(f"tissue is {shown(tissue)}; give a Material, or one per tetrahedron")
    each = []
    for i, kind in enumerate(given):
        if isinstance(kind, Material):
            each.append(kind)
        else:
            raise MaterialError(
                f"the material of tetrahedron {i} is {shown(kind)}; give a Material"
            )
    if len(each) != tetrahedra:
        raise MaterialError(
            f"{len(each)} materials for {tetrahedra} tetrahedra; give one, or one per tetrahedron"
        )
    return each
