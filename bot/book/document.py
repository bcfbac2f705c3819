"""The text of a book, before anything is known of its meaning: values, and where each was written.

Every scalar stays the text that it is, so that NO is Norway, and 18:00 no number of minutes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.book.faults import BookFault, Path, spelt

Value = str | None | list["Value"] | dict[str, "Value"]

MOST_VALUES = 50_000  # a file whose anchors multiply into more is not a book
_NULL = "tag:yaml.org,2002:null"
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("null", "str", "int", "float", "bool", "timestamp", "seq", "map", "value")
)
_MERGE = "tag:yaml.org,2002:merge"
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class Document:
    """What the file says, and all that is wrong with how it says it."""

    file: str
    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    """Of every value, by its path; of an entry of a mapping, the line of its name."""
    from_environment: set[Path] = field(default_factory=set)
    """The values that are nothing but one `${NAME}`."""
    unreadable: set[Path] = field(default_factory=set)
    """The values that have a fault here already: what they lack has been said."""
    faults: list[BookFault] = field(default_factory=list)

    def fault(self, path: Path, message: str, line: int | None = None) -> None:
        self.faults.append(
            BookFault(self.file, self.line_of(path) if line is None else line, spelt(path), message)
        )

    def line_of(self, path: Path) -> int:
        """Of the value, or of the nearest thing around it that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> Value:
        """None where there is nothing."""
        value = self.value
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text_at(self, path: Path) -> str | None:
        """None, too, where what was written could not be read."""
        value = self.at(path)
        return value if isinstance(value, str) and path not in self.unreadable else None

    def items_at(self, path: Path) -> Iterator[Path]:
        """The paths of a list's items, or of a mapping's entries."""
        value = self.at(path)
        if isinstance(value, list):
            yield from ((*path, index) for index in range(len(value)))
        elif isinstance(value, dict):
            yield from ((*path, name) for name in value)


def read_document(file: str, text: str, environment: Mapping[str, str]) -> Document:
    document = Document(file)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = _place_of(error)
        said = ", ".join(part for part in (error.context, error.problem) if part)
        document.fault((), f"not YAML: {said}", mark.line + 1 if mark else 1)
    except yaml.YAMLError as error:
        document.fault((), f"not YAML: {' '.join(str(error).split())}", 1)
    except RecursionError:
        document.fault((), "not a book: nested too deeply", 1)
    else:
        if root is None:
            document.fault((), "empty: expected partners, sources and channels", 1)
        else:
            _Reader(document, environment).read(root)
    return document


def _place_of(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Of what is never closed, where it begins: it ends where the file does."""
    if "end of stream" in (error.problem or "") and error.context_mark is not None:
        return error.context_mark
    return error.problem_mark or error.context_mark


class _TooMany(Exception):
    """There are more values than any book has."""


class _Reader:
    def __init__(self, document: Document, environment: Mapping[str, str]) -> None:
        self._document = document
        self._environment = environment
        self._values = 0
        self._around: list[Node] = []

    def read(self, root: Node) -> None:
        self._document.lines[()] = _line(root)
        try:
            self._document.value = self._value(root, ())
        except _TooMany:
            self._document.fault((), f"not a book: more than {MOST_VALUES:,} values", _line(root))

    def _value(self, node: Node, path: Path) -> Value:
        self._values += 1
        if self._values > MOST_VALUES:
            raise _TooMany
        if any(node is outer for outer in self._around):
            self._refuse(path, "contains itself", node)
            return None
        if node.tag not in _TAGS:
            self._refuse(path, f"tag {node.tag!r} is not used in a book: leave it out", node)
            return None
        self._around.append(node)
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, path)
            if isinstance(node, SequenceNode):
                return self._sequence(node, path)
        finally:
            self._around.pop()
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> Value:
        values: dict[str, Value] = {}
        for name_node, value_node in node.value:
            name = _name(name_node)
            if name is None:
                said = "expected a plain name before the colon; `<<` and lists don't work here"
                self._document.fault(path, said, _line(name_node))
                continue
            inner = (*path, name)
            if name in values:
                first = self._document.lines[inner]
                said = f"given twice: first on line {first}. Keep one of them"
                self._document.fault(inner, said, _line(name_node))
                continue
            self._document.lines[inner] = _line(name_node)
            values[name] = self._value(value_node, inner)
        return values

    def _sequence(self, node: SequenceNode, path: Path) -> Value:
        values: list[Value] = []
        for index, item in enumerate(node.value):
            self._document.lines[*path, index] = _line(item)
            values.append(self._value(item, (*path, index)))
        return values

    def _scalar(self, node: Node, path: Path) -> Value:
        if node.tag == _NULL:
            return None
        text = str(node.value)
        if _REFERENCE.fullmatch(text.strip()):
            self._document.from_environment.add(path)
            text = text.strip()
        return _REFERENCE.sub(lambda found: self._from_environment(found[1], path, node), text)

    def _from_environment(self, name: str, path: Path, node: Node) -> str:
        if not _NAME.fullmatch(name):
            said = f"${{{name}}} names no variable: use letters, digits and _, as in ${{API_KEY}}"
            self._refuse(path, said, node)
            return ""
        value = self._environment.get(name)
        if not value:
            state = "is not set" if value is None else "is empty"
            self._refuse(path, f"the environment variable {name} {state}: set it", node)
            return ""
        return value

    def _refuse(self, path: Path, message: str, node: Node) -> None:
        self._document.unreadable.add(path)
        self._document.fault(path, message, _line(node))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _name(node: Node) -> str | None:
    if isinstance(node, ScalarNode) and node.tag != _MERGE:
        return str(node.value)
    return None
