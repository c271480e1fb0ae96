"""Differences between two marks of one type, in data units but judged by their pixels: a module a mark."""
