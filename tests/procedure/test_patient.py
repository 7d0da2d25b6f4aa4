"""The patient, in the procedure or in a file beside it."""

from pathlib import Path

import pytest

from surgisim.procedure import load, problems_of

from .trial import HEAD

STEPS = "steps:\n  - {id: touch, title: Touch, done_when: probe.touching}\n"
ADULT = """\
surgisim: patient@1
age: 54 years
sex: female
weight: 70 kg
heart_rate: 72 /min
history: [colon cancer]
source: chosen
"""


def written(folder: Path, patient: str, name: str = "adult.yaml", text: str = ADULT) -> Path:
    (folder / "patients").mkdir()
    (folder / "patients" / name).write_text(text)
    path = folder / "procedure.yaml"
    path.write_text(HEAD + STEPS + f"briefing: Look.\npatient: {patient}\n")
    return path


def test_a_patient_is_told_with_the_briefing(tmp_path: Path) -> None:
    path = written(tmp_path, "{age: 1.5 years, iap: 12 mmHg, saturation: 98 %, source: a paper}")
    assert load(path).introduction == (
        "Look. Patient: Age: 1.5 years; Oxygen saturation: 98 %; Intra-abdominal pressure: 12 mmHg."
    )


def test_a_patient_of_a_file_is_filled_in(tmp_path: Path) -> None:
    path = written(tmp_path, "{ref: patients/adult.yaml, weight: 81 kg, source: measured}")
    patient = load(path).patient
    assert patient is not None
    assert patient.lines() == [
        "Age: 54 years",
        "Sex: female",
        "Weight: 81 kg",
        "Heart rate: 72 /min",
        "colon cancer",
    ]
    assert patient.source == "measured; chosen"


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("patients/none.yaml", "there is no file 'patients/none.yaml' beside the procedure"),
        (
            "../outside.yaml",
            "'../outside.yaml' leads out of the procedure's folder: keep the file inside",
        ),
        (
            "patients/link.yaml",
            "'patients/link.yaml' leads out of the procedure's folder: keep the file inside",
        ),
        (
            "/etc/passwd",
            "'/etc/passwd' is no path from the procedure's folder, such as a/b.yaml",
        ),
        ("patients/adult.txt", "'patients/adult.txt' does not end with '.yaml'"),
        ("patients", "'patients' does not end with '.yaml'"),
    ],
)
def test_a_file_is_inside_the_folder_or_refused(tmp_path: Path, ref: str, message: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "outside.yaml").write_text(ADULT)
    path = written(home, f"{{ref: {ref}}}")
    (home / "patients" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (problem,) = problems_of(path)
    assert (problem.line, problem.column, problem.message) == (22, 16, message)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (
            ADULT.replace("weight: 70 kg", "wieght: 70 kg"),
            4,
            1,
            "unknown key 'wieght' (did you mean 'weight'?)",
        ),
        (
            ADULT.replace("72 /min", "72 mmHg"),
            5,
            13,
            "'72 mmHg' has the wrong unit: expected a rate such as 72 /min",
        ),
        (
            ADULT.replace("source: chosen\n", ""),
            1,
            1,
            "figures of the patient without their source: add 'source'",
        ),
        ("- 1\n", 1, 1, "a patient is a set of keys, beginning with 'surgisim: patient@1'"),
        (
            "surgisim: procedure@1\n",
            1,
            11,
            "'procedure@1' is not one of: patient@1",
        ),
    ],
)
def test_mistakes_of_a_patient_are_told_in_its_own_file(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    path = written(tmp_path, "{ref: patients/adult.yaml}", text=text)
    (problem,) = problems_of(path)
    assert problem.file.endswith("adult.yaml")
    assert (problem.line, problem.column, problem.message) == (line, column, message)
