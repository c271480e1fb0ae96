"""The example notebooks run from their first cell to their last."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "examples" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: a kernel of its own would say the same ten seconds later."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "pictures").symlink_to(small)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    names: dict[str, object] = {"__name__": "__main__"}
    last: object = None
    for number, cell in enumerate(item for item in notebook.cells if item.cell_type == "code"):
        assert not cell.outputs, "notebooks are kept without what they print"
        body = ast.parse(cell.source)
        shown = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, f"{path.name}, cell {number}", "exec"), names)
        if shown is not None:
            last = eval(compile(ast.Expression(shown.value), f"{path.name}, cell {number}", "eval"), names)
        if number == 0:
            assert "data:image/" in last._repr_html_()  # type: ignore[union-attr]
    assert names["said"].discrepancies  # type: ignore[attr-defined]


def test_there_are_some() -> None:
    assert NOTEBOOKS
