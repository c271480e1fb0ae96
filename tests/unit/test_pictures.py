"""Pictures in: any common file becomes the pixels that a person sees, and nothing raises but PictureError."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from renderers.errors import PictureError
from renderers.pictures import MAX_PIXELS, digest, encode_png, is_blank, load_laid, load_picture, size_of
from renderers.types import Size

RED = (200, 30, 30)


def gradient() -> np.ndarray:
    across = np.linspace(0, 255, 64).astype(np.uint8)
    return np.stack(
        [np.tile(across, (48, 1)), np.full((48, 64), 90), np.tile(across[::-1], (48, 1))], 2
    ).astype(np.uint8)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


PLAIN = Image.fromarray(gradient(), "RGB")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_lossless_files_come_back_exactly(kind):
    assert (load_picture(saved(PLAIN, kind)) == gradient()).all()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "JPEG2000"])
def test_lossy_files_come_back_nearly(kind):
    difference = np.abs(load_picture(saved(PLAIN, kind)).astype(int) - gradient().astype(int))
    assert difference.mean() < 12


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_mode_becomes_rgb(mode):
    source = PLAIN.convert("L").convert(mode) if mode in ("I", "F", "I;16", "LA") else PLAIN.convert(mode)
    loaded = load_picture(saved(source, "TIFF"))
    assert loaded.shape == (48, 64, 3)
    assert loaded.dtype == np.uint8


def test_cmyk_jpeg_shows_its_colour():
    loaded = load_picture(saved(Image.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG"))
    assert loaded[4, 4, 0] > 180
    assert loaded[4, 4, 1:].max() < 90


def test_sixteen_bit_grey_keeps_its_shades():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)
    loaded = load_picture(saved(Image.fromarray(np.tile(ramp, (4, 1))), "PNG"))
    assert np.abs(loaded[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_sixteen_bit_colour_is_read():
    import cv2

    deep = (gradient().astype(np.uint16) * 257)[:, :, ::-1]
    done, data = cv2.imencode(".png", deep)
    assert done
    assert (load_picture(data.tobytes()) == gradient()).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_lies_on_white(mode):
    picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 4, 8))
    loaded = load_picture(saved(picture.convert(mode), "PNG"))
    assert tuple(loaded[4, 6]) == (255, 255, 255)
    assert tuple(loaded[4, 1]) != (255, 255, 255)


def test_a_transparent_palette_entry_lies_on_white():
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([0, 0, 0, *RED])
    assert (load_picture(saved(picture, "PNG", transparency=0)) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_lie_as_the_camera_was_held(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    loaded = load_picture(saved(PLAIN, "TIFF", exif=exif))
    assert size_of(loaded) == (Size(64, 48) if orientation < 5 else Size(48, 64))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    frames = [Image.new("RGB", (9, 9), colour) for colour in (RED, (0, 255, 0), (0, 0, 255))]
    loaded = load_picture(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert np.abs(loaded[4, 4].astype(int) - RED).max() < 30


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 1)])
def test_odd_sizes_are_read(size):
    assert size_of(load_picture(saved(Image.new("RGB", size, RED), "PNG"))) == Size(*size)


def test_a_picture_too_large_is_refused_before_it_is_decoded():
    side = int(MAX_PIXELS**0.5) + 10
    with pytest.raises(PictureError, match="pixels is more than"):
        load_picture(saved(Image.new("1", (side, side)), "PNG"))


def test_a_bomb_is_refused():
    with pytest.raises(PictureError):
        load_picture(saved(Image.new("1", (30_000, 30_000)), "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_file_cut_short_says_so(kind):
    data = saved(PLAIN, kind)
    with pytest.raises(PictureError):
        load_picture(data[: len(data) // 3])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
    ],
)
def test_what_is_no_picture_is_said_in_one_line(data, words):
    with pytest.raises(PictureError, match=words) as raised:
        load_picture(data, "input.png")
    assert str(raised.value).startswith("input.png: ")
    assert "\n" not in str(raised.value)


def test_a_program_in_a_picture_is_not_run(tmp_path: Path):
    """PostScript is drawn by running it."""
    run = f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({tmp_path}/made) (w) file closefile\nshowpage\n"
    with pytest.raises(PictureError, match="not a picture"):
        load_picture(run.encode())
    assert not list(tmp_path.iterdir())


def test_paths_that_are_none(tmp_path: Path):
    with pytest.raises(PictureError, match="no such file"):
        load_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="is a folder"):
        load_picture(tmp_path)
    with pytest.raises(PictureError, match="cannot be read"):
        load_picture(Path("a\0b"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_raise_nothing_else(data):
    with contextlib.suppress(PictureError):
        assert load_picture(data).dtype == np.uint8


FILES = [
    saved(PLAIN, kind)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "ICO", "TGA", "PCX", "JPEG2000")
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damaged_files_raise_nothing_else(data, draw):
    damaged = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 8))):
        place = draw.draw(st.integers(0, min(len(damaged), 400) - 1))
        damaged[place] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(PictureError):
        load_picture(bytes(damaged[: draw.draw(st.integers(1, len(damaged)))]))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_png_is_a_round_trip_and_the_digest_its_address(width, height, seed):
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    again = load_picture(encode_png(image))
    assert (again == image).all()
    assert digest(again) == digest(image)
    assert encode_png(again) == encode_png(image)
    if width * height > 1:
        assert digest(image) != digest(np.ascontiguousarray(image.transpose(1, 0, 2))) or is_blank(image)


def test_the_digest_knows_the_shape():
    flat = np.zeros((2, 6, 3), np.uint8)
    assert digest(flat) != digest(flat.reshape(6, 2, 3))


def test_blank_is_one_colour_or_nearly():
    image = np.full((9, 9, 3), 100, np.uint8)
    assert is_blank(image)
    image[0, 0, 0] = 102
    assert is_blank(image)
    image[0, 0, 0] = 110
    assert not is_blank(image)


def on_transparent(*inks, side=40):
    """Squares of these colours beside each other on a transparent ground."""
    picture = Image.new("RGBA", (side * len(inks), side))
    for place, ink in enumerate(inks):
        picture.paste(ink, (side * place + 14, 14, side * place + 26, 26))
    return saved(picture, "PNG")


@pytest.mark.parametrize(
    ("inks", "ground"),
    [
        (["white"], "#202020"),
        (["white", "#f0f0f0"], "#202020"),
        (["white", "white", "#101010"], "#808080"),
        (["white", "black", "red"], None),
        (["#ffee88"], None),
    ],
)
def test_the_ground_of_transparency_is_one_that_shows_the_ink(inks, ground):
    laid = load_laid(on_transparent(*inks))
    assert laid.ground == ground
    assert tuple(laid.pixels[0, 0]) == ImageColor.getrgb(ground or "white")


def test_a_white_sheet_with_round_corners_lies_on_white():
    sheet = Image.new("RGBA", (60, 40), "white")
    sheet.paste((0, 0, 0, 255), (10, 10, 20, 16))
    sheet.putpixel((0, 0), (0, 0, 0, 0))
    assert load_laid(saved(sheet, "PNG")).ground is None
