"""What a person sees while a picture is refined: a line a candidate, and what is being done right now."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.status import Status

from agent.commands.terminal import shown
from agent.cost import UNPRICED, Prices, spending
from agent.refinement import Refinement
from graph.events import Asked, Critiqued, Drafting, Event, Resumed
from graph.types import Candidate, StopReason
from renderers.types import RenderStatus

STOPPED: dict[StopReason, str] = {
    StopReason.TARGET: "target reached",
    StopReason.PLATEAU: "no further gain",
    StopReason.ROUNDS: "all rounds done",
    StopReason.CANDIDATES: "candidate budget spent",
    StopReason.CALLS: "call budget spent",
    StopReason.TOKENS: "token budget spent",
    StopReason.SECONDS: "time budget spent",
    StopReason.CANCELLED: "cancelled",
    StopReason.NO_RENDER: "nothing rendered",
    StopReason.PERSON: "ended by you",
    StopReason.ERROR: "stopped by an error",
}


class Progress:
    """Prints progress to standard error; with a spinner and colours on a terminal, plain lines elsewhere."""

    def __init__(
        self, console: Console | None = None, *, quiet: bool = False, prices: Prices = UNPRICED
    ) -> None:
        """Choose where to print.

        Args:
            console: Standard error by default.
            quiet: Print nothing at all.
            prices: What the models' tokens cost.
        """
        self._prices = prices
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True, quiet=quiet)
        self._status: Status | None = None
        self._head = ""
        self._parents: dict[int | None, Candidate] = {}

    def __enter__(self) -> Progress:
        """Start the spinner, on a terminal."""
        if self._console.is_terminal:
            self._status = self._console.status("reading the picture")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the spinner."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def begin(self, picture: str, kind: str, detected: bool) -> None:
        """Head the lines of a picture, once its run has really begun."""
        source = "detected" if detected else "given"
        self._head = f"[bold]{shown(picture)}[/bold]  {kind} [dim]({source})[/dim]"

    def show(self, event: Event | Refinement) -> None:
        """Tell one event."""
        if self._head:
            self._console.print(self._head)
            self._head = ""
        if isinstance(event, Resumed):
            self._console.print(f"  going on after {_candidates(len(event.candidates))}")
            self._parents.update({item.id: item for item in event.candidates})
        elif isinstance(event, Drafting) and self._status is not None:
            self._status.start()
            self._status.update(_doing(event))
        elif isinstance(event, Asked) and self._status is not None:
            self._status.stop()  # what is typed stands on its line
        elif isinstance(event, Critiqued):
            line = _line(event.candidate, self._parents.get(event.candidate.parent))
            spent = spending(event.candidate.spent, self._prices.of((event.candidate,)))
            self._console.print(f"{line}  [dim]{spent}[/dim]" if spent else line)
            self._parents[event.candidate.id] = event.candidate
        elif isinstance(event, Refinement):
            self._console.print(_summary(event))


def _doing(event: Drafting) -> str:
    if event.parent is None:
        return "reading the picture and writing the first draft"
    worst = event.parent.discrepancies[:1]
    if not worst:
        return f"round {event.round}: mending what differs"
    place = f" at {worst[0].location}" if worst[0].location else ""
    others = len(event.parent.discrepancies) - 1
    more = f" and {others} more" if others else ""
    return f"round {event.round}: mending {shown(worst[0].category + place)}{more}"


def _line(candidate: Candidate, parent: Candidate | None) -> str:
    name = "first draft" if candidate.round == 0 else f"round {candidate.round}    "
    if candidate.round and candidate.parent is None:
        name = f"round {candidate.round}, new draft"
    return f"  {name}  {_score(candidate, parent)}"


def _score(candidate: Candidate, parent: Candidate | None) -> str:
    if candidate.failure and candidate.reward is None:
        return f"[yellow]rendered, not judged[/yellow]: {shown(_first_line(candidate.failure))}"
    if candidate.failure:
        return f"[red]failed[/red]: {shown(_first_line(candidate.failure))}"
    if not candidate.code:
        return "[dim]nothing more to offer[/dim]"
    if candidate.render is None or candidate.render.status is not RenderStatus.OK:
        status = candidate.render.status if candidate.render else "not rendered"
        return f"[red]{status}[/red]: {shown(_first_line(candidate.render.log if candidate.render else ''))}"
    found = len(candidate.discrepancies)
    mended = sum(action.done for action in candidate.actions) if candidate.round else 0
    verdict = (
        ""
        if candidate.parent is None
        else ("  [green]kept[/green]" if candidate.accepted else "  [dim]not better[/dim]")
    )
    count = f"{found} discrepanc{'y' if found == 1 else 'ies'}"
    work = f", {mended} acted on" if mended else ""
    author = f" by {shown(candidate.author)}" if candidate.author else ""
    before = f"{parent.reward:.2f} -> " if parent and parent.reward is not None else ""
    score = f"reward {before}{candidate.reward:.2f}  similarity {candidate.similarity:.4f}"
    return f"{score}  {count}{work}{author}{verdict}"


def _first_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no log"


def _summary(done: Refinement) -> str:
    result, best, first = done.result, done.result.best, done.result.first
    reason = STOPPED[result.stop_reason] + (f" ({shown(_first_line(result.error))})" if result.error else "")
    if best is None or first is None:
        report = shown(str(done.report_file))
        return f"  [red]no code that renders[/red]: {reason}, {result.seconds:.1f} s  {report}"
    spent = spending(result.usage, done.cost)
    return (
        f"  {_gain(first, best)}: {reason}, {result.seconds:.1f} s{f', {spent}' if spent else ''}\n"
        f"  {shown(str(done.best_file))}  {shown(str(done.report_file))}"
    )


def _gain(first: Candidate, best: Candidate) -> str:
    if best.reward is None:
        return f"[yellow]the best was not judged[/yellow]: {shown(_first_line(best.failure))}"
    end = f"[bold]reward {{}}{best.reward:.2f}[/bold]{{}}, similarity {{}}{best.similarity:.4f}"
    if first.reward is None:
        return end.format("", "", "") + " (the first draft was not judged)"
    gain = f" ({best.reward - first.reward:+.2f})"
    return end.format(f"{first.reward:.2f} -> ", gain, f"{first.similarity:.4f} -> ")


def _candidates(count: int) -> str:
    return "1 candidate" if count == 1 else f"{count} candidates"
