"""The worker that draws SVG: behind a wall, kept for many pictures, ended by its client when it overruns."""

from __future__ import annotations

import gc
import os
import resource
import time
from pathlib import Path
from typing import Any

from renderers.isolation.levels import Policy
from renderers.isolation.limits import Limits
from renderers.isolation.wall import Wall
from renderers.worker.wire import Outcome, read_job, send_result

_UNLIMITED = -1


def limit_cpu(seconds: int) -> None:
    """Have the kernel end this process where it computes for longer from now on."""
    until = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, _UNLIMITED))


def main(arguments: list[str]) -> None:
    """Entry point of the worker process."""
    policy = Policy.from_argument(arguments[1])
    descriptor = int(arguments[0])
    wall = Wall(policy, str(Path.cwd()), descriptor, Limits(memory=2 << 30, cpu=_UNLIMITED))
    wall.prepare()
    warm_up()
    refusal = policy.refusal(wall.close())
    while True:
        try:
            code, width, height, seconds = read_job(descriptor)
        except EOFError:
            os._exit(0)
        limit_cpu(seconds)
        if refusal:
            send_result(descriptor, Outcome.REFUSED, refusal)
        else:
            answer(descriptor, code, width, height)


def warm_up() -> None:
    """Load everything and draw once, fonts included."""
    from renderers.worker.cairo_svg import bound_patterns, known_markers, styles_only, true_corners

    bound_patterns()
    known_markers()
    styles_only()
    true_corners()
    _draw(
        b'<svg xmlns="http://www.w3.org/2000/svg"><text y="9" font-family="sans-serif">a</text></svg>', 9, 9
    )
    gc.collect()
    gc.freeze()


def answer(descriptor: int, code: bytes, width: int, height: int) -> None:
    """Draw one document and send what came of it."""
    from lxml.etree import XMLSyntaxError

    from renderers.worker.sanitiser import RefusedSvgError, sanitise

    try:
        harmless, notes = sanitise(code)
        pixels = _draw(harmless, width, height)
    except RefusedSvgError as error:
        send_result(descriptor, Outcome.REFUSED, str(error))
    except XMLSyntaxError as error:
        send_result(descriptor, Outcome.ERROR, f"not well-formed XML: {error}")
    except Exception as error:  # CairoSVG raises whatever the damage leads to
        send_result(descriptor, Outcome.ERROR, f"{type(error).__name__}: {error}"[:2000])
    else:
        send_result(descriptor, Outcome.PIXELS, "\n".join(notes), pixels.data.cast("B"), width, height)


def _draw(code: bytes, width: int, height: int) -> Any:
    """Pixels of a harmless document on white, straight from Cairo's memory."""
    import numpy as np
    from cairosvg.parser import Tree
    from cairosvg.surface import PNGSurface

    from renderers.worker.cairo_svg import fetch
    from renderers.worker.memory import packed

    tree = Tree(bytestring=code, unsafe=True, url_fetcher=fetch)  # ours is stricter than its own safe one
    drawn = PNGSurface(
        tree, None, 96, output_width=width, output_height=height, background_color="white"
    ).cairo
    drawn.flush()
    rows = np.frombuffer(drawn.get_data(), np.uint8).reshape(height, drawn.get_stride() // 4, 4)
    return packed(rows[:, :width, 2::-1])
