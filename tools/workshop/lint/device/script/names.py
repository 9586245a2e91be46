"""The names in a script: what it declares, what it uses, and which functions Max can call by a message."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from musearoo.tools.workshop.lint.device.reading.findings import Finding, Ground, Rule
from musearoo.tools.workshop.lint.device.script.language import NEW_GLOBALS
from musearoo.tools.workshop.lint.device.script.tree import is_function, line, walk, words

RULES = {
    "script-global": Rule(Ground.SCRIPT, "a script uses only names that it declares or that Max has"),
    "script-console": Rule(Ground.GUIDELINE, "a script writes nothing to Max's console"),
    "script-twice": Rule(Ground.HOUSE, "no name is declared twice in one function"),
    "script-unused": Rule(Ground.HOUSE, "what a script declares is used"),
    "script-member": Rule(Ground.SCRIPT, "what a script takes from one of its parts, the part gives"),
    "script-callable": Rule(
        Ground.HOUSE, "a message calls no function that is not meant for it: others are .local or within"
    ),
}

ES5_GLOBALS = frozenset(
    {
        "Array", "Boolean", "Date", "Error", "EvalError", "Function", "Infinity", "JSON", "Math", "NaN", "Number",
        "Object", "RangeError", "ReferenceError", "RegExp", "String", "SyntaxError", "TypeError", "URIError",
        "arguments", "decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "eval",
        "isFinite", "isNaN", "parseFloat", "parseInt", "undefined", "unescape",
    }
)  # fmt: skip

MAX_GLOBALS = frozenset(
    {
        "Buffer", "Dict", "File", "Folder", "Global", "Image", "LiveAPI", "MGraphics", "Max", "Maxobj", "Patcher",
        "PolyBuffer", "SQLite", "SQLResult", "Sketch", "Task", "Wind", "XMLHttpRequest", "arrayfromargs", "assist",
        "autowatch", "box", "cpost", "declareattribute", "editfontsize", "embedmessage", "error", "exports", "inlet",
        "inlets", "inspector", "jsarguments", "max", "messagename", "messnamed", "mgraphics", "module", "notifyclients",
        "outlet", "outlet_array", "outlets", "patcher", "post", "print", "require", "setinletassist", "setoutletassist",
    }
)  # fmt: skip
"""Names that Max adds to a script (Cycling '74, "JavaScript in Max", jsthis properties and methods)."""

HANDLERS = frozenset(
    {
        "anything", "bang", "getvalueof", "list", "loadbang", "msg_float", "msg_int", "notifydeleted", "save",
        "setvalueof",
    }
)  # fmt: skip
"""Functions that Max calls itself."""

_CONSOLE = frozenset({"post", "cpost", "error", "print"})


@dataclass(slots=True)
class Scope:
    """A function, or the script itself, with the names declared in it and their positions."""

    parent: "Scope | None" = None
    declared: dict[str, Node] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    twice: list[tuple[str, Node]] = field(default_factory=list)

    def declare(self, name: str, node: Node, *, is_parameter: bool = False) -> None:
        """Add a name; record a redeclaration."""
        if name in self.declared and name not in self.parameters:
            self.twice.append((name, node))
        self.declared.setdefault(name, node)
        if is_parameter:
            self.parameters.add(name)

    def owner(self, name: str) -> "Scope | None":
        """Return the innermost scope, from here outwards, that declares the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.declared:
            scope = scope.parent
        return scope


def check(name: str, root: Node, heard: frozenset[str] | None, known: frozenset[str]) -> Iterator[Finding]:
    """Yield the findings for the names of a script.

    `heard` are the messages that it receives, None if unknown; `known` are names that other scripts provide.
    """
    top, scopes, uses = _read(root)
    reported: set[str] = set()
    for scope, node in uses:
        used = words(node)
        owner = scope.owner(used)
        if owner is not None:
            owner.used.add(used)
        elif used in _CONSOLE:
            yield Finding("script-console", f"{name}, line {line(node)}", f"{used}() writes to Max's console")
        elif used not in ES5_GLOBALS | MAX_GLOBALS | known and used not in reported:
            reported.add(used)
            why = "came after ECMAScript 5" if used in NEW_GLOBALS else "neither the script nor Max declares"
            yield Finding("script-global", f"{name}, line {line(node)}", f"{used} is a name that {why}")
    for scope in scopes:
        for twice, node in scope.twice:
            yield Finding("script-twice", f"{name}, line {line(node)}", f"{twice} is declared before")
        for unused in sorted(set(scope.declared) - scope.used - scope.parameters):
            if scope is top and (unused in HANDLERS or unused in MAX_GLOBALS or unused in (heard or ())):
                continue
            node = scope.declared[unused]
            yield Finding("script-unused", f"{name}, line {line(node)}", f"nothing uses {unused}")
    yield from _callable(name, top, root, heard)
    yield from _members(name, top, root)


def _callable(name: str, top: Scope, root: Node, heard: frozenset[str] | None) -> Iterator[Finding]:
    """Yield the top-level functions that a message could call although no object sends such a message."""
    if heard is None:
        return
    local = {
        words(node.child_by_field_name("left")).removesuffix(".local")
        for node in walk(root)
        if node.type == "assignment_expression" and words(node.child_by_field_name("left")).endswith(".local")
    }
    for function, node in top.declared.items():
        if _makes_function(node) and function not in HANDLERS | heard | local:
            sentence = f"a message “{function}” would call it, and no object sends one: say {function}.local = 1"
            yield Finding("script-callable", f"{name}, line {line(node)}", sentence)


def _makes_function(node: Node) -> bool:
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        return value is not None and is_function(value)
    return is_function(node)


def _members(name: str, top: Scope, root: Node) -> Iterator[Finding]:
    """Yield members of a module (`var Part = (function () {…}());`) that are used but not exported, or exported but
    unused.
    """
    given = {part: members for part, node in top.declared.items() if (members := _given(node)) is not None}
    taken: defaultdict[str, set[str]] = defaultdict(set)
    whole: set[str] = set()
    for node in walk(root):
        if node.type != "identifier" or words(node) not in given or node == _name_of(top.declared[words(node)]):
            continue
        part, outer = words(node), node.parent
        if outer is None or outer.type != "member_expression" or outer.child_by_field_name("object") != node:
            whole.add(part)
            continue
        member = words(outer.child_by_field_name("property"))
        taken[part].add(member)
        if member not in given[part]:
            yield Finding("script-member", f"{name}, line {line(node)}", f"{part} gives no {member}")
    for part in sorted(set(given) - whole):
        for member in sorted(set(given[part]) - taken[part]):
            where = f"{name}, line {line(given[part][member])}"
            yield Finding("script-unused", where, f"{part} gives {member}, but nothing takes it")


def _given(node: Node) -> dict[str, Node] | None:
    """Return the members of the object that a module returns; None if it is no module."""
    value = node.child_by_field_name("value") if node.type == "variable_declarator" else None
    while value is not None and value.type in ("parenthesized_expression", "call_expression"):
        value = value.child_by_field_name("function") or next(iter(value.named_children), None)
    body = value.child_by_field_name("body") if value is not None and is_function(value) else None
    last = body.named_children[-1] if body is not None and body.named_children else None
    if (
        last is None
        or last.type != "return_statement"
        or not last.named_children
        or last.named_children[0].type != "object"
    ):
        return None
    pairs = [pair for pair in last.named_children[0].named_children if pair.type == "pair"]
    return {words(pair.child_by_field_name("key")): pair for pair in pairs}


def _name_of(node: Node) -> Node | None:
    return node.child_by_field_name("name")


def _read(root: Node) -> tuple[Scope, list[Scope], list[tuple[Scope, Node]]]:
    """Return the scope of the script, all scopes, and each use of a name with its scope."""
    top = Scope()
    scopes, uses = [top], []
    ahead: list[tuple[Node, Scope]] = [(root, top)]
    while ahead:
        node, scope = ahead.pop()
        inner, named = scope, _name_of(node)
        if is_function(node):
            inner = Scope(scope)
            scopes.append(inner)
            if named is not None and node.type == "function_declaration":
                scope.declare(words(named), node)
            elif named is not None and node.type == "function_expression":
                inner.declare(words(named), node, is_parameter=True)
            parameters = node.child_by_field_name("parameters")
            for parameter in parameters.named_children if parameters is not None else ():
                inner.declare(words(parameter), parameter, is_parameter=True)
        elif node.type == "catch_clause" and (caught := node.child_by_field_name("parameter")) is not None:
            # Only the error's name belongs to the catch clause; a var inside belongs to the enclosing function.
            scope.declare(words(caught), caught, is_parameter=True)
        elif node.type == "variable_declarator" and named is not None:
            scope.declare(words(named), node)
        elif node.type == "for_in_statement" and node.child_by_field_name("kind") is not None:
            left = node.child_by_field_name("left")
            if left is not None:
                scope.declare(words(left), left)
        elif node.type == "identifier" and not _declares(node):
            uses.append((scope, node))
        ahead.extend((child, inner) for child in reversed(node.children))
    return top, scopes, uses


def _declares(node: Node) -> bool:
    """Return whether the name is a declaration and not a use."""
    outer = node.parent
    if outer is None:
        return False
    if outer.type == "formal_parameters" or _name_of(outer) == node:
        return True
    if outer.type == "catch_clause":
        return outer.child_by_field_name("parameter") == node
    return (
        outer.type == "for_in_statement"
        and outer.child_by_field_name("left") == node
        and outer.child_by_field_name("kind") is not None
    )
