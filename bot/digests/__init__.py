"""Summaries for channels that want one: what is open, what came up, what was resolved."""
