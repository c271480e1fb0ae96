"""How commands end when something must be mended: one clear line, exit code 2, no traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from agent.commands.terminal import harmless
from agent.errors import AgentError
from critic.errors import CriticError
from graph.errors import GraphError
from prompts.errors import PromptsError
from renderers.errors import RendererError

MENDABLE = (AgentError, CriticError, GraphError, PromptsError, RendererError)
"""The roots of the packages' error trees."""

MUST_BE_MENDED = 2
SOME_FAILED = 3
"""Of several pictures some ended without code, others with it."""
INTERRUPTED = 130


@contextmanager
def one_line_failures() -> Iterator[None]:
    """Turn the packages' errors into one line on standard error and exit code 2; Ctrl-C into 130."""
    try:
        yield
    except MENDABLE as error:
        complain(str(error))
        raise typer.Exit(MUST_BE_MENDED) from None
    except BrokenPipeError:
        raise
    except OSError as error:  # a disk that is full or gone, where no part has told it better
        complain(f"{error.filename or 'a file'}: {error.strerror or error}; mend that, then try again")
        raise typer.Exit(MUST_BE_MENDED) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        complain("interrupted; what was finished is on disk")
        raise typer.Exit(INTERRUPTED) from None


def complain(message: str) -> None:
    """One line on standard error."""
    typer.echo(harmless(f"lookalike: {' '.join(message.split())}"), err=True)
