"""Slack in: one callback a file, each folder with register(app)."""
