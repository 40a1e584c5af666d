"""Steps with effects: one effect, one transaction, safe to repeat."""
