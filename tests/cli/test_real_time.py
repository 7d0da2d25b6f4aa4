"""What the doctor says of kernel, rights and processors, on machines made of files."""

from pathlib import Path

import pytest

from surgisim.commands.real_time import clock_speed, granted, kernel, rights
from surgisim.run import Distribution, TickStats

TIMES = Distribution(0.0, 0.0, 0.0, 0.0, 0.0, ())


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def stats(fallback: str | None, memory: str | None = None, sleep: str | None = None) -> TickStats:
    return TickStats(
        ticks=1000,
        rate_hz=1000.0,
        late=0,
        dropped=0,
        longest_late_s=0.0,
        longest_burst=0,
        clamped=0,
        slew_limited=0,
        silenced=0,
        scheduler="normal" if fallback else "fifo",
        fallback=fallback,
        memory_unlocked=memory,
        cpu=TIMES,
        lateness=TIMES,
        deep_sleep=sleep,
    )


@pytest.mark.parametrize(
    ("version", "good", "says"),
    [
        ("#1 SMP PREEMPT_RT Debian 6.12", True, "made for real time"),
        ("#1 SMP PREEMPT_DYNAMIC Tue", True, "without PREEMPT_RT"),
        ("#1 SMP Tue", False, "not preemptible"),
    ],
)
def test_the_kernel_is_told_by_how_soon_it_lets_go(
    tmp_path: Path, version: str, good: bool, says: str
) -> None:
    (found,) = kernel(machine(tmp_path, {"proc/sys/kernel/version": version}))
    assert found.good is good
    assert says in found.found
    assert good or "preempt=full" in found.advice


def test_older_real_time_kernels_say_so_in_a_file(tmp_path: Path) -> None:
    files = {"proc/sys/kernel/version": "#1 SMP PREEMPT", "sys/kernel/realtime": "1\n"}
    (found,) = kernel(machine(tmp_path, files))
    assert "PREEMPT_RT" in found.found


def test_a_system_that_is_no_linux_has_no_kernel_to_speak_of(tmp_path: Path) -> None:
    assert kernel(tmp_path) == []
    assert clock_speed(tmp_path) == []


def test_processors_that_change_their_speed_are_told(tmp_path: Path) -> None:
    def cpus(*governors: str) -> dict[str, str]:
        name = "sys/devices/system/cpu/cpu{}/cpufreq/scaling_governor"
        return {name.format(i): f"{governor}\n" for i, governor in enumerate(governors)}

    (slow,) = clock_speed(machine(tmp_path / "a", cpus("performance", "powersave")))
    assert not slow.good
    assert "performance, powersave" in slow.found
    assert "cpupower" in slow.advice
    (fast,) = clock_speed(machine(tmp_path / "b", cpus("performance", "performance")))
    assert fast.good


def test_capabilities_are_read_bit_by_bit() -> None:
    status = "Name:\tpython\nCapPrm:\tffffffffffffffff\nCapEff:\t0000000000800000\n"
    assert granted(status, 23)
    assert not granted(status, 14)
    assert not granted("", 23)


def test_what_was_refused_comes_with_what_to_do(tmp_path: Path) -> None:
    root = machine(tmp_path, {"proc/self/status": "CapEff:\t0000000000000000\n"})
    refused = {f.what: f for f in rights(stats("no FIFO", "no memlock", "no device"), root)}
    assert not any(f.good for f in refused.values())
    assert "rtprio 80" in refused["real time"].advice
    assert "memlock unlimited" in refused["memory"].advice
    assert "SYS_NICE" in refused["deadline class"].advice
    assert refused["deep sleep"].found == "no device"
    # With SCHED_FIFO granted nothing is missed by not having the other class.
    granted_all = rights(stats(None), root)
    assert all(f.good for f in granted_all)
