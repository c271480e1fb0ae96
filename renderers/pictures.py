"""Pictures in and out: any common file to RGB pixels, pixels to PNG, and their digest."""

from __future__ import annotations

import errno
import hashlib
import io
import struct
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from isal import isal_zlib
from PIL import Image as PILImage
from PIL import ImageOps, UnidentifiedImageError

from renderers.errors import PictureError
from renderers.files import read_regular
from renderers.ground import WHITE, ground_of
from renderers.types import Image, Size

MAX_PIXELS = 50_000_000
"""Larger pictures are refused: decoding them would take gigabytes."""

MAX_BYTES = 200_000_000

_PNG_RGB, _PNG_UP = 2, 2
"""The colour type and the row filter, as the PNG specification numbers them."""

# no EPS, which Pillow would hand to another program, and nothing that nobody takes for a picture
_FORMATS = (
    "PNG",
    "JPEG",
    "WEBP",
    "GIF",
    "BMP",
    "DIB",
    "TIFF",
    "AVIF",
    "HEIF",
    "JPEG2000",
    "PPM",
    "ICO",
    "TGA",
    "PCX",
)

_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
"""What HEIF files call themselves, after ``ftyp`` (ISO/IEC 23008-12); cameras write the first."""

_ONE_COLOUR = 2
"""Levels within which all pixels of a blank picture lie: lossy files scatter them by so much."""


@cache
def _formats() -> tuple[str, ...]:
    """The named formats that this build of Pillow has."""
    PILImage.init()
    with suppress(ImportError):
        from pi_heif import register_heif_opener

        register_heif_opener()
    return tuple(name for name in _FORMATS if name in PILImage.OPEN)


class Laid(NamedTuple):
    """A picture laid on a ground.

    Attributes:
        pixels: RGB.
        ground: What its transparency lies on, as ``#rrggbb``; None where that is white, or there is none.
        frames: How many the file has, of which this is one.
    """

    pixels: Image
    ground: str | None = None
    frames: int = 1


def load_picture(source: Path | bytes, name: str | None = None) -> Image:
    """The pixels that ``load_laid`` reads; arguments and errors as there."""
    return load_laid(source, name).pixels


def load_laid(source: Path | bytes, name: str | None = None, frame: int = 1) -> Laid:
    """Read a picture file, or its bytes, as RGB pixels.

    EXIF rotation applied; transparency laid on white, or on a darker ground
    where the ink is white; CMYK, palette, grey and 16-bit pictures converted.

    Args:
        source: The file, or its content.
        name: What to call the picture in an error message; the path by default.
        frame: Which one of an animation, from 1.

    Raises:
        PictureError: The file is missing, empty, truncated, not a picture, too large, or has no such frame.
    """
    label = name or (str(source) if isinstance(source, Path) else "the picture")
    data = read_file(source, label) if isinstance(source, Path) else source
    if not data:
        raise PictureError(f"{label}: the file is empty; give a PNG, JPEG, WebP, GIF, BMP or TIFF picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PILImage.open(io.BytesIO(data), formats=_formats()) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise PictureError(
                        f"{label}: {width} x {height} pixels is more than the {MAX_PIXELS:,} allowed; "
                        "scale it down first"
                    )
                _seek(picture, frame, label)
                picture.load()
                return _to_rgb(picture)._replace(frames=int(getattr(picture, "n_frames", 1)))
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        if data[4:8] == b"ftyp" and data[8:12] in _BRANDS and "HEIF" not in _formats():
            raise PictureError(
                f"{label}: a HEIC picture needs pi-heif: pip install 'lookalike[heic]'"
            ) from error
        raise PictureError(f"{label}: not a picture that can be read (of no known format)") from error
    except PILImage.DecompressionBombError as error:
        raise PictureError(f"{label}: not a picture that can be read ({_short(error)})") from error
    except Exception as error:  # decoders raise anything at all on damaged files
        raise PictureError(f"{label}: the picture is damaged or truncated ({_short(error)})") from error


def _seek(picture: PILImage.Image, frame: int, label: str) -> None:
    try:
        picture.seek(frame - 1)
    except EOFError as error:
        raise PictureError(f"{label}: there is no frame {frame} in it") from error


def frames_in(path: Path) -> tuple[int, tuple[int, int]]:
    """How many frames or pages a picture file has, and their width and height.

    Raises:
        PictureError: As for ``load_laid``.
    """
    laid = load_laid(path)
    height, width = laid.pixels.shape[:2]
    return laid.frames, (width, height)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def read_file(path: Path, label: str) -> bytes:
    """The content of a picture file.

    Args:
        path: The file.
        label: What to call it in an error message.

    Raises:
        PictureError: It is missing, too large, or cannot be read.
    """
    try:
        if path.is_dir():
            raise PictureError(f"{label}: is a folder; give a picture file")
        return read_regular(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise PictureError(f"{label}: no such file") from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise PictureError(
                f"{label}: larger than {MAX_BYTES // 1_000_000} MB; scale it down first"
            ) from error
        raise PictureError(f"{label}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise PictureError(f"{label}: cannot be read ({_short(error)})") from error


def _to_rgb(picture: PILImage.Image) -> Laid:
    picture = ImageOps.exif_transpose(picture) or picture
    ground = WHITE
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _from_deep(picture)
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        ground = ground_of(rgba)
        picture = PILImage.alpha_composite(PILImage.new("RGBA", rgba.size, ground), rgba)
    pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"), dtype=np.uint8))
    return Laid(pixels, None if ground == WHITE else ground)


def _from_deep(picture: PILImage.Image) -> PILImage.Image:
    """16-bit, 32-bit and float greys to 8 bits; Pillow alone would clip them to white."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    top = 65535.0 if picture.mode.startswith("I") else max(1.0, float(values.max(initial=0.0)))
    return PILImage.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8), "L")


def encode_png(image: Image) -> bytes:
    """The pixels as a PNG file; the same pixels give the same bytes.

    Every row is stored as its difference from the one above, which suits drawn pictures, and packed by
    ISA-L: hardly larger than what Pillow makes by trying all filters on each row, in a tenth of the time.
    """
    height, width = image.shape[:2]
    pixels = image.reshape(height, 3 * width)
    rows = np.empty((height, 1 + 3 * width), np.uint8)
    rows[:, 0] = _PNG_UP
    rows[:1, 1:] = pixels[:1]
    np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
    head = struct.pack(">IIBBBBB", width, height, 8, _PNG_RGB, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", isal_zlib.compress(rows.data, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    check = isal_zlib.crc32(data, isal_zlib.crc32(name))
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def digest(image: Image) -> str:
    """SHA-256 over a picture's size and pixels, in hexadecimal."""
    content = hashlib.sha256(f"{image.shape[1]}x{image.shape[0]}:".encode())
    content.update(np.ascontiguousarray(image).data)
    return content.hexdigest()


def size_of(image: Image, scale: float = 1.0) -> Size:
    """The size of a picture in pixels, of which a CSS pixel has ``scale`` across."""
    return Size(int(image.shape[1]), int(image.shape[0]), scale)


def is_blank(image: Image) -> bool:
    """Whether every pixel has (very nearly) one colour."""
    return _one_colour(image[::16, ::16]) and _one_colour(image)  # a sparse look settles nearly every case


def _one_colour(image: Image) -> bool:
    return bool((image.reshape(-1, 3).max(0).astype(int) - image.reshape(-1, 3).min(0)).max() <= _ONE_COLOUR)
