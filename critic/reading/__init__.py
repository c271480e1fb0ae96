"""Reading a picture into a typed description, a module a kind.

Shared by the pixel critic and the embedded generator.
"""

from critic.reading.ocr import TextLine, TextReader
from critic.reading.reader import Reader

__all__ = ["Reader", "TextLine", "TextReader"]
