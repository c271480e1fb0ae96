"""A generator that draws one rectangle in the picture's average colour."""

from graph import Draft, Revision, Task


class FlatGenerator:
    """Draws its rectangle on white; for the kind svg."""

    name = "flat"
    samples = False

    async def draft(self, task: Task, seed: int) -> Draft:
        """The average colour, or none of another one."""
        if seed:
            return Draft(code="")
        red, green, blue = task.reference.mean(axis=(0, 1)).round().astype(int)
        drawn = f'<rect x="1" y="1" width="8" height="8" fill="rgb({red}, {green}, {blue})"/>'
        return Draft(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{drawn}</svg>')

    async def revise(self, revision: Revision) -> Draft:
        """Nothing: it knows no better."""
        return Draft(code="")
