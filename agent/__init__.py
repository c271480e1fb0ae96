"""What a user touches: command line, Python API, generators, reports."""
