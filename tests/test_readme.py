"""What the documents for readers promise: links lead somewhere, commands exist, examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")])
PAGES = sorted([*DOCUMENTS, *REPOSITORY.glob("docs/*/*.md")])


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        assert path.exists(), target
        if anchor:
            assert anchor in _anchors(path.read_text(encoding="utf-8")), target


def test_the_first_screen_is_in_order() -> None:
    parts = ("# surgisim", "](docs/images/", "**You train.**", "**You design", "**You embed")
    parts += ("## Limitations", "## Measured", "<!-- bench:start -->", "<!-- bench:end -->")
    places = [README.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_make_knows_its_targets() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"(?:^|`)make (?:[A-Z]+=\S+ )?([a-z-]+)", text, flags=re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_the_command_line_knows_its_commands() -> None:
    program = Path(sys.executable).with_name("surgisim")
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"(?:^|`|/)surgisim ([a-z]+)", text, flags=re.MULTILINE))
    assert {"run", "check"} <= named
    assert {name for name in named if not re.search(rf"\b{name}\b", done.stdout)} == set()


def test_the_program_is_written_one_way() -> None:
    named = [
        page.name for page in PAGES if ".venv/bin/surgisim" in page.read_text(encoding="utf-8")
    ]
    assert named == ["README.md"]
    assert README.count(".venv/bin/surgisim") == 1


def test_the_device_of_one_s_own_is_the_compiled_example() -> None:
    page = (REPOSITORY / "docs" / "haptics.md").read_text(encoding="utf-8")
    example = REPOSITORY / "crates" / "haptics" / "examples" / "own_device.rs"
    (shown,) = re.findall(r"```rust\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    assert shown == example.read_text(encoding="utf-8")


def test_the_numbers_name_their_machine() -> None:
    block = README.split("<!-- bench:start -->")[1].split("<!-- bench:end -->")[0]
    for part in (" cores", "| tetrahedra |", "| error |", " Hz"):
        assert part in block
