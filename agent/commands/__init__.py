"""The commands of ``lookalike``, one a module."""
