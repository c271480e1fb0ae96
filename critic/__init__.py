"""(reference, render) to a critique: the critics, the reward, the measures."""

import lazy_loader

# The names and their homes are those of __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
