"""Lookalike as an MCP server: eyes for a coding agent. Needs the extra ``mcp``."""
