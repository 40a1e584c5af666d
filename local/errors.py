"""What keeps the system from running here."""


class CannotRun(RuntimeError):
    """The message tells whoever started it what is in the way, and what to do or read."""
