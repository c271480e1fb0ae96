"""The error tree of this package.

CriticError
└── ReadingError      the text reader (OCR) is missing or does not start
"""


class CriticError(Exception):
    """Root of the errors that a user or an operator must mend."""


class ReadingError(CriticError):
    """The text reader (OCR) is missing or does not start."""
