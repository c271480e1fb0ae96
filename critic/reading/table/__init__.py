"""Tables: picture to grid, cells, text and look."""

from critic.reading.table.description import Cell, Line, TableDescription
from critic.reading.table.reader import read_onto, read_table

__all__ = ["Cell", "Line", "TableDescription", "read_onto", "read_table"]
