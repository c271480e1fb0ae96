"""Measures of one thing against another that the field defines."""
