"""What is not loaded before it is used: asking for help, or for a type, is to cost next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

SEEING = {"cv2", "scipy", "skimage", "onnxruntime", "rapidocr", "PIL", "vtracer"}
DRAWING = {"matplotlib", "playwright", "cairosvg", "lxml", "markdown_it"}
ASKING = {"openai", "httpx", "langgraph", "langchain_core", "tenacity", "jinja2", "pydantic_settings"}
KEEPING = {"pyarrow", "ray"}
HEAVY = SEEING | DRAWING | ASKING | KEEPING


def loaded(code: str) -> set[str]:
    """The top names of all modules there are after a piece of code has run."""
    tell = "import sys\nprint('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


def helped(*arguments: str) -> str:
    """Code that runs the command to the end of its help."""
    return (
        f"import sys\nsys.argv = ['lookalike', *{arguments!r}]\n"
        "from agent.cli import app\ntry:\n    app()\nexcept SystemExit:\n    pass"
    )


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_the_list_of_commands_loads_nothing_of_ours_but_the_command(option: str) -> None:
    found = loaded(helped(option))
    assert not found & (HEAVY | {"pydantic", "rich", "numpy", "critic", "graph", "renderers", "prompts"})


@pytest.mark.parametrize("command", ["refine", "batch", "critique", "render", "doctor", "export", "config"])
def test_the_help_of_a_command_loads_none_of_its_work(command: str) -> None:
    assert not loaded(helped(command, "--help")) & (HEAVY | {"numpy", "rich"})


COMMANDS = ["serve", "trust", "read", "convert", "mcp", "studio", "score", "corrupt", "eval", "rewardbench"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_looks_at_no_picture_and_asks_no_model(command: str) -> None:
    assert not loaded(helped(command, "--help")) & (SEEING | DRAWING | {"openai", "langgraph"})


@pytest.mark.parametrize("module", ["critic.types", "graph.types", "renderers.types", "prompts.usage"])
def test_types_load_none_of_what_works_on_them(module: str) -> None:
    assert not loaded(f"import {module}") & HEAVY


def test_an_agent_without_a_model_loads_no_client() -> None:
    found = loaded("from agent import RefinementAgent\nRefinementAgent()")
    assert not found & {
        "openai",
        "matplotlib",
        "cairosvg",
        "pyarrow",
        "playwright",
        "rapidocr",
        "onnxruntime",
    }
