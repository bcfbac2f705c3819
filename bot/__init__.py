"""The assistant itself."""
