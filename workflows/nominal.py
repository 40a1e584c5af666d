"""The time for which a scheduled workflow acts."""

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from domain.service_orders import Sweep

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
"""The schedule's own: when it was to start, which a backfill sets to days gone by or to come."""


def begun() -> Sweep:
    """The sweep of the nominal time; one that no schedule has started acts for today."""
    nominal = workflow.info().typed_search_attributes.get(SCHEDULED)
    return Sweep(at=nominal or workflow.now())
