"""A session for docs/record.md to read."""

from pathlib import Path

from surgisim import anatomy
from surgisim.authoring import begin
from surgisim.session import Order, play
from surgisim.trainees import scripted

anatomy.write(anatomy.parametric_liver(edge_m=0.018), Path("liver"))
order = Order(begin("touch", Path()), Path("out/session"), anatomy=Path("liver"))
play(order, lambda _, rng: scripted("dangerous", rng))
