"""Edits of code, a module a kind: each is one known difference for a critic to find."""
