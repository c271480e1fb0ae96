"""What the messages of an Arrow stream unpack to, told before any of it is."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pyarrow as pa

_HEADER_TYPE, _HEADER = 1, 2
"""Fields of a message, in the order of Arrow's ``Message.fbs``."""

_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
"""What kind of header it has, there."""

_DICTIONARY_DATA = 1
_BUFFERS, _COMPRESSION = 2, 3
"""Fields of a dictionary batch and of a record batch."""

_NOT_PACKED = -1
"""The length that stands before a buffer which packing would not have made smaller."""


def unpacked_sizes(stream: pa.NativeFile) -> Iterator[tuple[int, int]]:
    """Bytes of each message's body, and what its packed buffers say that they unpack to.

    pyarrow unpacks a batch as a whole and says nothing before; the lengths stand in the file, by the format.

    Raises:
        struct.error: A message is damaged.
    """
    for message in pa.ipc.MessageReader.open_stream(stream):
        body = message.body
        if body is not None:
            yield body.size, sum(_lengths(memoryview(message.metadata), memoryview(body)))


def _lengths(meta: memoryview, body: memoryview) -> Iterator[int]:
    root = _at("<I", meta, 0)
    kind, header = _field(meta, root, _HEADER_TYPE), _followed(meta, root, _HEADER)
    if kind is None or header is None:
        return
    told = _at("<B", meta, kind)
    batch = _followed(meta, header, _DICTIONARY_DATA) if told == _DICTIONARY_BATCH else header
    packed = told in (_DICTIONARY_BATCH, _RECORD_BATCH) and batch is not None
    if not packed or batch is None or _field(meta, batch, _COMPRESSION) is None:
        return
    buffers = _followed(meta, batch, _BUFFERS)
    for number in range(0 if buffers is None else _at("<I", meta, buffers)):
        offset, size = struct.unpack_from("<qq", meta, (buffers or 0) + 4 + 16 * number)
        if size:
            length = _at("<q", body, offset)
            yield size if length == _NOT_PACKED else max(0, length)


def _field(meta: memoryview, table: int, number: int) -> int | None:
    """Where a field of a flatbuffer's table stands; None where it is left out."""
    offsets = table - _at("<i", meta, table)
    place = 4 + 2 * number
    offset = _at("<H", meta, offsets + place) if place < _at("<H", meta, offsets) else 0
    return table + offset if offset else None


def _followed(meta: memoryview, table: int, number: int) -> int | None:
    """Where that leads which a field refers to."""
    place = _field(meta, table, number)
    return None if place is None else place + _at("<I", meta, place)


def _at(form: str, data: memoryview, place: int) -> int:
    if place < 0:
        raise struct.error("a place before the beginning")
    return int(struct.unpack_from(form, data, place)[0])
