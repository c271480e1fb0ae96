"""Isolation of generated code: layers, levels, and what this machine offers."""

from renderers.isolation.levels import Layer, Level, Policy, level_of
from renderers.isolation.probe import LayerReport, Report, probe

__all__ = ["Layer", "LayerReport", "Level", "Policy", "Report", "level_of", "probe"]
