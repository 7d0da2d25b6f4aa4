"""A YAML file with the place of every value: ruamel.yaml in round-trip mode keeps them."""

import os
import re
import stat
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from surgisim.procedure.failure import Failure, Unread, cut_off
from surgisim.procedure.finding import Path
from surgisim.procedure.unread import unread

__all__ = ["Places", "UnreadableError", "parse", "plain", "read_text"]

# Reading takes 60 microseconds a value here: a file at these limits is read in about a second, and
# what is beyond them is refused before that.
_LARGEST = 200_000  # characters of a file
_DEEPEST = 50  # values inside each other
_MOST_NODES = 10_000  # keys and values in a file, and again with every alias written out
_MOST_BITS = 4096  # of a whole number; Python refuses to write out much longer ones
_LONGEST_NUMBER = 400  # characters of anything but text
_SHOWN = 30  # characters of a value that cannot be read
# What ruamel.yaml raises on a damaged value, beside its own errors.
_RAISED = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError)


_TOO_MANY = f"the file holds more than {_MOST_NODES} keys and values"
_TOO_DEEP = f"the file is nested too deep: more than {_DEEPEST} levels"
# What turns the direction of writing or cannot be seen: a text that is not what it seems. Some of
# them begin a line for YAML, and for no editor.
_UNSEEN = re.compile(
    "[\u2028\u2029\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
# Keys whose value is a text. Those with other values are checked, so that nothing is lost of them.
_TEXTS = {"title", "text", "briefing", "source", "vessel"}
_CUT_OFF = re.compile(r"[ \t]+(#[^\s#].*)")  # a remark without a space: of "nodule #1 bleeds"
# How files begin that a word processor wrote, and others that are no text.
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf", b"\x1f\x8b", b"\x89PNG")


class UnreadableError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class _Composer(Composer):
    """Puts nodes together, and counts them as it does, so that a bomb ends while it is small."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self._left = _MOST_NODES
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Make a node, or raise `UnreadableError`."""
        self._left -= 1
        self._depth += 1
        if self._left < 0:
            raise UnreadableError(_TOO_MANY)
        if self._depth > _DEEPEST:
            raise UnreadableError(_TOO_DEEP)
        node = super().compose_node(parent, index)
        self._depth -= 1
        self._look_at(parent, index, node)
        return node

    def _look_at(self, parent: Any, index: Any, node: Any) -> None:
        """Refuse texts that end at a number sign, for the reader of YAML says nothing of it."""
        named = isinstance(parent, MappingNode) and getattr(index, "value", None) in _TEXTS
        if not (named or isinstance(parent, SequenceNode)):
            return
        if isinstance(node, ScalarNode) and node.style is None:
            end = node.end_mark
            found = _CUT_OFF.match(end.buffer, end.pointer)
            if found:
                column = end.column + found.start(1) - end.pointer
                raise UnreadableError(cut_off(found[1]), end.line + 1, column + 1)


class _Rereading(_Composer):
    """Puts nodes together of a file that was read before this was looked at."""

    def _look_at(self, parent: Any, index: Any, node: Any) -> None:
        """Refuse nothing."""


class _Constructor(RoundTripConstructor):
    """Makes values of YAML, and says where one cannot be made: the 45th of a month, say."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Make a value of a node, or raise `UnreadableError`."""
        long = isinstance(node.value, str) and len(node.value) > _LONGEST_NUMBER
        if long and not str(node.tag).endswith(":str"):
            raise _unread(node)
        try:
            value = super().construct_object(node, deep)
        except _RAISED as error:
            raise _unread(node) from error
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            raise _unread(node)
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise _unread(node)  # half a character: it can be neither shown nor stored
        return value

    def check_mapping_key(
        self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any
    ) -> bool:
        """Refuse a key that is there already, with the line where."""
        if key not in mapping:
            return True
        same = (one for one, _ in node.value if one.value == key_node.value)
        first, mark = next(same, key_node).start_mark, key_node.start_mark
        message = (
            f"the key '{key}' stands here a second time, the first is in line {first.line + 1}: "
            "make one of both"
        )
        raise UnreadableError(message, mark.line + 1, mark.column + 1)


def _unread(node: Any) -> UnreadableError:
    """Say that YAML takes a value for something that it is not."""
    written, kind = str(node.value), str(node.tag).rpartition(":")[2]
    shown = written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."
    mark = node.start_mark
    hint = ": write whole characters" if kind == "str" else ": put text into quotes"
    message = f"'{shown.encode('utf-8', 'backslashreplace').decode()}' cannot be read as {kind}"
    return UnreadableError(message + hint, mark.line + 1, mark.column + 1)


def read_text(path: FilePath) -> str:
    """Read a file, or raise `UnreadableError`; no more of it than a procedure can be long."""
    try:
        if path.is_dir():
            raise UnreadableError("this is a folder; give the files in it, such as *.yaml")
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  a pipe would never end
            raise UnreadableError("this is no ordinary file")
        with path.open("rb") as file:
            written = file.read(4 * _LARGEST + 1)
        text = _decoded(written)
    except (OSError, ValueError) as error:
        told = (error.strerror if isinstance(error, OSError) else None) or error
        raise UnreadableError(f"the file cannot be read: {told}") from error
    if len(text) > _LARGEST:
        raise UnreadableError(f"the file is longer than {_LARGEST} characters")
    return text


def _decoded(written: bytes) -> str:
    """Turn bytes into text, or raise `UnreadableError`."""
    try:
        text = None if written.startswith(_NO_TEXT) else written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = written[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")) + 1
        message = "the file is not text in UTF-8: save it with the encoding UTF-8"
        raise UnreadableError(message, before.count(b"\n") + 1, column) from error
    if text is None or text.count("\0") > 1:
        raise UnreadableError("this is not a text file: save it as plain text, not as a document")
    return text


def _refuse_unseen(source: str) -> None:
    """Refuse signs that nobody sees, at their place."""
    found = _UNSEEN.search(source)
    if found:
        text = f"the sign U+{ord(found[0]):04X} cannot be seen: take it out"
        line, begin = source.count("\n", 0, found.start()) + 1, source.rfind("\n", 0, found.start())
        raise UnreadableError(text, line, found.start() - begin)


def _refuse_deep(source: str) -> None:
    """Refuse brackets inside each other by the hundred, which take the parser minutes."""
    depth = 0
    for sign in source:
        depth += (sign in "[{") - (sign in "]}")
        if depth > 2 * _DEEPEST:
            raise UnreadableError(_TOO_DEEP)


_NO_KEYS = "a procedure is a set of keys, beginning with 'surgisim: procedure@1'"


def parse(source: str, no_keys: str = _NO_KEYS, *, again: bool = False) -> CommentedMap:
    """Parse YAML whose top is a set of keys, or raise `UnreadableError`.

    Parameters
    ----------
    source
        The text.
    no_keys
        What is said where it is something else.
    again
        It was accepted before, perhaps by an earlier version: what can be read is not refused.
    """
    if not again:
        _refuse_unseen(source)
    _refuse_deep(source)
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer = _Rereading if again else _Composer
    yaml.Constructor = _Constructor
    try:
        root = yaml.load(source)
    except MarkedYAMLError as error:
        said, line, column = _said(error, source)
        raise UnreadableError(said, line + 1, column + 1) from error
    except YAMLError as error:
        said = str(error).splitlines()[0]
        raise UnreadableError(f"not YAML: {said}") from error
    except _RAISED as error:  # while it reads signs, before there is a value with a place
        raise UnreadableError(f"not YAML: {error}") from error
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error
    if not isinstance(root, CommentedMap):
        raise UnreadableError(no_keys)
    return root


def _said(error: MarkedYAMLError, source: str) -> Unread:
    """Say what the parser could not read: in our words where they are known, else in its own."""
    mark, since = error.problem_mark or error.context_mark, error.context_mark
    at = (mark.line, mark.column) if mark else (0, 0)
    said = str(error.problem or error.context or "it cannot be read").splitlines()[0]
    began = (since.line, since.column) if since else at
    known = unread(Failure(said, at, began, source.splitlines()))
    return known or (f"not YAML: {said}", *at)


def plain(root: CommentedMap) -> dict[str, Any]:
    """Turn the file into plain dicts and lists."""
    left = _MOST_NODES

    def strip(node: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise UnreadableError(_TOO_MANY)
        if isinstance(node, CommentedMap):
            return {str(key): strip(value) for key, value in node.items()}
        if isinstance(node, CommentedSeq):
            return [strip(value) for value in node]
        return str(node) if isinstance(node, str) else node

    try:
        return {str(key): strip(value) for key, value in root.items()}
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


class Places:
    """Line and column of a path of keys and indices."""

    def __init__(self, root: CommentedMap, source: str) -> None:
        self._root = root
        self._lines = source.splitlines()

    def _parent(self, path: Path) -> Any:
        node: Any = self._root
        for part in path[:-1]:
            node = node[self._key(node, part)]
        return node

    @staticmethod
    def _key(node: Any, part: str | int) -> Any:
        """Find the key as YAML had it; `plain` made text of it."""
        if isinstance(node, CommentedMap) and part not in node:
            return next((key for key in node if str(key) == part), part)
        return part

    def key(self, path: Path) -> tuple[int, int]:
        """Where the key (or the list item) begins."""
        if not path:
            return 1, 1
        parent = self._parent(path)
        part = self._key(parent, path[-1])
        try:
            mark = parent.lc.key(part) if isinstance(parent, CommentedMap) else parent.lc.item(part)
            return mark[0] + 1, mark[1] + 1
        except (KeyError, TypeError, AttributeError):  # merged in by an anchor: no place of its own
            return self.key(path[:-1])

    def value(self, path: Path, offset: int = 0) -> tuple[int, int]:
        """Where the value begins, `offset` characters into it; the key where it has none."""
        while path:
            parent = self._parent(path)
            part = self._key(parent, path[-1])
            if isinstance(parent, CommentedSeq) or part in parent:
                break
            path = path[:-1]  # a key that is not written: the mapping it belongs to
        if not path:
            return 1, 1
        if parent[part] is None or isinstance(parent[part], CommentedMap | CommentedSeq):
            return self.key(path)
        try:
            mark = (
                parent.lc.value(part) if isinstance(parent, CommentedMap) else parent.lc.item(part)
            )
            return mark[0] + 1, mark[1] + 1 + self._inside(mark, str(parent[part]), offset)
        except (KeyError, TypeError, AttributeError):
            return self.key(path)

    def _inside(self, mark: tuple[int, int], text: str, offset: int) -> int:
        """Columns to a character of a scalar, where it stands on one line as it was read."""
        line = self._lines[mark[0]] if mark[0] < len(self._lines) else ""
        quoted = line[mark[1] : mark[1] + 1] in ("'", '"')
        start = mark[1] + quoted
        return offset + quoted if offset and line[start : start + len(text)] == text else 0
