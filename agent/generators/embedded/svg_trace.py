"""Tracing by vtracer, for pictures that are no flat shapes: photographs, textures, many-coloured ramps."""

from __future__ import annotations

import vtracer

from critic.reading.svg.zones import bounded
from renderers.pictures import encode_png
from renderers.types import Image


def trace(image: Image) -> str:
    """The picture as stacked spline paths."""
    image = bounded(image)
    code: str = vtracer.convert_raw_image_to_svg(
        encode_png(image),
        img_format="png",
        colormode="color",
        hierarchical="stacked",
        mode="spline",
        filter_speckle=3,
        color_precision=7,
        layer_difference=10,
        path_precision=1,
    )
    height, width = image.shape[:2]
    start = code.index("<path") if "<path" in code else code.index("</svg>")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    return f"{head}\n{code[start:]}"
