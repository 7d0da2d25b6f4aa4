"""The machine that numbers were measured on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Machine", "this_machine"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, cores, load average of the last minute, the solver's kernel, the system."""

    processor: str
    cores: int
    load: float
    kernel: str
    system: str


def this_machine(kernel: str) -> Machine:
    """Describe this machine; `kernel` is what the solver chose."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return Machine(_processor(), os.cpu_count() or 1, load, kernel, system)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
