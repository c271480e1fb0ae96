"""All that goes over the wire, against the real vLLM server with a tiny model whose words are noise."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from openai import APIError, AsyncOpenAI
from PIL import Image, ImageDraw

from agent.doctor import Verdict, examine_server
from agent.generators.lvlm import LvlmGenerator
from agent.serving.gpus import imagined
from agent.serving.plan import Options, plan
from benchmarks.gpu import measure, run_bench
from critic.judge import JudgeCritic
from critic.parsing import parse_critique
from critic.visual_erm import VisualErmCritic
from graph.context import RunContext
from graph.events import Critiqued, Stopped
from graph.folder import RunFolder
from graph.run import stream
from graph.types import Budget, Result, Revision, Search, StopReason, Task
from prompts.client import ChatAnswer, ChatClient, ChatRequest
from prompts.endpoint import Endpoint, Sampling
from prompts.errors import ContextOverflowError, RequestError
from prompts.faults import explain
from prompts.messages import Message, neutralise
from prompts.pictures import PictureFormat, encode_picture
from renderers.service import Renderers
from renderers.types import Kind, Language, RenderStatus

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(1800)]

SIZE = (512, 384)
REFERENCE_TOKENS = (512 // 32) * (384 // 32)
BLOCK = 32
RECTANGLE = (
    '```svg\\n<svg xmlns="http://www\\.w3\\.org/2000/svg" viewBox="0 0 512 384">'
    '<rect x="40" y="40" width="[1-3][0-9][0-9]" height="[12][0-9][0-9]" fill="(red|green|blue)"/>'
    "</svg>\\n```"
)


def _launcher():
    spec = importlib.util.spec_from_file_location("vllm_launcher", Path(__file__).parent / "launcher.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


launcher = _launcher()


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with launcher.running(port) as running:
        yield running


def endpoint(server, model: str = "generator", **changes) -> Endpoint:
    values = {"base_urls": server.url, "model": model, "attempts": 2, "sampling": Sampling(max_tokens=48)}
    return Endpoint(**{**values, **changes})


def drawing(colour: str, width: int = 200) -> np.ndarray:
    image = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(image).rectangle((40, 40, 40 + width, 300), fill=colour)
    return np.asarray(image)


def task() -> Task:
    return Task(Kind.SVG, Language.SVG, drawing("red"))


def revision(width: int = 100, code: str = "<svg/>") -> Revision:
    return Revision(task(), code, "", drawing("blue", width), RenderStatus.OK, "", ())


async def ask(server, request: ChatRequest, **changes) -> ChatAnswer:
    async with ChatClient(endpoint(server, **changes)) as client:
        return await client.chat(request)


async def test_two_pictures_four_answers_in_one_stream(server):
    async with ChatClient(endpoint(server)) as client:
        request = await LvlmGenerator(client).revision_request(revision())
        answer = await client.chat(ChatRequest(request.messages, n=4, seed=1))
    assert len(answer.choices) == 4
    assert len({choice.text for choice in answer.choices}) > 1
    assert answer.usage.prompt_tokens > 2 * REFERENCE_TOKENS
    assert 4 <= answer.usage.completion_tokens <= 4 * 48
    assert answer.first_token_seconds > 0


async def test_a_structured_critique_is_valid_json_every_time(server):
    async with ChatClient(endpoint(server, "critic", sampling=Sampling(max_tokens=4096))) as client:
        judge = JudgeCritic(client)
        for number in range(5):
            request = judge.request(Kind.CHART, drawing("red"), drawing("blue", 50 + number))
            choice = (await client.chat(request)).choices[0]
            assert choice.finish_reason == "stop"
            said = json.loads(choice.text)
            contradicts = not said["errors"] and any(said[name] for name in said if name != "errors")
            assert (parse_critique(choice.text, Kind.CHART) is None) == contradicts


async def test_a_second_round_finds_the_reference_in_the_prefix_cache(server):
    """The draft, then two revisions of different code and render: all of them begin with the same bytes."""
    async with ChatClient(endpoint(server)) as client:
        generator = LvlmGenerator(client)
        draft = await client.chat(await generator.draft_request(task(), 0))
        first = await client.chat(await generator.revision_request(revision(90, "<svg>one</svg>")))
        second = await client.chat(await generator.revision_request(revision(80, "<svg>two</svg>")))
    print("generator: cached", [answer.usage.cached_tokens for answer in (draft, first, second)], "of",
          [answer.usage.prompt_tokens for answer in (draft, first, second)])  # fmt: skip
    for answer in (first, second):
        assert (
            answer.usage.cached_tokens > draft.usage.prompt_tokens - 2 * BLOCK
        )  # all but what fills no block
        assert answer.usage.cached_tokens > REFERENCE_TOKENS


async def test_a_second_critique_finds_the_reference_in_the_prefix_cache(server):
    async with ChatClient(endpoint(server, "critic")) as client:
        critic = VisualErmCritic(client)
        answers = [
            await client.chat(critic.request(Kind.CHART, drawing("green", 250), drawing("blue", width)))
            for width in (60, 70)
        ]
    print(
        "critic: cached",
        [a.usage.cached_tokens for a in answers],
        "of",
        [a.usage.prompt_tokens for a in answers],
    )
    assert answers[1].usage.cached_tokens > REFERENCE_TOKENS - BLOCK


async def test_a_prompt_that_is_too_long_is_a_clear_error(server):
    with pytest.raises(ContextOverflowError, match="longer than the model's context"):
        await ask(server, ChatRequest((Message("user", ("word " * 20_000,)),)))


async def test_refusals_are_told_and_not_retried(server):
    question = ChatRequest((Message("user", ("hello",)),))
    with pytest.raises(RequestError, match="404"):
        await ask(server, question, model="nobody")
    picture = encode_picture(drawing("red"), PictureFormat(256, "PNG"))
    with pytest.raises(RequestError, match="400") as caught:
        await ask(server, ChatRequest((Message("user", (*[picture] * 4, "hello")),)))
    assert caught.value.usage.calls == 1
    with pytest.raises(RequestError, match="max_tokens"):
        await ask(server, question, sampling=Sampling(max_tokens=1_000_000))


@pytest.mark.parametrize(
    "url", ["file:///etc/hosts", "http://127.0.0.1:9/none.png", "data:image/png;base64,AAAA"]
)
async def test_a_bad_picture_is_known_as_the_caller_s_fault(server, url):
    async with AsyncOpenAI(base_url=server.url, api_key="none", max_retries=0) as client:
        with pytest.raises(APIError) as caught:
            await client.chat.completions.create(
                model="generator",
                messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
            )
    print(url, getattr(caught.value, "status_code", None), caught.value.message[:200])
    assert isinstance(explain(caught.value), RequestError)


async def test_control_tokens_in_outside_text_stay_text(server):
    async def count(text: str) -> int:
        return (await ask(server, ChatRequest((Message("user", (text,)),)))).usage.prompt_tokens

    empty = await count("")
    assert await count("<|im_end|>") == empty + 1  # what an attacker would like
    assert await count(neutralise("<|im_end|>")) > empty + 3


async def test_an_endless_answer_is_cut(server, monkeypatch):
    class Endless(ChatClient):
        def body(self, request: ChatRequest, max_tokens: int | None = None) -> dict:
            return {**super().body(request, max_tokens), "ignore_eos": True}

    monkeypatch.setattr("prompts.guard.MAX_CHARACTERS", 200)
    async with Endless(endpoint(server, sampling=Sampling(max_tokens=4000))) as client:
        answer = await client.chat(ChatRequest((Message("user", ("go on",)),)))
    assert answer.choices[0].cut == "length"
    assert 0 < answer.usage.completion_tokens < 2_000


async def test_the_doctor_finds_it_healthy(server):
    checks = await examine_server("critic", endpoint(server, "critic"))
    print("\n".join(f"{check.name}: {check.verdict} {check.detail}" for check in checks))
    # Noise may fill an answer with blanks, which JSON allows, so the schema check can run out of tokens.
    assert {check.verdict for check in checks if "structured" not in check.name} == {Verdict.OK}


def test_every_command_of_serve_is_one_that_vllm_understands(server, tmp_path):
    """On cards of all sizes, each in FP8 where it must be, one server for both roles, and guessing ahead."""
    source = (
        "import json, sys\n"
        "from vllm.entrypoints.launchers.cli_args import make_arg_parser, validate_parsed_serve_args\n"
        "from vllm.utils.argparse_utils import FlexibleArgumentParser\n"
        "parser = make_arg_parser(FlexibleArgumentParser(prog='vllm serve'))\n"
        "for line in open(sys.argv[1]):\n"
        "    arguments = parser.parse_args(json.loads(line))\n"
        "    validate_parsed_serve_args(arguments)\n"
        "    print(*arguments.served_model_name)\n"
    )
    cards = ("24", "40", "48", "80", "141", "16,16", "80,80")
    both = Options().generator
    eight = ("--quantization", "fp8", "--kv-cache-dtype", "fp8")
    choices = [Options(), Options(ngram=True), Options(critic=both), Options(extra=eight)]
    planned = [plan(imagined(sizes), chosen).servers for sizes in cards for chosen in choices]
    servers = [given for part in planned for given in part if "serve" in given.command]
    commands = [given.command[2:] for given in servers]
    listed = tmp_path / "commands"
    listed.write_text("\n".join(map(json.dumps, commands)))
    command = [str(launcher.home() / "venv" / "bin" / "python"), "-c", source, str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, env=launcher.variables(), timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    served = done.stdout.splitlines()
    assert len(served) == len(commands)
    assert set(served) == {"generator", "critic", "generator critic"}


class HeldToRectangles(ChatClient):
    """Holds the model to answers that are code, since this one's own words are noise."""

    def body(self, request: ChatRequest, max_tokens: int | None = None) -> dict:
        return {**super().body(request, max_tokens), "structured_outputs": {"regex": RECTANGLE}}


async def refine(server, folder: Path, search: Search, kill_after: int | None = None) -> Result:
    generator_endpoint = endpoint(server, sampling=Sampling(max_tokens=400))
    critic_endpoint = endpoint(server, "critic", sampling=Sampling(max_tokens=2048))
    async with (
        HeldToRectangles(generator_endpoint) as generator,
        ChatClient(critic_endpoint) as critic,
        Renderers() as renderers,
    ):
        context = RunContext(
            task(),
            LvlmGenerator(generator),
            JudgeCritic(critic),
            renderers.render,
            RunFolder(folder, task().reference, Language.SVG),
            search,
        )
        done = 0
        async for event in stream(context):
            if isinstance(event, Critiqued):
                done += 1
                if done == kill_after:
                    server.kill()
            if isinstance(event, Stopped):
                assert event.result.usage == context.allowance.spent
                return event.result
    raise AssertionError("a run ends with its result")


async def test_the_whole_loop(server, tmp_path):
    result = await refine(server, tmp_path, Search(width=4, beam=2, budget=Budget(rounds=2)))
    print("loop:", result.stop_reason, len(result.candidates), "candidates", result.usage)
    assert result.best is not None
    assert result.rounds >= 1
    assert len(result.candidates) >= 6
    revisions = [candidate for candidate in result.candidates if candidate.round > 0]
    critiques = {candidate.render.picture for candidate in result.candidates if candidate.render}
    assert result.usage.calls >= 1 + len(revisions) + len(critiques)  # the four drafts are one call
    assert sum(candidate.usage.calls for candidate in result.candidates if candidate.round == 0) == 1
    assert result.usage.cached_tokens >= REFERENCE_TOKENS * (len(result.candidates) - 1)


async def test_the_gpu_benchmark_s_workings(server, monkeypatch, pictures):
    """All of it but the GPU; no figure is kept."""
    for name, value in launcher.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{launcher.home() / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("benchmarks.gpu.DRAFT_TOKENS", 24)
    monkeypatch.setattr("benchmarks.gpu.CRITIQUE_TOKENS", 8)
    roles = [endpoint(server, role, sampling=Sampling()) for role in ("generator", "critic")]
    chosen = sorted((pictures / "svg").glob("*.png"))[:2]
    measured = await measure(*roles, chosen, 2, Search(budget=Budget(rounds=1)), dummy=True)
    assert {candidate.usage.completion_tokens for r in measured.results for candidate in r.candidates} == {24}
    found = await asyncio.to_thread(
        run_bench, server.url, str(launcher.home() / "tiny-qwen3-vl"), measured, 2
    )
    assert found["completed"] == 2
    assert found["total_output_tokens"] == 2 * 24
    assert found["output_throughput"] > 0


async def test_a_server_killed_in_a_run_ends_it_with_the_best_so_far(server, tmp_path):
    """The last test: nothing is served after it."""
    result = await refine(server, tmp_path, Search(budget=Budget(rounds=8)), kill_after=2)
    print("killed:", result.stop_reason, result.error)
    assert result.best is not None
    assert (tmp_path / "best.svg").exists()
    assert result.stop_reason is StopReason.ERROR
    assert "connection" in result.error


def test_no_server_is_left_behind(server):
    server.kill()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0
