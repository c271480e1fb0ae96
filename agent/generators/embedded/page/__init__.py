"""Pages: a screenshot to HTML and CSS, and its revisions."""

from agent.generators.embedded.page.generator import PageGenerator, generator

__all__ = ["PageGenerator", "generator"]
