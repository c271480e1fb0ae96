"""Independent measures against the truth beside a picture, a module a kind."""
