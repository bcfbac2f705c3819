"""Cases to messages: what is shown, what is owed, and saying it."""
