"""Every mistake that a procedure can hold, with its place and its exact words.

Each file of ``bad/`` begins with the lines that are expected of it: ``# expect LINE:COLUMN: text``.
"""

import re
from pathlib import Path

import pytest

from surgisim.errors import ProcedureError
from surgisim.procedure import load, problems_of

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXPECT = re.compile(r"^# expect (\d+):(\d+): (.*)$", re.MULTILINE)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_mistake_is_told_at_its_place(path: Path) -> None:
    expected = [(int(n), int(m), text) for n, m, text in EXPECT.findall(path.read_text())]
    assert expected
    told = [(one.line, one.column, one.message) for one in problems_of(path)]
    assert told == expected


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_load_refuses_with_all_of_them(path: Path) -> None:
    with pytest.raises(ProcedureError) as caught:
        load(path)
    assert str(caught.value).splitlines() == [str(problem) for problem in problems_of(path)]


def test_a_problem_reads_file_line_column_message() -> None:
    path = Path(__file__).parent / "bad" / "unknown_key.yaml"
    assert str(problems_of(path)[0]) == (
        f"{path}:11:26: unknown key 'raduis' (did you mean 'radius'?)"
    )


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none.yaml")
    assert problem.message == "the file cannot be read: No such file or directory"


@pytest.mark.parametrize("text", ["\xe4", "surgisim: procedure@1\ntitle: Kn\xf6tchen\n"])
def test_a_file_in_another_encoding_is_told_where_that_shows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(text.encode("latin-1"))
    (problem,) = problems_of(path)
    assert problem.message == "the file is not text in UTF-8: save it with the encoding UTF-8"
    assert (problem.line, problem.column) == ((1, 1) if text == "\xe4" else (2, 10))


@pytest.mark.parametrize(
    "written", [b"PK\x03\x04\x14\0word/document.xml", b"%PDF-1.7 x", b"{\\rtf1 x}", b"a: 1\0\0\0"]
)
def test_a_document_is_no_text_file(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "document.yaml"
    path.write_bytes(written)
    (problem,) = problems_of(path)
    assert problem.message == ("this is not a text file: save it as plain text, not as a document")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2024-13-45", "timestamp"),
        ("2024-01-01T25:00:00Z", "timestamp"),
        ("!!int abc", "int"),
        ("!!int ''", "int"),
        ("!!float abc", "float"),
        ("!!bool abc", "bool"),
        ("!!omap 3", "omap"),
        ("9" * 5000, "int"),
        (f"0x{'f' * 5000}", "int"),
        ('"\\ud800"', "str"),
    ],
)
def test_a_value_that_is_not_what_yaml_takes_it_for_is_told(
    tmp_path: Path, value: str, kind: str
) -> None:
    path = tmp_path / "value.yaml"
    path.write_text(f"surgisim: procedure@1\nversion: {value}\n")
    (problem,) = problems_of(path)
    assert (problem.line, problem.column) == (2, 10)
    assert f"cannot be read as {kind}: " in problem.message
    assert len(problem.message) < 100


@pytest.mark.parametrize("text", ['a: "\\U00110000"', "? {a: [3]}\n: 1", "!a !b 1"])
def test_what_yaml_chokes_on_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "choke.yaml"
    path.write_text(text)
    (problem,) = problems_of(path)
    assert problem.message.startswith("not YAML: ")


def test_a_number_of_hundreds_of_digits_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    good = (Path(__file__).parents[2] / "procedures" / "liver_palpation.yaml").read_text()
    path.write_text(good.replace("    min: 70", f"    min: {'9' * 400}"))
    assert "the number is too large" in [problem.message for problem in problems_of(path)]


def test_keys_merged_without_a_place_are_told_at_their_parent(tmp_path: Path) -> None:
    path = tmp_path / "merged.yaml"
    path.write_text("<<: {a: 1}\n")
    assert (1, 1, "unknown key 'a'") in [(p.line, p.column, p.message) for p in problems_of(path)]


def test_python_objects_are_never_made(tmp_path: Path) -> None:
    path = tmp_path / "object.yaml"
    path.write_text("surgisim: procedure@1\ntitle: !!python/object/apply:os.getcwd []\n")
    assert any("'title' must be text" in problem.message for problem in problems_of(path))


@pytest.mark.parametrize("sign", ["\u2028", "\u0085", "\u200b"])
def test_a_sign_that_nobody_sees_is_told_where_it_is(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "unseen.yaml"
    path.write_text(f"surgisim: procedure@1\ntitle: a{sign}b\n", encoding="utf-8")
    (problem,) = problems_of(path)
    assert (problem.line, problem.column) == (2, 9)
    assert problem.message == f"the sign U+{ord(sign):04X} cannot be seen: take it out"
