"""The LangGraph state machine: state, nodes, stop rules, builder. The only place that knows LangGraph."""

from graph.build import build, serializer
from graph.context import RunContext
from graph.errors import FolderError, GraphError, NothingDrafted
from graph.events import Critiqued, Drafted, Drafting, Event, Rendered, Stopped
from graph.folder import RunFolder
from graph.run import stream
from graph.types import (
    Action,
    Attempt,
    Budget,
    Candidate,
    Draft,
    Generator,
    Result,
    Revision,
    Search,
    StopReason,
    Task,
)

__all__ = [
    "Action",
    "Attempt",
    "Budget",
    "Candidate",
    "Critiqued",
    "Draft",
    "Drafted",
    "Drafting",
    "Event",
    "FolderError",
    "Generator",
    "GraphError",
    "NothingDrafted",
    "Rendered",
    "Result",
    "Revision",
    "RunContext",
    "RunFolder",
    "Search",
    "StopReason",
    "Stopped",
    "Task",
    "build",
    "serializer",
    "stream",
]
