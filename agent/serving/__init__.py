"""Starts and watches the model servers."""
