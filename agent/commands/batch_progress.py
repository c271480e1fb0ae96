"""What is seen of a batch: a line that follows it on a terminal, plain lines elsewhere, or JSON events."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any, Self

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from agent.batch.events import (
    Began,
    Counted,
    Ended,
    Event,
    Finished,
    Gathering,
    Grew,
    Paused,
    Waiting,
    WentOn,
)
from agent.batch.rows import Row, RowStatus
from agent.batch.totals import Totals
from agent.commands.terminal import shown
from agent.cost import dollars

_PLAIN_EVERY = 30.0
"""Seconds between two plain lines about how far it is."""

_LONGEST_REASON = 300
_IN_SECONDS, _IN_MINUTES = 90, 5400
"""Seconds below which a time is told in seconds, and in minutes."""


class BatchProgress:
    """Tells the events of a batch; use as a context manager."""

    def __init__(self, console: Console | None = None, *, as_json: bool = False) -> None:
        """Choose how.

        Args:
            console: Standard error by default.
            as_json: One JSON object an event on standard output, and nothing else.
        """
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._as_json = as_json
        self._live: Live | None = None
        self._totals = Totals()
        self._earlier = 0
        self._items: int | None = None
        self._state = ""
        self._began = time.monotonic()
        self._paused_at: float | None = None
        self._paused = 0.0
        self._said = self._began

    def __enter__(self) -> Self:
        """Show the line, on a terminal."""
        if self._console.is_terminal and not self._as_json:
            self._live = Live(console=self._console, get_renderable=self._line, refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line as it is."""
        if self._live is not None:
            self._live.stop()

    def tell(self, event: Event) -> None:
        """Tell one event."""
        self._take_in(event)
        if self._as_json:
            typer.echo(json.dumps(_json(event, self._totals)))
            return
        said = self._said_of(event)
        if said:
            self._console.print(said)
        elif self._live is None and isinstance(event, Finished):
            self._say_now_and_then()

    def _take_in(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, Began):
            self._totals, self._earlier, self._began = event.earlier.copy(), event.earlier.items, now
        elif isinstance(event, Counted):
            self._items = event.items
        elif isinstance(event, Finished):
            self._totals.add(event.row)
        elif isinstance(event, Paused):
            self._state, self._paused_at = "paused, a model server is down", now
        elif isinstance(event, WentOn):
            self._state = ""
            self._paused += now - (self._paused_at or now)
            self._paused_at = None
        elif isinstance(event, Gathering):
            self._state = "writing table, summary and gallery"
        elif isinstance(event, Ended):
            self._state = ""

    def _said_of(self, event: Event) -> str:
        """The line about an event that deserves one."""
        if isinstance(event, Began):
            return _beginning(event)
        if isinstance(event, Finished) and event.row.status is RowStatus.FAILED:
            return f"[red]failed[/red] {shown(event.row.id)}: {shown(_short(event.row.error))}"
        if isinstance(event, Grew):
            return f"the servers have room: {event.jobs} at a time"
        if isinstance(event, Paused):
            return f"[yellow]paused[/yellow]: a model server is down ({shown(_short(event.reason))})"
        if isinstance(event, WentOn):
            return f"going on: the server is back after {event.seconds:.0f} s"
        if isinstance(event, Waiting):
            return f"[yellow]waiting[/yellow]: {shown(_short(event.reason))}"
        if isinstance(event, Ended):
            return self._words()
        return ""

    def _say_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._said >= _PLAIN_EVERY:
            self._said = now
            self._console.print(shown(self._words()))

    def _line(self) -> Text:
        return Text(self._words(), no_wrap=True, overflow="ellipsis")

    def _words(self) -> str:
        totals = self._totals
        of_all = f" of {self._items:,}" if self._items is not None else ""
        parts = [f"{totals.done:,} done{of_all}", f"{totals.failed:,} failed"]
        if totals.done:
            parts.append(f"reward {totals.mean_reward:.3f} ({totals.mean_gain:+.3f})")
        pace = self._pace()
        if pace:
            parts.append(f"{60 * pace:.1f} a minute")
        if totals.tokens:
            parts.append(f"{totals.tokens:,} tokens")
        if totals.cost is not None:
            parts.append(dollars(totals.cost))
        left = self._items - totals.items if self._items is not None else 0
        if pace and left > 0:
            parts.append(f"{_duration(left / pace)} left")
        return ", ".join(parts) + (f"; {self._state}" if self._state else "")

    def _pace(self) -> float:
        """Items a second in this run, pauses left out; 0 before there is one."""
        now = time.monotonic()
        paused = self._paused + (now - self._paused_at if self._paused_at is not None else 0.0)
        return (self._totals.items - self._earlier) / max(1e-3, now - self._began - paused)


def _beginning(event: Began) -> str:
    lines = [f"{shown(event.source)}: {event.form}, {event.jobs} at a time"]
    if event.earlier.items:
        lines.append(f"{event.earlier.items:,} items are done already and stay as they are")
    if event.mended:
        lines.append(f"{event.mended:,} damaged lines were removed; their items are done again")
    if event.changed:
        lines.append(f"[yellow]note[/yellow]: versions have changed: {shown(', '.join(event.changed))}")
    return "\n".join(lines)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 3]}..."


def _duration(seconds: float) -> str:
    if seconds < _IN_SECONDS:
        return f"{seconds:.0f} s"
    if seconds < _IN_MINUTES:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _json(event: Event, totals: Totals) -> dict[str, Any]:
    """An event as ``--json`` prints it: scripts rely on its keys."""
    match event:
        case Began():
            return {
                "event": "began",
                "source": event.source,
                "format": event.form,
                "jobs": event.jobs,
                "earlier": event.earlier.to_json(),
                "mended": event.mended,
                "changed": list(event.changed),
            }
        case Counted():
            return {"event": "counted", "items": event.items}
        case Grew():
            return {"event": "grew", "jobs": event.jobs}
        case Finished():
            return {"event": "item", **_row(event.row), "totals": totals.to_json()}
        case Paused():
            return {"event": "paused", "reason": event.reason}
        case WentOn():
            return {"event": "went_on", "seconds": round(event.seconds, 3)}
        case Waiting():
            return {"event": "waiting", "reason": event.reason}
        case Gathering():
            return {"event": "gathering"}
        case Ended():
            return {"event": "ended", "totals": event.totals.to_json()}


def _row(row: Row) -> dict[str, Any]:
    return row.model_dump(mode="json")
