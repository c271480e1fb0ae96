"""Asking a critic about a pair: on the benchmark's own wire, or in the critic's usual way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from critic.parsing import parse_critique
from critic.rewardbench.judging import SYSTEM
from critic.rewardbench.records import Item
from critic.types import Critic, Critique
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Sampling
from prompts.errors import ModelError
from prompts.library import Templates
from prompts.messages import Message
from prompts.pictures import Picture
from renderers.pictures import load_picture, read_file, size_of

_SAMPLING = Sampling(max_tokens=8192)
_PLACEHOLDERS = "<image>\n<image>\n"


class Asker(Protocol):
    """Gets a critic's errors of a pair."""

    name: str

    async def ask(self, item: Item, folder: Path) -> Critique:
        """The critique; a failure is told in it.

        Args:
            item: The pair.
            folder: Where its relative paths begin.

        Raises:
            PictureError: A picture cannot be read.
        """
        ...


class CriticAsker:
    """Any critic, as it is asked in a run: for a served Visual-ERM, on the wire of its training."""

    def __init__(self, critic: Critic) -> None:
        """Ask ``critic``, which its owner closes."""
        self._critic = critic
        self.name = critic.name

    async def ask(self, item: Item, folder: Path) -> Critique:
        """What the critic says."""
        reference, prediction = await asyncio.gather(
            *(
                asyncio.to_thread(load_picture, folder / path)
                for path in (item.gt_img_path, item.pred_img_path)
            )
        )
        return await self._critic.critique(item.kind, reference, prediction)


class BenchmarkAsker:
    """A served model on the benchmark's wire: the text first, then both files as they are."""

    def __init__(
        self, name: str, client: ChatClient, templates: Templates, texts: Mapping[str, str] | None = None
    ) -> None:
        """Ask through ``client``, which its owner closes.

        Args:
            name: What the critic is called.
            client: Where the model is served.
            templates: Our prompts, perhaps overridden.
            texts: Prompt texts by kind that stand in for the templates (see ``prompts.verm``).
        """
        self.name = name
        self._client, self._templates, self._texts = client, templates, dict(texts or {})

    async def ask(self, item: Item, folder: Path) -> Critique:
        """What the model answers; similarity is not measured, for pixels have no part in this."""
        started = time.perf_counter()
        request = await asyncio.to_thread(self.request, item, folder)
        try:
            answer = await self._client.chat(request)
        except ModelError as error:
            return Critique(critic=self.name, similarity=0.0, usage=error.usage, failure=str(error))
        found = parse_critique(answer.text, item.kind)
        return Critique(
            critic=self.name,
            discrepancies=found or (),
            similarity=0.0,
            seconds=time.perf_counter() - started,
            usage=answer.usage,
            failure="the critic's answer could not be parsed" if found is None else "",
        )

    def request(self, item: Item, folder: Path) -> ChatRequest:
        """The question."""
        pictures = [_as_published(folder / path) for path in (item.gt_img_path, item.pred_img_path)]
        text = self._texts.get(item.kind) or self._templates.render(item.kind, "critique")
        question = Message("user", (_PLACEHOLDERS + text, *pictures))
        return ChatRequest((Message("system", (SYSTEM,)), question), _SAMPLING)


def _as_published(path: Path) -> Picture:
    """A file's bytes as they are, called JPEG whatever they are."""
    data = read_file(path, str(path))
    size = size_of(load_picture(data, str(path)))
    return Picture(data, "image/jpeg", size.width, size.height, detail="high")


class GivenAsker:
    """Predictions that the file holds already: nobody is asked."""

    name = "given"

    async def ask(self, item: Item, folder: Path) -> Critique:
        """The file's ``pred_json``."""
        found = parse_critique(json.dumps(item.pred_json), item.kind) if item.pred_json else None
        failure = "the file holds no critique of this pair" if found is None else ""
        return Critique(
            critic=self.name,
            discrepancies=found or (),
            similarity=0.0,
            failure=failure,
        )
