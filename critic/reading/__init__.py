"""Reading a picture into a typed description, a module a kind.

Shared by the pixel critic and the embedded generator.
"""

import lazy_loader

# The names and their homes are those of __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
