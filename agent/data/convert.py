"""From a finished run to files in other formats, without refining again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.data.assets import folder_of, with_files
from agent.data.finished import DataOptions, Finished
from agent.errors import AgentError, DataError
from graph.folder import write_atomically
from renderers.formats import FORMATS
from renderers.kinds import KINDS
from renderers.registry import resolve
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Converted:
    """A format that was asked for.

    Attributes:
        format: Its name.
        file: Where it is; None where it could not be made.
        failure: Why not; empty where it could.
    """

    format: str
    file: Path | None
    failure: str = ""


def convert(
    folder: Path, formats: Sequence[str], options: DataOptions | None = None, out: Path | None = None
) -> list[Converted]:
    """Write a finished run in other formats, as ``best.*``.

    What one of them cannot hold is told in its outcome; the others are made all the same.

    Args:
        folder: The run folder.
        formats: Names of formats.
        options: How data is written.
        out: Where the files go; the run folder by default.

    Raises:
        DataError: There is no finished run, or a format is not for its kind.
    """
    finished = Finished.load(folder, options)
    for name in formats:
        known = KINDS[finished.kind].targets
        if name not in known:
            raise DataError(f"a {finished.kind} cannot be written as {name}; choose {', '.join(known)}")
    target = out or folder
    return [_written(finished, name, target) for name in dict.fromkeys(formats)]


async def aconvert(
    folder: Path, formats: Sequence[str], options: DataOptions | None = None, out: Path | None = None
) -> list[Converted]:
    """``convert`` in a thread."""
    return await asyncio.to_thread(convert, folder, formats, options, out)


def content_of(finished: Finished, name: str) -> bytes:
    """A finished run in another format.

    Raises:
        DataError: It cannot hold the run.
    """
    spec = FORMATS[name]
    if name == finished.language:
        made: str | bytes = finished.code
    elif spec.export:
        export: Callable[[Finished], Any] = resolve(spec.export)
        made = export(finished)
    elif spec.from_native and finished.language == KINDS[finished.kind].languages[0]:
        made = str(resolve(spec.from_native)(finished.code))
    else:
        raise DataError(f"{name} cannot be made of {finished.language}")
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")


def _written(finished: Finished, name: str, out: Path) -> Converted:
    file = out / f"best{FORMATS[name].suffix}"
    try:
        content = content_of(finished, name)
        if finished.options.assets and finished.kind is Kind.PAGE:
            folder = folder_of(finished.options.assets)
            content = with_files(content.decode(), out, folder).encode()
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(file, content)
    except AgentError as error:
        return Converted(name, None, str(error))
    except ImportError as error:
        return Converted(name, None, f"{name} needs {error.name}: pip install {error.name}")
    except OSError as error:
        raise DataError(f"{out}: cannot be written ({error.strerror})") from error
    return Converted(name, file)
