"""Tar files as streams, packed in any way, in bounded memory and of bounded length."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from renderers.files import open_regular

_CHUNK = 1 << 16
_DICTIONARY = 256 << 20
"""Bytes that unpacking xz may take: four times what its highest level asks for."""

_FREE = 256 << 20
_RATIO = 1_000
"""What a file may unpack to: this many bytes, and this many for each of its own. Pictures hardly pack, and
text by ten or twenty."""

_LOOKS_BEYOND = 3
"""Reads beyond the end that a whole file sees."""

_LONGEST_HEADER = 1 << 20
"""Bytes of a member's long name or extended header."""


class ShardError(tarfile.TarError):
    """A shard that is damaged, or made to fill memory."""


class _Member(tarfile.TarInfo):
    """A member whose headers are read in bounds; none that is mostly holes, which no picture is."""

    _HEADERS = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, b"X")

    def _proc_member(self, tarfile_: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in self._HEADERS and self.size > _LONGEST_HEADER:
            raise ShardError(f"a header of {self.size:,} bytes")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise ShardError("a member with holes")
        return cast(tarfile.TarInfo, super()._proc_member(tarfile_))  # type: ignore[misc]

    def _proc_gnusparse_10(self, *_: object) -> None:
        raise ShardError("a member with holes")


class _Unpacked(io.RawIOBase):
    """What a stream unpacks to, until it is too much."""

    def __init__(self, packed: BinaryIO, most: int) -> None:
        self._packed, self._most, self._given, self._empty = packed, most, 0, 0
        self._file = self._unpacking(packed)

    @staticmethod
    def _unpacking(packed: BinaryIO) -> BinaryIO:
        head = packed.read(6)
        packed.seek(0)
        if head.startswith(b"\x1f\x8b"):
            return cast(BinaryIO, gzip.GzipFile(fileobj=packed))
        if head.startswith(b"BZh"):
            return cast(BinaryIO, bz2.BZ2File(packed))
        if head == b"\xfd7zXZ\0":
            return cast(BinaryIO, io.BufferedReader(_Xz(packed)))
        return packed

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(_CHUNK if size < 0 else size)
        self._given += len(data)
        self._empty += not data
        if self._empty > _LOOKS_BEYOND:  # tarfile goes over a member that is not there a block at a time
            raise ShardError("it ends early")
        if self._given > self._most:
            raise ShardError(f"it unpacks to more than {self._most:,} bytes")
        return data


class _Xz(io.RawIOBase):
    """``lzma.LZMAFile`` with a bound on memory, which that has not."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._decompressor = lzma.LZMADecompressor(memlimit=_DICTIONARY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        with memoryview(buffer).cast("B") as view:  # type: ignore[arg-type]
            while not self._decompressor.eof:
                more = self._packed.read(_CHUNK) if self._decompressor.needs_input else b""
                if not more and self._decompressor.needs_input:
                    raise EOFError("the packed stream ends early")
                data = self._decompressor.decompress(more, max_length=len(view))
                if data:
                    view[: len(data)] = data
                    return len(data)
        return 0


@contextmanager
def opened(file: Path) -> Iterator[tarfile.TarFile]:
    """A tar file to be read from its beginning to its end.

    Raises:
        OSError: It cannot be opened, or is no regular file.
        tarfile.TarError: It is no tar file; also while it is read, as are other errors of unpacking.
    """
    with open_regular(file) as packed:
        most = _FREE + _RATIO * file.stat().st_size
        with tarfile.open(fileobj=_Unpacked(packed, most), mode="r|", tarinfo=_Member) as shard:
            yield shard
