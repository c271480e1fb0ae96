"""The documentation: its recipes are code that is tried out, and it builds as a site without a warning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_recipes_are_the_examples_that_are_tried_out(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "embed_code"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, f"run scripts/embed_code: {done.stdout}{done.stderr}"
    text = (root / "docs" / "extending.md").read_text(encoding="utf-8")
    modules = (root / "tests" / "plugin" / "lookalike_example").glob("[a-z]*.py")
    assert all(f"<!-- {module.relative_to(root)} -->\n\n```python" in text for module in modules)


def test_every_entry_point_group_is_told_of(root: Path) -> None:
    from agent.parts import CRITICS, GENERATORS
    from critic.marks.known import MARKS, PROJECTIONS
    from critic.marks.scales import SCALES
    from graph.choosing import POLICIES
    from renderers.formats import FORMATS
    from renderers.kinds import KINDS
    from renderers.service import RENDERERS

    text = (root / "docs" / "extending.md").read_text(encoding="utf-8")
    for registry in (CRITICS, GENERATORS, POLICIES, FORMATS, KINDS, RENDERERS, MARKS, PROJECTIONS, SCALES):
        assert f"| `{registry.group}` |" in text


def test_the_site_builds_without_a_warning(root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    reference = (tmp_path / "site" / "reference" / "agent.html").read_text(encoding="utf-8")
    assert 'id="agent.api.RefinementAgent.refine"' in reference
