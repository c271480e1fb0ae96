"""The LangGraph state machine: state, nodes, stop rules, builder. The only place that knows LangGraph."""

from graph.build import build, serializer
from graph.context import RunContext
from graph.errors import FolderError, GraphError, NothingDrafted, WrongAnswer
from graph.events import Accepted, Critiqued, Drafted, Drafting, Event, Rejected, Rendered, Resumed, Stopped
from graph.folder import RunFolder
from graph.policies import Policy, View
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
    "Accepted",
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
    "Policy",
    "Rejected",
    "Rendered",
    "Result",
    "Resumed",
    "Revision",
    "RunContext",
    "RunFolder",
    "Search",
    "StopReason",
    "Stopped",
    "Task",
    "View",
    "WrongAnswer",
    "build",
    "serializer",
    "stream",
]
