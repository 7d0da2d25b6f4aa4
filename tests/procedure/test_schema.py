"""The JSON Schema: as an editor uses it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from surgisim.procedure import json_schema

SHELF = Path(__file__).parents[2] / "procedures"
SHIPPED = sorted(SHELF.glob("*.yaml"))
BAD = Path(__file__).parent / "bad"

# What a schema can see: keys, kinds of values, choices. Names, units and times are for the check.
SEEN = (
    "unknown_key",
    "unknown_key_top",
    "missing_key",
    "missing_section",
    "missing_source",
    "list_for_keys",
    "text_for_keys",
    "text_for_list",
    "number_for_text",
    "unknown_choice",
    "purpose_unknown",
    "count_out_of_bounds",
    "bad_id",
    "interrupt_unknown_key",
    "response_number",
    "response_empty",
    "wrong_without_text",
    "port_without_unit",
    "wrong_schema",
)


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


def written(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_procedure_fits(validator: Any, path: Path) -> None:
    assert [error.message for error in validator.iter_errors(written(path))] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_finds_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=procedure.schema.json"


@pytest.mark.parametrize("name", SEEN)
def test_what_an_editor_can_see_it_sees(validator: Any, name: str) -> None:
    assert list(validator.iter_errors(written(BAD / f"{name}.yaml")))


def test_a_plain_text_is_a_response(validator: Any) -> None:
    content = written(SHIPPED[0])
    content["complications"] = [
        {
            "id": "tear",
            "title": "Tear",
            "when": "capsule.torn",
            "correct": ["let go", {"text": "let go", "id": "let_go", "when": "true"}],
        }
    ]
    assert list(validator.iter_errors(content)) == []


def test_the_schema_beside_the_procedures_is_the_present_one() -> None:
    """`surgisim schema --out procedures/procedure.schema.json` writes it again."""
    kept = json.loads((SHELF / "procedure.schema.json").read_text(encoding="utf-8"))
    assert kept == json_schema()
