"""Cases: the memory of findings, and what may be done to them."""
