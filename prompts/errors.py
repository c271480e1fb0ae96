"""What can go wrong on the way to a model and back."""

from __future__ import annotations

from typing import Literal

from prompts.usage import Usage


class ModelError(Exception):
    """A model call that gave no answer.

    Attributes:
        usage: What it cost all the same.
    """

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


class EndpointError(ModelError):
    """No answer, retries included: unreachable, overloaded, timed out, or died while answering."""


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


class TemplateError(Exception):
    """A prompt template is missing or wrong."""
