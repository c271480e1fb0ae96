from .ocr import TextLine, TextReader
from .reader import Reader

__all__ = [
    "Reader",
    "TextLine",
    "TextReader",
]
