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


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def named(*languages: str) -> list[Block]:
    """The blocks in these languages."""
    return [block for block in BLOCKS if block.language in languages]
