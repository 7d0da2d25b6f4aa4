"""The keys of a course file, `surgisim: course@1`, and what each may hold.

What no single key can show, such as modules that need each other, is found by
`surgisim.course.check`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from surgisim.procedure.any_quantity import AnyQuantity
from surgisim.procedure.keys import Id, Keys, Points, Probability, Text
from surgisim.procedure.quantity import Quantity

__all__ = [
    "Course",
    "CusumSpec",
    "Limit",
    "Module",
    "Proficiency",
    "Repeat",
    "Success",
    "json_schema",
]

_MOST = 1000  # runs


class _Runs:
    """Marks a field that counts runs, from `least` on."""

    def __init__(self, least: int) -> None:
        self._least = least

    def _read(self, written: object) -> int:
        whole = isinstance(written, int) and not isinstance(written, bool)
        if not whole or not self._least <= int(str(written)) <= _MOST:
            raise ValueError(
                f"'{written}' is no number of runs: expected a whole number from {self._least} to "
                f"{_MOST}"
            )
        return int(str(written))

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Read a whole number."""
        return no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        """Say which numbers."""
        return {"type": "integer", "minimum": self._least, "maximum": _MOST}


class _YesNo:
    """Marks a field that is yes or no, also as YAML's true and false."""

    @staticmethod
    def _read(written: object) -> bool:
        known = {"yes": True, "no": False, True: True, False: False}
        if not isinstance(written, str | bool) or written not in known:
            raise ValueError(f"'{written}' is neither yes nor no")
        return known[written]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Read yes, no, true or false."""
        return no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        """Say which words."""
        return {"enum": ["yes", "no", True, False]}


AnyValue = Annotated[Quantity, AnyQuantity()]


class Limit(Keys):
    """What a measure has to be for a run to be a success."""

    metric: Text
    at_least: AnyValue | None = None
    at_most: AnyValue | None = None
    source: Text


class Success(Keys):
    """What makes a run a success: everything that is said here."""

    passed: Annotated[bool, _YesNo()] = True
    score: Points | None = None
    limits: list[Limit] = Field(default_factory=list)


class Repeat(Keys):
    """So many successes in a row, and so many more."""

    in_a_row: Annotated[int, _Runs(1)] = 1
    more: Annotated[int, _Runs(0)] = 0


class CusumSpec(Keys):
    """The rate of failures, by CUSUM; nothing here has a default, for it changes the result."""

    p0: Probability
    p1: Probability
    alpha: Probability
    beta: Probability
    reset: Literal["never", "unacceptable", "both"]


class Proficiency(Keys):
    """When the module is done: everything that is said here."""

    repeat: Repeat | None = None
    cusum: CusumSpec | None = None
    source: Text


class Module(Keys):
    """One module: a procedure, repeated until proficient."""

    id: Id
    title: Text
    text: str = ""
    procedure: Text
    versions: list[Text] = Field(default_factory=list)
    needs: list[Id] = Field(default_factory=list)
    success: Success = Success()
    proficient: Proficiency
    at_most: Annotated[int, _Runs(1)] | None = None
    new_seed: Annotated[bool, _YesNo()] = False


class Course(Keys):
    """A whole course file."""

    surgisim: Literal["course@1"]
    id: Id
    title: Text
    version: Text
    briefing: str = ""
    modules: Annotated[list[Module], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """JSON Schema of a course file, for editors that check while one types."""
    schema = Course.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "surgisim course@1"
    return schema
