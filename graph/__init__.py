"""The LangGraph state machine: state, nodes, stop rules, builder. The only place that knows LangGraph."""

import lazy_loader

# The names and their homes are those of __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
