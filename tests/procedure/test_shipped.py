import json
from pathlib import Path

import numpy as np
import pytest

from surgisim.errors import ProcedureError
from surgisim.procedure import FACTS, Engine, find, json_schema, load, problems_of, shipped

SHELF = Path(__file__).parents[2] / "procedures"
SHIPPED = sorted(SHELF.glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_procedures_are_sound(path: Path) -> None:
    assert problems_of(path) == []
    assert load(path).id == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_procedures_run_alike_twice(path: Path) -> None:
    procedure = load(path)
    sessions = []
    for _ in range(2):
        engine = Engine(procedure, np.random.default_rng(7))
        facts = np.random.default_rng(8)
        events = []
        for n in range(1500):
            drawn = {
                name: bool(facts.random() < 0.02) if word.unit == "bool" else facts.random()
                for name, word in FACTS.items()
            }
            events += engine.update(n * 20, n * 0.02, drawn)
        sessions.append(events)
    assert sessions[0] == sessions[1]
    assert sessions[0]


def test_shipped_procedures_are_found_by_name(tmp_path: Path) -> None:
    assert shipped() == [path.stem for path in SHIPPED]
    assert find("liver_palpation").read_text() == (SHELF / "liver_palpation.yaml").read_text()
    assert find("liver_palpation.yaml").is_file()
    own = tmp_path / "own.yaml"
    own.write_text("x")
    assert find(own) == own
    with pytest.raises(ProcedureError, match=r"did you mean 'liver_palpation'"):
        find("liver_palpatoin")
    with pytest.raises(ProcedureError, match="no procedure"):
        find("elsewhere/liver_palpation")


def test_json_schema_names_every_key() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert {"surgisim", "scene", "steps", "complications", "scoring"} <= set(schema["properties"])
    assert '"else"' in text
    assert '"pass"' in text
    assert "a length such as 8 mm" in text
