"""The error tree of this package.

AgentError
├── BatchError     a batch cannot begin or go on
├── ConfigError    a setting cannot be used
├── DataError      a run has no data of the sort that is wanted
├── InputError     something given by the user cannot be used
├── LayoutError    another distribution has taken one of our package names
├── ReportError    a report cannot be written
└── ServeError     the model servers cannot be started here
"""


class AgentError(Exception):
    """Root of the errors that a user or an operator must mend."""


class BatchError(AgentError):
    """A batch cannot begin or go on: its folder is in use, full or another batch's, or a model refuses us."""


class ConfigError(AgentError):
    """A setting cannot be used."""


class DataError(AgentError):
    """A run has no data of the sort that is wanted: it came to nothing, or its kind has none."""


class InputError(AgentError):
    """Something given by the user cannot be used."""


class LayoutError(AgentError):
    """Another distribution has taken one of our package names."""


class ReportError(AgentError):
    """A report cannot be written: the run folder is missing, or cannot be written to."""


class ServeError(AgentError):
    """The model servers cannot be started here.

    Attributes:
        details: Lines worth reading besides the message: the end of a server's log.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details
