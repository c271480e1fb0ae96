"""The code that errors are put into: files by their ending, each of one kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError
from agent.injection.markup import Markup, says
from renderers.types import Kind, Language

_ENDINGS = {".py": Kind.CHART, ".svg": Kind.SVG, ".html": None, ".htm": None}
_BEST = "best"
"""Of a run folder only the best code is a source; what else lies there are drafts of it."""

_TABLE_SHARE = 0.6
"""Of a document's letters that stand in its table: from here on it is a table, not a page with one."""

MAX_BYTES = 4_000_000
"""A larger file is no source: no renderer would take it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of code.

    Attributes:
        path: Where it lies.
        name: What it is called in the records: its path below what was given.
        kind: What it draws; None where only a look into it can tell.
    """

    path: Path
    name: str
    kind: Kind | None

    @property
    def id(self) -> str:
        """Short and the same for the same name."""
        return hashlib.sha256(self.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]

    def read(self) -> str:
        """The code.

        Raises:
            InputError: It cannot be read, or is not text.
        """
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise InputError(f"{self.path}: larger than {MAX_BYTES:,} bytes")
            return self.path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{self.path}: is not text in UTF-8") from error


LANGUAGE = {
    Kind.CHART: Language.PYTHON,
    Kind.TABLE: Language.HTML,
    Kind.SVG: Language.SVG,
    Kind.PAGE: Language.HTML,
}
"""What the sources of each kind are written in."""


def find_sources(paths: Iterable[Path], kind: Kind | None = None) -> Iterator[Source]:
    """The sources that paths name: files themselves, and what folders hold, in a fixed order.

    Of an HTML file the kind is that of a folder above it named ``table`` or ``page``; where there is none,
    it is found out when the file is read.

    Args:
        paths: Files and folders.
        kind: What all of them are; by default each says so itself.

    Raises:
        InputError: A path does not exist, or names a file of another sort.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.suffix.lower() in _ENDINGS and file.is_file() and _is_source(file):
                    yield _source(file, str(file.relative_to(path)), kind)
        elif path.suffix.lower() in _ENDINGS and path.is_file():
            yield _source(path, path.name, kind)
        else:
            known = ", ".join(_ENDINGS)
            raise InputError(f"{path}: no folder and no file that ends in one of {known}")


def _is_source(file: Path) -> bool:
    in_run = (file.parent / "run.json").exists()
    return not in_run or file.stem == _BEST


def _source(file: Path, name: str, kind: Kind | None) -> Source:
    return Source(file, name, kind or _ENDINGS[file.suffix.lower()] or _by_folder(file))


def _by_folder(file: Path) -> Kind | None:
    try:
        run = json.loads((file.parent / "run.json").read_text(encoding="utf-8"))
        return Kind(run["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        named = [part for part in file.parts[:-1] if part in (Kind.TABLE, Kind.PAGE)]
        return Kind(named[-1]) if named else None


def kind_of_markup(code: str) -> Kind:
    """Whether HTML is a table or a page.

    Raises:
        ValueError: It is neither.
    """
    markup = Markup(code)
    table = markup.table
    whole = sum(len(says(element)) for element in markup.root.iter("body")) or len(says(markup.root))
    return Kind.TABLE if table is not None and len(says(table)) >= _TABLE_SHARE * whole else Kind.PAGE
