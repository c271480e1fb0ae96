"""What the doctor says of a model server."""

from __future__ import annotations

import pytest

from agent.doctor import Verdict, examine_server
from agent.testing import Asked, Fault, ModelServer, Reply
from prompts.endpoint import Endpoint

pytestmark = pytest.mark.anyio


async def told(server: ModelServer, **changes) -> dict[str, tuple[Verdict, str, str]]:
    values = {"base_urls": server.url, "model": "model", "attempts": 1, **changes}
    checks = await examine_server("critic", Endpoint(**values))
    return {
        check.name.removeprefix("critic: "): (check.verdict, check.detail, check.remedy) for check in checks
    }


def healthy(asked: Asked) -> Reply:
    return Reply('{"more": "first"}' if "response_format" in asked.body else "yes", cached_tokens=16)


async def test_a_healthy_server():
    async with ModelServer(healthy) as server:
        checks = await told(server)
    assert list(checks) == ["server", "two pictures", "structured outputs", "prefix cache"]
    assert {verdict for verdict, _, _ in checks.values()} == {Verdict.OK}
    assert all(len(asked.pictures) == 2 for asked in server.asked)


async def test_a_server_that_is_not_there():
    async with ModelServer() as server:
        pass
    checks = await told(server)
    assert list(checks) == ["server"]
    assert checks["server"][0] is Verdict.MISSING
    assert "lookalike serve" in checks["server"][2]


async def test_a_model_of_another_name():
    async with ModelServer(models=("other",)) as server:
        checks = await told(server)
    assert checks["server"][0] is Verdict.MISSING
    assert checks["server"][2] == "set LOOKALIKE_CRITIC__MODEL to one of other"


async def test_a_wrong_key_is_not_shown():
    async with ModelServer(api_key="right") as server:
        checks = await told(server, api_key="wr0ng-s3cret")
    assert checks["two pictures"][0] is Verdict.MISSING
    assert "wr0ng" not in str(checks)


async def test_a_server_that_takes_one_picture_only():
    async with ModelServer([Fault.BAD_REQUEST]) as server:
        checks = await told(server)
    assert checks["two pictures"][0] is Verdict.MISSING
    assert "--limit-mm-per-prompt" in checks["two pictures"][2]


async def test_a_server_that_ignores_schemas_and_caches_nothing():
    async with ModelServer([Reply("The first one.")]) as server:
        checks = await told(server)
    assert checks["two pictures"][0] is Verdict.OK
    assert checks["structured outputs"][0] is Verdict.WEAK
    assert checks["prefix cache"][0] is Verdict.WEAK
    assert "--enable-prompt-tokens-details" in checks["prefix cache"][2]
