"""The rules of the trade, pure: no clock, no I/O, no framework."""
