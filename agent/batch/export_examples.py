"""What a run is made into: examples for training, as records whose pictures are files."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image as PILImage

from agent.batch.export_columns import Export
from agent.batch.export_pairs import pairs
from agent.batch.export_svg import in_pixels
from agent.generators.sandbox import SANDBOX
from agent.report.run_folder import CandidateRecord, RunFolder
from critic.reward import reward
from critic.types import Critique
from prompts.library import Templates, fenced
from prompts.messages import neutralise
from renderers.types import Kind, Language, RenderStatus, Size

Example = dict[str, Any]

_LEAST_INK = 0.6
"""Share of the ink that agrees with the picture's below which code is no answer to learn: a blank page, or
axes without what they are for, can be as much alike as 0.9 where little is drawn."""

_TOLD = {"category", "severity", "location", "description", "box", "agreement", "source"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which examples are wanted.

    Attributes:
        min_reward: Of the code: the best, the chosen, the candidate.
        min_margin: In reward between chosen and rejected.
        min_similarity: Of the code that is shown as an answer to learn.
    """

    min_reward: float = 0.0
    min_margin: float = 0.0
    min_similarity: float = 0.85


@dataclass(frozen=True, slots=True)
class Examples:
    """Makes examples.

    Attributes:
        templates: The prompts that go with the pictures.
        wanted: Which examples to make.
        left_out: What could not be used, by reason; filled on the way.
    """

    templates: Templates
    wanted: Wanted
    left_out: Counter[str]

    def of(self, export: Export, name: str, run: RunFolder) -> Iterator[Example]:
        """The examples of one run."""
        makers: dict[Export, Callable[[_Subject], Iterator[Example]]] = {
            Export.SFT: self._sft,
            Export.PREFERENCES: self._preferences,
            Export.CRITIQUES: self._critiques,
            Export.REWARDS: self._rewards,
        }
        subject = self._subject(name, run)
        return makers[export](subject) if subject is not None else iter(())

    def _subject(self, name: str, run: RunFolder) -> _Subject | None:
        """The run, if it can be used at all."""
        try:
            kind, language = Kind(run.run.kind), Language(run.run.language)
        except ValueError:
            self.left_out["runs whose run.json is missing or damaged"] += 1
            return None
        reference = run.file(run.run.reference or "")
        size = None if reference is None else _size(reference)
        if reference is None or size is None:
            self.left_out["runs whose picture is missing or damaged"] += 1
            return None
        return _Subject(name, run, kind, language, reference, size)

    def _sft(self, subject: _Subject) -> Iterator[Example]:
        best = subject.run.best
        if best is None or not best.accepted:
            self.left_out["runs none of whose code renders"] += 1
            return
        code = subject.run.best_code
        if not code:
            self.left_out["runs whose code is missing"] += 1
        elif best.standing[0] < self.wanted.min_reward:
            self.left_out["runs below --min-reward"] += 1
        elif best.standing[1] < self.wanted.min_similarity:
            self.left_out["runs below --min-similarity"] += 1
        elif best.ink is not None and best.ink < _LEAST_INK:
            self.left_out["runs whose code leaves too much of the picture out"] += 1
        else:
            code = _as_asked(code, subject)
            yield {
                **subject.about,
                "images": [subject.reference],
                "messages": [self._question(subject), _answer(code, subject.language)],
                "code": code,
                "reward": best.reward,
                "similarity": best.similarity,
            }

    def _preferences(self, subject: _Subject) -> Iterator[Example]:
        codes = {item.id: code for item, code in self._judged(subject)}
        known: set[tuple[str, str]] = set()
        for pair in pairs(tuple(item for item in subject.run.candidates if item.id in codes)):
            chosen, rejected = codes[pair.chosen.id], codes[pair.rejected.id]
            if chosen == rejected or (chosen, rejected) in known:
                continue
            if pair.chosen.standing[0] < self.wanted.min_reward:
                self.left_out["pairs below --min-reward"] += 1
            elif pair.margin < self.wanted.min_margin:
                self.left_out["pairs below --min-margin"] += 1
            else:
                known.add((chosen, rejected))
                yield {
                    **subject.about,
                    "images": [subject.reference],
                    "prompt": [self._question(subject)],
                    "chosen": [_answer(_as_asked(chosen, subject), subject.language)],
                    "rejected": [_answer(_as_asked(rejected, subject), subject.language)],
                    "relation": pair.relation,
                    "chosen_candidate": pair.chosen.id,
                    "rejected_candidate": pair.rejected.id,
                    "chosen_code": chosen,
                    "rejected_code": rejected,
                    "chosen_reward": pair.chosen.reward,
                    "rejected_reward": pair.rejected.reward,
                    "margin": pair.margin,
                    "chosen_similarity": pair.chosen.similarity,
                    "rejected_similarity": pair.rejected.similarity,
                    "rejected_status": pair.rejected.status,
                }

    def _critiques(self, subject: _Subject) -> Iterator[Example]:
        known: set[str] = set()  # equal renders are critiqued once
        for item, _ in self._good(subject):
            if item.status != RenderStatus.OK or not item.render or item.render in known:
                continue
            known.add(item.render)
            render = self._render(subject, item)
            if render is not None:
                yield {
                    "id": subject.name,
                    "kind": subject.kind.value,
                    "candidate": item.id,
                    "reference": subject.reference,
                    "render": render,
                    "discrepancies": [
                        said.model_dump(mode="json", include=_TOLD) for said in item.discrepancies
                    ],
                    "reward": item.reward,
                    "similarity": item.similarity,
                    "critic": subject.run.run.critic,
                }

    def _rewards(self, subject: _Subject) -> Iterator[Example]:
        for item, code in self._good(subject):
            render = self._render(subject, item) if item.render else None
            if item.render and render is None:
                continue
            yield {
                **subject.about,
                "candidate": item.id,
                "parent": item.parent,
                "round": item.round,
                "reference": subject.reference,
                "render": render,
                "code": code,
                "status": item.status,
                "reward": item.reward,
                "similarity": item.similarity,
                "accepted": item.accepted,
            }

    def _judged(self, subject: _Subject) -> Iterator[tuple[CandidateRecord, str]]:
        """The candidates with their code of which it is known how good they are."""
        for item in subject.run.candidates:
            if item.idle or not item.code_file:
                continue
            if not _is_judged(item):
                self.left_out["candidates that could not be judged"] += 1
                continue
            code = subject.run.code(item)
            if code:
                yield item, code
            else:
                self.left_out["candidates whose code is missing"] += 1

    def _good(self, subject: _Subject) -> Iterator[tuple[CandidateRecord, str]]:
        """Those with enough reward."""
        for item, code in self._judged(subject):
            if item.standing[0] >= self.wanted.min_reward:
                yield item, code
            else:
                self.left_out["candidates below --min-reward"] += 1

    def _render(self, subject: _Subject, item: CandidateRecord) -> Path | None:
        file = subject.run.file(item.render or "")
        if file is None or _size(file) is None:
            self.left_out["candidates whose render is missing or damaged"] += 1
            return None
        return file

    def _question(self, subject: _Subject) -> dict[str, Any]:
        """What a generator is asked."""
        text = self.templates.render(
            subject.kind.value,
            "generate",
            width=subject.size.width,
            height=subject.size.height,
            sent=f"{subject.size.width} x {subject.size.height}",  # the row holds the picture itself
            language=subject.language.value,
            hints="",
            target="",
            sandbox=SANDBOX,
        )
        return {"role": "user", "content": [{"type": "image", "text": None}, {"type": "text", "text": text}]}


@dataclass(frozen=True, slots=True)
class _Subject:
    """A run whose picture is there."""

    name: str
    run: RunFolder
    kind: Kind
    language: Language
    reference: Path
    size: Size

    @property
    def about(self) -> Example:
        return {"id": self.name, "kind": self.kind.value, "language": self.language.value}


def _as_asked(code: str, subject: _Subject) -> str:
    """The code in the form that the question asks for."""
    return in_pixels(code, subject.size) if subject.language is Language.SVG else code


def _answer(code: str, language: Language) -> dict[str, Any]:
    """What a generator answers; control tokens in the code have no power over the model that is trained."""
    text = fenced(neutralise(code), language.value)
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


def _is_judged(item: CandidateRecord) -> bool:
    """Whether its reward was measured: a failed render has none; otherwise it follows from what was said.

    It does not where the critic was out of reach or could not be understood: then a reward was assumed.
    """
    if not item.status:
        return False
    if item.status != RenderStatus.OK:
        return True
    if item.reward is None or item.similarity is None:
        return False
    said = Critique(critic="", discrepancies=item.discrepancies, similarity=item.similarity)
    return math.isclose(item.reward, reward(said), abs_tol=1e-6)


def _size(file: Path) -> Size | None:
    """The size of a picture, which its first bytes tell; None where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PILImage.open(file) as picture:
                return Size(*picture.size)
    except Exception:  # anything at all on damaged files
        return None
