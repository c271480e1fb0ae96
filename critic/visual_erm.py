"""Visual-ERM as critic, asked in exactly the way it was trained (arXiv 2603.13224)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from critic.asking import Verdict, ask, critiques_by_asking, sampled
from critic.types import Critique
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Sampling
from prompts.library import Templates
from prompts.messages import Message
from prompts.pictures import PictureFormat, encode_picture
from renderers.kinds import ByKind
from renderers.types import Image, Kind


@dataclass(frozen=True, slots=True)
class Wire:
    """How one kind's question is put.

    Attributes:
        form: How the render is prepared.
        sampling: As published.
        system: System message; none where empty.
        placeholders: What the text begins with.
        fallback: Severity sum to assume where the answer cannot be parsed, as published.
        reference: How the reference is prepared, where otherwise.
    """

    form: PictureFormat
    sampling: Sampling
    system: str = ""
    placeholders: str = ""
    fallback: int = 25
    reference: PictureFormat | None = None


DRAWN = Wire(
    PictureFormat(longest=1024, encoding="JPEG"),
    Sampling(
        temperature=0.7, top_p=0.8, top_k=20, presence_penalty=1.5, repetition_penalty=1.0, max_tokens=4096
    ),
)
TABLE = Wire(
    PictureFormat(longest=768, encoding="PNG", crop_padding=12),
    Sampling(temperature=0.0, repetition_penalty=1.05, max_tokens=8192),
    system="You are a helpful assistant.",
    placeholders="<image>\n<image>\n",
    fallback=4,
    reference=PictureFormat(longest=768, encoding="PNG"),
)

WIRES: Mapping[str, Wire] = ByKind(lambda spec: cast(Wire, spec.part("wire")))
"""How each kind is asked; those that are not Visual-ERM's are asked like charts."""


class VisualErmCritic:
    """Asks a served Visual-ERM for the discrepancies.

    Its reward for an answer that cannot be parsed, even when asked again, is the published one, and the
    critique says so.
    """

    name = "visual-erm"

    def __init__(
        self,
        client: ChatClient,
        templates: Templates | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Ask through ``client``.

        Args:
            client: Where Visual-ERM is served; closed by its owner.
            templates: Our prompts, perhaps overridden.
            texts: Prompt texts by kind that stand in for the templates (see ``prompts.verm``).
        """
        self._client = client
        self._templates = templates or Templates()
        self._texts = dict(texts or {})

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``; a failure is told, not raised."""
        return (await self.samples(kind, reference, render, 1))[0]

    async def again(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """Another answer, as a sample: greedy or nearly so it would be the first one's repetition."""
        asking = self._ask(kind, reference, render, 1, again=True)
        return (await critiques_by_asking(self.name, asking, reference, render, WIRES[kind].fallback))[0]

    @property
    def together(self) -> bool:
        """Whether several samples cost less than as many critiques."""
        return self._client.endpoint.dialect == "vllm"

    async def samples(self, kind: Kind, reference: Image, render: Image, count: int) -> tuple[Critique, ...]:
        """``count`` answers to one question, or one failure."""
        asking = self._ask(kind, reference, render, count)
        return await critiques_by_asking(self.name, asking, reference, render, WIRES[kind].fallback)

    async def _ask(
        self, kind: Kind, reference: Image, render: Image, count: int, again: bool = False
    ) -> Verdict:
        request = await asyncio.to_thread(self.request, kind, reference, render)
        sample = sampled(request, count)
        first = request if count == 1 and not again else sample
        return await ask(self._client.chat, (first, sample), kind)

    def request(self, kind: Kind, reference: Image, render: Image) -> ChatRequest:
        """The question: reference first, so that the server's prefix cache knows it from round to round."""
        wire = WIRES[kind]
        forms = (wire.reference or wire.form, wire.form)
        pictures = [encode_picture(*pair) for pair in zip((reference, render), forms, strict=True)]
        text = self._texts.get(kind) or self._templates.render(kind, "critique")
        system = (Message("system", (wire.system,)),) if wire.system else ()
        question = Message("user", (*pictures, wire.placeholders + text))
        return ChatRequest(messages=(*system, question), sampling=wire.sampling)
