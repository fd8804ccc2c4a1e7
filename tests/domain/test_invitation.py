"""A meeting as a file, read again as a calendar reads it."""

from dataclasses import replace
from datetime import UTC, datetime

from icalendar import Calendar

from core.domain.invitation import Invitation, calendar_file

MEETING = Invitation(
    id=7,
    title="Interview: Noor Haddad, Python developer, Nordbank",
    starts_at=datetime(2026, 3, 30, 8, tzinfo=UTC),
    ends_at=datetime(2026, 3, 30, 9, tzinfo=UTC),
    place="Room 3; ask for Ana, 2nd floor",
    note="Bring the test\nand time, " + "lots of it, " * 20,
    changed_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
)


def read(meeting):
    file = calendar_file(meeting)
    calendar = Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    return file, calendar, event


def test_a_calendar_reads_when_what_and_where():
    _, calendar, event = read(MEETING)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
    assert event.decoded("DTSTART") == MEETING.starts_at
    assert event.decoded("DTEND") == MEETING.ends_at
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (MEETING.title, MEETING.place)
    assert str(event["DESCRIPTION"]) == MEETING.note


def test_the_hour_is_the_same_in_every_zone():
    file, _, _ = read(MEETING)
    assert b"DTSTART:20260330T080000Z\r\n" in file  # ten in Warsaw, whose clocks went forward the day before
    assert b"DTEND:20260330T090000Z\r\n" in file


def test_no_line_is_longer_than_calendars_take():
    file, _, _ = read(replace(MEETING, title="Zażółć gęślą jaźń " * 20))
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


def test_one_that_was_changed_is_the_same_meeting_and_later():
    _, _, before = read(MEETING)
    _, _, after = read(replace(MEETING, changes=2))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 2)


def test_one_that_was_cancelled_leaves_the_calendar():
    _, calendar, event = read(replace(MEETING, is_cancelled=True, changes=1))
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
