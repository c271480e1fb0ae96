"""What can go wrong on the way to a model and back.

PromptsError
├── TemplateError                 a prompt template is missing or wrong
└── ModelError                    a model call gave no answer
    ├── EndpointError             no answer, retries included
    │   └── NothingSaidError      an empty one, each time
    ├── RequestError              refused, and would be again
    │   └── ContextOverflowError  prompt and pictures are too long
    └── BudgetSpentError          the run may not spend what the call would take
"""

from __future__ import annotations

from typing import Literal

from prompts.usage import Usage


class PromptsError(Exception):
    """Root of the errors of this package."""


class TemplateError(PromptsError):
    """A prompt template is missing or wrong."""


class ModelError(PromptsError):
    """A model call that gave no answer.

    Attributes:
        usage: What it cost all the same.
    """

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


class EndpointError(ModelError):
    """No answer, retries included: unreachable, overloaded, timed out, or died while answering."""


class NothingSaidError(EndpointError):
    """The server answered, retries included, with nothing."""


class RequestError(ModelError):
    """The server refused the request, and would again: key, model name, too long a prompt, a bad picture.

    Attributes:
        status: The HTTP status.
        param: The parameter the server blames, where it names one.
    """

    def __init__(self, message: str, status: int, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.param = param


class ContextOverflowError(RequestError):
    """Prompt and pictures are longer than the model's context."""


class BudgetSpentError(ModelError):
    """The run's budget has nothing left for this call.

    Attributes:
        bound: Which bound was reached.
    """

    def __init__(self, bound: Literal["calls", "tokens", "seconds"]) -> None:
        super().__init__(f"the budget's {bound} are spent")
        self.bound = bound
