"""A meeting as a file that calendars read: RFC 5545. Whoever opens a later one has the meeting moved, not doubled."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    """In UTC, which every calendar shows in its own zone."""
    place: str = ""
    note: str = ""
    changes: int = 0
    """How often it was changed, or changed back."""
    is_cancelled: bool = False
    changed_at: datetime


def calendar_file(meeting: Invitation) -> bytes:
    """The same meeting has the same UID for ever; what changed it raises the SEQUENCE."""
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@perennial")
    event.add("sequence", meeting.changes)
    event.add("dtstamp", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.note:
        event.add("description", meeting.note)
    calendar = Calendar()
    calendar.add("prodid", "-//Perennial//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.is_cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
