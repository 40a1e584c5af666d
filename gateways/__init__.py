"""The outside: one module per foreign system, the real client and nothing of our own rules."""
