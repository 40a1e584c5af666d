"""What sends a visitor elsewhere: nothing that the domain knows of."""


class SignInNeededError(Exception):
    """Nobody has signed in, or the session is over."""


class SecondFactorNeededError(Exception):
    """An operator has still to turn the second factor on."""


class ForeignFormError(Exception):
    """The form wasn't made by this session's page."""


class RightMissingError(Exception):
    """The visitor's role lets them look, and no more; or they are an operator who looks around as a partner."""
