"""The front matter of a comment: a strict part of YAML in which everything is text.

Refused: anchors, aliases, tags, lists, repeated and unknown keys, several documents. Nothing is converted, so a unit
``017`` keeps its zero and a date stays what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from analytics.errors import CommentError, Location

FENCE: Final = "---"
_ADVICE: Final = "Write the file as docs/comments.md shows, or let wb.comment(...) write it."
_REFUSED: Final = (
    yaml.AnchorToken,
    yaml.AliasToken,
    yaml.TagToken,
    yaml.DirectiveToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowSequenceStartToken,
)
_OPENING: Final = (yaml.BlockMappingStartToken, yaml.FlowMappingStartToken)
_CLOSING: Final = (yaml.BlockEndToken, yaml.FlowMappingEndToken)
_DEEPEST: Final = 2
Fields = Mapping[str, "str | Mapping[str, str]"]


def split(text: str, file: Path) -> tuple[str, str]:
    """Front matter and the text after it. Raises CommentError unless the first lines are fenced by ``---``."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise CommentError("the file does not begin with a line ---", where=Location(file, 1), action=_ADVICE)
    ends = [number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE]
    if not ends:
        raise CommentError("the front matter has no closing line ---", where=Location(file, 1), action=_ADVICE)
    return "\n".join(lines[1 : ends[0]]), "\n".join(lines[ends[0] + 1 :]).strip()


def parse(matter: str, file: Path) -> tuple[Fields, dict[str, int]]:
    """Keys → text (or, one level down, keys → text), and the line of each key in the file.

    Raises CommentError with the line.
    """
    try:
        depth = 0
        # Looked at before anything is built: the composer calls itself for every level.
        for token in yaml.scan(matter, Loader=yaml.BaseLoader):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if isinstance(token, _REFUSED) or depth > _DEEPEST:
                what = "lists, anchors, aliases, tags, directives and further levels are not taken"
                raise _error(what, token.start_mark.line, file)
        node = yaml.compose(matter, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _error(f"the front matter is not YAML: {error.problem}", mark.line if mark else 0, file) from None
    except yaml.YAMLError:
        raise _error("the front matter holds characters that YAML does not take", 0, file) from None
    if not isinstance(node, yaml.MappingNode):
        raise _error("the front matter is no list of keys and values", 0, file)
    return _mapping(node, file)


def _mapping(node: yaml.MappingNode, file: Path) -> tuple[Fields, dict[str, int]]:
    fields: dict[str, str | Mapping[str, str]] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line
        name = _text(key, "a key", file)
        if name in fields:
            raise _error(f"the key {name!r} stands twice", line, file)
        lines[name] = line + 2
        if isinstance(value, yaml.MappingNode):
            inner: dict[str, str] = {}
            for inner_key, inner_value in value.value:
                inner_name = _text(inner_key, "a key", file)
                if inner_name in inner:
                    raise _error(f"the key {inner_name!r} stands twice", inner_key.start_mark.line, file)
                inner[inner_name] = _text(inner_value, f"the value of {inner_name!r}", file)
            fields[name] = inner
        else:
            fields[name] = _text(value, f"the value of {name!r}", file)
    return fields, lines


def _text(node: yaml.Node, what: str, file: Path) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _error(f"{what} must be text", node.start_mark.line, file)
    return str(node.value)


def _error(problem: str, line: int, file: Path) -> CommentError:
    """``line`` is counted from 0 after the fence."""
    return CommentError(problem, where=Location(file, line + 2), action=_ADVICE)


def write(fields: Fields, text: str) -> str:
    """A whole file: every value in double quotes, so that nothing in it can be read as a key."""
    lines = [FENCE]
    for name, value in fields.items():
        if isinstance(value, str):
            lines.append(f"{name}: {_quoted(value)}")
        else:
            lines += [f"{name}:", *(f"  {key}: {_quoted(inner)}" for key, inner in value.items())]
    return "\n".join([*lines, FENCE, "", text.strip(), ""])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
