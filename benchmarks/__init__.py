"""Measurements, each run by hand as a module; see RESULTS.md."""
