"""``surgisim schema``: the keys of a procedure file for editors that check while one types."""

import argparse
import json
from pathlib import Path

from surgisim.errors import SurgisimError
from surgisim.procedure import json_schema

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "schema",
        help="write the JSON Schema of procedures",
        description="Write the JSON Schema of procedure files, for editors that check while one "
        "types.",
    )
    p.add_argument("--out", type=Path, metavar="FILE", help="where to; printed when left out")
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    text = json.dumps(json_schema(), indent=1) + "\n"
    if given.out is None:
        print(text, end="")
        return 0
    try:
        given.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SurgisimError(
            f"the schema cannot be written to {given.out}: {error.strerror or error}"
        ) from error
    print(
        f"schema: {given.out}; begin a procedure beside it with "
        f"# yaml-language-server: $schema={given.out.name}"
    )
    return 0
