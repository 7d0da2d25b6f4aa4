"""``surgisim tissues``: the tissue library, each figure with its range, source and confidence."""

import argparse

from surgisim import anatomy
from surgisim.anatomy.tissue_table import details, markdown, table
from surgisim.commands.wrapping import terminal_width, wrapped

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "tissues",
        help="show the tissue library",
        description="Show the tissue library, each figure with its range, source and confidence.",
    )
    p.add_argument("tissue", nargs="*", metavar="TISSUE", help="tell all that is known of these")
    p.add_argument("--markdown", action="store_true", help="print the table of docs/tissues.md")
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    names = given.tissue or anatomy.tissue_names()
    width = terminal_width()
    if given.markdown:
        print(markdown(names))
    elif given.tissue:
        print("\n\n".join(details(name, width) for name in names))
    else:
        print(table(names, width))
        print(
            wrapped(
                "Confidence: A a table was read, B an abstract or a text, C recollection.", width
            )
        )
        print(
            wrapped("* makes a material: surgisim.tissue(NAME), or tissue: NAME in a scene.", width)
        )
    return 0
