"""The JavaScript that Max's [js] runs: ECMAScript 5, its syntax and its library."""

import json
import re
from collections.abc import Iterator

import dukpy
from tree_sitter import Node

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.script.tree import is_function, line, walk, words

RULES = {
    "script-syntax": Rule(Ground.SCRIPT, "a script can be parsed"),
    "script-es5": Rule(Ground.SCRIPT, "a script is written in ECMAScript 5, which is what [js] runs"),
    "script-library": Rule(Ground.SCRIPT, "a script calls nothing that came after ECMAScript 5"),
}

_NEW_NODES = {
    "arrow_function": "an arrow function",
    "lexical_declaration": "let or const",
    "template_string": "a template string",
    "class_declaration": "a class",
    "class": "a class",
    "spread_element": "a spread",
    "rest_pattern": "a rest parameter",
    "object_pattern": "destructuring",
    "array_pattern": "destructuring",
    "assignment_pattern": "a default value",
    "object_assignment_pattern": "a default value",
    "shorthand_property_identifier": "a shorthand property",
    "computed_property_name": "a computed property",
    "generator_function": "a generator",
    "generator_function_declaration": "a generator",
    "yield_expression": "yield",
    "await_expression": "await",
    "import_statement": "import",
    "import": "import",
    "export_statement": "export",
    "optional_chain": "?.",
    "meta_property": "new.target",
    "private_property_identifier": "a private field",
}

_NEW_OPERATORS = frozenset({"**", "**=", "??", "??=", "||=", "&&="})

_NEW_NUMBER = re.compile(r"0[bBoO]|_|n$")

# Additions of ECMAScript 2015 and later, by the name after the dot; none of them is also a method of ES5 or of Max.
_NEW_METHODS = frozenset(
    {
        "includes", "startsWith", "endsWith", "repeat", "padStart", "padEnd", "codePointAt", "normalize", "matchAll",
        "replaceAll", "trimStart", "trimEnd", "find", "findIndex", "findLast", "findLastIndex", "fill", "copyWithin",
        "flat", "flatMap", "entries", "values", "at", "toSorted", "toReversed", "toSpliced",
    }
)  # fmt: skip

_NEW_STATICS = {
    "Array": {"from", "of"},
    "Math": {
        "acosh", "asinh", "atanh", "cbrt", "clz32", "cosh", "expm1", "fround", "hypot", "imul", "log10", "log1p",
        "log2", "sign", "sinh", "tanh", "trunc",
    },
    "Number": {
        "EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER", "isFinite", "isInteger", "isNaN", "isSafeInteger",
        "parseFloat", "parseInt",
    },
    "Object": {
        "assign", "entries", "fromEntries", "getOwnPropertyDescriptors", "getOwnPropertySymbols", "is",
        "setPrototypeOf", "values", "hasOwn",
    },
    "String": {"fromCodePoint", "raw"},
}  # fmt: skip

NEW_GLOBALS = frozenset(
    {
        "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise", "Proxy", "Reflect", "Symbol", "BigInt", "globalThis",
        "Atomics", "SharedArrayBuffer", "Intl", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Int16Array",
        "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "Uint8ClampedArray",
    }
)  # fmt: skip
"""Global objects that are newer than ECMAScript 5."""


def check(source: str, name: str, root: Node) -> Iterator[Finding]:
    """Yield the findings for the language of a script."""
    fault = _fault(source)
    if fault:
        yield Finding("script-syntax", name, fault)
    tasks = {words(made) for node in walk(root) if (made := _made_task(node)) is not None}
    for node in walk(root):
        where = f"{name}, line {line(node)}"
        if node.is_missing or node.type == "ERROR":
            if not fault:
                yield Finding("script-syntax", where, f"it cannot be read: {words(node)[:40]!r}")
            return
        new = _new_syntax(node)
        if new:
            yield Finding("script-es5", where, f"{new} is newer than ECMAScript 5")
        yield from _library(node, where, tasks)


def _fault(source: str) -> str:
    """Return why an interpreter cannot parse the script; "" if it can. The script is not run."""
    # The script is parsed as a whole before its first statement runs, and that statement throws.
    trial = f"try {{ (0, eval)('throw 0;' + {json.dumps(source)}); }} catch (e) {{ e === 0 ? '' : String(e) }}"
    return str(dukpy.evaljs(trial))


def _new_syntax(node: Node) -> str:
    if node.type in _NEW_NODES:
        return _NEW_NODES[node.type]
    parent = node.parent.type if node.parent is not None else ""
    if node.type == "of" and parent == "for_in_statement":
        return "for … of"
    if node.type == "async":
        return "async"
    if node.type in _NEW_OPERATORS:
        return node.type
    if node.type == "number" and _NEW_NUMBER.search(words(node)) and not words(node).lower().startswith("0x"):
        return f"the number {words(node)}"
    if node.type == "regex_flags" and set(words(node)) - set("gim"):
        return f"the flag {words(node)} of a regular expression"
    if node.type == "regex_pattern" and re.search(r"\(\?<|\\p\{|\\u\{", words(node)):
        return "a group with a name, a look behind, or a class of characters in a regular expression"
    if node.type == "escape_sequence" and words(node).startswith("\\u{"):
        return "the escape \\u{…}"
    if node.type == "method_definition" and not any(child.type in ("get", "set") for child in node.children):
        return "a method without “function”"
    if node.type == "catch_clause" and node.child_by_field_name("parameter") is None:
        return "a catch without a name"
    if node.type in ("formal_parameters", "arguments") and [child.type for child in node.children[-2:-1]] == [","]:
        return "a comma after the last argument"
    if node.type == "function_declaration" and parent == "statement_block" and not _is_body(node.parent):
        return "a function declared within a block"
    return ""


def _is_body(block: Node | None) -> bool:
    return block is not None and block.parent is not None and is_function(block.parent)


def _made_task(node: Node) -> Node | None:
    """Return the name in `x = new Task(…)`: Max's own Task has a method repeat()."""
    sides = {"assignment_expression": ("left", "right"), "variable_declarator": ("name", "value")}.get(node.type)
    made = node.child_by_field_name(sides[1]) if sides is not None else None
    if sides is None or made is None or words(made.child_by_field_name("constructor")) != "Task":
        return None
    return node.child_by_field_name(sides[0])


def _library(node: Node, where: str, tasks: set[str]) -> Iterator[Finding]:
    if node.type == "member_expression":
        owner = node.child_by_field_name("object")
        holder, member = words(owner), words(node.child_by_field_name("property"))
        is_part = owner is not None and owner.type == "identifier" and holder[:1].isupper()
        if holder in _NEW_STATICS:
            if member in _NEW_STATICS[holder]:
                yield Finding("script-library", where, f"{holder}.{member} is newer than ECMAScript 5")
        elif member in _NEW_METHODS and _is_called(node) and not is_part and holder not in tasks:
            yield Finding("script-library", where, f".{member}() is newer than ECMAScript 5")


def _is_called(node: Node) -> bool:
    call = node.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == node
