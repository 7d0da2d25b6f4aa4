"""Every `surgisim ...` of the documents is one that the command line takes, and runs.

What a reader changes on the way stands in the page as a block of the file (```yaml file FILE), or
as a remark that is not shown, `<!-- edit FILE: this => that -->`. What a block shows after a
command, in a console, is what it prints. A block that is only `shown` (```console shown) is about
files that are made up: its commands are parsed and not run.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from surgisim.cli import main, parser

from .blocks import BLOCKS, REPOSITORY, Block, named, put

SHELL = ("sh", "console")
NOT_RUN = {
    "run": "it takes minutes, and a window or a device",
    "rehearse": "it takes minutes",
    "replay": "it takes a session, which takes minutes to play",
    "report": "as replay",
    "why": "as replay",
    "rate": "as replay",
    "agreement": "as replay",
    "passmark": "as replay",
    "course": "as replay",
    "records": "as replay",
    "xapi": "it takes a session, and a store to send it to",
    "anatomy": "it takes a CT",
    "devices": "it tells what is connected here",
    "doctor": "it tells what is here",
    "bench": "it takes minutes",
    "xr": "it takes a headset",
}
"""Commands that are parsed but not run, with the reason."""


def commands_of(block: Block) -> Iterator[tuple[list[str], str]]:
    """Commands of `surgisim` in a block, each with what it is shown to print."""
    text = block.text.replace("\\\n", " ")
    if block.language == "sh":
        lines = [(line, "") for line in text.splitlines()]
    else:
        lines = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    for line, told in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["surgisim"]:
            yield words[1:], told


@pytest.mark.parametrize("block", named(*SHELL), ids=lambda block: block.place)
def test_the_command_line_takes_it(block: Block) -> None:
    for words, _ in commands_of(block):
        if words == ["--version"]:
            continue
        parser(words).parse_args(words)


def stages() -> dict[str, list[Block]]:
    """The blocks and edits of each page that are gone through in order."""
    pages: dict[str, list[Block]] = {}
    for block in BLOCKS:
        if block.language in (*SHELL, "edit", "csv") or block.more.startswith("file "):
            pages.setdefault(block.page, []).append(block)
    return pages


@pytest.mark.parametrize("page", sorted(stages()))
def test_what_a_page_shows_happens(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path / "RIGS"))
    monkeypatch.setenv("COLUMNS", "100")
    for folder in ("procedures", "courses"):
        (tmp_path / folder).symlink_to(REPOSITORY / folder)
    for block in stages()[page]:
        if block.language == "edit":
            _edit(block)
        elif block.language == "csv":
            (tmp_path / "points.csv").write_text(block.text, encoding="utf-8")
        elif block.more.startswith("file "):
            path = tmp_path / block.more.removeprefix("file ")
            changed = put(path.read_text(encoding="utf-8"), block)
            path.write_text(changed, encoding="utf-8")
            for number in re.findall(r"In line (\d+)", block.told):
                assert changed.splitlines()[int(number) - 1] in block.text.splitlines()
        elif block.more != "shown":
            for words, told in commands_of(block):
                _run(words, told, block, capsys, tmp_path)


def _edit(block: Block) -> None:
    name, _, change = block.text.partition(": ")
    old, _, new = change.partition(" => ")
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{block.place}: '{old}' is there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _run(
    words: list[str], told: str, block: Block, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    if words[0] in NOT_RUN or words == ["--version"]:
        return
    status = main(words)
    captured = capsys.readouterr()
    out = captured.out.replace(f"{folder}/", "")
    if block.language == "console":
        assert f"{out}{captured.err}" == told, block.place
    else:
        assert status == 0, (block.place, captured.err, out)


def test_commands_stand_in_blocks_of_their_own_kind() -> None:
    bare = [
        block.place
        for block in BLOCKS
        if block.language not in (*SHELL, "edit")
        and re.search(r"^(\$ )?surgisim [a-z]+ ", block.text, re.MULTILINE)
    ]
    assert bare == []


def test_a_wrong_option_is_noticed() -> None:
    block = Block("x.md", 1, "console", "", "$ surgisim run x --sped max\n", "")
    with pytest.raises(SystemExit):
        test_the_command_line_takes_it(block)
