"""The page on model servers shows settings and commands that exist."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from agent.cli import app
from agent.settings import environment_name, load_settings


def test_the_settings_shown_can_be_loaded(root, tmp_path):
    text = (root / "docs" / "models.md").read_text()
    start = text.index("    [generator]")
    block = text[start : text.index("\nThe same in the environment", start)]
    file = tmp_path / "lookalike.toml"
    file.write_text("\n".join(line[4:] for line in block.splitlines()))
    settings = load_settings(file=file).settings
    assert settings.search.width == 4
    assert len(settings.generator.endpoint().base_urls) == 2


def test_the_variables_shown_exist(root):
    text = (root / "docs" / "models.md").read_text()
    known = {environment_name(item.name) for item in load_settings().listed()}
    assert set(re.findall(r"LOOKALIKE_[A-Z_]+[A-Z]", text)) <= known


def test_the_commands_shown_exist(root):
    text = (root / "docs" / "models.md").read_text()
    for line in re.findall(r"^    lookalike (.*?)(?:  #.*)?$", text, re.MULTILINE):
        command, *options = line.split()
        shown = CliRunner().invoke(app, [command, "--help"]).output
        assert all(option in shown for option in options if option.startswith("--")), line
