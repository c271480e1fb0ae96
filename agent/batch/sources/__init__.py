"""Where the pictures of a batch come from: one reader a format, each of which streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from agent.batch.items import Entry, Item, number
from agent.batch.sources.documents import read_document
from agent.batch.sources.fields import faulty
from agent.batch.sources.files import is_pattern, matching, walk
from agent.batch.sources.lines import read_csv, read_jsonl
from agent.batch.sources.tables import is_saved_dataset, read_arrow, read_parquet, saved_files
from agent.batch.sources.tars import PICTURE_ENDINGS, read_tar
from agent.errors import InputError

Files = Callable[[], Iterator[Path]]

PICTURES, JSONL, CSV, PARQUET, ARROW, TAR = "pictures", "JSONL", "CSV", "Parquet", "Arrow", "WebDataset"
PDF = "PDF"

_FORMATS = {
    **{f".{ending}": PICTURES for ending in PICTURE_ENDINGS},
    **{".jsonl": JSONL, ".ndjson": JSONL, ".csv": CSV, ".tsv": CSV, ".parquet": PARQUET, ".arrow": ARROW},
    ".pdf": PDF,
    **{".tar": TAR, ".tgz": TAR, ".tar.gz": TAR, ".tar.bz2": TAR, ".tar.xz": TAR},
}
_IN_FOLDERS = (PICTURES, PARQUET, TAR, PDF)
"""What makes a folder a source; a table of text in it may be about its pictures."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that can be read any number of times, always in the same order.

    Attributes:
        name: As it was given.
        form: Its format.
        root: The folder above all of its files.
        files: Its files.
        column: The column of the pictures, where it was given.
    """

    name: str
    form: str
    root: Path
    files: Files
    column: str | None = None

    def items(self, *, pictures: bool = True) -> Iterator[Item]:
        """All items; with ``pictures`` False most formats leave the pictures unread, to count or to choose.

        Raises:
            InputError: The source, or one of its files, cannot be read.
        """
        return number(chain.from_iterable(self._read(file, pictures) for file in self.files()))

    def _read(self, file: Path, pictures: bool) -> Iterator[Entry]:
        """A file's entries; where a reader breaks down over it, the last one says so."""
        count = 0
        try:
            for entry in self._entries(file, pictures):
                count += 1
                yield entry
        except InputError:
            raise
        except Exception as error:  # whatever is in one file, the others are read
            if not count:
                raise InputError(f"{file}: cannot be read ({type(error).__name__}: {error})"[:500]) from error
            yield faulty(
                file, count + 1, f"cannot be read from here on ({type(error).__name__}: {error})"[:500]
            )

    def _entries(self, file: Path, pictures: bool) -> Iterator[Entry]:
        match self.form:
            case "JSONL":
                return read_jsonl(file, self.column)
            case "CSV":
                return read_csv(file, self.column)
            case "Parquet":
                return read_parquet(file, self.column, pictures=pictures)
            case "Arrow":
                return read_arrow(file, self.column, pictures=pictures)
            case "WebDataset":
                return read_tar(file, pictures=pictures)
            case "PDF":
                return read_document(file, self.root)
            case _:
                return iter([Entry(str(file), file, file.relative_to(self.root).as_posix())])


def open_source(spec: str, column: str | None = None, without: Path | None = None) -> Source:
    """Find out what a source is.

    Args:
        spec: A file, a folder, or a pattern of files (see ``agent.batch.sources.files.matching``).
        column: The column that holds the pictures; found by its name by default.
        without: A folder whose files are not the source's, though they lie within it: the batch's own.

    Raises:
        InputError: There is no such source, it is empty, or nothing that is known.
    """
    path = Path(spec)
    if is_pattern(spec):
        root, first_pass = matching(spec, without)
        form = _form_of_any(first_pass, spec)
        return Source(spec, form, root, partial(_of_pattern, spec, without, form), column)
    if path.is_dir():
        return _open_folder(spec, path, column, without)
    if not path.exists():
        raise InputError(
            f"{spec}: no such source; give a folder, a file or a pattern such as 'pictures/*.png'"
        )
    form = _form(path) or ""
    if not form:
        raise InputError(
            f"{spec}: not a source that is known; give pictures, or {', '.join(sorted(_FORMATS))}"
        )
    return Source(spec, form, path.parent, lambda: iter([path]), column)


def _open_folder(spec: str, path: Path, column: str | None, without: Path | None) -> Source:
    if is_saved_dataset(path):
        return Source(spec, ARROW, path, lambda: saved_files(path), column)
    form = _form_of_any((file for file in walk(path, without) if _form(file) in _IN_FOLDERS), spec)
    return Source(spec, form, path, lambda: _of_form(walk(path, without), form), column)


def _form_of_any(files: Iterator[Path], spec: str) -> str:
    """The format of the first file that has one."""
    form = next((form for form in map(_form, files) if form is not None), None)
    if form is None:
        raise InputError(f"{spec}: is empty: there are no pictures in it, nor any other source that is known")
    return form


def _form(file: Path) -> str | None:
    return _FORMATS.get("".join(file.suffixes[-2:]).lower()) or _FORMATS.get(file.suffix.lower())


def _of_form(files: Iterator[Path], form: str) -> Iterator[Path]:
    return (file for file in files if _form(file) == form)


def _of_pattern(spec: str, without: Path | None, form: str) -> Iterator[Path]:
    return _of_form(matching(spec, without)[1], form)
