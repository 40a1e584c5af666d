"""A cancel request of Temporal's own is one more proposal, not an end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Protocol, TypeVar


class Cancellable(Protocol):
    """A process that can be asked to stop."""

    def cancel_requested(self) -> None:
        """Take the request as a proposal."""


Self = TypeVar("Self", bound=Cancellable)
Input = TypeVar("Input")
Result = TypeVar("Result")


def shielded(
    run: Callable[[Self, Input], Coroutine[Any, Any, Result]],
) -> Callable[[Self, Input], Awaitable[Result]]:
    """Run the story in a task of its own, where Temporal's CancelledError can't tear it."""

    @wraps(run)
    async def shielding(self: Self, given: Input) -> Result:
        story = asyncio.create_task(run(self, given))
        while True:
            try:
                return await asyncio.shield(story)
            except asyncio.CancelledError:
                if story.cancelled():  # the worker evicts the workflow from its cache: let go
                    raise
                self.cancel_requested()

    return shielding
