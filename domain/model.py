"""The base of every value: frozen, checked once at the border, trusted inside."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value. Its validation errors never repeat the input, which may be somebody's data."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
