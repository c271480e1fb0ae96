from .build import build, serializer
from .context import RunContext
from .errors import FolderError, GraphError, NothingDrafted, WrongAnswer
from .events import (
    Accepted,
    Asked,
    Critiqued,
    Drafted,
    Drafting,
    Event,
    Rejected,
    Rejudged,
    Rendered,
    Resumed,
    Stopped,
)
from .folder import RunFolder
from .human import Answer
from .policies import Policy, View
from .run import stream
from .types import (
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
    "Answer",
    "Asked",
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
    "Rejudged",
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
