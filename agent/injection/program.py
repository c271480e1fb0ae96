"""A chart's program as a tree: its drawing calls, what their arguments stand for, and changes of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

SERIES = {
    "plot": 1,
    "bar": 1,
    "barh": 1,
    "scatter": 1,
    "step": 1,
    "stem": 1,
    "fill_between": 1,
    "errorbar": 1,
}
"""Calls that draw one series each, and the place of its values among the arguments."""

LINES = ("plot", "step", "errorbar")
BARS = ("bar", "barh")


class Program:
    """A parsed program with a way up from each node.

    Attributes:
        tree: The module; ``code`` writes it out again.
        pyplot: The name that pyplot goes by; empty where it was not imported as a module.
    """

    def __init__(self, code: str) -> None:
        """Parse ``code``.

        Raises:
            SyntaxError: It is no Python.
            ValueError: It holds a null character.
        """
        self.tree = ast.parse(code)
        self._parents = {
            child: parent for parent in ast.walk(self.tree) for child in ast.iter_child_nodes(parent)
        }
        self.pyplot = self._alias("matplotlib.pyplot")

    @property
    def code(self) -> str:
        """The program's text."""
        return ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"

    def _alias(self, module: str) -> str:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    if name.name == module and name.asname:
                        return name.asname
            if isinstance(node, ast.ImportFrom) and node.module == module.rpartition(".")[0]:
                for name in node.names:
                    if name.name == module.rpartition(".")[2]:
                        return name.asname or name.name
        return ""

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of methods and functions with these names, in the order of the text."""
        found = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
        ]
        return sorted(found, key=lambda call: (call.lineno, call.col_offset))

    def literal(self, node: ast.expr | None) -> ast.List | ast.Tuple | None:
        """The list that an expression is, or that the one assignment to its name makes it."""
        if isinstance(node, ast.Name):
            node = self._assigned(node.id)
        if isinstance(node, ast.Call) and _name(node) in ("array", "asarray", "list") and node.args:
            node = node.args[0]
        return node if isinstance(node, ast.List | ast.Tuple) and node.elts else None

    def _assigned(self, name: str) -> ast.expr | None:
        """What a name stands for, if that is said once and plainly."""
        found: list[ast.expr] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                found += [node.value for target in node.targets if _is(target, name)]
            elif isinstance(node, ast.AugAssign | ast.For) and _is(node.target, name):
                return None
        return found[0] if len(found) == 1 else None

    def removal(self, node: ast.AST) -> Callable[[], None] | None:
        """Removes the statement that a node is in; None where something else may need what it makes."""
        statement = self._statement(node)
        parent = self._parents.get(statement)
        if not isinstance(statement, ast.Expr) or parent is None:
            return None
        bodies = [
            value for _, value in ast.iter_fields(parent) if isinstance(value, list) and statement in value
        ]
        body: list[ast.AST] = bodies[0]

        def do() -> None:
            body[body.index(statement)] = ast.Pass()

        return do

    def statement(self, node: ast.AST) -> ast.AST:
        """The statement that a node is in."""
        return self._statement(node)

    def _statement(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def repeated(self, node: ast.AST) -> bool:
        """Whether a node may run more than once: in a loop, or in a function."""
        while (parent := self._parents.get(node)) is not None:
            if isinstance(parent, ast.For | ast.While | ast.FunctionDef | ast.Lambda | ast.ListComp):
                return True
            node = parent
        return False

    def append(self, code: str) -> Callable[[], None]:
        """Adds statements at the end: what is drawn is taken only after that."""
        return lambda: self.tree.body.extend(ast.parse(code).body)


def keyword(call: ast.Call, *names: str) -> ast.keyword | None:
    """The keyword argument with one of these names."""
    return next((item for item in call.keywords if item.arg in names), None)


def set_keyword(call: ast.Call, name: str, value: str | float) -> None:
    """Set a keyword argument, or add it."""
    known = keyword(call, name)
    if known is None:
        call.keywords.append(ast.keyword(name, ast.Constant(value)))
    else:
        known.value = ast.Constant(value)


def text_of(node: ast.expr | None) -> str | None:
    """The text that a node is, if it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def number_of(node: ast.expr | None) -> float | None:
    """The number that a node is, its sign included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        below = number_of(node.operand)
        return None if below is None else -below
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def constants(nodes: Iterator[ast.expr] | list[ast.expr]) -> list[ast.Constant]:
    """Those of the nodes that are texts."""
    return [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def format_string(call: ast.Call) -> str:
    """The ``fmt`` of a line, such as ``r--``; empty where there is none."""
    return next((text for item in call.args[1:3] if (text := text_of(item)) is not None), "")


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
