"""The deployment files hold what the plan would start, in the forms that Compose and Ray Serve read.

What of the forms is used here is written down as types; the files are also put before the real thing, the
Compose Specification's schema and, where Ray Serve is installed, Ray's.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.serving.gpus import Gpu
from agent.serving.plan import Options, plan


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Device(Strict):
    driver: str
    device_ids: list[str]
    capabilities: list[str]


class Reservations(Strict):
    devices: list[Device]


class Resources(Strict):
    reservations: Reservations


class Deploy(Strict):
    resources: Resources


class Healthcheck(Strict):
    test: list[str]
    interval: str
    timeout: str
    retries: int
    start_period: str


class DependsOn(Strict):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Service(Strict):
    image: str
    restart: Literal["no", "always", "on-failure", "unless-stopped"]
    entrypoint: list[str]
    ipc: str
    volumes: list[str]
    healthcheck: Healthcheck
    command: list[str]
    environment: dict[str, str]
    ports: list[str]
    deploy: Deploy
    depends_on: dict[str, DependsOn] = {}


class Compose(Strict):
    name: str
    services: dict[str, Service]


class Autoscaling(Strict):
    min_replicas: int = Field(ge=0)
    max_replicas: int = Field(ge=1)
    target_ongoing_requests: float


class DeploymentConfig(Strict):
    autoscaling_config: Autoscaling
    max_ongoing_requests: int


class ModelLoading(Strict):
    model_id: str
    model_source: str


class LLMConfig(Strict):
    model_loading_config: ModelLoading
    deployment_config: DeploymentConfig
    engine_kwargs: dict[str, Any]


class ServingArgs(Strict):
    llm_configs: list[LLMConfig]


class Application(Strict):
    name: str
    route_prefix: str
    import_path: Literal["ray.serve.llm:build_openai_app"]
    args: ServingArgs


class HttpOptions(Strict):
    host: str
    port: int


class RayServe(Strict):
    proxy_location: Literal["Disabled", "HeadOnly", "EveryNode"]
    http_options: HttpOptions
    applications: list[Application]


def load(path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text())
    return {name: value for name, value in content.items() if not name.startswith("x-")}


@pytest.fixture
def compose(root) -> Compose:
    return Compose.model_validate(load(root / "deploy" / "compose.yaml"))


@pytest.fixture
def ray_serve(root) -> RayServe:
    return RayServe.model_validate(load(root / "deploy" / "ray_serve.yaml"))


def planned_flags() -> dict[str, dict[str, str]]:
    """By role: the flags of the commands that `lookalike serve` would run on two GPUs."""
    servers = plan([Gpu("0", "", 80), Gpu("1", "", 80)], Options()).servers
    return {
        server.role: flags_of(list(server.command[3:])) | {"model": server.command[2]} for server in servers
    }


def flags_of(command: list[str]) -> dict[str, str]:
    flags: dict[str, str] = {}
    for word in command:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            flags[name] = value
        else:
            flags[list(flags)[-1]] = word
    return {name: compact(value) for name, value in flags.items()}


def compact(value: str) -> str:
    return json.dumps(json.loads(value)) if value.startswith("{") else value


def default_of(text: str) -> str:
    """A text with Compose's ``${NAME:-default}`` replaced by the defaults."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


@pytest.mark.parametrize("role", ["generator", "critic"])
def test_compose_starts_what_serve_would(compose, role):
    service = compose.services[role]
    model, *command = [default_of(word) for word in service.command]
    found = flags_of(command) | {"model": model}
    wanted = planned_flags()[role]
    del wanted["--host"], wanted["--port"]
    assert found == wanted
    assert service.entrypoint == ["vllm", "serve"]


def test_compose_keeps_the_servers_to_this_machine_and_starts_one_after_the_other(compose):
    assert all(
        port.startswith("127.0.0.1:") for service in compose.services.values() for port in service.ports
    )
    assert compose.services["critic"].depends_on["generator"].condition == "service_healthy"


def test_ray_serves_the_same_models_with_the_same_options(ray_serve):
    (application,) = ray_serve.applications
    for config in application.args.llm_configs:
        wanted = planned_flags()[config.model_loading_config.model_id]
        assert config.model_loading_config.model_source == wanted.pop("model")
        for name in ("--host", "--port", "--served-model-name"):
            del wanted[name]
        found = {
            "--" + name.replace("_", "-"): ("" if value is True else compact(json.dumps(value)).strip('"'))
            for name, value in config.engine_kwargs.items()
        }
        assert found == wanted


def test_the_compose_file_is_as_the_specification_has_it(root):
    """By the Compose Specification's own schema, which Docker Compose checks files with."""
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*checker, str(root / "deploy" / "compose.yaml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ray_reads_its_file(root):
    schema = pytest.importorskip("ray.serve.schema", reason="Ray Serve is not installed: make test-ray")
    schema.ServeDeploySchema.model_validate(yaml.safe_load((root / "deploy" / "ray_serve.yaml").read_text()))


def test_ray_reads_the_models_of_its_file(root, ray_serve):
    llm = pytest.importorskip("ray.serve.llm", reason="Ray with vLLM is not installed", exc_type=ImportError)
    (application,) = yaml.safe_load((root / "deploy" / "ray_serve.yaml").read_text())["applications"]
    read = [llm.LLMConfig.model_validate(config) for config in application["args"]["llm_configs"]]
    assert [config.model_id for config in read] == [
        config.model_loading_config.model_id for config in ray_serve.applications[0].args.llm_configs
    ]
