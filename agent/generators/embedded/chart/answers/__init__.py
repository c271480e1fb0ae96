"""What answers a discrepancy: for each cause and element, the change of the description that mends it.

Numbers are mended by what was measured: what the description says, plus the reference's value, minus the
render's. So a bar that was read right and drawn wrong is drawn right, and the other way round.
"""

from agent.generators.embedded.chart.answers.answers import answers, changed_by, credited
from agent.generators.embedded.chart.answers.faces import faces

__all__ = ["answers", "changed_by", "credited", "faces"]
