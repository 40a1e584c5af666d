"""Pages for people, in Italian."""
