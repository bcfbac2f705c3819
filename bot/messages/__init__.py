"""What people read: Block Kit as pure functions from plain data."""
