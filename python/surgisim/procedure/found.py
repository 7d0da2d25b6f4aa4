"""What stands in a file in place of what was expected, in words."""

__all__ = ["found"]

_KINDS = {dict: "keys with values", list: "a list", bool: "yes or no", type(None): "nothing"}


def found(value: object) -> str:
    """Say what a value of YAML is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"the number {value}"
    return _KINDS.get(type(value), f"'{value}'")
