"""A page written as elements that follow each other, wrap and give way.

tree        what was read, each thing inside the smallest box that holds it (``nodes``, ``cuts``)
compose     the tree as elements: paint, type and places measured from the picture (``placing``, ``texts``)
sheet       classes by role, custom properties (``palette``)
document    the HTML
"""

from agent.generators.embedded.page.flow.document import write_flow
from agent.generators.embedded.page.flow.draft import measured
from agent.generators.embedded.page.flow.mending import Fix

__all__ = ["Fix", "measured", "write_flow"]
