"""The error tree of this package.

AgentError
├── InputError     something given by the user cannot be used
└── LayoutError    another distribution has taken one of our package names
"""


class AgentError(Exception):
    """Root of the errors that a user or an operator must mend."""


class InputError(AgentError):
    """Something given by the user cannot be used."""


class LayoutError(AgentError):
    """Another distribution has taken one of our package names."""
