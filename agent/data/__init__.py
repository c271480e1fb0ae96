"""The data of a finished run, and the formats that it is written in: a module a format."""
