"""Speed with its error beside it, on the machine at hand: what ``surgisim bench`` prints."""

from surgisim.bench.machine import Machine
from surgisim.bench.measure import Answer, Bench, Cut, Loop, Tick, measure_all

__all__ = ["Answer", "Bench", "Cut", "Loop", "Machine", "Tick", "measure_all"]
