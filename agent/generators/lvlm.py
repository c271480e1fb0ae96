"""Any LVLM behind an OpenAI-compatible endpoint as generator."""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import dataclass, replace
from typing import Any

from agent.generators.details import details
from agent.generators.extraction import Found, Problem, find_code
from agent.generators.findings import folded
from agent.generators.hints import Hints
from agent.generators.sandbox import SANDBOX, Sandbox
from critic.human import is_told
from critic.types import Box, Discrepancy
from graph.types import Action, Attempt, Draft, Revision, Task
from prompts.client import ChatAnswer, ChatClient, ChatRequest
from prompts.endpoint import Sampling
from prompts.errors import ContextOverflowError, ModelError, NothingSaidError, RequestError
from prompts.library import Templates, fenced
from prompts.messages import Message, neutralise
from prompts.pictures import Picture, PictureFormat, encode_picture
from prompts.streaming import Choice
from prompts.usage import Usage
from renderers.types import Image, RenderStatus

_FORM = PictureFormat(longest=1280, encoding="PNG")
_SAMPLING = Sampling(temperature=0.7, top_p=0.8, top_k=20, max_tokens=8192)
_MOST_ATTEMPTS = 4
_LONGEST_LOG = 3_000
_LONGEST_CODE = 60_000
_MOST_CHANGES = 6
_MOST_ADDED = 3
"""New findings of a rejected revision that the next one is told of."""

_EQUAL = 0.0005
"""Similarity that would be told as the same number."""

_ASKED = 2
"""Times that a question is put until the answer holds a whole program."""

_WITH_SHEET = 4
"""Parts of a message that begins with what is said of the sheet, and the sheet."""

_SECOND_SEED = 1_000_003
_GATHERING = 0.02
"""Seconds in which drafts that are asked for one by one come together."""
_QUOTED = 120
"""Letters of an answer that are quoted in a message."""


@dataclass(slots=True)
class _Batch:
    """First drafts of one task that are asked for together; the first of them carries the cost of all."""

    seed: int
    size: int = 0
    asking: asyncio.Future[list[Draft]] | None = None


class LvlmGenerator:
    """Asks a model for code, and for better code.

    A draft's and a revision's messages begin with the same bytes, reference picture and task, so that the
    server's prefix cache serves every candidate and every round.
    """

    name = "lvlm"
    samples = True

    def __init__(
        self,
        client: ChatClient,
        templates: Templates | None = None,
        hints: Hints | None = None,
        *,
        edits: bool = False,
        sheet: bool = True,
        sandbox: Sandbox = SANDBOX,
    ) -> None:
        """Choose whom to ask and what to tell.

        Args:
            client: Its owner closes it.
            templates: The prompt texts.
            hints: Measures what a model is told of the picture; it is told nothing by default.
            edits: Ask for what changes in a revision, rather than for the whole program.
            sheet: Show a revision the places that differ most, enlarged: a third picture.
            sandbox: What code finds where it is drawn.
        """
        self._sandbox = sandbox
        self._edits, self._sheet = edits, sheet
        self._client = client
        self._hints = hints
        self._templates = templates or Templates()
        self._batches: dict[int, _Batch] = {}

    async def draft(self, task: Task, seed: int) -> Draft:
        """First code for the picture; drafts asked for at the same time share one request, read once."""
        batch = self._batches.get(id(task))
        if batch is None:
            batch = self._batches[id(task)] = _Batch(seed)
            batch.asking = asyncio.ensure_future(self._ask_batch(task, batch))
        place = batch.size
        batch.size += 1
        assert batch.asking is not None
        return (await asyncio.shield(batch.asking))[place]

    async def _ask_batch(self, task: Task, batch: _Batch) -> list[Draft]:
        await asyncio.sleep(_GATHERING)
        del self._batches[id(task)]
        request = replace(await self.draft_request(task, batch.seed), n=batch.size)
        drafts = await self._ask(request, task)
        missing = (
            replace(drafts[0], usage=Usage())
            if drafts[0].failure
            else _without_code("the server left it out")
        )
        return drafts + [missing] * (batch.size - len(drafts))

    async def revise(self, revision: Revision) -> Draft:
        """Code that has fewer of the discrepancies, or that renders at all."""
        request = await self.revision_request(revision)
        draft = (await self._ask(request, revision.task, revision.code))[0]
        if not draft.code:
            return draft
        changes = changed_lines(revision.code, draft.code)
        if not changes:
            return replace(draft, code="", actions=(Action(description="the same code again", done=False),))
        asked = tuple(
            Action(discrepancy=index, description=f"asked the model to mend: {_short(item.description)}")
            for index, item in enumerate(revision.discrepancies)
        )
        return replace(draft, actions=(*asked, Action(description=changes)))

    async def draft_request(self, task: Task, seed: int) -> ChatRequest:
        """What a first draft is asked by."""
        return ChatRequest(messages=(await self._opening(task),), sampling=_SAMPLING, seed=seed)

    async def revision_request(self, revision: Revision) -> ChatRequest:
        """What a revision is asked by: the draft's question, the code as answer, what is wrong with it."""
        task, render = revision.task, revision.render
        if revision.status is not RenderStatus.OK:
            render = None
        sent = await _encoded(task.reference)
        shown = () if render is None else (await _encoded(render),)
        sheet = await self._details(task, render, sent) if render is not None else ()
        text = self._templates.render(
            task.kind,
            "revise",
            edits=self._edits,
            language=task.language.value,
            has_render=render is not None,
            status=revision.status.value,
            log="" if render is not None else trimmed(revision.log) or "nothing was drawn",
            noted=trimmed(revision.log) if render is not None else "",
            told=[_placed(item, sent, task) for item in revision.discrepancies if is_told(item)],
            discrepancies=[
                {**_placed(item, sent, task), "within": [_placed(part, sent, task) for part in parts]}
                for item, parts in folded([one for one in revision.discrepancies if not is_told(one)])
            ],
            attempts=[_told(attempt) for attempt in revision.attempts[-_MOST_ATTEMPTS:]],
            earlier=[_told(attempt) for attempt in revision.earlier[-_MOST_ATTEMPTS:]],
        )
        code = neutralise(revision.code.strip()[:_LONGEST_CODE])
        messages = (
            await self._opening(task),
            Message("assistant", (fenced(code, task.language.value),)),
            Message("user", (*sheet, *shown, text)),
        )
        return ChatRequest(messages=messages, sampling=_SAMPLING, seed=revision.seed)

    async def _details(self, task: Task, render: Image, sent: Picture) -> tuple[str, Picture] | tuple[()]:
        """The places that differ most, on a sheet, and what is said of it."""
        if not self._sheet:
            return ()
        share = sent.width / task.reference.shape[1]
        sheet = await asyncio.to_thread(details, task.reference, render, share)
        if sheet is None:
            return ()
        places = [_place(box, sent, task) for box in sheet.boxes]
        return self._templates.render("shared", "details", places=places), await _encoded(sheet.image)

    async def _opening(self, task: Task) -> Message:
        """Reference and task: what never changes in a run, and so stands first."""
        window = task.size.window  # code that a browser draws is written in CSS pixels
        sent = await _encoded(task.reference)
        hints = await self._hints.of(task) if self._hints else ""
        text = self._templates.render(
            task.kind,
            "generate",
            hints=hints,
            sandbox=self._sandbox,
            width=window.width,
            height=window.height,
            sent=f"{sent.width} x {sent.height}",
            language=task.language.value,
            target=task.target,
        )
        return Message("user", (sent, text))

    async def _ask(self, request: ChatRequest, task: Task, parent: str = "") -> list[Draft]:
        """The drafts in the answer; where it holds no whole program, it is asked for once more.

        A program that seems abridged twice is taken all the same: whether it is shows when it is drawn.
        """
        usage, asked = Usage(), request
        drafts: list[Draft] = []
        for _ in range(_ASKED):
            try:
                answer = await self._chat(asked)
            except NothingSaidError as error:
                usage = usage + error.usage
                drafts = drafts or [_without_code(str(error))]
                break
            except ModelError as error:
                usage = usage + error.usage
                drafts = drafts if any(draft.code for draft in drafts) else [Draft("", failure=str(error))]
                break
            usage = usage + answer.usage
            found = [find_code(choice.text, task.language, parent) for choice in answer.choices]
            drafts = [_draft(*pair, task) for pair in zip(answer.choices, found, strict=True)]
            if any(item.code and not item.problem for item in found):
                break
            asked = self._again(request, answer.choices[0], found[0].problem, task)
        return [replace(drafts[0], usage=usage), *drafts[1:]]

    async def _chat(self, request: ChatRequest) -> ChatAnswer:
        """With the sheet while the server takes a third picture; without it once it has refused, for good."""
        try:
            return await self._client.chat(request)
        except RequestError as error:
            plain = _without_sheet(request)
            if plain == request or isinstance(error, ContextOverflowError):
                raise
            self._sheet = False
            refused = error.usage
        try:
            answer = await self._client.chat(plain)
        except ModelError as error:
            error.usage = refused + error.usage
            raise
        return replace(answer, usage=refused + answer.usage)

    def _again(self, request: ChatRequest, choice: Choice, problem: Problem, task: Task) -> ChatRequest:
        """The question after an answer without a whole program; one that was cut off is not shown again."""
        again = replace(request, seed=(request.seed or 0) + _SECOND_SEED)
        if not choice.whole or not choice.text.strip():
            return again
        said = Message("assistant", (neutralise(choice.text[:_LONGEST_CODE]),))
        text = self._templates.render("shared", "whole", problem=problem.value, language=task.language.value)
        return replace(again, messages=(*request.messages, said, Message("user", (text,))))


def _without_sheet(request: ChatRequest) -> ChatRequest:
    """A revision's question as it is without the sheet; others as they are."""
    messages = tuple(
        replace(message, parts=message.parts[2:]) if len(message.parts) == _WITH_SHEET else message
        for message in request.messages
    )
    return replace(request, messages=messages)


def _draft(choice: Choice, found: Found, task: Task) -> Draft:
    if found.code:
        return Draft(code=found.code)
    if found.problem is Problem.MISFIT:
        return _without_code("the edits that the model answered with do not fit the code")
    ended = "" if choice.whole else f"; it was cut off ({choice.cut or choice.finish_reason})"
    said = f': "{_short(choice.text)}"' if choice.text.strip() else ""
    return _without_code(f"no {task.language} in the model's answer{ended}{said}")


def _without_code(reason: str) -> Draft:
    """An answer that brings nothing to draw: a try that did not help, not a failure to ask."""
    return Draft(code="", actions=(Action(description=reason, done=False),))


def _placed(found: Discrepancy, sent: Picture, task: Task) -> dict[str, Any]:
    """A discrepancy for the prompt, its box in the pixels of the picture that is sent."""
    place = _place(found.box, sent, task) if found.box else ""
    return {
        "category": found.category,
        "severity": found.severity,
        "location": ", ".join(filter(None, (found.location, place))),
        "description": found.description,
    }


def _place(box: Box, sent: Picture, task: Task) -> str:
    across, down = sent.width / task.reference.shape[1], sent.height / task.reference.shape[0]
    return f"x {box.x0 * across:.0f} to {box.x1 * across:.0f}, y {box.y0 * down:.0f} to {box.y1 * down:.0f}"


async def _encoded(image: Image) -> Picture:
    return await asyncio.to_thread(encode_picture, image, _FORM)


def trimmed(log: str) -> str:
    """What tells most of a log: its end, where a traceback names the error, and a little of its head."""
    log = log.strip()
    if len(log) <= _LONGEST_LOG:
        return log
    head = _LONGEST_LOG // 4
    return f"{log[:head]}\n[...]\n{log[head - _LONGEST_LOG :]}"


def changed_lines(before: str, after: str) -> str:
    """What a revision changed, in a few lines; empty where nothing but space at the ends of lines."""
    old, new = ([line.rstrip() for line in text.strip().splitlines()] for text in (before, after))
    changes = [
        line.strip()
        for line in difflib.unified_diff(old, new, lineterm="", n=0)
        if line[0] in "+-" and not line.startswith(("---", "+++"))
    ]
    told = "; ".join(_short(line) for line in changes[:_MOST_CHANGES])
    more = len(changes) - _MOST_CHANGES
    return told + (f"; and {more} more lines" if more > 0 else "")


def _told(attempt: Attempt) -> str:
    """A rejected revision as it was, as the next one is told of it."""
    tried = [action.description for action in attempt.actions if action.discrepancy is None]
    asked = [action.description for action in attempt.actions if action.discrepancy is not None]
    return f"{' '.join(tried or asked) or 'another change'} - {_outcome(attempt)}"


def _outcome(attempt: Attempt) -> str:
    if not attempt.drawn:
        return "it changed nothing"
    if attempt.failure:
        return f"it gave no picture: {_last_line(attempt.failure)}"
    told = [_moved(attempt)] if attempt.before is not None and attempt.similarity is not None else []
    if attempt.fixed:
        told.append(f"{attempt.fixed} of the differences were no longer listed")
    if attempt.added:
        new = "; ".join(_short(text) for text in attempt.added[:_MOST_ADDED])
        told.append(f"the reviewer listed {len(attempt.added)} more: {new}")
    return ", ".join(told) or "it came no closer"


def _moved(attempt: Attempt) -> str:
    before, after = attempt.before or 0.0, attempt.similarity or 0.0
    if abs(after - before) < _EQUAL:
        return "the pixels came no nearer"
    return f"the pixels came {'nearer' if after > before else 'less near'} ({before:.3f} to {after:.3f})"


def _last_line(log: str) -> str:
    """The line of a traceback that names the error: its last one."""
    lines = [line for line in log.splitlines() if line.strip()]
    return _short(lines[-1]) if lines else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 3]}..."
