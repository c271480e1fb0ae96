"""What a forked child does: run a chart's code, find the figure it drew, hand its pixels over.

Everything here shares a process with hostile code once that has started, so nothing here is a wall: the
client believes nothing but sizes that it checks, and the walls are in ``renderers.isolation``.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import linecache
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import IO, Any, cast

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from renderers.types import Image
from renderers.worker.inspection import inspect
from renderers.worker.memory import keep_freed_memory, packed
from renderers.worker.steady import pin_fonts, seed, stop_clock
from renderers.worker.wire import Outcome, send_result

MAX_PIXELS = 50_000_000
_NAME = "chart.py"
_SIMILAR_ASPECT = 0.02

_REHEARSED = """
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(1, 1))
ax.bar([0, 1], [1, 2], label="a")
ax.legend()
"""
_TOUCHED = 6 << 20
"""Bytes of memory that a chart of common size needs for its pixels."""
_OPAQUE = 255
"""Alpha of a pixel that nothing shows through."""


class NoFigureError(Exception):
    """The code drew nothing that could be taken."""


class RefusedError(Exception):
    """The code asks for what charts may not have."""


class FigureTooLargeError(Exception):
    """The figure has more pixels than are allowed."""


class Stage:
    """The figures a script makes, and which counts: the last one saved or shown, else the current one.

    Attributes:
        size: Width and height that the picture should have; 0 leaves them to the script.
        notes: What to tell about the render.
    """

    def __init__(self) -> None:
        self.size = (0, 0)
        self._marked: Figure | None = None
        self._taken: Image | None = None
        self._clear = Figure.clear
        self.notes: list[str] = []

    def set(self) -> None:
        """Make pyplot harmless: nothing blocks, nothing is written, no figure is lost."""
        stage, save = self, Figure.savefig

        def savefig(figure: Figure, target: Any = None, *args: Any, **options: Any) -> None:
            stage._mark(figure)
            if hasattr(target, "write"):
                save(figure, target, *args, **options)

        def savefig_of_current(*args: Any, **options: Any) -> None:
            plt.gcf().savefig(*args, **options)  # pyplot's own draws it once more, for a screen

        def show(*args: Any, **options: Any) -> None:
            if plt.get_fignums():
                stage._mark(plt.gcf())

        def clear(figure: Figure, keep_observers: bool = False) -> None:
            if figure is stage._marked and stage._taken is None:
                stage._taken = stage._pixels(figure, save)
            stage._clear(figure, keep_observers)

        def nothing(*args: Any, **options: Any) -> None:
            return None

        self._save = save
        # pyplot's own functions are replaced by name: scripts look them up there
        replaced: list[tuple[Any, str, Callable[..., Any]]] = [
            (Figure, "savefig", savefig), (Figure, "clear", clear), (Figure, "clf", clear),
            (Figure, "show", show),
            (plt, "savefig", savefig_of_current), (plt, "show", show), (plt, "close", nothing),
            (plt, "switch_backend", nothing), (plt, "pause", nothing), (matplotlib, "use", nothing),
        ]  # fmt: skip
        for owner, name, function in replaced:
            setattr(owner, name, function)
        matplotlib.rcParams["figure.max_open_warning"] = 0

    def _mark(self, figure: Figure) -> None:
        self._marked, self._taken = figure, None

    def picture(self, space: dict[str, Any]) -> Image:
        """The pixels of the figure that counts."""
        if self._taken is not None:
            return self._taken
        figure = self._marked
        if figure is None and plt.get_fignums():
            figure = plt.gcf()
        if figure is None:
            figures = [value for value in space.values() if isinstance(value, Figure)]
            if not figures:
                raise NoFigureError("the script drew no matplotlib figure")
            figure = figures[-1]
        return self._pixels(figure, self._save)

    def _pixels(self, figure: Figure, save: Callable[..., Any]) -> Image:
        matplotlib.rcParams["savefig.bbox"] = None
        across, down = figure.get_size_inches()
        dpi = self._fit(figure)
        width, height = figure.get_size_inches() * dpi
        if not width * height <= MAX_PIXELS:
            raise FigureTooLargeError(
                f"the figure has {width:.0f} x {height:.0f} pixels, more than {MAX_PIXELS:,}"
            )
        sink = _Sink()
        save(figure, sink, dpi=dpi, format="rgba")
        figure.set_size_inches(across, down)
        return sink.image()

    def _fit(self, figure: Figure) -> float:
        """Dots per inch for the size asked for; the figure is resized where its shape is nearly right."""
        width, height = self.size
        if not width:
            return float(figure.dpi)
        across, down = figure.get_size_inches()
        if abs(across / down * height / width - 1) >= _SIMILAR_ASPECT:
            return float(min(width / across, height / down))
        dpi = float(width / across)
        figure.set_size_inches((width + 1e-6) / dpi, (height + 1e-6) / dpi)
        return dpi


class _Sink:
    """Takes Agg's buffer as it is, shape and all, where a file would take encoded bytes."""

    def __init__(self) -> None:
        self._pixels: np.ndarray[Any, np.dtype[np.uint8]] | None = None

    def write(self, view: memoryview) -> int:
        """Keep the pixels."""
        self._pixels = np.array(view, dtype=np.uint8)
        return view.nbytes

    def seek(self, offset: int, whence: int = 0) -> int:
        """Matplotlib takes for a file only what can seek."""
        return 0

    def image(self) -> Image:
        """The pixels on white."""
        if self._pixels is None:
            raise NoFigureError("the figure was not drawn")
        colour, alpha = self._pixels[..., :3], self._pixels[..., 3:]
        if (alpha == _OPAQUE).all():
            return packed(colour)
        weight = alpha.astype(np.uint16)
        return ((colour * weight + 255 * (255 - weight) + 127) // 255).astype(np.uint8)


def warm_up() -> None:
    """Load what a chart may need and draw one, so that children start with everything in memory."""
    pin_fonts()
    for name in ("pandas", "seaborn"):
        with contextlib.suppress(ImportError):
            import_module(name)
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], [1, 3, 2], label=r"$x^2$")
    axes.bar([0, 1], [1, 2])
    axes.legend()
    axes.set_title("a title")
    figure.savefig(cast(IO[bytes], _Sink()), format="rgba")
    plt.close("all")
    matplotlib.rcdefaults()
    matplotlib.use("agg")


def rehearse() -> None:
    """Draw a little, so that this process has the memory that drawing writes to as its own.

    Memory is copied from the fork server where it is first written to; a child that waits for its job has
    the time to have that behind it.
    """
    keep_freed_memory()
    bytearray(_TOUCHED)
    tree = ast.parse(_REHEARSED, _NAME)
    inspect(tree)
    space: dict[str, Any] = {}
    exec(compile(tree, _NAME, "exec"), space)
    space["fig"].savefig(cast(IO[bytes], _Sink()), format="rgba")
    plt.close("all")
    del space
    gc.collect()


def run(source: str, stage: Stage, answer: int) -> None:
    """Run a script on a stage that is set, and write what came of it to the descriptor ``answer``."""
    gc.enable()
    try:
        image = _run(source, stage)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the script's too
        _flush()
        refused = isinstance(error, RefusedError)
        send_result(answer, Outcome.REFUSED if refused else Outcome.ERROR, _report(error))
        return
    _flush()
    note = "\n".join(f"note: {note}" for note in stage.notes)
    send_result(answer, Outcome.PIXELS, note, image.data.cast("B"), image.shape[1], image.shape[0])


def _flush() -> None:
    """The process ends without the usual tidying up; the script may have put anything in these places."""
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.flush()


def _run(source: str, stage: Stage) -> Image:
    linecache.cache[_NAME] = (len(source), None, source.splitlines(keepends=True), _NAME)
    tree = ast.parse(source, _NAME)
    seen = inspect(tree)
    if seen.refused:
        raise RefusedError(f"the script imports {', '.join(seen.refused)}, which charts may not")
    program = compile(tree, _NAME, "exec")
    seed()
    if seen.unseeded:
        stage.notes.append("the script draws unseeded random numbers; they start from a fixed seed here")
    if seen.clock:
        stop_clock()
        stage.notes.append("the script asks for the time of day; the clock stands still here")
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        exec(program, space)
    except SystemExit as error:
        if error.code not in (None, 0):
            raise
    return stage.picture(space)


def _report(error: BaseException) -> str:
    """The traceback: the script's own lines, and the one that raised."""
    if isinstance(error, NoFigureError | FigureTooLargeError | RefusedError):
        return str(error)
    if isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error))
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == _NAME]
    if frames and frames[-1].filename != _NAME:
        own.append(frames[-1])  # where in a library it ended; that alone when the drawing failed afterwards
    shown = traceback.format_list(own)
    return "".join(["Traceback (most recent call last):\n", *shown, *traceback.format_exception_only(error)])
