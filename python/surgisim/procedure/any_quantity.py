"""A key whose value is a quantity of any unit, which something else in the file decides."""

from typing import Any

from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from surgisim.procedure.quantity import parse_quantity

__all__ = ["AnyQuantity"]


class AnyQuantity:
    """Marks a pydantic field that is a quantity of any unit."""

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Read with `parse_quantity`."""
        return no_info_plain_validator_function(parse_quantity)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: object) -> dict[str, Any]:
        """Allow a number or a text."""
        return {"type": ["number", "string"], "description": "a number with its unit"}
