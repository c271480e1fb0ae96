"""The error tree of this package.

RendererError
├── PictureError      a picture that cannot be read (empty, truncated, too large, not a picture)
├── BrowserError      no usable browser, or it does not start
├── PageCrashError    the browser broke down over one document; the renderers make it a failed render
├── PageTooLargeError a document that would fill the memory; the renderers refuse it
├── LanguageError     a language that the kind cannot be written in
├── ChoiceError       a name that nothing is registered under
├── PluginError       something registered that cannot be loaded, or is not what is wanted
├── ScratchError      no folder for temporary files can be made
└── WorkerError       no worker process starts, or it keeps ending
"""


class RendererError(Exception):
    """Root of the errors that a user or an operator must mend."""


class PictureError(RendererError):
    """A picture that cannot be read."""


class BrowserError(RendererError):
    """No usable browser, or it does not start."""


class PageCrashError(RendererError):
    """The browser broke down over one document."""


class PageTooLargeError(RendererError):
    """A document that would fill the memory."""


class LanguageError(RendererError):
    """A language that the kind cannot be written in."""


class ChoiceError(RendererError, ValueError):
    """A name that nothing is registered under; also a ``ValueError``, as Pydantic wants of a validator."""


class PluginError(RendererError):
    """Something registered that cannot be loaded, or is not what is wanted."""


class ScratchError(RendererError):
    """No folder for temporary files can be made."""


class WorkerError(RendererError):
    """No worker process starts, or it keeps ending."""
