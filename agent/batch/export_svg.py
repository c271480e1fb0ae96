"""A drawing in the coordinates that a prompt asks for: an answer to learn from has to obey its question."""

from __future__ import annotations

from lxml import etree

from critic.marks.literals import number
from renderers.types import Size

_SVG = "http://www.w3.org/2000/svg"


def in_pixels(code: str, size: Size) -> str:
    """The drawing with the picture's pixels as its coordinates, to which what it holds is scaled.

    Code that is no drawing stays as it is.

    Args:
        code: SVG.
        size: Of the picture, which is what the prompt names.
    """
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(code.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return code
    if etree.QName(root).localname != "svg":
        return code
    box = _view(root, size)
    asked = f"0 0 {size.width} {size.height}"
    rest = {name: value for name, value in root.attrib.items() if name not in ("width", "height", "viewBox")}
    made = etree.Element(f"{{{_SVG}}}svg", nsmap=dict(root.nsmap) | {None: _SVG})
    for name, value in {
        "width": str(size.width),
        "height": str(size.height),
        "viewBox": asked,
        **rest,
    }.items():
        made.set(name, value)
    holder = made
    change = _change(box, size)
    if change:
        holder = etree.SubElement(made, f"{{{_SVG}}}g", transform=change)
    holder.text = root.text
    holder.extend(list(root))
    return etree.tostring(made, encoding="unicode") + "\n"


def _view(root: etree._Element, size: Size) -> tuple[float, float, float, float]:
    """Left, top, width and height of what it shows, in its own coordinates."""
    try:
        left, top, width, height = map(float, root.get("viewBox", "").replace(",", " ").split())
    except ValueError:
        left = top = 0.0
        width, height = _length(root.get("width"), size.width), _length(root.get("height"), size.height)
    if width > 0 and height > 0:
        return left, top, width, height
    return 0.0, 0.0, float(size.width), float(size.height)


def _length(value: str | None, usual: int) -> float:
    try:
        return float((value or "").removesuffix("px"))
    except ValueError:
        return float(usual)


def _change(box: tuple[float, float, float, float], size: Size) -> str:
    """The transformation into the picture's pixels, in the middle as ``viewBox`` puts it; empty for none."""
    left, top, width, height = box
    scale = min(size.width / width, size.height / height)
    across = (size.width - scale * width) / 2 - scale * left
    down = (size.height - scale * height) / 2 - scale * top
    parts = [f"translate({number(across)} {number(down)})"] if across or down else []
    parts += [f"scale({number(scale)})"] if scale != 1 else []
    return " ".join(parts)
