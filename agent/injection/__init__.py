"""Error injection: pairs of pictures whose differences are known, made by editing code that was parsed."""
