"""Commands show text from outside by one way: `tell` and `Terminal`, which act out nothing that stands in it."""

import ast
from pathlib import Path

from tests.architecture.imports import ROOT
from tests.each_case import each_case

COMMANDS = ROOT / "bridge" / "commands"
OWN_WAYS = ("terminal.py", "standard_output.py")


@each_case("path", [*sorted(COMMANDS.glob("*.py")), COMMANDS.parent / "cli.py"])
def test_no_command_prints_by_itself(path: Path) -> None:
    if path.name in OWN_WAYS:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            assert (node.module, names & {"Console"}) != ("rich.console", {"Console"}), where
            assert node.module != "rich.markup", where
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            # JSON in ASCII holds no letter that a terminal acts upon.
            (shown,) = node.args
            assert isinstance(shown, ast.Call), where
            assert ast.unparse(shown.func) == "json.dumps", where
            assert "ensure_ascii" not in {word.arg for word in shown.keywords}, where
