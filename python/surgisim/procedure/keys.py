"""What every part of a procedure file has in common: no key but the known ones, nothing guessed."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

__all__ = ["STRICT", "Text"]

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
