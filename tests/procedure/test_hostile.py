"""Files made to harm: refused with one sentence, in little time and little memory.

They are read in a process of its own, which the system ends should it take too much. Time is the
processor's, and compared with that of an ordinary procedure: a slow machine changes nothing.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.procedure import problems_of

LIVER = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"
TIMES = 60  # as long as the liver's procedure, 0.03 s: 1.8 s at most, and most take a tenth
MEMORY_MB = 400
LIMIT_BYTES = 2 << 30
LIMIT_S = 200

STEPS = "steps:\n"
TOO_MANY = "the file holds more than 10000 keys and values"
TOO_DEEP = "the file is nested too deep: more than 50 levels"
NO_KEYS = "a procedure is a set of keys, beginning with 'surgisim: procedure@1'"


def with_steps(number: int, form: str) -> Callable[[str], str]:
    """The liver's procedure with many steps more; ``{n}`` and ``{m}`` count them."""
    steps = "".join(
        f"  - {{id: s{n}, title: T, {form}}}\n".replace("#", str(n)).replace("@", str(n + 1))
        for n in range(number)
    )
    return lambda liver: liver.replace(STEPS, STEPS + steps, 1)


def guards(text: str) -> Callable[[str], str]:
    return with_steps(90, f'done_when: "{text}"')


def instead(part: str, other: str) -> Callable[[str], str]:
    return lambda liver: liver.replace(part, other, 1)


def plain(text: str | bytes) -> Callable[[str], str | bytes]:
    return lambda _: text


def nested(form: str, levels: int) -> str:
    """A condition of so many levels, whose parts contradict each other."""
    text = "probe.touching"
    for _ in range(levels):
        match form:
            case "and":
                text = f"({text}) and marks.count < 3"
            case "count":
                text = f"count({text} and probe.touching) >= 0 and marks.count < 3"
            case _:
                text = f"(({text}) for 1 s) and marks.count < 3"
    return f"(({text}) and probe.force < 1 N) and probe.force > 2 N"


def ends_or_follows(liver: str) -> str:
    """Whether the end follows from a step is asked of each of their parts."""
    either, both = "trainee.finished", "capsule.torn"
    for _ in range(38):
        either, both = f"({either}) or limit.exceeded", f"({both}) and probe.touching"
    liver = liver.replace("end_when: trainee.finished", f"end_when: {either}", 1)
    return (
        liver.replace("done_when: probe.touching for 0.2 s", f"done_when: {both}", 1) + "end: 1\n"
    )


TEN = ", ".join(["x"] * 10)
LAUGHS = f"a0: &a0 [{TEN}]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 300)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], y{n}: 1}}\n" for n in range(1, 2000)
)
REVERSED = "title: Find \u202eeht\u202c nodules\n"

HOSTILE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "aliases that multiply": (plain(LAUGHS), TOO_MANY),
    "merges that multiply": (plain(MERGES), TOO_MANY),
    "an alias of itself": (plain("a: &a [*a]"), ""),
    "a long list": (plain("a: [" + "x," * 90000 + "]"), TOO_MANY),
    "many keys": (plain("".join(f"k{n}: 1\n" for n in range(4900))), ""),
    "many anchors": (plain("".join(f"a{n}: &b{n} 1\n" for n in range(4000))), ""),
    "brackets": (plain("a: " + "[" * 90000 + "]" * 90000), TOO_DEEP),
    "dashes": (plain("- " * 90000 + "x"), TOO_DEEP),
    "indents": (plain("".join(" " * n + "a:\n" for n in range(600))), TOO_DEEP),
    "questions": (plain("? " * 90000 + "a"), TOO_DEEP),
    "a long file": (plain("#" * 300_000), "the file is longer than 200000 characters"),
    "a very long file": (plain("a: 1\n" * 20_000_000), "the file is longer than"),
    "a long remark": (plain("#" + "x" * 190_000), NO_KEYS),
    "many remarks": (lambda liver: liver + "# x\n" * 45_000 + "end: 1\n", "unknown key 'end'"),
    "a long text": (plain("title: " + "x " * 95_000), ""),
    "a folded text": (plain("title:\n" + "  x\n" * 45_000), ""),
    "escapes": (plain('title: "' + "\\x41" * 48_000 + '"'), ""),
    "spaces": (plain((" " * 400 + "\n") * 470 + "a: 1"), ""),
    "colons": (plain("a" + ":" * 190_000), "the text holds a colon: put it in quotes"),
    "tabs": (plain("\t" * 190_000), "a tab stands here"),
    "documents": (plain("---\na: 1\n" * 20_000), "'---' begins a second file"),
    "tags": (plain("!a !b !c 1"), "not YAML"),
    "python": (plain("title: !!python/object/apply:os.system ['true']"), ""),
    "a directive": (plain("%TAG ! tag:x,2000:\n---\ntitle: !y 1"), ""),
    "a key twice": (plain("title: a\ntitle: b\n"), "the key 'title' stands here a second time"),
    "digits": (plain("version: " + "9" * 190_000), "cannot be read as int"),
    "hexadecimals": (plain("version: 0x" + "f" * 190_000), "cannot be read as int"),
    "sixties": (plain("%YAML 1.1\n---\nversion: " + "1:" * 90_000 + "1"), "cannot be read as int"),
    "an exponent": (plain("time_limit: 1e" + "9" * 190_000), "cannot be read as float"),
    "huge quantities": (instead("radius: 8 mm", "radius: 1e999999 mm"), "the number is too large"),
    "a range of digits": (instead("8..11 mm", "1" * 90_000 + "..2 mm"), "the number is too large"),
    "a range of dots": (instead("8..11 mm", "1." * 90_000), ""),
    "a unit of spaces": (instead("8..11 mm", f"8 m{' ' * 180_000}m"), "unknown unit 'm m'"),
    "a unit far off": (instead("8..11 mm", f"8..9{' ' * 180_000}m\\nm"), "unknown unit 'm"),
    "a long unit": (instead("8..11 mm", "1 " + "m" * 180_000), "unknown unit 'mmm"),
    "a long guard": (
        instead("done_when: probe.touching for 0.2 s", "done_when: " + "x" * 180_000),
        "'done_when' is longer than 4000 characters",
    ),
    "guards of many parts": (guards(" or ".join(["x.y"] * 200)), "unknown name 'x.y'"),
    "guards of many words": (guards(" or ".join(f"x{n}" for n in range(250))), "unknown name"),
    "deep guards": (guards("(" * 300 + "true" + ")" * 300), "more than 40 levels"),
    "nots": (guards("not " * 300 + "true"), "more than 40 levels"),
    "counts": (guards("count(" * 300), "more than 40 levels"),
    "ands inside ands": (guards(nested("and", 38)), "its parts contradict each other"),
    "fors inside ands": (guards(nested("for 1 s and", 19)), "its parts contradict each other"),
    "counts inside counts": (guards(nested("count", 19)), "its parts contradict each other"),
    "ors that may follow from ands": (ends_or_follows, "unknown key 'end'"),
    "powers": (guards("9**9**9**9 > 1"), "the sign * has no meaning in a condition"),
    "calls": (guards("__import__('os')"), "the sign ' has no meaning in a condition"),
    "many wrong names": (with_steps(1200, "done_when: probe.touchin"), "unknown name"),
    "a chain of needs": (
        with_steps(900, "done_when: probe.touching, needs: [s@]"),
        "unknown step 's900'",
    ),
    "a circle of needs": (
        lambda liver: with_steps(800, "done_when: probe.touching, needs: [s@]")(liver).replace(
            "[s800]", "[s0]"
        ),
        "steps need each other in a circle",
    ),
    "half a sign": (plain('title: "\\ud800"'), "cannot be read as str"),
    "a sign too high": (plain('title: "\\U00110000"'), "not YAML"),
    "a zero": (plain(b"title: a\0b"), "the sign U+0000 cannot be seen"),
    "bytes": (plain(bytes(range(256)) * 100), "the file is not text in UTF-8"),
    "another coding": (plain("title: x".encode("utf-16")), "the file is not text in UTF-8"),
    "text that runs backwards": (plain(REVERSED), "the sign U+202E cannot be seen: take it out"),
    "text with nothing in it": (plain("title: pro\u200bbe"), "the sign U+200B cannot be seen"),
    "a line that no editor shows": (
        instead("title: ", "title: a\u2028 "),
        "the sign U+2028 cannot",
    ),
    "letters that look alike": (instead("id: touch", "id: t\u043euch"), "is no id"),
}

READER = """
import json, pathlib, resource, sys, time
from surgisim.procedure import problems_of
found = {}
for path in sys.argv[1:]:
    began = time.process_time()
    told = [problem.message for problem in problems_of(path)]
    found[path] = [time.process_time() - began, told]
peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # that of whoever started us, too
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak_kb = int(status.read_text().split("VmHWM:")[1].split()[0])
found["mb"] = peak_kb / 1024
print(json.dumps(found))
"""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, list[str]]]:
    """Seconds and messages of every hostile file, of the liver's, and the memory used."""
    folder = tmp_path_factory.mktemp("hostile")
    liver = LIVER.read_text(encoding="utf-8")
    paths = []
    for number, (make, _) in enumerate(HOSTILE.values()):
        text = make(liver)
        path = folder / f"{number}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", READER, str(LIVER), str(LIVER), *paths],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=limit,
    )
    found = json.loads(done.stdout)
    named = {name: tuple(found[path]) for name, path in zip(HOSTILE, paths, strict=True)}
    return {**named, "liver": tuple(found[str(LIVER)]), "mb": (found["mb"], [])}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(
    read: dict[str, tuple[float, list[str]]], name: str
) -> None:
    seconds, told = read[name]
    assert HOSTILE[name][1] in "\n".join(told)
    assert 0 < len(told) <= 101
    assert max(map(len, told)) <= 600
    assert seconds < TIMES * max(read["liver"][0], 0.015)


def test_memory_stays_small(read: dict[str, tuple[float, list[str]]]) -> None:
    assert read["liver"][1] == []
    assert read["mb"][0] < MEMORY_MB


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert [problem.message for problem in problems_of(pipe)] == ["this is no ordinary file"]
    assert [p.message for p in problems_of("/dev/zero")] == ["this is no ordinary file"]
