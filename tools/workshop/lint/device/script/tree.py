"""Parse a script to a syntax tree with tree-sitter."""

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_javascript.language())


def parse(source: str) -> Node:
    """Return the root of the script's tree.

    >>> parse("outlet(0, 1);").children[0].type
    'expression_statement'
    """
    return Parser(_LANGUAGE).parse(source.encode("utf-8")).root_node


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all its descendants in source order."""
    ahead = [node]
    while ahead:
        node = ahead.pop()
        yield node
        ahead.extend(reversed(node.children))


def words(node: Node | None) -> str:
    """Return the node's source text."""
    return "" if node is None or node.text is None else node.text.decode("utf-8")


def line(node: Node) -> int:
    """Return the node's first line, counted from 1."""
    return int(node.start_point[0]) + 1


def is_function(node: Node) -> bool:
    """Return whether it is a function of any kind."""
    return node.type in FUNCTIONS


FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)
