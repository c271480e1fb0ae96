"""Tables: picture to grid, cells, text and look."""

from critic.reading.table.description import Cell, Ruling, TableDescription
from critic.reading.table.reader import MANNERS, read_onto, read_table

__all__ = ["MANNERS", "Cell", "Ruling", "TableDescription", "read_onto", "read_table"]
