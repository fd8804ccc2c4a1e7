"""What fell due earlier today. The tallies know days, not hours: whoever counts from them adds these."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from core.domain.calendar import Calendar
from core.domain.promises import Status, to_the_minute
from core.persistence.tables import Promise
from core.persistence.tables.base import Moment

_PROMISE = Promise.__table__
LATE_TODAY = (
    _PROMISE.c.status == Status.OPEN,
    _PROMISE.c.due_at >= bindparam("morning", type_=Moment),
    _PROMISE.c.due_at < bindparam("minute", type_=Moment),
)


def moments(now: datetime, calendar: Calendar) -> dict[str, Any]:
    """What `LATE_TODAY` asks for by name."""
    return {"minute": to_the_minute(now), "morning": calendar.start_of(calendar.day(now))}
