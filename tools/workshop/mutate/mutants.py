"""Generate mutants of a module, each one small edit of its source.

Only function bodies are mutated: a module's constants and tables are taste or data. Measures (numbers with a decimal
point or of hundreds) are replaced (by 0, or 1 for 0) and not changed slightly, and the boundary of a comparison with
one is not mutated. Not mutated are strings and the arguments of raise and assert, and edits that would fail wherever
they run, as an unbound name, or that only make a failure earlier, as zip's `strict`.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# Each operator with its boundary or opposite; a comparison gets both.
BOUNDARIES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "is": "is not", "is not": "is",
             "in": "not in", "not in": "in"}  # fmt: skip
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*", "**": "*", "<<": ">>", ">>": "<<",
              "&": "|", "|": "&", "^": "&"}  # fmt: skip
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is",
               ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"}  # fmt: skip
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
             ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}  # fmt: skip
RETURNED = {"bool": ("True", "False"), "int": ("0",), "float": ("0.0",), "str": ('""',), "tuple": ("()",),
            "list": ("[]",), "dict": ("{}",), "set": ("set()",), "None": ()}  # fmt: skip
# Integers from here on also count as measures.
MEASURE = 100

_TEXTS = (ast.JoinedStr, ast.Assert, ast.Raise, ast.arguments)


@dataclass(frozen=True, slots=True)
class Mutant:
    operator: str
    line: int
    before: str
    """The first changed line, without its indentation."""
    after: str
    function: int
    """The first line of the innermost enclosing function, including its decorators."""
    start: int
    """The start and end of the edit, in bytes."""
    end: int
    replacement: str

    def apply(self, source: str) -> str:
        """Return the module's source with the mutation."""
        text = source.encode()
        return (text[: self.start] + self.replacement.encode() + text[self.end :]).decode()


def find_mutants(source: str) -> Iterator[Mutant]:
    """Yield all mutants of a module, outer expressions first.

    >>> for mutant in find_mutants("def f(a: int) -> bool:\\n    return a < 1"):
    ...     print(mutant.operator, "|", mutant.after)
    return | return True
    return | return False
    boundary | return a <= 1
    comparison | return a >= 1
    constant | return a < 2
    constant | return a < 0
    """
    text = _Text(source)
    for function, node in _walk_functions(ast.parse(source), None):
        for edit in text.edits(node, function):
            if edit[3] != text.source[edit[1] : edit[2]].decode():
                yield text.mutant(function, *edit)


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Edit = tuple[str, int, int, str]


def _walk_functions(node: ast.AST, function: _Function | None) -> Iterator[tuple[_Function, ast.AST]]:
    """Yield the nodes in function bodies, each with its innermost function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(node, _Function) and child not in node.body:
            continue
        if isinstance(node, ast.keyword) and node.arg == "strict":
            continue
        inner = node if isinstance(node, _Function) else function
        if (
            inner
            and not _is_annotation(node, child)
            and (isinstance(child, ast.Raise) or not isinstance(child, _TEXTS))
        ):
            yield inner, child
        if not isinstance(child, _TEXTS) and not _is_annotation(node, child):
            yield from _walk_functions(child, inner)


def _is_annotation(node: ast.AST, child: ast.AST) -> bool:
    return child is getattr(node, "annotation", None)


def _is_float(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


class _Text:
    """A source as bytes, with the positions of its syntax tree."""

    def __init__(self, source: str) -> None:
        self.source = source.encode()
        self._measures = {
            target.id
            for statement in ast.parse(source).body
            for target in getattr(statement, "targets", [getattr(statement, "target", None)])
            if isinstance(target, ast.Name) and _is_float(getattr(statement, "value", None))
        }
        self._bound: dict[_Function, dict[str, int]] = {}
        self.lines = [0]
        for line in self.source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def edits(self, node: ast.AST, function: _Function) -> Iterator[_Edit]:
        match node:
            case ast.Compare():
                for left, sign, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                    said = COMPARISONS[type(sign)]
                    if said in BOUNDARIES and not (self._is_measure(left) or self._is_measure(right)):
                        yield self._between("boundary", left, said, right, BOUNDARIES[said])
                    yield self._between("comparison", left, said, right, OPPOSITES[said])
            case ast.BoolOp():
                said, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
                for left, right in zip(node.values, node.values[1:], strict=False):
                    yield self._between("and/or", left, said, right, other)
            case ast.BinOp() | ast.AugAssign():
                said = OPERATORS.get(type(node.op), "")
                left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
                if said in ARITHMETIC:
                    yield self._between("arithmetic", left, said, right, ARITHMETIC[said])
                if isinstance(node, ast.AugAssign):
                    yield self._whole("deletion", node, "pass")
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                yield self._whole("sign", node, f"({self.text(node.operand)})")
            case ast.Constant(value=bool()):
                yield self._whole("constant", node, str(not node.value))
            case ast.Constant(value=int(value)) if value >= MEASURE:
                yield self._whole("constant", node, "0")
            case ast.Constant(value=int(value)):
                yield from (self._whole("constant", node, repr(value + step)) for step in (1, -1))
            case ast.Constant(value=float(value)):
                yield self._whole("constant", node, "0.0" if value else "1.0")
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield self._whole("call", node.func, CALLS[name])
            case ast.Subscript(slice=ast.Slice() as bounds):
                for bound in filter(None, (bounds.lower, bounds.upper)):
                    yield self._whole("slice", bound, "")
            case ast.Return(value=ast.expr() as value):
                kind = ast.unparse(function.returns).split("[")[0] if function.returns else "None"
                optional = function.returns and "None" in ast.unparse(function.returns)
                for returned in ("None",) if optional else RETURNED.get(kind, ("None",)):
                    yield self._whole("return", value, returned)
            case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
                yield self._whole("deletion", node, "pass")
            case ast.Raise() | ast.Break() | ast.Continue() | ast.Delete():
                yield self._whole("deletion", node, "pass")
            case ast.Assign() if not all(self._is_first(target, function) for target in node.targets):
                yield self._whole("deletion", node, "pass")
        yield from self._branches(node)

    def _branches(self, node: ast.AST) -> Iterator[_Edit]:
        if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
            yield self._whole("condition", node.test, f"not ({self.text(node.test)})")
        if isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield self._whole("condition", test, "True")
        if isinstance(node, ast.If):
            for name, body in (("branch", node.body), ("else", node.orelse)):
                if body and not (name == "else" and isinstance(body[0], ast.If)):
                    yield name, self._start(body[0]), self._end(body[-1]), "pass"

    def _is_measure(self, node: ast.expr) -> bool:
        """Return whether it contains a number with a decimal point, or a random one."""
        return any(
            _is_float(part)
            or (isinstance(part, ast.Name) and part.id in self._measures)
            or (isinstance(part, ast.Attribute) and part.attr == "random")
            for part in ast.walk(node)
        )

    def _is_first(self, target: ast.expr, function: _Function) -> bool:
        """Return whether a name is bound here for the first time: without it, every use would fail."""
        if not isinstance(target, ast.Name):
            return isinstance(target, ast.Tuple | ast.List)
        if function not in self._bound:
            lines = self._bound[function] = {}
            for node in ast.walk(function):
                if isinstance(node, ast.arg):
                    lines[node.arg] = 0
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
        return self._bound[function][target.id] >= target.lineno

    def mutant(self, function: _Function, operator: str, start: int, end: int, replacement: str) -> Mutant:
        number = bisect_right(self.lines, start)
        margin, rest = self.lines[number - 1], self.lines[min(bisect_right(self.lines, end), len(self.lines) - 1)]
        before = self.source[margin : self.lines[number]].decode().strip()
        after = (self.source[margin:start] + replacement.encode() + self.source[end:rest]).decode().strip()
        first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        return Mutant(operator, number, before, after.splitlines()[0], first, start, end, replacement)

    def text(self, node: ast.AST) -> str:
        return self.source[self._start(node) : self._end(node)].decode()

    def _start(self, node: ast.AST) -> int:
        return self.lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined, no-any-return]

    def _end(self, node: ast.AST) -> int:
        return self.lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined, no-any-return]

    def _whole(self, operator: str, node: ast.AST, replacement: str) -> _Edit:
        return operator, self._start(node), self._end(node), replacement

    def _between(self, operator: str, left: ast.AST, said: str, right: ast.AST, other: str) -> _Edit:
        """Return an edit of the operator between two operands."""
        pattern = r"\s+".join(map(re.escape, said.split()))
        found = re.search(pattern.encode(), self.source[self._end(left) : self._start(right)])
        if found is None:
            raise ValueError(f"no {said!r} stands between these operands")
        return operator, self._end(left) + found.start(), self._end(left) + found.end(), other
