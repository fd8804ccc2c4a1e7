"""Meetings on the person's page and on Today: planned, moved, cancelled, and never without an outcome."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from core.commands.meetings import edit_meeting, plan_meeting
from core.commands.processes import close_process
from core.domain.facts import Absent, Answer, MeetingKind, MeetingResult, Result
from core.domain.promises import Kind, Status
from core.persistence.store import Store
from core.persistence.tables import Meeting, MeetingMove, MeetingOutcome
from core.persistence.work import Viewer
from pages.parts import state
from pages.parts.ending import STILL_PLANNED
from tests.make import (
    MONDAY,
    FixedClock,
    a_candidate,
    a_client,
    a_member,
    a_process,
    an_opening,
    promise_of,
    saved,
    viewer_of,
)
from tests.pages.conftest import labelled, settled, starting
from tests.pages.test_candidate import menu, plain, words

Open = Callable[..., Any]
HOUR = timedelta(hours=1)


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    return saved(store, a_candidate(owner_id=ben.id, pronoun="she"))


@pytest.fixture
def process(store: Store, ben: Viewer, noor: int) -> int:
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    return saved(store, a_process(opening, candidate_id=noor, first_owner_id=ben.id))


def plan(store: Store, who: Viewer, person: int, start: Any, **plain: Any) -> int:
    plain = {"kind": MeetingKind.INTERVIEW, "starts_at": start, "ends_at": start + HOUR, "host_id": who.id, **plain}
    with store.working(who) as work:
        return plan_meeting(work, person, **plain)


def meetings_of(store: Store, kind: type = Meeting) -> list[Any]:
    with store.reading() as session:
        return session.query(kind).filter(kind.undone_at.is_(None)).order_by(kind.id).all()


def person(page_of: Open, viewer: Viewer, id_: int, tab: str = "Meetings") -> Any:
    page = page_of("candidate.py", viewer, id=str(id_)).run()
    page.session_state[f"tabs-{id_}"] = tab
    return page.run()


def undo(page: Any) -> Any:
    return labelled(page.button, "Undo").click().run()


# planned


def test_a_meeting_is_planned_from_the_head_and_taken_back(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int
):
    page = person(page_of, ben, noor)
    page.button(key="plan-meeting").click().run()
    starting(page.date_input, "meeting-day-").set_value(date(2026, 3, 4))
    starting(page.time_input, "meeting-from-").set_value(time(14, 30))
    starting(page.selectbox, "meeting-length-").set_value(90)
    starting(page.text_input, "meeting-place-").set_value("Room 3").run()
    page.button(key="plan-it").click().run()
    (meeting,) = meetings_of(store)
    assert meeting.starts_at == MONDAY + timedelta(days=2, hours=5, minutes=30)  # 14:30 in Warsaw
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    assert (meeting.process_id, meeting.host_id, meeting.place) == (process, ben.id, "Room 3")
    assert "Wed 4 Mar, 14:30 to 16:00 · with Ben · Room 3" in words(page)
    undo(page)
    assert meetings_of(store) == []


def test_one_is_planned_from_the_menu_of_a_process(page_of: Open, store: Store, ben: Viewer, noor: int, process: int):
    page = menu(person(page_of, ben, noor, "Processes"), f"more-of-process-{process}", "Plan a meeting…")
    assert "About Python developer, Nordbank" in words(page)
    starting(page.segmented_control, "meeting-kind-").set_value(MeetingKind.TALK).run()
    page.button(key="plan-it").click().run()
    (meeting,) = meetings_of(store)
    assert (meeting.process_id, meeting.meeting_kind) == (process, MeetingKind.TALK)


def test_what_stands_in_the_way_is_shown_before_and_refused_after(page_of: Open, store: Store, ben: Viewer, noor: int):
    ewa = saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    plan(store, ben, ewa, MONDAY + timedelta(days=1))
    page = person(page_of, ben, noor)
    page.button(key="plan-meeting").click().run()
    starting(page.date_input, "meeting-day-").set_value(date(2026, 3, 3))
    starting(page.time_input, "meeting-from-").set_value(time(9, 30)).run()
    assert "Tue 3 Mar: 09:00 to 10:00 Ewa Lis, with Ben" in words(page)
    page.button(key="plan-it").click().run()
    assert "Ben has a meeting then, with Ewa Lis: Tue 3 Mar, 09:00 to 10:00." in plain(page.error[0].value)
    assert len(meetings_of(store)) == 1


@pytest.mark.parametrize(
    ("day", "hour", "starts"),
    [(date(2026, 10, 25), time(2, 30), "00:30"), (date(2026, 3, 29), time(3, 0), "01:00")],
)
def test_an_hour_that_exists_twice_is_the_first(
    page_of: Open, store: Store, ben: Viewer, noor: int, day: date, hour: time, starts: str
):
    page = person(page_of, ben, noor)
    page.button(key="plan-meeting").click().run()
    starting(page.date_input, "meeting-day-").set_value(day)
    starting(page.time_input, "meeting-from-").set_value(hour).run()
    page.button(key="plan-it").click().run()
    assert f"{meetings_of(store)[0].starts_at:%H:%M}" == starts


def test_an_hour_that_does_not_exist_is_refused_with_a_sentence(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = person(page_of, ben, noor)
    page.button(key="plan-meeting").click().run()
    starting(page.date_input, "meeting-day-").set_value(date(2026, 3, 29))
    starting(page.time_input, "meeting-from-").set_value(time(2, 30)).run()
    assert "has no 02:30: the clocks go forward then" in plain(page.error[0].value)
    assert all(button.key != "plan-it" for button in page.button)


def test_one_that_was_is_put_on_record_with_how_it_went(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int
):
    page = person(page_of, ben, noor)
    page.button(key="plan-meeting").click().run()
    starting(page.date_input, "meeting-day-").set_value(date(2026, 2, 27)).run()
    page.button(key="record-it").click().run()
    assert "Say how the meeting went" in plain(page.error[0].value)
    page.segmented_control(key="meeting-outcome").set_value("Held").run()
    page.button(key="record-it").click().run()
    assert meetings_of(store)[0].result is MeetingResult.HELD
    assert promise_of(store, noor, Kind.DEBRIEF).status is Status.OPEN


# moved, cancelled


def test_a_meeting_is_moved_with_its_notice_and_whoever_asked_for_it(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int
):
    meeting = plan(store, ben, noor, MONDAY + timedelta(hours=3), process_id=process)
    page = menu(person(page_of, ben, noor), f"more-of-meeting-{meeting}", "Move it…")
    assert "It is moved with 3 hours’ notice." in words(page)
    starting(page.date_input, "meeting-day-").set_value(date(2026, 3, 5))
    page.segmented_control(key="meeting-side").set_value(Absent.CLIENT).run()
    page.button(key="move-meeting").click().run()
    (move,) = meetings_of(store, MeetingMove)
    assert (move.asked_by, move.from_starts_at) == (Absent.CLIENT, MONDAY + timedelta(hours=3))
    assert "moved once" in words(page)
    page.session_state[f"tabs-{noor}"] = "History"
    page.run()
    assert "Interview moved to Thu 5 Mar, 12:00, asked for by the client, with 3 hours’ notice" in words(page)
    undo(page)
    assert meetings_of(store)[0].starts_at == MONDAY + timedelta(hours=3)


def test_the_link_that_comes_later_and_another_host_are_written_and_change_no_time(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int
):
    meeting = plan(store, ben, noor, MONDAY + timedelta(hours=3))
    page = menu(person(page_of, ben, noor), f"more-of-meeting-{meeting}", "Where, who of us…")
    starting(page.text_input, "meeting-where-").set_value("https://meet.example/abc")
    starting(page.selectbox, "meeting-who-").set_value(ana.id).run()
    page.button(key="save-meeting").click().run()
    (now,) = meetings_of(store)
    assert (now.place, now.host_id, now.starts_at) == ("https://meet.example/abc", ana.id, MONDAY + 3 * HOUR)
    said = words(page)
    assert all(told in said for told in ("meet.example", "with Ana"))
    assert "moved" not in said
    assert page.button(key="plan-meeting")  # the dialog is closed
    assert [button for button in page.button if button.key == "save-meeting"] == []


def test_a_place_that_somebody_else_wrote_meanwhile_is_shown_and_stands_until_it_is_said(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, clock: FixedClock
):
    meeting = plan(store, ben, noor, MONDAY + timedelta(hours=3))
    page = menu(person(page_of, ben, noor), f"more-of-meeting-{meeting}", "Where, who of us…")
    starting(page.text_input, "meeting-where-").set_value("Room 3").run()
    with store.working(ana) as work:
        edit_meeting(work, meeting, version=1, place="Room 4", note="", host_id=ana.id)
    page.button(key="save-meeting").click().run()
    assert [text.value for text in page.text] == ["Ben", "Ana", "Room 3", "Room 4"]
    assert meetings_of(store)[0].place == "Room 4"
    clock.forward(seconds=1)
    labelled(page.button, "Save mine over it").click().run()
    assert (meetings_of(store)[0].place, meetings_of(store)[0].host_id) == ("Room 3", ana.id)


def test_a_meeting_is_not_moved_into_the_past(page_of: Open, store: Store, ben: Viewer, noor: int):
    meeting = plan(store, ben, noor, MONDAY + timedelta(hours=3))
    page = menu(person(page_of, ben, noor), f"more-of-meeting-{meeting}", "Move it…")
    starting(page.date_input, "meeting-day-").set_value(date(2026, 2, 27)).run()
    page.button(key="move-meeting").click().run()
    assert "That time has passed" in plain(page.error[0].value)
    assert meetings_of(store, MeetingMove) == []


def test_a_meeting_is_cancelled_by_somebody_and_leaves_their_calendars(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    meeting = plan(store, ben, noor, MONDAY + timedelta(days=1))
    page = menu(person(page_of, ben, noor), f"more-of-meeting-{meeting}", "Cancel it…")
    page.segmented_control(key="meeting-side").set_value(Absent.CANDIDATE).run()
    page.button(key="cancel-meeting").click().run()
    assert meetings_of(store, MeetingOutcome)[0].asked_by is Absent.CANDIDATE
    assert "cancelled, by them" in words(page)
    page.session_state[f"tabs-{noor}"] = "History"
    assert "Interview cancelled, by them" in words(page.run())
    undo(page)
    assert meetings_of(store)[0].result is None


# how it went


@pytest.fixture
def over(store: Store, ben: Viewer, noor: int, process: int, clock: FixedClock) -> int:
    """This morning at ten; it is one o'clock now."""
    meeting = plan(store, ben, noor, MONDAY + HOUR, process_id=process)
    clock.forward(hours=4)
    return meeting


def test_an_outcome_names_which_of_us_was_absent(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, over: int
):
    page = person(page_of, ben, noor)
    page.button(key=f"outcome-{over}").click().run()
    page.segmented_control(key="meeting-outcome").set_value("We did not come").run()
    page.selectbox(key="meeting-absent").set_value(ana.id).run()
    page.button(key="note-outcome").click().run()
    (outcome,) = meetings_of(store, MeetingOutcome)
    assert (outcome.absent, outcome.absent_member_id) == (Absent.US, ana.id)
    assert promise_of(store, noor, Kind.AMENDS).owner_id == ana.id
    assert "missed: Ana did not come" in words(page)


def test_the_open_row_of_today_names_which_of_us_was_absent(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, over: int
):
    page = page_of("today.py", ben).run()
    promise = promise_of(store, noor, Kind.OUTCOME)
    page.session_state["open"] = promise.id
    page.run()
    page.segmented_control(key="how").set_value("We did not come").run()
    page.selectbox(key="how-absent").set_value(ana.id).run()
    page.button(key=f"keep-{promise.id}").click().run()
    assert meetings_of(store, MeetingOutcome)[0].absent_member_id == ana.id


def test_what_is_owed_on_the_persons_page_asks_for_it_too(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, over: int
):
    page = person(page_of, ben, noor)
    promise = promise_of(store, noor, Kind.OUTCOME)
    page.button(key=f"keep-{promise.id}").click().run()
    labelled(page.segmented_control, "How").set_value("Cancelled").run()
    page.segmented_control(key="meeting-cancelled-by").set_value(Absent.US).run()
    page.button(key="keep-it").click().run()
    (outcome,) = meetings_of(store, MeetingOutcome)
    assert (outcome.outcome, outcome.asked_by) == (MeetingResult.CANCELLED, Absent.US)


# the day, on Today


def test_today_is_quiet_about_meetings_where_there_are_none(page_of: Open, store: Store, ben: Viewer, noor: int):
    plan(store, ben, noor, MONDAY + timedelta(days=1))
    page = page_of("today.py", ben).run()
    assert all("Meetings" not in section.value for section in page.subheader)


def test_today_shows_my_meetings_or_the_teams(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, process: int
):
    plan(store, ben, noor, MONDAY + 2 * HOUR, process_id=process, place="https://meet.example/a-b")
    plan(store, ana, saved(store, a_candidate("Ewa Lis")), MONDAY + 4 * HOUR)
    page = page_of("today.py", ben).run()
    assert page.subheader[0].value == "Meetings today · 1"
    assert "**11:00 to 12:00** · **Noor Haddad**" in words(page)
    assert "Interview, Python developer, Nordbank · [meet.example](<https://meet.example/a-b>)" in words(page)
    labelled(page.segmented_control, "Whose").set_value("Team").run()
    assert page.subheader[0].value == "Meetings today · 2"
    assert "Ewa Lis" in words(page)


@pytest.mark.parametrize(("kind", "is_off"), [(MeetingKind.INTERVIEW, True), (MeetingKind.TALK, False)])
def test_an_interview_whose_process_has_ended_says_that_it_waits_to_be_cancelled(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, kind: MeetingKind, is_off: bool
):
    plan(store, ben, noor, MONDAY + 2 * HOUR, process_id=process, kind=kind)
    with store.working(ben) as work:
        close_process(work, process, result=Result.WITHDRAWN, answer=Answer.OWED)
    for page in (page_of("today.py", ben).run(), person(page_of, ben, noor)):
        assert ("the process has ended: cancel it, and tell them" in plain(words(page))) is is_off


@pytest.fixture
def planned_in_what_ended(store: Store, ben: Viewer, noor: int, process: int) -> list[int]:
    """An interview and a talk, tomorrow, and an interview the day after."""
    kinds = (MeetingKind.INTERVIEW, MeetingKind.TALK, MeetingKind.INTERVIEW)
    starts = (MONDAY + timedelta(hours=24), MONDAY + timedelta(hours=26), MONDAY + timedelta(hours=48))
    ids = [plan(store, ben, noor, at, process_id=process, kind=kind) for kind, at in zip(kinds, starts, strict=True)]
    with store.working(ben) as work:
        close_process(work, process, result=Result.WITHDRAWN, answer=Answer.OWED)
    return ids


def test_before_its_day_today_asks_to_cancel_an_interview_whose_process_has_ended(
    page_of: Open, store: Store, ben: Viewer, planned_in_what_ended: list[int]
):
    page = page_of("today.py", ben).run()
    assert "Interviews to cancel · 2" in [section.value for section in page.subheader]
    page.button(key=f"cancel-still-planned-{planned_in_what_ended[0]}").click().run()
    assert "Interviews to cancel · 1" in [section.value for section in page.subheader]
    assert "tell them" in page.toast[0].value
    undo(page)
    page.button(key="cancel-all-still-planned").click().run()
    assert [meeting.result for meeting in meetings_of(store)] == [
        MeetingResult.CANCELLED,
        None,
        MeetingResult.CANCELLED,
    ]
    assert all("to cancel" not in section.value for section in page.subheader)
    undo(page)
    assert {meeting.result for meeting in meetings_of(store)} == {None}


def test_who_was_asked_about_them_elsewhere_and_went_to_today_is_asked_there(
    page_of: Open, ben: Viewer, process: int, planned_in_what_ended: list[int]
):
    page = page_of("today.py", ben)
    page.session_state[state.QUESTION] = (STILL_PLANNED, process)
    page.run()
    assert not page.exception
    page.button(key=f"cancel-asked-{planned_in_what_ended[0]}").click().run()
    assert "Interviews to cancel · 1" in [section.value for section in page.subheader]


def test_what_is_to_be_cancelled_is_the_hosts_or_the_teams_and_vera_cancels_nothing(
    page_of: Open, ana: Viewer, vera: Viewer, planned_in_what_ended: list[int]
):
    hers = page_of("today.py", ana).run()
    assert all("to cancel" not in section.value for section in hers.subheader)
    seen = page_of("today.py", vera, whose="Team").run()
    assert "Interviews to cancel · 2" in [section.value for section in seen.subheader]
    assert all(not button.key.startswith("cancel-") for button in seen.button)


def test_a_meeting_of_today_that_began_has_its_outcomes(page_of: Open, store: Store, ben: Viewer, noor: int, over: int):
    page = page_of("today.py", ben).run()
    menu(page, f"meeting-{over}", "Held")
    assert meetings_of(store)[0].result is MeetingResult.HELD
    assert ":green-badge[held]" in words(page)
    undo(page)
    menu(page, f"meeting-{over}", "We did not come")
    assert page.selectbox(key="meeting-absent").value == ben.id
    page.button(key="note-outcome").click().run()
    assert meetings_of(store, MeetingOutcome)[0].absent_member_id == ben.id


def test_a_meeting_to_come_is_moved_from_today(page_of: Open, store: Store, ben: Viewer, noor: int):
    meeting = plan(store, ben, noor, MONDAY + 3 * HOUR)
    page = menu(page_of("today.py", ben).run(), f"meeting-{meeting}", "Move it…")
    starting(page.time_input, "meeting-from-").set_value(time(15, 0)).run()
    page.button(key="move-meeting").click().run()
    assert "15:00 to 16:00" in words(page)


def test_many_meetings_are_shown_piece_by_piece(page_of: Open, store: Store, ben: Viewer, noor: int):
    for quarter in range(10):
        start = MONDAY + timedelta(minutes=15 * quarter)
        plan(store, ben, noor, start, ends_at=start + timedelta(minutes=15))
    page = page_of("today.py", ben).run()
    assert words(page).count("Noor Haddad** ") == 6
    page.button(key="more-meetings").click().run()
    assert words(page).count("Noor Haddad** ") == 10


def test_vera_sees_meetings_and_changes_none(page_of: Open, store: Store, ben: Viewer, vera: Viewer, noor: int):
    meeting = plan(store, ben, noor, MONDAY + 3 * HOUR)
    page = person(page_of, vera, noor)
    assert "12:00 to 13:00" in words(page)
    assert [element.key for element in page.get("menu_button") if "meeting" in element.key] == []
    assert all(button.key != "plan-meeting" for button in page.button)
    page = page_of("today.py", vera, whose="Team").run()
    assert all(element.key != f"meeting-{meeting}" for element in page.get("menu_button"))


# in a browser


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_plan_clash_move_and_outcome_in_a_browser(app_server: Any, signed_in_page: Open, width: int):
    store = app_server.store
    ben = viewer_of(store, a_member(f"Ben {width}"))  # whose day is his own
    zone, now = store.calendar.zone, store.now()
    noor, ewa = saved(store, a_candidate(owner_id=ben.id)), saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    page = signed_in_page(ben, f"/candidate?id={noor}", width=width)
    page.get_by_role("button", name="Plan a meeting").click()
    page.get_by_label("Where").fill("Room 3")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("dialog").wait_for(state="detached")
    settled(page)
    planned = newest(store)
    assert (planned.place, planned.host_id) == ("Room 3", ben.id)
    assert planned.starts_at > now

    page.goto(f"{app_server.address}/candidate?id={ewa}")
    settled(page)
    page.get_by_role("button", name="Plan a meeting").click()
    page.get_by_role("button", name="Plan it").click()
    start = planned.starts_at.astimezone(zone)
    page.get_by_text(f"Ben {width} has a meeting then, with Noor Haddad: {start:%a} {start.day} {start:%b}").wait_for()
    assert newest(store).id == planned.id

    page.goto(f"{app_server.address}/candidate?id={noor}")
    settled(page)
    page.get_by_role("tab", name="Meetings").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Calendar file").click()
    event = Calendar.from_ical(saving.value.path().read_bytes()).walk("VEVENT")[0]
    assert event.decoded("DTSTART") == planned.starts_at.replace(microsecond=0)
    page.locator(f".st-key-more-of-meeting-{planned.id} button").click()
    page.get_by_role("menuitem", name="Move it…").click()
    page.get_by_role("combobox", name="For").click()
    page.get_by_role("option", name="2 hours").click()
    page.get_by_role("dialog").get_by_text("The candidate", exact=True).click()
    page.locator(".st-key-move-meeting button").click()
    page.get_by_text("moved once").wait_for()
    assert newest(store).ends_at - newest(store).starts_at == 2 * HOUR

    plan(store, ben, ewa, now - 3 * HOUR)
    page.goto(f"{app_server.address}/candidate?id={ewa}")
    settled(page)
    page.get_by_role("tab", name="Meetings").click()
    page.get_by_role("button", name="How did it go?").click()
    page.get_by_role("dialog").get_by_text("We did not come", exact=True).click()
    page.get_by_text("Who of us").wait_for()
    page.locator(".st-key-note-outcome button").click()
    page.get_by_text(f"missed: Ben {width} did not come").wait_for()
    assert newest(store).result is MeetingResult.MISSED
    settled(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def newest(store: Store) -> Meeting:
    with store.reading() as session:
        return session.query(Meeting).order_by(Meeting.id.desc()).first()
