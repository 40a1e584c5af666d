"""How the catcher treats mail: well, or as badly as it is told, for everyone or for one address."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Mode(StrEnum):
    """What a message meets."""

    ACCEPT = "accept"
    DEFER = "defer"  # 451 at RCPT
    REJECT = "reject"  # 550 at RCPT, naming the address
    SLOW = "slow"  # kept, and answered `delay_s` later
    HANG = "hang"  # no answer to the message, and it isn't kept
    DROP_AFTER_DATA = "drop_after_data"  # kept, then the line goes dead without an answer


AT_RCPT = frozenset({Mode.DEFER, Mode.REJECT})
AT_DATA = frozenset({Mode.SLOW, Mode.HANG, Mode.DROP_AFTER_DATA})


class Mood(BaseModel):
    """The body of `POST /_control`. `to` null: everyone; `times` null: until told otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode
    to: str | None = Field(default=None, min_length=1)
    times: int | None = Field(default=None, ge=1)
    delay_s: float = Field(default=1, ge=0)


class Moods:
    """An address's own mood wins over everyone's. Forgotten when the process ends."""

    def __init__(self) -> None:
        self._moods: dict[str | None, Mood] = {}

    def set(self, mood: Mood) -> None:
        """From now on. Accepting everyone's mail forgets what was said of single addresses."""
        if mood.to is None and mood.mode is Mode.ACCEPT:
            self._moods.clear()
        self._moods[mood.to and mood.to.lower()] = mood

    def take(self, address: str, *, among: frozenset[Mode]) -> Mood | None:
        """What `address` meets now, if its mode is one of `among`; that counts as one of its times."""
        key = address.lower() if address.lower() in self._moods else None
        mood = self._moods.get(key)
        if mood is None or mood.mode not in among:
            return None
        if mood.times == 1:
            del self._moods[key]
        elif mood.times:
            self._moods[key] = mood.model_copy(update={"times": mood.times - 1})
        return mood

    def all(self) -> list[Mood]:
        """Everyone's first."""
        everyone = self._moods.get(None, Mood(mode=Mode.ACCEPT))
        return [everyone, *(mood for key, mood in self._moods.items() if key is not None)]
