"""The exact request bodies, for each kind and role, as they arrive at a server.

``LOOKALIKE_UPDATE_GOLDEN=1 pytest tests/golden`` writes them anew; read the difference before committing it.
Pictures are shortened to which one it is, its format and its size.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from agent.generators.lvlm import LvlmGenerator
from agent.testing import ModelServer, Reply
from critic.judge import JudgeCritic
from critic.types import Discrepancy
from critic.visual_erm import VisualErmCritic
from graph.types import Action, Attempt, Revision, Task
from prompts.allowance import Allowance, allowing
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from renderers.types import LANGUAGES, Kind, RenderStatus

pytestmark = pytest.mark.anyio
BODIES = Path(__file__).parent / "bodies"
SIZES = {Kind.CHART: (1600, 1000), Kind.TABLE: (900, 400), Kind.SVG: (336, 336), Kind.PAGE: (1280, 800)}


@pytest.fixture
def anyio_backend():
    return "asyncio"


def drawing(kind: Kind, colour: str) -> np.ndarray:
    width, height = SIZES[kind]
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((40, 40, width // 2, height - 60), fill=colour)
    return np.asarray(image)


def revision(kind: Kind, *, failed: bool = False) -> Revision:
    task = Task(kind, LANGUAGES[kind][0], drawing(kind, "red"))
    mended = Action(discrepancy=None, description="-a = 1; +a = 2")
    return Revision(
        task=task,
        code="the previous code\n",
        description="",
        render=None if failed else drawing(kind, "blue"),
        status=RenderStatus.ERROR if failed else RenderStatus.OK,
        log="Traceback\nValueError: x" if failed else "",
        discrepancies=()
        if failed
        else (
            Discrepancy(category="text_error", severity=3, location="title", description="says A, not B"),
            Discrepancy(category="style_error", severity=1, description="the red is too dark"),
        ),
        attempts=() if failed else (Attempt(actions=(mended,), reward=1.5, similarity=0.8),),
        round=2,
        seed=5,
    )


async def put_question(kind: Kind, role: str, client: ChatClient) -> None:
    task = Task(kind, LANGUAGES[kind][0], drawing(kind, "red"))
    render = drawing(kind, "blue")
    if role == "generate":
        await LvlmGenerator(client).draft(task, 3)
    elif role == "generate-many":
        generator = LvlmGenerator(client)
        await asyncio.gather(*(generator.draft(task, seed) for seed in range(4)))
    elif role == "revise":
        await LvlmGenerator(client).revise(revision(kind))
    elif role == "revise-failed":
        await LvlmGenerator(client).revise(revision(kind, failed=True))
    elif role == "critique":
        await VisualErmCritic(client).critique(kind, task.reference, render)
    else:
        await JudgeCritic(client).critique(kind, task.reference, render)


async def body_of(kind: Kind, role: str, dialect: str = "vllm") -> dict:
    async with ModelServer([Reply('{"errors": []}')]) as server:
        endpoint = Endpoint(base_urls=server.url, model="model", dialect=dialect)
        async with ChatClient(endpoint) as client:
            with allowing(Allowance(session="golden")):
                await put_question(kind, role, client)
    assert server.asked[0].headers["x-session-id"] == "golden"
    return server.asked[0].body


def readable(body: dict, kind: Kind) -> dict:
    body = json.loads(json.dumps(body))
    for message in body["messages"]:
        parts = message["content"] if isinstance(message["content"], list) else [message]
        for part in parts:
            if part.get("type") == "image_url":
                part["image_url"]["url"] = shortened(part["image_url"]["url"])
            else:
                name = "text" if "text" in part else "content"
                part[name] = part[name].split("\n")
    return body


def shortened(url: str) -> str:
    head, _, data = url.partition(",")
    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    red, _, blue = picture.getpixel((picture.width // 4, picture.height // 2))
    return f"{head},<{'reference' if red > blue else 'render'}, {picture.width} x {picture.height}>"


ROLES = ("generate", "revise", "critique", "judge")
CASES = [(kind, role) for kind in Kind for role in ROLES] + [
    (Kind.CHART, "generate-many"),
    (Kind.CHART, "revise-failed"),
]


@pytest.mark.parametrize(("kind", "role"), CASES)
async def test_request_body(kind: Kind, role: str):
    found = readable(await body_of(kind, role), kind)
    file = BODIES / f"{kind}-{role}.json"
    if os.environ.get("LOOKALIKE_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    assert found == json.loads(file.read_text())


def parts_of(body: dict) -> list[str]:
    """The prompt as a server's prefix cache sees it: parts in order."""
    parts: list[str] = []
    for message in body["messages"]:
        content = message["content"]
        pieces = [content] if isinstance(content, str) else [json.dumps(part) for part in content]
        parts += [f"<{message['role']}>", *pieces]
    return parts


@pytest.mark.parametrize("kind", Kind)
async def test_drafts_and_revisions_begin_with_the_same_bytes(kind):
    draft, revised = parts_of(await body_of(kind, "generate")), parts_of(await body_of(kind, "revise"))
    assert revised[: len(draft)] == draft
    assert "image_url" in draft[1]


@pytest.mark.parametrize("kind", [Kind.CHART, Kind.SVG, Kind.TABLE])
async def test_a_critique_goes_as_visual_erm_was_trained(kind):
    """The published format: pictures, sampling, messages."""
    body = await body_of(kind, "critique")
    pictures = [part for part in body["messages"][-1]["content"] if part["type"] == "image_url"]
    shown = [shortened(part["image_url"]["url"]) for part in pictures]
    assert ["reference" in shown[0], "render" in shown[1], len(shown)] == [True, True, 2]
    assert body["messages"][-1]["content"][-1]["type"] == "text"
    sizes = [tuple(map(int, text.split(", ")[1].rstrip(">").split(" x "))) for text in shown]
    if kind is Kind.TABLE:
        assert [message["role"] for message in body["messages"]] == ["system", "user"]
        assert body["messages"][-1]["content"][-1]["text"].startswith("<image>\n<image>\n")
        assert (body["temperature"], body["repetition_penalty"], body["max_tokens"]) == (0.0, 1.05, 8192)
        assert all("image/png" in text for text in shown)
        assert sizes == [(768, 341), (435, 325)]  # of the render 411 x 301 drawn, and 12 px around it
    else:
        assert [message["role"] for message in body["messages"]] == ["user"]
        assert {name: body[name] for name in ("temperature", "top_p", "top_k", "presence_penalty")} == {
            "temperature": 0.7,
            "top_p": 0.8,
            "top_k": 20,
            "presence_penalty": 1.5,
        }
        assert (body["repetition_penalty"], body["max_tokens"]) == (1.0, 4096)
        assert all("image/jpeg" in text for text in shown)
        assert max(sizes[0]) == min(1024, max(SIZES[kind]))


async def test_other_servers_get_nothing_that_only_vllm_knows():
    body = await body_of(Kind.CHART, "critique", dialect="openai")
    assert not {"top_k", "repetition_penalty"} & set(body)
    assert body["stream_options"] == {"include_usage": True}
