"""The conditions of a procedure, each read once however many checks ask for it."""

from collections.abc import Mapping

from surgisim.procedure.checks.paths import Condition
from surgisim.procedure.expression import GuardError, Node
from surgisim.procedure.guard import Guard
from surgisim.procedure.vocabulary import Word

__all__ = ["Readings"]


class Readings:
    """Conditions as they are read with one vocabulary.

    Parameters
    ----------
    words
        The vocabulary.
    """

    def __init__(self, words: Mapping[str, Word]) -> None:
        self.words = words
        self._read: dict[tuple[str, bool], Guard | GuardError] = {}

    def of(self, condition: Condition) -> Guard | GuardError:
        """Read a condition, or return what is wrong with it."""
        return self._of(condition.text, condition.path[-1] == "until")

    def node(self, text: str) -> Node | None:
        """Give the tree of a condition; None where it is told elsewhere what is wrong with it."""
        found = self._of(text, False)
        return found.condition if isinstance(found, Guard) else None

    def _of(self, text: str, deadline_allowed: bool) -> Guard | GuardError:
        key = (text, deadline_allowed)
        if key not in self._read:
            try:
                self._read[key] = Guard(text, self.words, deadline_allowed=deadline_allowed)
            except GuardError as error:
                self._read[key] = error
        return self._read[key]
