"""Crowds of translucent discs: what scatter charts with many overlapping points are made of."""
