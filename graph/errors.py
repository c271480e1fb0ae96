"""The error tree of this package.

GraphError
├── FolderError       the run folder cannot be written
├── NothingDrafted    the run ended before there was any code, because something must be mended
└── WrongAnswer       a generator, critic or policy gave something else than it is to give
"""


class GraphError(Exception):
    """Root of the errors that a user or an operator must mend."""


class FolderError(GraphError):
    """The run folder cannot be written."""


class NothingDrafted(GraphError):  # noqa: N818 - says what happened, as the others do
    """The run ended before there was any code, because something must be mended."""


class WrongAnswer(GraphError):  # noqa: N818 - says what happened, as the others do
    """A generator, critic or policy gave something else than it is to give."""
