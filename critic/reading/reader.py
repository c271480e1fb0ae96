"""Reads pictures into typed descriptions, each picture once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from critic.deadline import check_deadline, in_time
from critic.reading.familiar import familiar_lines
from critic.reading.foreign import Unread
from critic.reading.ocr import TextLine, TextReader
from renderers.pictures import digest
from renderers.types import Image

T = TypeVar("T")

_FAMILIAR = 4
"""Pictures whose text is kept to compare others with."""


class Reader:
    """One memory of what was read, shared by the generator and the critic of a run.

    The reference is read once although the generator, the critic and every revision ask for it.
    Safe to call from several threads: they read one after the other, and wait no longer than there is time.

    Attributes:
        text: The OCR engine behind it.
        seconds: Time spent in readings other than OCR.
    """

    def __init__(self, text: TextReader | None = None, capacity: int = 64) -> None:
        self.text = text or TextReader()
        self.seconds = 0.0
        self._memory: OrderedDict[tuple[str, str], object] = OrderedDict()
        self._capacity = capacity
        self._lock = threading.Lock()
        self._reading = threading.RLock()
        self._familiar: deque[tuple[Image, tuple[TextLine, ...]]] = deque(maxlen=_FAMILIAR)

    def know(self, image: Image, lines: Sequence[TextLine]) -> None:
        """Take what a picture says from the document that it is of, rather than read it.

        Args:
            image: RGB pixels.
            lines: Its text lines, with boxes in its pixels; none where the document does not say.
        """
        from critic.reading.canvas import canvas_of

        if not lines:
            return
        canvas = canvas_of(image, None, self)
        boxed = (line.model_copy(update={"box": canvas.forth(line.box)}) for line in lines)
        self.text.know(canvas.pixels, tuple(boxed))

    def unread(self, image: Image) -> Unread | None:
        """The lines of text in a picture read lately that nobody here can read; None where there are none."""
        from critic.reading.canvas import canvas_of

        return self.text.unread(canvas_of(image, None, self).pixels)

    def lines(self, image: Image) -> tuple[TextLine, ...]:
        """The text lines of the picture."""
        return self.remember("text", image, self._lines)

    def lines_again(self, image: Image) -> tuple[TextLine, ...]:
        """The text lines of the picture, taken from those of nearly the same pictures read before."""
        return self.remember("text", image, self._lines_again)

    def _lines_again(self, image: Image) -> tuple[TextLine, ...]:
        for known, lines in reversed(self._familiar):
            found = familiar_lines(image, known, lines, self.text)
            if found is not None:
                return found
        return self._lines(image)

    def _lines(self, image: Image) -> tuple[TextLine, ...]:
        lines = self.text.lines(image)
        self._familiar.append((image.copy(), lines))
        return lines

    def remember(self, what: str, image: Image, read: Callable[[Image], T]) -> T:
        """``read(image)``, or what it gave the last time for the same pixels.

        Args:
            what: Name of the reading, such as ``table``; part of the key.
            image: The picture.
            read: The reading to do when it is not remembered.
        """
        key = (what, digest(image))
        try:
            return cast(T, self._known(key))
        except KeyError:
            with in_time(self._reading):
                try:
                    return cast(T, self._known(key))
                except KeyError:
                    return self._read(key, image, read)

    def give_up(self) -> None:
        """Read on although a reading that nothing can end from outside may still be going on somewhere."""
        if not self._reading.acquire(blocking=False):
            self._reading = threading.RLock()
        else:
            self._reading.release()
        self.text.give_up()

    def _known(self, key: tuple[str, str]) -> object:
        """What is remembered.

        Raises:
            KeyError: Nothing is.
        """
        with self._lock:
            self._memory.move_to_end(key)
            return self._memory[key]

    def _read(self, key: tuple[str, str], image: Image, read: Callable[[Image], T]) -> T:
        check_deadline()
        started, before = time.perf_counter(), self.text.seconds + self.seconds
        value = read(image)
        nested = self.text.seconds + self.seconds - before
        self.seconds += max(0.0, time.perf_counter() - started - nested)
        with self._lock:
            self._memory[key] = value
            while len(self._memory) > self._capacity:
                self._memory.popitem(last=False)
        return value
