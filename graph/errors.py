"""The error tree of this package.

GraphError
├── FolderError       the run folder cannot be written
└── NothingDrafted    the run ended before there was any code, because something must be mended
"""


class GraphError(Exception):
    """Root of the errors that a user or an operator must mend."""


class FolderError(GraphError):
    """The run folder cannot be written."""


class NothingDrafted(GraphError):  # noqa: N818 - says what happened, as the others do
    """The run ended before there was any code, because something must be mended."""
