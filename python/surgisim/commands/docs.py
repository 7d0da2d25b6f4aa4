"""``surgisim docs``: the documents that come along, to be read in the terminal."""

import argparse
import pydoc
import sys
from importlib import resources
from pathlib import Path

from surgisim.commands.wrapping import columns, terminal_width
from surgisim.errors import SurgisimError
from surgisim.nearest import suggest

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "docs",
        help="read the documents",
        description="List the documents that come along, or show one: authoring takes you through "
        "a first procedure, procedures lists all that can stand in one. In a terminal it is shown "
        "page by page (Q leaves); `surgisim docs authoring > guide.md` writes it into a file.",
    )
    p.add_argument("name", nargs="?", metavar="NAME", help="which one (default: list them)")
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    pages = _pages()
    if given.name is None:
        print(columns([(name, _title(page)) for name, page in pages.items()], terminal_width()))
        return 0
    name = given.name.removesuffix(".md")
    if name not in pages:
        raise SurgisimError(
            f"no document '{given.name}'{suggest(name, pages)}; `surgisim docs` lists them"
        )
    text = pages[name].read_text(encoding="utf-8")
    if sys.stdout.isatty():
        pydoc.pager(text)
    else:
        print(text, end="")
    return 0


def _pages() -> dict[str, Path]:
    folder = Path(str(resources.files("surgisim"))) / "docs"
    return {page.stem: page for page in sorted(folder.glob("*.md"))}


def _title(page: Path) -> str:
    """Take its heading, the first line."""
    with page.open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()
