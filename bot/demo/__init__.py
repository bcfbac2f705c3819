"""A world to try the assistant in: real deliveries of the past, replayed by a stand-in."""
