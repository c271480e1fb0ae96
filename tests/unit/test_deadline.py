"""What takes long looks at the deadline, whichever thread it runs in."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

from critic.deadline import OutOfTime, check_deadline, seconds_left, until
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.page import read_page
from critic.reading.svg import read_svg
from critic.reading.table import read_table
from critic.similarity import similarity
from renderers.types import Image


def noise(side: int = 400) -> Image:
    return np.random.default_rng(3).integers(0, 255, (side, side, 3)).astype(np.uint8)


def test_without_a_deadline_there_is_no_end() -> None:
    check_deadline()
    assert seconds_left() is None


def test_the_earlier_of_two_deadlines_holds() -> None:
    with until(1000.0), until(2000.0):
        left = seconds_left()
        assert left is not None and left <= 1000.0
    assert seconds_left() is None


def test_a_thread_sees_the_deadline_of_who_started_it() -> None:
    async def work() -> None:
        with until(0.05):
            await asyncio.to_thread(endless)

    def endless() -> None:
        while True:
            check_deadline()
            time.sleep(0.001)

    with pytest.raises(OutOfTime):
        asyncio.run(asyncio.wait_for(work(), 20))


@pytest.mark.parametrize("read", [read_chart, read_page, read_svg, read_table])
def test_no_reader_begins_after_the_end(read) -> None:
    with until(0.0), pytest.raises(OutOfTime):
        read(noise(), Reader())


def test_a_reader_of_drawings_ends_in_the_middle_of_its_work() -> None:
    started = time.process_time()
    with until(0.5), pytest.raises(OutOfTime):
        read_svg(noise(200), Reader())
    assert time.process_time() - started < 20


def test_nothing_is_compared_after_the_end() -> None:
    with until(0.0), pytest.raises(OutOfTime):
        similarity(noise(), noise()[::-1])
