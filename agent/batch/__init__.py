"""Batch refinement: a dataset in, refined code for every picture out, whatever happens in between."""
