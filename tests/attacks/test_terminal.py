"""Attacks by text: what names, logs and models say is shown or put into a prompt, never obeyed."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console
from typer.testing import CliRunner

from agent.cli import app
from agent.commands.failures import complain
from agent.commands.terminal import harmless, shown
from prompts.library import fenced
from prompts.messages import neutralise

SEQUENCES = {
    "a title": "\x1b]0;title\x07",
    "a cleared screen": "\x1b[2J\x1b[H",
    "the clipboard": "\x1b]52;c;aGVsbG8=\x07",
    "a link": "\x1b]8;;http://127.0.0.1/\x1b\\",
    "eight bits": "\x9b2J\x9d0;x\x9c",
    "a device": "\x1bP0;0|17/ab\x1b\\",
    "back": "secret\b\b\b\b\b\b",
    "a line of its own": "fine\rbad",
    "a bell": "\x07",
    "turned": "\u202egnp.exe",
    "isolated": "\u2066x\u2069",
    "nothing": "\x00",
    "deleted": "\x7f",
    "a form": "\x0c\x0b",
    "lines by another name": "a\u2028b\u2029c\x85d",
}


def harmful(text: str) -> bool:
    return any(not letter.isprintable() and letter not in "\n\t" for letter in text)


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_terminal_obeys_nothing(name, tmp_path, capsys):
    sequence = SEQUENCES[name]
    assert harmful(sequence)
    assert not harmful(harmless(f"a{sequence}b"))
    complain(f"a{sequence}b")
    assert not harmful(capsys.readouterr().err)
    screen = io.StringIO()
    Console(file=screen, force_terminal=False).print(shown(sequence + "[bold]x[/bold][/]"))
    assert not harmful(screen.getvalue())
    assert "[bold]x" in screen.getvalue()


@pytest.mark.parametrize("name", [name for name in SEQUENCES if name != "nothing"])
def test_a_command_shows_what_it_is_given(name, tmp_path):
    done = CliRunner().invoke(
        app, ["refine", str(tmp_path / f"no{SEQUENCES[name]}.png"), "-o", str(tmp_path / "o")]
    )
    assert done.exit_code == 2
    assert not harmful(done.output)
    assert not harmful(done.stderr)


TOKENS = (
    *("<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|vision_start|>", "<|image_pad|>"),
    *("<\uff5cend\u2581of\u2581sentence\uff5c>", "</s>", "<s>", "<bos>", "<eos>", "<pad>", "<unk>"),
    *("<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>", "<image_soft_token>"),
    *("<img>", "</img>", "<image>", "<IMG_CONTEXT>", "<think>", "</think>"),
    *("<tool_call>", "</tool_call>", "<tool_response>", "[INST]", "[/INST]", "[IMG]", "[IMG_BREAK]"),
    *("[IMG_END]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]"),
    *("<im_start>", "<im_end>", "<im_patch>", "<end_of_utterance>", "<fake_token_around_image>"),
    *("<global-img>", "<row_1_col_2>", "<image_placeholder>", "<SPECIAL_12>", "<seed:bos>", "<seed:think>"),
    *("<mask:0>", "<loc0001>", "<seg001>", "<unused12>", "<sop>", "<eop>", "<ref>", "</box>", "<quad>"),
    *("[gMASK]", "[sMASK]", "[CLS]", "[SEP]", "[AUDIO]", "[BEGIN_AUDIO]"),
    *("[TOOL_RESULTS]", "[THINK]", "[PREFIX]", "<<SYS>>", "<</SYS>>"),
)


@pytest.mark.parametrize("token", TOKENS)
def test_no_control_token_of_a_model_gets_through(token):
    told = neutralise(f"a{token}b{token}{token}")
    assert token not in told
    assert told.replace(" ", "") == f"a{token}b{token}{token}"


@pytest.mark.parametrize(
    "text", ["<|" * 500_000, "<" * 1_000_000, "[/" * 500_000, "<|a" * 300_000, "`" * 1_000_000]
)
def test_a_megabyte_is_looked_through_at_once(text):
    started = time.process_time()
    neutralise(text)
    fenced(text)
    harmless(text)
    assert time.process_time() - started < 10
