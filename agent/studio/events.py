"""What happens in a run, as the page is told of it: small, numbered, and kept until nobody can ask for it."""

from __future__ import annotations

from typing import Any

from agent.refinement import Refinement
from graph import Asked, Candidate, Critiqued, Drafted, Drafting, Event, Rejudged, Rendered, Resumed, Stopped

Told = dict[str, Any]
"""An event as JSON; ``seq`` is its number in the run, ``what`` its name."""


def told(event: Event | Refinement) -> Told | None:
    """The event for the page; None for what says nothing new."""
    match event:
        case Resumed(candidates=known):
            return {"what": "resumed", "candidates": [_brief(item) for item in known]}
        case Drafting(id=number, round=round_, parent=parent):
            return {
                "what": "drafting",
                "id": number,
                "round": round_,
                "parent": parent.id if parent else None,
            }
        case Drafted(candidate=item) | Rendered(candidate=item):
            return {"what": type(event).__name__.lower(), **_brief(item)}
        case Critiqued(candidate=item) | Rejudged(candidate=item):
            return {"what": type(event).__name__.lower(), **_brief(item)}
        case Asked(best=best, stopping=stopping):
            reason = stopping.value if stopping else None
            return {"what": "asked", "best": best.id if best else None, "stopping": reason}
        case Stopped(result=result):
            return {
                "what": "stopped",
                "reason": result.stop_reason.value,
                "seconds": round(result.seconds, 2),
            }
    return None


def _brief(item: Candidate) -> Told:
    return {
        "id": item.id,
        "parent": item.parent,
        "round": item.round,
        "status": item.render.status.value if item.render else None,
        "picture": item.render.picture.sha256 if item.render and item.render.picture else None,
        "reward": item.reward if item.judged else None,
        "similarity": item.similarity if item.judged else None,
        "findings": len(item.discrepancies),
        "accepted": item.accepted,
        "failure": item.failure,
    }
