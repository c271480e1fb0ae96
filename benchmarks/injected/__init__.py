"""Pairs with known errors of pictures that no critic here was built with."""
