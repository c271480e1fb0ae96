"""Text lines of a picture, read by RapidOCR (models in its wheel, no network)."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from critic.deadline import check_deadline, in_time
from critic.errors import ReadingError
from critic.reading.bands import bands_of
from critic.reading.foreign import Unread, settled
from critic.reading.lines import TextLine as TextLine
from critic.reading.missed import has_missed_words
from critic.types import Box
from renderers.pictures import digest
from renderers.types import Image

_MIN_SCORE = 0.5
_IDEOGRAPH = re.compile(r"[\u2e80-\u2fdf\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STRAY_SHARE = 0.03
_WORDS = 4096
_FATAL_ONLY = 4
"""The engine's own level of what it logs."""
_TOLD = 16
"""Pictures whose text is known: those of the run at work and some before it."""


class TextReader:
    """RapidOCR behind one lock: the engine is not safe to call from two threads at once.

    Attributes:
        seconds: Time spent in the engine so far, for timing by part.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._remembering = threading.Lock()
        self._engine: Any = None
        self._words: OrderedDict[tuple[str, float], TextLine | None] = OrderedDict()
        self._told: OrderedDict[str, tuple[TextLine, ...]] = OrderedDict()
        self._unread: OrderedDict[str, Unread | None] = OrderedDict()

    def know(self, image: Image, lines: tuple[TextLine, ...]) -> None:
        """Take from somebody who knows, such as the document that a picture is of, what it says.

        Args:
            image: RGB pixels.
            lines: Its text lines, with boxes in its pixels.
        """
        with self._remembering:
            self._told[digest(image)] = lines
            while len(self._told) > _TOLD:
                self._told.popitem(last=False)

    def lines(self, image: Image, scale: float = 2.0) -> tuple[TextLine, ...]:
        """Detect and read the text lines; boxes in the picture's own pixels.

        Args:
            image: RGB pixels.
            scale: Enlargement before reading; 2 reads screen text best.
        """
        with self._remembering:
            told = self._told.get(digest(image)) if self._told else None
        if told is not None:
            return told
        lines = [line for top, band in bands_of(image) for line in self._in_band(band, top, scale)]
        if not has_missed_words(image, [line.box for line in lines]):
            return without_stray_ideographs(lines)
        lines, unread = settled(image, lines, self._missed(image, lines, scale))
        with self._remembering:
            self._unread[digest(image)] = unread
            while len(self._unread) > _TOLD:
                self._unread.popitem(last=False)
        return without_stray_ideographs(lines)

    def _in_band(self, band: Image, top: int, scale: float) -> list[TextLine]:
        """The lines in a band of a picture that begins at so many pixels from the top."""
        result = self._run(_enlarged(band, scale), detect=True)
        if result.boxes is None:
            return []
        return [
            TextLine(text=text, score=float(score), box=_box(corners, scale, top))
            for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
            if score >= _MIN_SCORE and text.strip()
        ]

    def _missed(self, image: Image, known: Sequence[TextLine], scale: float) -> list[TextLine]:
        """Lines that are there and were not read: the engine drops them together with where they are."""
        boxes = []
        for top, band in bands_of(image):
            found = self._run(_enlarged(band, scale), detect=True, read=False)
            boxes += [] if found.boxes is None else [_box(corners, scale, top) for corners in found.boxes]
        return [
            TextLine(text="", score=0.0, box=box)
            for box in boxes
            if not any(_within(box, line.box) for line in known)
        ]

    def give_up(self) -> None:
        """Start a new engine where one is at work that nothing can end from outside."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
            return
        self._lock, self._engine = threading.Lock(), None

    def unread(self, image: Image) -> Unread | None:
        """The lines of a picture read lately that could not be read; None where there are none."""
        with self._remembering:
            return self._unread.get(digest(image))

    def word(self, crop: Image, scale: float = 3.0) -> TextLine | None:
        """Read a crop known to hold a single line, without detection; once for the same pixels."""
        key = (digest(crop), scale)
        with self._remembering:
            if key in self._words:
                return self._words[key]
        found = self._word(crop, scale)
        with self._remembering:
            self._words[key] = found
            while len(self._words) > _WORDS:
                self._words.popitem(last=False)
        return found

    def _word(self, crop: Image, scale: float) -> TextLine | None:
        result = self._run(_enlarged(crop, scale), detect=False)
        if not result.txts or not result.txts[0].strip():
            return None
        box = Box(0.0, 0.0, float(crop.shape[1]), float(crop.shape[0]))
        return TextLine(text=result.txts[0], score=float(result.scores[0]), box=box)

    def _run(self, image: Image, *, detect: bool, read: bool = True) -> Any:  # the engine ships no types
        with in_time(self._lock):
            check_deadline()
            if self._engine is None:
                self._engine = _start_engine()
            started = time.perf_counter()
            # The three flags stick to the engine between calls, so each call gives all of them.
            result = self._engine(image[:, :, ::-1], use_det=detect, use_cls=False, use_rec=read)
            self.seconds += time.perf_counter() - started
            return result


def without_stray_ideographs(lines: list[TextLine]) -> tuple[TextLine, ...]:
    """The lines without the odd ideograph that the engine, which knows Chinese too, sees in other writing.

    A slash beside a large number comes back as a character for a currency. Where ideographs are more than a
    few in a hundred characters, the picture really has them and nothing is changed.
    """
    everything = "".join(line.text for line in lines)
    strays = len(_IDEOGRAPH.findall(everything))
    if strays == 0 or strays > _STRAY_SHARE * len(everything):
        return tuple(lines)
    cleaned = (line.model_copy(update={"text": _IDEOGRAPH.sub("", line.text).strip()}) for line in lines)
    return tuple(line for line in cleaned if line.text)


def _box(corners: Any, scale: float, top: int = 0) -> Box:
    points = np.asarray(corners) / scale + (0.0, top)
    return Box(*(float(v) for v in (*points.min(0), *points.max(0))))


def _within(box: Box, known: Box) -> bool:
    """Whether the middle of a box lies in another."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return known.x0 <= x <= known.x1 and known.y0 <= y <= known.y1


def _enlarged(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _start_engine() -> Any:
    try:
        from rapidocr import RapidOCR
        from rapidocr.inference_engine.onnxruntime.main import OrtInferSession
    except ImportError as error:
        raise ReadingError(
            f"RapidOCR cannot be imported ({error}); run: pip install rapidocr onnxruntime"
        ) from error
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    OrtInferSession._init_sess_opts = staticmethod(_options)  # type: ignore[method-assign, assignment]
    params = {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": 2400,
        "EngineConfig.onnxruntime.intra_op_num_threads": 2,
    }
    return RapidOCR(params=params)


def _options(given: Any) -> Any:
    """How a model is run: threads that wait for each other sleep.

    By default they turn in circles instead: three readings of ``two_lines`` took 8.2 processor seconds with
    that and 5.9 without it, and beside other work more time too. RapidOCR passes no such option on.
    """
    from onnxruntime import GraphOptimizationLevel, SessionOptions

    options = SessionOptions()
    options.log_severity_level = _FATAL_ONLY
    options.enable_cpu_mem_arena = given.enable_cpu_mem_arena
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = given.intra_op_num_threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
