"""WebDataset shards: tar files whose members belong together by their names up to the first dot."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from agent.batch.items import Entry
from agent.batch.sources.fields import Fault, faulty, kind_in
from agent.batch.sources.unpacking import opened
from agent.errors import InputError
from renderers.pictures import MAX_BYTES

PICTURE_ENDINGS = frozenset(
    (
        "png",
        "jpg",
        "jpeg",
        "webp",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "avif",
        "jp2",
        "ppm",
        "pgm",
        "ico",
        "tga",
        "pcx",
    )
)
_LONGEST_TEXT = 20_000_000
_LONGEST_SAMPLE = MAX_BYTES + 2 * _LONGEST_TEXT
"""Bytes of one sample's members together."""

_CODE_ENDINGS = ("py", "svg", "html", "md", "txt")


def read_tar(file: Path, *, pictures: bool = True) -> Iterator[Entry]:
    """The samples of a shard, read from its beginning to its end; a shard cut short ends in a faulty entry.

    Raises:
        InputError: It cannot be read at all.
    """
    number, key = 0, None
    parts: dict[str, bytes | None] = {}
    try:
        with opened(file) as shard:
            for member in shard:
                if not member.isfile():
                    continue
                name, ending = _split(member.name)
                if name != key and parts:
                    number += 1
                    yield _entry(file, number, str(key), parts)
                    parts = {}
                key = name
                room = _LONGEST_SAMPLE - sum(len(part) for part in parts.values() if part)
                parts[ending] = _content(shard, member, ending, pictures, room)
    except Exception as error:  # a hostile shard makes the readers raise anything at all
        reason = f"the shard is damaged here ({' '.join(str(error).split())[:120]})"
        if number == 0 and not parts:
            raise InputError(f"{file}: cannot be read as a tar file ({error})") from error
        if parts:
            number += 1
            yield _entry(file, number, str(key), parts)
        yield faulty(file, number + 1, reason)
        return
    if parts:
        number += 1
        yield _entry(file, number, str(key), parts)
    if file.suffix == ".tar" and file.stat().st_size % tarfile.BLOCKSIZE:
        # tarfile takes a header that is cut off for the end
        yield faulty(file, number + 1, "the shard is damaged here (its end is missing)")


def _split(name: str) -> tuple[str, str]:
    """A member's key and ending."""
    path = PurePosixPath(name)
    stem, _, ending = path.name.partition(".")
    return str(path.parent / stem), ending.lower()


def _content(
    shard: tarfile.TarFile, member: tarfile.TarInfo, ending: str, pictures: bool, room: int
) -> bytes | None:
    """What a member holds; None for one that is too large, or not needed."""
    is_picture = _is_picture(ending)
    wanted = (is_picture and pictures) or ending.rpartition(".")[2] in ("json", *_CODE_ENDINGS)
    if not wanted or member.size > min(room, MAX_BYTES if is_picture else _LONGEST_TEXT):
        return None
    content = shard.extractfile(member)
    return content.read() if content else None


def _is_picture(ending: str) -> bool:
    return ending.rpartition(".")[2] in PICTURE_ENDINGS


def _entry(file: Path, number: int, key: str, parts: dict[str, bytes | None]) -> Entry:
    picture, kind, code, fault = None, None, None, ""
    try:
        meta = _meta(parts.get("json"))
        kind = kind_in(meta.get("kind"))
        given = meta.get("reference_code") or meta.get("code")
        code = str(given) if given else None
        ending = next((ending for ending in parts if _is_picture(ending)), None)
        if ending is None:
            raise Fault(f"the sample has no picture, only {', '.join(parts)}")
        picture = parts[ending]
        if picture is None:
            fault = f"the picture is larger than {MAX_BYTES // 1_000_000} MB"
    except Fault as error:
        fault = str(error)
    if code is None:
        found = next((parts[ending] for ending in _CODE_ENDINGS if parts.get(ending)), None)
        code = found.decode("utf-8", "replace") if found else None
    return Entry(f"{file}: {key}", picture, key, kind, code, fault)


def _meta(content: bytes | None) -> dict[str, object]:
    if not content:
        return {}
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Fault(f"its JSON is damaged ({error})") from None
    return value if isinstance(value, dict) else {}
