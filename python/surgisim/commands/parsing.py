"""The parser of the command line: argparse that names what was probably meant."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from surgisim.nearest import suggest

__all__ = ["Parser", "add_command"]


def add_command(
    under: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: Callable[[argparse.Namespace], int],
    text: str,
    description: str | None = None,
) -> argparse.ArgumentParser:
    """Describe a command that stands under another one; its arguments are added afterwards.

    Parameters
    ----------
    under
        Of the command above.
    name, text
        What is typed, and what it does, in the list of commands.
    work
        What it does; returns the exit status.
    description
        At the head of its own help; `text` where left out.
    """
    told = f"{text[0].upper()}{text[1:]}." if description is None else description
    p = under.add_parser(name, help=text, description=told)
    p.set_defaults(work=work)
    return p


class _Formatter(argparse.HelpFormatter):
    """Keeps what a command does on the line of its name, also for the longest name."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 14


class Parser(argparse.ArgumentParser):
    """A parser whose errors name the nearest command, option or value."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **given})

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(one) for one in action.choices]
        kind = "command" if isinstance(action.choices, dict) else "choice"
        text = (
            f"no {kind} '{value}'{suggest(str(value).lower(), known)}: known are {', '.join(known)}"
        )
        raise argparse.ArgumentError(action if kind == "choice" else None, text)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the list of all options."""
        self.exit(2, f"{self.prog}: {message}\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is left over here: nobody above a command knows its options."""
        given, left = super().parse_known_args(args, namespace)
        if left:
            self._refuse(left)
        return given, left

    def _refuse(self, left: Sequence[str]) -> NoReturn:
        wrong = next((one for one in left if one.startswith("-")), left[0])
        if not wrong.startswith("-"):
            self.error(f"'{wrong}' is one argument too many")
        name = wrong.partition("=")[0]
        known = [one for one in self._option_string_actions if one.startswith("--")]
        self.error(f"no option {name}{suggest(name, known)}")
