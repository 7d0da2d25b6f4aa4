"""What a complication does to the steps of the work while it lasts.

After the `try` / `interrupt when` of Scenic (Fremont et al., PLDI 2019): the work goes on until
something gets in its way, stands while that is dealt with, and then goes on where it stood.
"""

from collections.abc import Iterator

from pydantic import Field

from surgisim.procedure.keys import Duration, Id, Keys, Text

__all__ = ["Change", "Interrupt"]


class Change(Keys):
    """What a step is while the complication lasts; what is left out stays as it is."""

    step: Id
    text: Text | None = None
    done_when: Text | None = None
    time_limit: Duration | None = None


class Interrupt(Keys):
    """Which steps a complication gets in the way of.

    `suspend` lets a step stand, its times too; `end` ends it undone and `complete` ends it done;
    `change` gives it another text, condition or time limit.
    """

    suspend: list[Id] = Field(default_factory=list)
    end: list[Id] = Field(default_factory=list)
    complete: list[Id] = Field(default_factory=list)
    change: list[Change] = Field(default_factory=list)

    @property
    def lasts(self) -> bool:
        """Whether it does something that goes on for as long as the complication does."""
        return bool(self.suspend or self.change)

    def steps(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Give the steps that it names, each with its path in the file."""
        for key in ("suspend", "end", "complete"):
            for number, step in enumerate(getattr(self, key)):
                yield (key, number), step
        for number, change in enumerate(self.change):
            yield ("change", number, "step"), change.step
