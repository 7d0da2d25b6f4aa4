"""Whatever is done to a procedure file, it is read or its mistakes are told: nothing crashes."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from surgisim.procedure import problems_of

LIVER = Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml"
LINES = LIVER.read_text(encoding="utf-8").splitlines()
VALUES = st.sampled_from(
    [
        "",
        " ~",
        " x",
        " -1",
        " 3 N",
        " [1, {a: b}]",
        " {}",
        " []",
        " yes",
        " &a 1",
        " *a",
        " !t x",
        " 1: 2",
        " 2024-13-45",
        " 2024-01-02",
        f" {'9' * 400}",
        f" {'9' * 5000}",
        f" 0x{'f' * 5000}",
        ' "\\U00110000"',
        ' "\\ud800"',
        " !!int abc",
        " !!int ''",
        " !!float abc",
        " !!bool abc",
        " !!omap 3",
        " !!set {a}",
        " {<<: {a: 1}, b: 2}",
        " ! ''",
        " 50 %",
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                del lines[n]
            case 1:
                lines[n] = lines[n].split(":")[0] + ":" + draw(VALUES)
            case 2:
                lines.insert(n, lines[draw(st.integers(0, len(lines) - 1))])
            case 3:
                lines[n] = lines[n][draw(st.integers(0, 8)) :]
    return "\n".join(lines)


@settings(max_examples=80, deadline=None)
@given(damaged())
def test_a_damaged_file_is_read_or_told(tmp_path_factory: object, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.yaml"  # type: ignore[attr-defined]
    path.write_text(text, encoding="utf-8")
    for problem in problems_of(path):
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message.encode()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_told(tmp_path_factory: object, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.yaml"  # type: ignore[attr-defined]
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert problems_of(path)
