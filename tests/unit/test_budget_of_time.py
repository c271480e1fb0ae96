"""A budget's seconds are over when they are over, whatever a thread is doing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from agent.clock import Clock
from agent.errors import InputError
from critic.deadline import OutOfTime, until, within
from critic.reading import Reader
from critic.reading.bands import bands_of

_STUCK = """
import asyncio, sys, time
from agent.commands.leaving import leave
from agent.commands.working import run_work
from critic.deadline import OutOfTime, within

async def work():
    try:
        await within(0.2, asyncio.to_thread(time.sleep, 600))
    except OutOfTime:
        print("out of time")

run_work(work())
leave(3)
"""


def test_a_command_does_not_wait_for_a_thread_that_is_stuck() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STUCK], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (3, "out of time\n"), done.stderr


def test_work_is_cut_and_its_own_timeouts_are_its_own() -> None:
    async def fails() -> None:
        raise TimeoutError("a server's")

    with pytest.raises(OutOfTime):
        asyncio.run(within(0.01, asyncio.sleep(60)))
    with pytest.raises(TimeoutError, match="a server's"):
        asyncio.run(within(60, fails()))


def test_what_is_not_looked_at_in_time_has_no_code_and_says_why() -> None:
    clock = Clock("a.png", 0.01, time.monotonic())
    with pytest.raises(InputError, match=r"a\.png: no code: the 0\.01 seconds were over"):
        asyncio.run(clock.before(asyncio.sleep(60)))


def test_the_last_measurements_have_a_little_time_of_their_own() -> None:
    clock = Clock("a.png", 0.0, time.monotonic())
    assert clock.left == 0.0
    assert asyncio.run(clock.after(asyncio.sleep(0, "measured"))) == "measured"


def test_a_reading_that_is_stuck_holds_up_nobody_for_longer_than_there_is_time() -> None:
    reader, picture = Reader(), np.zeros((4, 4, 3), np.uint8)
    begun, over = threading.Event(), threading.Event()

    def stuck(_: object) -> str:
        begun.set()
        over.wait(60)
        return "late"

    thread = threading.Thread(target=reader.remember, args=("slow", picture, stuck))
    thread.start()
    try:
        assert begun.wait(60)
        with until(0.05), pytest.raises(OutOfTime):
            reader.remember("quick", picture, lambda _: "read")
        reader.give_up()
        assert reader.remember("quick", picture, lambda _: "read") == "read"
    finally:
        over.set()
        thread.join()


def test_a_tall_picture_is_cut_between_its_lines() -> None:
    image = np.full((3000, 400, 3), 255, np.uint8)
    for top in range(10, 3000, 40):  # lines of text 20 pixels high
        image[top : top + 20, 20:380:4] = 0
    bands = list(bands_of(image))
    assert len(bands) > 2
    assert np.array_equal(np.concatenate([band for _, band in bands]), image)
    for top, _ in bands[1:]:
        assert (image[top - 3 : top + 3] == 255).all()


def test_a_low_picture_is_one_band() -> None:
    image = np.zeros((800, 1280, 3), np.uint8)
    assert [(top, band.shape) for top, band in bands_of(image)] == [(0, image.shape)]
