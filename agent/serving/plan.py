"""Which servers to start on which GPUs, by which commands, in which order."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from agent.errors import ServeError
from agent.serving.gpus import Gpu
from agent.serving.memory import fitting
from agent.settings import environment_name

Role = Literal["generator", "critic"]

_SHARED = 0.45
_ALONE = 0.90
_LEAST_PIXELS, _MOST_PIXELS = 65_536, 1280 * 1280
"""The smallest is Qwen3-VL's own: an icon of 64 px is enlarged to 64 tokens, where 4 would show nothing."""

_NGRAM = {"method": "ngram", "num_speculative_tokens": 5, "prompt_lookup_max": 4}
"""A revision repeats most of the code in its prompt, so that what follows there is a good guess."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user decides.

    Attributes:
        generator: Model to generate with, a name or a folder; none where empty.
        critic: Model to critique with, likewise.
        host: Where the servers listen.
        port: The first port; the others follow it.
        context: Longest prompt and answer together, in tokens.
        router: Whether to put a router before several replicas, rather than naming them all.
        extra: More flags for every ``vllm serve``.
        generator_extra: More flags for the generator's.
        critic_extra: More flags for the critic's.
        ngram: Whether the generator guesses ahead from what stands in its prompt.
    """

    generator: str = "Qwen/Qwen3-VL-8B-Instruct"
    critic: str = "internlm/Visual-ERM"
    host: str = "127.0.0.1"
    port: int = 8001
    context: int = 32768
    router: bool = True
    extra: tuple[str, ...] = ()
    generator_extra: tuple[str, ...] = ()
    critic_extra: tuple[str, ...] = ()
    ngram: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """One process to start.

    Attributes:
        name: What to call it on screen and its log file.
        role: Whom it serves.
        command: Program and arguments.
        environment: Set for it on top of ours.
        port: Where it listens.
    """

    name: str
    role: Role
    command: tuple[str, ...]
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def shell(self) -> str:
        """The command as it would be typed."""
        given = [f"{name}={shlex.quote(value)}" for name, value in self.environment.items()]
        return " ".join([*given, shlex.join(self.command)])


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start.

    Attributes:
        stages: Servers of one stage start together; a stage starts when the one before it is healthy.
        base_urls: What to set for each role.
        notes: What the user should know.
        judge: The critic is another model than Visual-ERM, and is asked as one.
    """

    stages: tuple[tuple[Server, ...], ...]
    base_urls: dict[Role, str]
    notes: tuple[str, ...] = ()
    judge: bool = False

    @property
    def servers(self) -> tuple[Server, ...]:
        """All of them in order."""
        return tuple(server for stage in self.stages for server in stage)

    def environment_lines(self) -> list[str]:
        """The lines to paste into a shell that then runs ``lookalike refine``."""
        lines = []
        for role, urls in self.base_urls.items():
            lines.append(f"export {environment_name(f'{role}.base_url')}={urls}")
            lines.append(f"export {environment_name(f'{role}.model')}={role}")
        if self.judge:
            lines.append(f"export {environment_name('critic.use')}=judge")
        return lines


def plan(gpus: Sequence[Gpu], options: Options, *, has_router: bool = True) -> Plan:
    """Spread the roles over the GPUs.

    One GPU: both on it, one after the other, for each measures the free memory while it starts. Two: one
    each. More: replicas, and a router before them that keeps a run on its replica by ``X-Session-ID``.

    Args:
        gpus: What there is.
        options: What is wanted.
        has_router: Whether ``vllm-router`` is installed.

    Raises:
        ServeError: Nothing is to be served.
    """
    roles: dict[Role, str] = {}
    if options.generator:
        roles["generator"] = options.generator
    if options.critic:
        roles["critic"] = options.critic
    if not roles:
        raise ServeError("nothing to serve: name a model by --generator or --critic")
    if options.generator == options.critic:
        del roles["critic"]  # one server answers to both names
    placed = _placed(list(roles), gpus)
    shared = len(gpus) < len(roles)
    ports = iter(range(options.port, options.port + 2 * len(gpus) + 4))
    replicas = {
        role: [_replica(role, roles[role], number, gpu, next(ports), shared, options, len(placed[role]))
               for number, gpu in enumerate(placed[role])]
        for role in roles
    }  # fmt: skip
    stages = (
        [tuple(replicas[role]) for role in roles]
        if shared
        else [tuple(chain.from_iterable(replicas.values()))]
    )
    base_urls: dict[Role, str] = {}
    routers = []
    for role, servers in replicas.items():
        if len(servers) > 1 and options.router and has_router:
            router = _router(role, servers, next(ports), next(ports), options)
            routers.append(router)
            servers = [router]
        base_urls[role] = ",".join(f"http://{options.host}:{server.port}/v1" for server in servers)
    if routers:
        stages.append(tuple(routers))
    if options.critic and "critic" not in base_urls:
        base_urls["critic"] = base_urls["generator"]
    notes = tuple(_notes(placed, shared, options, has_router))
    judge = bool(options.critic) and "erm" not in options.critic.lower()
    return Plan(tuple(stages), base_urls, notes, judge)


def _placed(roles: list[Role], gpus: Sequence[Gpu]) -> dict[Role, list[Gpu]]:
    """The GPUs of each role; the generator, whose answers are longer, gets the odd one."""
    if len(gpus) < len(roles):
        return {role: [gpus[0]] for role in roles}
    return {role: list(gpus[number :: len(roles)]) for number, role in enumerate(roles)}


def _replica(
    role: Role, model: str, number: int, gpu: Gpu, port: int, shared: bool, options: Options, count: int
) -> Server:
    command = (
        *("vllm", "serve", model),
        *("--host", options.host, "--port", str(port)),
        *("--served-model-name", role, *(["critic"] if options.generator == options.critic else [])),
        *("--gpu-memory-utilization", f"{_SHARED if shared else _ALONE:g}"),
        *("--max-model-len", str(options.context)),
        *("--limit-mm-per-prompt", json.dumps({"image": 3, "video": 0})),
        *(
            "--mm-processor-kwargs",
            json.dumps({"size": {"shortest_edge": _LEAST_PIXELS, "longest_edge": _MOST_PIXELS}}),
        ),
        *("--generation-config", "vllm"),
        "--enable-prompt-tokens-details",
        *(("--speculative-config", json.dumps(_NGRAM)) if options.ngram and role == "generator" else ()),
        *options.extra,
        *(options.generator_extra if role == "generator" else options.critic_extra),
    )
    name = role if count == 1 else f"{role}-{number + 1}"
    return Server(name, role, command, port, {"CUDA_VISIBLE_DEVICES": gpu.index})


def _router(role: Role, servers: list[Server], port: int, metrics: int, options: Options) -> Server:
    """Keeps a run's requests on one replica; the router's default cannot tell pictures apart."""
    command = (
        *("vllm-router", "--host", options.host, "--port", str(port)),
        *("--policy", "consistent_hash", "--prometheus-port", str(metrics)),
        *("--worker-urls", *(f"http://{options.host}:{server.port}" for server in servers)),
    )
    return Server(f"{role}-router", role, command, port)


def _notes(placed: dict[Role, list[Gpu]], shared: bool, options: Options, has_router: bool) -> list[str]:
    notes = []
    share = _SHARED if shared else _ALONE
    smallest = min(gpu.memory_gib for used in placed.values() for gpu in used)
    budget = smallest * share
    fit = fitting(budget, options.context)
    if fit is None:
        notes.append(
            f"each server gets {budget:.0f} GiB, and an 8B model does not fit even in FP8: choose smaller "
            'models, or serve one role only (--critic "" leaves critique to the pixel critic)'
        )
    elif fit.flags or fit.context < options.context:
        shorter = f"--context {fit.context} " if fit.context < options.context else ""
        notes.append(
            f"each server gets {budget:.0f} GiB; an 8B model with the KV cache of one context fits with "
            f"`{shorter}-- {' '.join(fit.flags)}`; smaller models need none of it"
        )
    if any(len(used) > 1 for used in placed.values()) and options.router and not has_router:
        notes.append(
            "vllm-router is not installed: every replica is named, and lookalike spreads the load itself"
        )
    return notes
