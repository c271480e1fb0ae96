"""Model servers: planned for the GPUs there are, started in order, watched and ended.

The processes are real ones that stand in for vLLM.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.commands.serve import serve
from agent.errors import ServeError
from agent.serving.gpus import Gpu, find_gpus, imagined
from agent.serving.memory import LEAST_CONTEXT, fitting
from agent.serving.plan import Options, plan
from agent.serving.run import Fleet, State, load_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


def flag(server, name: str) -> str:
    return server.command[server.command.index(name) + 1]


def test_one_gpu_is_shared_one_server_after_the_other():
    planned = plan(imagined("80"), Options())
    assert [len(stage) for stage in planned.stages] == [1, 1]
    assert [flag(server, "--gpu-memory-utilization") for server in planned.servers] == ["0.45", "0.45"]
    assert {server.environment["CUDA_VISIBLE_DEVICES"] for server in planned.servers} == {"0"}
    assert planned.notes == ()


def test_two_gpus_take_one_each_at_once():
    planned = plan(imagined("80,80"), Options())
    assert [len(stage) for stage in planned.stages] == [2]
    assert [server.environment["CUDA_VISIBLE_DEVICES"] for server in planned.servers] == ["0", "1"]
    assert {flag(server, "--gpu-memory-utilization") for server in planned.servers} == {"0.9"}


def test_many_gpus_take_replicas_and_a_router_that_keeps_a_run_where_it_is():
    planned = plan(imagined("80,80,80,80,80"), Options())
    replicas, routers = planned.stages
    assert [server.name for server in replicas] == [
        *("generator-1", "generator-2", "generator-3"),
        *("critic-1", "critic-2"),
    ]
    assert sorted(server.environment["CUDA_VISIBLE_DEVICES"] for server in replicas) == list("01234")
    assert [flag(router, "--policy") for router in routers] == ["consistent_hash"] * 2
    behind = [word for router in routers for word in router.command if word.startswith("http")]
    assert behind == [f"http://127.0.0.1:{server.port}" for server in replicas]
    assert planned.base_urls["critic"] == f"http://127.0.0.1:{routers[1].port}/v1"
    ports = [server.port for server in planned.servers] + [int(flag(r, "--prometheus-port")) for r in routers]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("changes", [{"router": False}, {}])
def test_without_a_router_every_replica_is_named(changes):
    planned = plan(imagined("80,80,80,80"), Options(**changes), has_router=False)
    assert [len(stage) for stage in planned.stages] == [4]
    assert planned.base_urls["generator"] == "http://127.0.0.1:8001/v1,http://127.0.0.1:8002/v1"
    assert bool(planned.notes) == (not changes)


def test_a_gpu_that_is_too_small_is_told():
    (note,) = plan(imagined("24"), Options()).notes
    assert "11 GiB" in note
    assert "--quantization fp8" in plan(imagined("24"), Options(critic="")).notes[0]
    assert plan(imagined("24"), Options(critic="", context=4096)).notes == ()


@pytest.mark.parametrize("cards", range(1, 9))
@pytest.mark.parametrize(
    ("gib", "shared", "alone"),
    [
        (16, "does not fit", "--context"),
        (24, "does not fit", "-- --quantization fp8`"),
        (40, "-- --quantization fp8`", ""),
        (48, "-- --quantization fp8`", ""),
        (80, "", ""),
        (141, "", ""),
    ],
)
def test_every_card_is_told_what_fits(gib: int, shared: str, alone: str, cards: int) -> None:
    planned = plan(imagined(",".join([str(gib)] * cards)), Options())
    said, wanted = " ".join(planned.notes), shared if cards == 1 else alone
    assert wanted in said and bool(said) == bool(wanted)


@pytest.mark.parametrize("gib", [16, 24, 40, 48, 80, 141])
def test_what_fits_holds_one_whole_context(gib: int) -> None:
    fit = fitting(gib * 0.9, 32_768)
    assert fit is not None and LEAST_CONTEXT <= fit.context <= 32_768
    halved = fitting(gib * 0.45, 32_768)
    assert (halved is None) == (gib <= 24)


def test_one_model_for_both_roles_is_served_once() -> None:
    planned = plan(imagined("80,80"), Options(generator="x/y", critic="x/y"))
    assert len({url for urls in planned.base_urls.values() for url in urls.split(",")}) == 1
    assert all(
        "--served-model-name generator critic" in " ".join(item.command) for item in planned.servers[:2]
    )
    assert "export LOOKALIKE_CRITIC__MODEL=critic" in planned.environment_lines()


def test_flags_go_to_their_role() -> None:
    options = Options(ngram=True, generator_extra=("--a",), critic_extra=("--b",))
    generator, critic = plan(imagined("80,80"), options).servers
    assert "--speculative-config" in generator.command and generator.command[-1] == "--a"
    assert "--speculative-config" not in critic.command and critic.command[-1] == "--b"
    assert all('"shortest_edge": 65536' in " ".join(item.command) for item in (generator, critic))


def test_one_role_alone_and_none():
    planned = plan(imagined("80"), Options(critic=""))
    assert [server.role for server in planned.servers] == ["generator"]
    assert list(planned.base_urls) == ["generator"]
    with pytest.raises(ServeError, match="nothing to serve"):
        plan(imagined("80"), Options(generator="", critic=""))


def test_another_critic_is_asked_as_a_judge():
    assert (
        "export LOOKALIKE_CRITIC__USE=judge"
        in plan(imagined("80"), Options(critic="x/y")).environment_lines()
    )
    assert len(plan(imagined("80"), Options()).environment_lines()) == 4


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """A folder of stand-ins that comes first on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/nonexistent")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def add(name: str, source: str) -> None:
        path = folder / name
        path.write_text(f"#!{sys.executable}\n{textwrap.dedent(source)}")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return add


SMI = """
    print("0, NVIDIA H100 80GB HBM3, 81559")
    print("1, NVIDIA H100 80GB HBM3, 81559")
"""

VLLM = """
    import http.server, os, signal, sys, time
    arguments = sys.argv[1:]
    port = int(arguments[arguments.index("--port") + 1])
    print("serving", arguments[1], "on", os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
    if arguments[1] == "broken":
        sys.exit("CUDA out of memory")
    if os.fork() == 0:  # the engine, a child of the server
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = b"vllm:num_requests_running 3.0\\nvllm:num_requests_waiting 1.0\\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    time.sleep(0.3)
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_gpus_are_found(tools, monkeypatch):
    tools("nvidia-smi", SMI)
    assert find_gpus() == tuple(Gpu(n, "NVIDIA H100 80GB HBM3", 81559 / 1024) for n in ("0", "1"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert [gpu.index for gpu in find_gpus()] == ["1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(ServeError, match="CUDA_VISIBLE_DEVICES"):
        find_gpus()


def test_no_gpu_is_told_with_what_to_do(tools):
    with pytest.raises(ServeError, match="needs no server"):
        find_gpus()


def test_a_tool_that_fails_is_told(tools):
    tools("nvidia-smi", "import sys; sys.exit('driver mismatch')")
    with pytest.raises(ServeError, match="does not answer"):
        find_gpus()


def alive(group: int) -> bool:
    """Whether a process of the group runs; one that ended and was not collected yet does not."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = file.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


def all_end(groups: list[int]) -> bool:
    """Whether all of them end; the system takes its time."""
    until = time.monotonic() + 60
    while any(alive(group) for group in groups) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(alive(group) for group in groups)


async def test_servers_start_in_order_and_all_end_with_their_children(tools, tmp_path):
    tools("vllm", VLLM)
    told = []
    planned = plan(imagined("80"), Options(port=free_port()))
    async with Fleet(
        planned, "127.0.0.1", tmp_path, lambda p: told.append((p.server.name, p.state))
    ) as fleet:
        await fleet.start(20)
        groups = [process.popen.pid for process in fleet.processes]
        assert all(alive(group) for group in groups)
    assert told[:4] == [
        *(("generator", State.STARTING), ("generator", State.READY)),
        *(("critic", State.STARTING), ("critic", State.READY)),
    ]
    assert all_end(groups)
    assert "serving internlm/Visual-ERM on 0" in (tmp_path / "critic.log").read_text()


async def test_a_server_that_ends_while_starting_is_told_with_the_end_of_its_log(tools, tmp_path):
    tools("vllm", VLLM)
    planned = plan(imagined("80"), Options(critic="broken", port=free_port()))
    with pytest.raises(ServeError, match="critic ended while starting") as caught:
        async with Fleet(planned, "127.0.0.1", tmp_path) as fleet:
            await fleet.start(20)
    assert "CUDA out of memory" in caught.value.details
    assert all(process.state is State.ENDED for process in fleet.processes)


async def test_a_server_that_ends_later_is_noticed(tools, tmp_path):
    tools("vllm", VLLM)
    planned = plan(imagined("80"), Options(critic="", port=free_port()))
    with pytest.raises(ServeError, match="generator ended"):
        async with Fleet(planned, "127.0.0.1", tmp_path) as fleet:
            await fleet.start(20)
            fleet.processes[0].popen.kill()
            await fleet.watch(every=0.05)


ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def serving(tools):
    """Starts the command; gives its process and its servers' groups once all are healthy."""
    started = []

    def start(source: str) -> tuple[subprocess.Popen[str], list[int]]:
        tools("nvidia-smi", SMI)
        tools("vllm", source)
        run = subprocess.Popen(
            [sys.executable, "-m", "agent.cli", "serve", "--port", str(free_port())],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # what runs the tests may ignore these
            preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in ASKED],
        )  # fmt: skip
        started.append(run)
        assert any("LOOKALIKE_CRITIC__BASE_URL" in line for line in run.stdout)
        below = [Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text()]
        return run, [int(name) for name in " ".join(below).split()]

    yield start
    for run in started:
        run.kill()
        run.communicate()


@pytest.mark.parametrize("asked", ASKED, ids=lambda number: number.name)
def test_no_server_outlives_the_command_however_it_is_asked_to_end(serving, asked):
    run, groups = serving(VLLM)
    assert len(groups) == 2 and all(alive(group) for group in groups)
    run.send_signal(asked)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert all_end(groups)


def test_who_asks_twice_does_not_wait_for_servers_that_take_their_time(serving):
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    run, groups = serving(deaf + textwrap.dedent(VLLM))
    run.send_signal(signal.SIGTERM)
    while "ending the servers" not in run.stderr.readline():
        assert run.poll() is None
    assert all(alive(group) for group in groups)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=60)
    assert all_end(groups)


def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(serve)
    return app


def test_a_dry_run_prints_commands_that_can_be_pasted():
    done = CliRunner().invoke(command(), ["--dry-run", "--gpus", "80", "--", "--quantization", "fp8"])
    assert done.exit_code == 0
    commands = [line for line in done.output.splitlines() if "vllm serve" in line]
    assert len(commands) == 2
    words = shlex.split(commands[0])
    assert words[:4] == ["CUDA_VISIBLE_DEVICES=0", "vllm", "serve", "Qwen/Qwen3-VL-8B-Instruct"]
    assert words[-2:] == ["--quantization", "fp8"]
    assert "export LOOKALIKE_CRITIC__BASE_URL=http://127.0.0.1:8002/v1" in done.output


def test_without_vllm_the_message_is_one_clear_line(tools):
    tools("nvidia-smi", SMI)
    done = CliRunner().invoke(command(), [])
    assert done.exit_code == 2
    assert "vLLM is not installed" in done.output


def test_load_is_told_in_a_few_words():
    metrics = """
# HELP vllm:num_requests_running x
vllm:num_requests_running{model_name="generator"} 2.0
vllm:num_requests_waiting{model_name="generator"} 5.0
vllm:prefix_cache_queries_total{model_name="generator"} 1000.0
vllm:prefix_cache_hits_total{model_name="generator"} 640.0
"""
    assert load_of(metrics) == "2 running, 5 waiting, 64% of the prompts cached"
    assert load_of("") == ""
