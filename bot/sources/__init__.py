"""One module per provider, and the one protocol that they share: see bot.sources.source."""
