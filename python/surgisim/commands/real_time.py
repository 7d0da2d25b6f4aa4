"""What the kernel and the user's rights do for the 1 kHz loop. Linux; silent elsewhere."""

from pathlib import Path

from surgisim.commands.finding import Finding
from surgisim.run import TickStats

__all__ = ["clock_speed", "granted", "kernel", "rights"]

_CAP_SYS_NICE = 23
"""Bit of the capability mask, capabilities(7)."""

_FIFO = "'@surgisim - rtprio 80' in /etc/security/limits.d/surgisim.conf, and join that group"
_MEMLOCK = "'@surgisim - memlock unlimited' in the same file"
_UNTOUCHED = "without it a tick may wait for memory; close other programs"


def rights(stats: TickStats, root: Path = Path("/")) -> list[Finding]:
    """Say what a loop that ran was granted; `root` is where ``/proc`` and ``/sys`` lie."""
    untouched = stats.memory_unlocked or stats.memory_untouched
    return [
        Finding(
            "real time",
            stats.fallback is None,
            f"granted ({stats.scheduler})" if stats.fallback is None else stats.fallback,
            _FIFO,
        ),
        _deadline(root, needed=stats.fallback is not None),
        Finding(
            "memory",
            untouched is None,
            "present and locked" if untouched is None else untouched,
            _MEMLOCK if stats.memory_unlocked else _UNTOUCHED,
        ),
        Finding(
            "deep sleep",
            stats.deep_sleep is None,
            "kept off while the loop runs" if stats.deep_sleep is None else stats.deep_sleep,
            "without it the first microseconds of a tick may go into waking the processor",
        ),
    ]


def _deadline(root: Path, *, needed: bool) -> Finding:
    """Look at the right that SCHED_DEADLINE takes; it is a second way, not a better one."""
    allowed = granted(_read(root / "proc/self/status"), _CAP_SYS_NICE)
    found = "possible" if allowed else "not permitted (CAP_SYS_NICE)"
    advice = "SCHED_FIFO is enough; in a container grant the capability SYS_NICE"
    return Finding("deadline class", allowed or not needed, found, advice)


def granted(status: str, capability: int) -> bool:
    """Whether ``/proc/self/status`` lists a capability as effective."""
    masks = [line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")]
    return bool(masks) and bool(int(masks[0], 16) >> capability & 1)


def kernel(root: Path = Path("/")) -> list[Finding]:
    """Say how soon the kernel lets go of a processor for the loop; nothing where it is no Linux."""
    version = _read(root / "proc/sys/kernel/version")
    if not version:
        return []
    if _read(root / "sys/kernel/realtime").strip() == "1" or "PREEMPT_RT" in version:
        return [Finding("kernel", True, "PREEMPT_RT: made for real time")]
    if "PREEMPT" in version:
        found = "preemptible, without PREEMPT_RT: ticks may be late by milliseconds now and then"
        return [Finding("kernel", True, found)]
    found = "not preemptible: ticks wait until the kernel has finished what it is at"
    advice = "start it with preempt=full, or install one with PREEMPT_RT (linux-image-rt-amd64)"
    return [Finding("kernel", False, found, advice)]


def clock_speed(root: Path = Path("/")) -> list[Finding]:
    """Say whether the processors keep their speed; nothing where it cannot be chosen."""
    files = root.glob("sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor")
    governors = sorted({_read(file).strip() for file in files} - {""})
    if not governors:
        return []
    advice = "sudo cpupower frequency-set -g performance, while you train"
    good = governors == ["performance"]
    return [Finding("clock speed", good, f"governor {', '.join(governors)}", advice)]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
