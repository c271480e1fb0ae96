"""PDF files: an item a table or figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.batch.items import Entry
from agent.documents.region import regions_of
from agent.errors import InputError
from critic.reading import Reader


def read_document(file: Path, root: Path) -> Iterator[Entry]:
    """The regions of a document; one entry that says why where there are none.

    Args:
        file: The document.
        root: The folder above all files of the source.
    """
    name = file.relative_to(root).as_posix()
    found = False
    try:
        for region in regions_of(file, Reader()):
            if region.kind is None:  # a photograph on the page
                continue
            found = True
            place = f"page {region.page}, {region.kind} {region.number}"
            yield Entry(f"{file}, {place}", region, f"{name}-p{region.page}-{region.number}", region.kind)
    except InputError as error:
        yield Entry(str(file), None, name, fault=str(error))
        return
    if not found:
        yield Entry(str(file), None, name, fault="no table or figure found")
