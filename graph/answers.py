"""What a generator, a critic or a policy answered, checked at the door: it may be anyone's."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from graph.errors import WrongAnswer

T = TypeVar("T")


def expected(answer: object, wanted: type[T], who: str, part: object, method: str) -> T:
    """The answer, if it is what the method is to give.

    Args:
        answer: What came back.
        wanted: Its class.
        who: What the part is: ``generator``, ``critic`` or ``policy``.
        part: The part that answered.
        method: Name of the method that was called.

    Raises:
        WrongAnswer: It is something else.
    """
    if isinstance(answer, wanted):
        return answer
    raise WrongAnswer(
        f"{_called(who, part)}: {method}() answered with a {type(answer).__name__}, "
        f"not with a {wanted.__module__}.{wanted.__name__}"
    )


async def awaited(answering: object, wanted: type[T], who: str, part: object, method: str) -> T:
    """``expected`` of what is answered in time.

    Raises:
        WrongAnswer: It is something else, or the method is not one to await.
    """
    if not isinstance(answering, Awaitable):
        raise WrongAnswer(f"{_called(who, part)}: {method}() must be declared with async def")
    return expected(await answering, wanted, who, part, method)


def _called(who: str, part: object) -> str:
    cls = type(part)
    return f"{who} {getattr(part, 'name', '?')!r} ({cls.__module__}.{cls.__qualname__})"
