"""The pixel critic: a deterministic critic on the CPU."""

import lazy_loader

# The names and their homes are those of __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
