"""The published loop on a GPU, beside vLLM's own benchmark of the same requests.

    python -m benchmarks.gpu [--generator MODEL] [--critic MODEL] [--pictures DIR] [--at-once 8] [--write]
    python -m benchmarks.gpu --dummy FOLDER      weights at random in the shapes of FOLDER's config.json
    benchmarks/gpu_once [PYTHON]                 all of it on a card that is lent for minutes: see there

Starts both servers on the GPUs there are, refines every picture as by default with several runs at once, and
reports tokens and pictures a unit of time, prefix-cache hits by round, memory, and time to the first draft;
then lets ``vllm bench serve`` send the first drafts' requests again. ``--ways fp8 ngram`` does so with
servers in FP8, and with guesses ahead, beside the plain ones. Without a GPU it says so and reports nothing.

With ``--dummy`` the words of the answers are noise. Their length is fixed and their place is taken by code
that renders, so that the loop goes on: that measures speed, and the report says that it is nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.errors import ServeError
from agent.models import lvlm, visual_erm
from agent.serving.gpus import Gpu, find_gpus
from agent.serving.plan import Options, Plan, plan
from agent.serving.run import Fleet
from agent.settings import Settings
from agent.tools import Tools
from benchmarks.results import machine, table, write_section
from critic.reading import Reader
from graph.context import RenderCode, RunContext
from graph.events import Drafted, Stopped
from graph.folder import RunFolder
from graph.run import stream
from graph.types import Budget, Result, Search, Task
from prompts.client import ChatAnswer, ChatClient, ChatRequest
from prompts.endpoint import Endpoint
from prompts.usage import Usage
from renderers.pictures import load_picture
from renderers.service import Renderers
from renderers.types import LANGUAGES, Kind

DRAFT_TOKENS, CRITIQUE_TOKENS = 900, 250
"""Lengths of answers with dummy weights: about those of a chart program and of a critique."""

CRITIQUE = json.dumps(
    {"errors": [{"category": "style_error", "severity": 2, "location": "all over", "description": "noise"}]}
)
TITLE = "Loop on a GPU"
_DEFAULTS = Options()


@dataclass(slots=True)
class Measured:
    """What a run of the benchmark saw.

    Attributes:
        results: One a picture.
        first_drafts: Seconds from the start of a run to its first draft.
        seconds: Wall-clock time of all.
        requests: What the generator was asked for first drafts.
    """

    results: list[Result] = field(default_factory=list)
    first_drafts: list[float] = field(default_factory=list)
    seconds: float = 0.0
    requests: list[ChatRequest] = field(default_factory=list)

    @property
    def usage(self) -> Usage:
        """All tokens of all runs."""
        return sum((result.usage for result in self.results), Usage())


class Listening(ChatClient):
    """Keeps the requests that had one message: the first drafts'."""

    def __init__(self, endpoint: Endpoint, kept: list[ChatRequest]) -> None:
        super().__init__(endpoint)
        self._kept = kept

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """Ask, and remember."""
        if len(request.messages) == 1:
            self._kept.append(request)
        return await super().chat(request)


class FixedLength(Listening):
    """For dummy weights: answers of a fixed length, with ``words`` in place of the noise."""

    def __init__(self, endpoint: Endpoint, kept: list[ChatRequest], tokens: int, critique: bool) -> None:
        super().__init__(endpoint, kept)
        self._tokens = tokens
        self._critique = critique
        self._numbers = itertools.count()

    def body(self, request: ChatRequest, max_tokens: int | None = None) -> dict[str, Any]:
        """The request, held to its length."""
        return {**super().body(request, self._tokens), "ignore_eos": True}

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """Ask, and put words that mean something in the answer."""
        answer = await super().chat(request)
        words = CRITIQUE if self._critique else _code(request, next(self._numbers))
        return replace(answer, choices=tuple(replace(item, text=words) for item in answer.choices))


class Connected(Tools):
    """Tools of the default settings, connected to the benchmark's own clients."""

    def __init__(self, render: RenderCode, clients: dict[str, ChatClient]) -> None:
        super().__init__(Settings(), Reader(), render)
        self._given = clients

    def client(self, role: str) -> ChatClient:
        """The one that is measured; its owner closes it."""
        return self._given[role]


def _code(request: ChatRequest, number: int) -> str:
    """Code that renders, in the language that the request asks for; different each time."""
    asked = next(part for part in request.messages[0].parts if isinstance(part, str))
    side = 20 + number % 200
    if "```python" in asked:
        return f"```python\nimport matplotlib.pyplot as plt\nplt.figure()\nplt.plot([0, {side}])\n```"
    if "```svg" in asked:
        shape = f'<rect width="{side}" height="{side}"/>'
        return f'```svg\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">{shape}</svg>\n```'
    return f"```html\n<table><tr><td>{side}</td></tr></table>\n```"


async def measure(
    generator: Endpoint, critic: Endpoint, pictures: Sequence[Path], at_once: int, search: Search, dummy: bool
) -> Measured:
    """Refine the pictures, ``at_once`` of them at a time; a picture's folder names its kind."""
    measured = Measured()
    places = asyncio.Semaphore(at_once)
    ours: list[ChatRequest] = measured.requests
    if dummy:
        clients: tuple[ChatClient, ChatClient] = (
            FixedLength(generator, ours, DRAFT_TOKENS, critique=False),
            FixedLength(critic, [], CRITIQUE_TOKENS, critique=True),
        )
    else:
        clients = (Listening(generator, ours), ChatClient(critic))
    async with clients[0] as asks, clients[1] as judges, Renderers() as renderers:
        tools = Connected(renderers.render, {"generator": asks, "critic": judges})
        generates, criticises = lvlm(tools), visual_erm(tools)

        async def refine(path: Path) -> None:
            kind = Kind(path.parent.name)
            task = Task(kind, LANGUAGES[kind][0], load_picture(path))
            async with places:
                with tempfile.TemporaryDirectory() as folder:
                    context = RunContext(
                        task,
                        generates,
                        criticises,
                        renderers.render,
                        RunFolder(Path(folder), task.reference, task.language),
                        search,
                    )
                    await _follow(context, measured)

        started = time.monotonic()
        await asyncio.gather(*(refine(path) for path in pictures))
        measured.seconds = time.monotonic() - started
    return measured


async def _follow(context: RunContext, measured: Measured) -> None:
    drafted = False
    async for event in stream(context):
        if isinstance(event, Drafted) and not drafted:
            drafted = True
            measured.first_drafts.append(context.elapsed)
        if isinstance(event, Stopped):
            measured.results.append(event.result)


def write_requests(requests: Sequence[ChatRequest], path: Path) -> None:
    """The first drafts' questions, part by part as they were sent, as ``vllm bench serve`` reads them."""
    lines = [json.dumps({"content": request.messages[0].wire()["content"]}) for request in requests]
    path.write_text("\n".join(lines) + "\n")


def bench_command(
    base_url: str, model: str, data: Path, count: int, at_once: int, tokens: int, out: Path
) -> list[str]:
    """vLLM's own benchmark of the requests."""
    return [
        *("vllm", "bench", "serve", "--backend", "openai-chat", "--endpoint", "/v1/chat/completions"),
        *("--base-url", base_url.removesuffix("/v1"), "--model", model, "--served-model-name", "generator"),
        *("--dataset-name", "custom_image", "--dataset-path", str(data), "--num-prompts", str(count)),
        *("--custom-output-len", str(tokens), "--max-concurrency", str(at_once)),
        *("--ignore-eos", "--save-result", "--result-dir", str(out), "--result-filename", "bench.json"),
    ]


def run_bench(base_url: str, model: str, measured: Measured, at_once: int) -> dict[str, float]:
    """What vLLM's benchmark reports, or nothing where it cannot be run."""
    answered = [
        candidate for result in measured.results for candidate in result.candidates if candidate.round == 0
    ]
    tokens = round(statistics.mean(max(1, candidate.usage.completion_tokens) for candidate in answered))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "requests.jsonl"
        write_requests(measured.requests, data)
        command = bench_command(base_url, model, data, len(measured.requests), at_once, tokens, folder)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"vllm bench serve failed:\n{done.stderr[-2000:]}")
            return {}
        report: dict[str, float] = json.loads((folder / "bench.json").read_text())
        return report


def memory_used() -> dict[str, int]:
    """MiB in use on each GPU."""
    query = ["nvidia-smi", "--query-gpu=index,memory.used", "--format=csv,noheader,nounits"]
    answer = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    return {index.strip(): int(used) for index, used in (line.split(",") for line in answer.splitlines())}


Row = tuple[str, float]


def rows_of(measured: Measured, bench: dict[str, float], memory: dict[str, int]) -> list[Row]:
    """What one way came to."""
    usage, seconds = measured.usage, measured.seconds
    critiques = [item.critique for result in measured.results for item in result.candidates if item.critique]
    rows: list[Row] = [
        ("pictures", len(measured.results)),
        ("pictures a minute", 60 * len(measured.results) / seconds),
        ("completion tokens a second, loop", usage.completion_tokens / seconds),
        ("prompt tokens a second, loop", usage.prompt_tokens / seconds),
        ("prompt tokens from the prefix cache", usage.cached_tokens / max(1, usage.prompt_tokens)),
        *((f"the same, round {number}", share) for number, share in cached_by_round(measured.results)),
        ("calls a picture", usage.calls / len(measured.results)),
        ("seconds to the first draft, median", statistics.median(measured.first_drafts)),
        ("seconds of the evidence check, a critique", statistics.mean([item.evidence for item in critiques])),
        *((f"memory in use on GPU {index}, MiB", used) for index, used in memory.items()),
    ]
    for name, label in (
        ("output_throughput", "completion tokens a second, vllm bench serve of the first drafts"),
        ("request_throughput", "requests a second, vllm bench serve of the first drafts"),
        ("median_ttft_ms", "milliseconds to the first token, vllm bench serve, median"),
    ):
        if name in bench:
            rows.append((label, float(bench[name])))
    return rows


def cached_by_round(results: Sequence[Result]) -> list[tuple[int, float]]:
    """The share of the prompts that the prefix cache served, by round."""
    spent: dict[int, Usage] = {}
    for item in (item for result in results for item in result.candidates):
        spent[item.round] = spent.get(item.round, Usage()) + item.spent
    return [
        (number, used.cached_tokens / max(1, used.prompt_tokens)) for number, used in sorted(spent.items())
    ]


def report(ways: dict[str, list[Row]], gpus: Sequence[Gpu], dummy: bool) -> str:
    """The section for RESULTS.md: a column a way."""
    names = ", ".join(gpu.name for gpu in gpus)
    weights = "Weights at random: the figures say how fast it is and nothing of how good." if dummy else ""
    labels = list(dict.fromkeys(label for rows in ways.values() for label, _ in rows))
    known = {way: dict(rows) for way, rows in ways.items()}
    lines = [(label, *(known[way].get(label, "-") for way in ways)) for label in labels]
    return (
        f"`python -m benchmarks.gpu`, {machine()}, {names}. {weights}\n\n{table(('measure', *ways), lines)}"
    )


def dummy_model(source: Path, folder: Path) -> Path:
    """A copy of a model's folder without its weights."""
    if not (source / "config.json").exists():
        raise ServeError(
            f"{source}: no config.json; give a folder with Qwen3-VL-8B's configuration and tokenizer"
        )
    target = folder / source.name
    weights = ("*.safetensors", "*.bin", "*.pt", "*.safetensors.index.json")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*weights))
    return target


WAYS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "fp8": ("--quantization", "fp8", "--kv-cache-dtype", "fp8"),
    "ngram": (),
}
"""Flags of both servers; with ``ngram`` the generator guesses ahead, too."""


async def benchmark(options: argparse.Namespace) -> str:
    """Start the servers in each way, measure, and tell.

    Raises:
        ServeError: There is no GPU, or a server does not start.
    """
    gpus = find_gpus()
    ways = {way: await _measured(way, gpus, options) for way in dict.fromkeys(("plain", *options.ways))}
    return report(ways, gpus, bool(options.dummy))


async def _measured(way: str, gpus: Sequence[Gpu], options: argparse.Namespace) -> list[Row]:
    pictures = sorted(path for kind in Kind for path in (options.pictures / kind).glob("*.png"))
    pictures = list(itertools.islice(itertools.cycle(pictures), max(options.count, 1)))
    search = Search(budget=Budget(rounds=options.rounds))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        extra = WAYS[way]
        generator, critic = options.generator, options.critic
        if options.dummy:
            generator = critic = str(dummy_model(options.dummy, folder))
            critic = str(shutil.copytree(generator, folder / "critic"))  # or one server would be both
            extra = (*extra, "--load-format", "dummy")
        wanted = Options(generator, critic, extra=extra, ngram=way == "ngram")
        planned = plan(gpus, wanted, has_router=bool(shutil.which("vllm-router")))
        async with Fleet(
            planned, _DEFAULTS.host, folder / "logs", lambda p: print(way, p.server.name, p.state, flush=True)
        ) as fleet:
            await fleet.start(1800)
            memory = memory_used()
            measured = await measure(
                *_endpoints(planned), pictures, options.at_once, search, bool(options.dummy)
            )
            base_url = planned.base_urls["generator"].split(",")[0]
            bench = await asyncio.to_thread(run_bench, base_url, generator, measured, options.at_once)
    return rows_of(measured, bench, memory)


def _endpoints(planned: Plan) -> tuple[Endpoint, Endpoint]:
    urls = planned.base_urls
    return (
        Endpoint(base_urls=tuple(urls["generator"].split(",")), model="generator"),
        Endpoint(base_urls=tuple(urls["critic"].split(",")), model="critic"),
    )


def main() -> None:
    """The command line."""
    root = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--generator", default=_DEFAULTS.generator, help="model, a name or a folder")
    parser.add_argument("--critic", default=_DEFAULTS.critic, help="model, a name or a folder")
    parser.add_argument(
        "--dummy", type=Path, help="folder of a model whose shapes are used without its weights"
    )
    parser.add_argument(
        "--pictures", type=Path, default=root / "examples" / "pictures", help="a folder a kind"
    )
    parser.add_argument("--ways", nargs="*", default=[], choices=list(WAYS), help="beside the plain one")
    parser.add_argument("--count", type=int, default=48, help="runs in all")
    parser.add_argument("--at-once", type=int, default=8, help="runs side by side")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args()
    try:
        text = asyncio.run(benchmark(options))
    except ServeError as error:
        raise SystemExit(f"benchmarks.gpu: {error}\n{error.details}".rstrip()) from None
    print(text)
    if options.write:
        write_section(TITLE, text)


if __name__ == "__main__":
    main()
