"""The loop in the background: results, errors and interrupts reach the caller, after the tidying up."""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading

import pytest

from agent.background import BackgroundLoop


@pytest.fixture
def loop():
    made = BackgroundLoop()
    yield made
    made.close()


async def value(given):
    await asyncio.sleep(0)
    if isinstance(given, Exception):
        raise given
    return given


def test_results_and_errors_come_back(loop):
    assert loop.run(value(3)) == 3
    with pytest.raises(ZeroDivisionError):
        loop.run(value(ZeroDivisionError()))
    assert loop.run(value(4)) == 4


def test_all_calls_share_one_loop(loop):
    async def running():
        return asyncio.get_running_loop()

    assert loop.run(running()) is loop.run(running())


def test_it_works_inside_a_running_loop(loop):
    async def notebook():
        return loop.run(value(5))

    assert asyncio.run(notebook()) == 5


def test_an_interrupt_waits_for_the_tidying_up(loop):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a command that was interrupted leaves its own
    done = []

    async def work():
        _thread.interrupt_main()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)  # tidying up may wait for others
            done.append("tidy")

    with pytest.raises(KeyboardInterrupt):
        loop.run(work())
    assert done == ["tidy"]
    assert loop.run(value(6)) == 6


def test_closing_ends_the_thread_and_can_be_done_twice():
    made = BackgroundLoop()
    made.run(value(1))
    made.close()
    made.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lookalike")]
