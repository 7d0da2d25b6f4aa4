"""The blocks of code in the documents, each with its place."""

import re
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([REPOSITORY / "README.md", *REPOSITORY.glob("docs/*.md")])

_FENCED = re.compile(
    r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$|^<!-- edit (?P<edit>[^\n]*?) -->$",
    re.DOTALL | re.MULTILINE,
)
_BEGINNING = re.compile(r" *(?:- {?id: \w+|\w+:)")  # of an item of a list, or of a key


@dataclass(frozen=True)
class Block:
    """A fenced block; or, of language `edit`, a remark that says what a reader changes here."""

    page: str
    line: int
    language: str
    more: str
    text: str
    told: str  # what stands between the block before and this one

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """All blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    found, before = [], 0
    for match in _FENCED.finditer(text):
        language, _, more = (match["info"] or "").strip().partition(" ")
        body = match["text"]
        if match["edit"] is not None:
            language, body = "edit", match["edit"]
        line = text.count("\n", 0, match.start()) + 1
        told = text[before : match.start()].strip()
        found.append(Block(page.name, line, language, more, body, told))
        before = match.end()
    return found


def put(text: str, block: Block) -> str:
    """A file after a reader has put in what a block shows as it stands there (```yaml file NAME).

    Lines with the remark `# ...` only say where; each key or item after them, with all that is
    indented below it, takes the place of the one that begins alike.
    """
    lines = [line for line in block.text.splitlines() if not line.endswith("# ...")]
    indent = _indent(lines[0])
    heads = [n for n, line in enumerate(lines) if _indent(line) == indent]
    whole = text.splitlines()
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        alike = _BEGINNING.match(lines[head])
        assert alike is not None, block.place
        (first,) = (n for n, line in enumerate(whole) if _begins(line, alike[0]))
        rest = range(first + 1, len(whole))
        last = next((n for n in rest if not whole[n] or _indent(whole[n]) <= indent), len(whole))
        whole[first:last] = lines[head:end]
    return "\n".join(whole) + "\n"


def _begins(line: str, alike: str) -> bool:
    return re.match(rf"{re.escape(alike)}(?!\w)", line) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def named(*languages: str) -> list[Block]:
    """The blocks in these languages."""
    return [block for block in BLOCKS if block.language in languages]
