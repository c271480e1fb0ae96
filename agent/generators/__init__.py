"""Generators: what turns a picture into code."""
