"""Candidate: how it stands with one person, the next word logged and taken back; a viewer changes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import settings
from core.commands.candidates import CandidateEdit, edit_candidates, erase_candidate, set_rhythm
from core.commands.consents import forbid_contact
from core.commands.growth import note_growth
from core.commands.meetings import record_meeting
from core.commands.merges import merge_candidates
from core.commands.placements import end_placement, record_placement
from core.commands.processes import start_process, wait_on_client
from core.domain.facts import MeetingKind, MeetingResult, Rhythm, Unit, Way
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused
from core.persistence.check import disagreements
from core.persistence.store import Store
from core.persistence.tables import Candidate, Contact, PrivacyRequest, Promise, RequestKind
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM, Viewer
from pages.parts import state
from tests.make import (
    MONDAY,
    FixedClock,
    a_candidate,
    a_client,
    a_closing,
    a_meeting,
    a_process,
    a_word_from_her,
    a_word_to_her,
    an_opening,
    promise_of,
    promises_of,
    saved,
)
from tests.pages.conftest import labelled, settled, starting

Open = Callable[..., Any]
EARLIER = MONDAY - timedelta(days=6)


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    """She wrote last Tuesday and is overdue."""
    return saved(
        store,
        a_candidate(
            owner_id=ben.id,
            added_at=EARLIER,
            known_since=EARLIER.date(),
            pronoun="she",
            title="Developer",
            company="Lumen",
        ),
        a_word_from_her(happened_at=EARLIER, text="Is there any news?", channel="e-mail"),
    )


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def words(page: Any) -> str:
    return plain("\n".join(element.value for element in page.markdown))


def person_of(store: Store, candidate_id: int) -> Candidate:
    with store.reading() as session:
        return session.get_one(Candidate, candidate_id)


def contacts_of(store: Store, candidate_id: int) -> list[Contact]:
    with store.reading() as session:
        query = session.query(Contact).filter(Contact.candidate_id == candidate_id, Contact.undone_at.is_(None))
        return query.order_by(Contact.id).all()


def form_of(page: Any) -> str:
    return next(button.key for button in page.button if button.label == "Log it" and button.key.startswith("log-"))[4:]


def log(page: Any, text: str = "", way: str | None = None, **typed: Any) -> Any:
    form = form_of(page)
    if way:
        page.segmented_control(key=f"way-{form}").set_value(way).run()
    if text:
        page.text_area(key=f"text-{form}").set_value(text)
    for part, value in typed.items():
        fields = {"next": page.text_input, "by": page.date_input, "on": page.date_input, "quits": page.checkbox}
        fields[part](key=f"{part}-{form}").set_value(value)
    return page.button(key=f"log-{form}").click().run()


def menu(page: Any, key: str, option: str) -> Any:
    """Choose from a menu button."""
    page.get("menu_button")
    found = next(element for element in page.get("menu_button") if element.key == key)
    return found.set_value(option).run()


def test_a_word_said_earlier_kept_its_promise_then(page_of: Open, store: Store, ben: Viewer, noor: int):
    """She wrote on Tuesday and was called on Wednesday; it is put down on Monday, long after it was due."""
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.date_input(key=f"on-{form_of(page)}").set_value(date(2026, 2, 23)).run()
    assert "Too early: it is owed since Tue 24 Feb, 09:00, and no word from before keeps it" in words(page)
    page.date_input(key=f"on-{form_of(page)}").set_value(date(2026, 2, 25)).run()
    assert "Keeps: reply to her message, owed since Tue 24 Feb." in words(page)
    page = log(page, way="talked")
    assert not page.exception
    (said,) = [one for one in contacts_of(store, noor) if one.way is Way.TALKED]
    assert said.happened_at == datetime(2026, 2, 25, 16, tzinfo=UTC)
    assert said.entered_at == MONDAY
    with store.reading() as session:
        reply = session.query(Promise).filter_by(candidate_id=noor, kind=Kind.REPLY).one()
    assert reply.status is Status.KEPT_ON_TIME
    assert page.date_input(key=f"on-{form_of(page)}").value is None


@pytest.mark.parametrize("on", [None, MONDAY.date()])
def test_a_word_of_today_was_said_now(page_of: Open, store: Store, ben: Viewer, noor: int, on: date | None):
    log(page_of("candidate.py", ben, id=str(noor)).run(), "We decide on Friday.", on=on)
    assert contacts_of(store, noor)[-1].happened_at == MONDAY


def test_the_page_says_how_it_stands(page_of: Open, ben: Viewer, noor: int):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert page.title[0].value == "Noor Haddad"
    assert "Developer, Lumen · known for 6 days · with Ben · no rhythm" in words(page)
    labels = [metric.label for metric in page.metric]
    assert labels == ["Last word from us", "Last word from her", "Owed to her", "Word kept on time"]
    values = [metric.value for metric in page.metric]
    assert values == ["none", "6 days", "1 word", "0 of 1"]
    assert "Reply to her message" in words(page)
    assert "Keeps: reply to her message, owed since Tue 24 Feb." in words(page)
    assert "“Is there any news?”" in words(page)


@pytest.mark.parametrize("asked", ["", "4711", "x", "1; drop", "９"])
def test_nobody_is_answered_with_one_sentence(page_of: Open, ben: Viewer, asked: str):
    page = page_of("candidate.py", ben, **({"id": asked} if asked else {})).run()
    assert "There is no such person here" in words(page)


def test_who_asked_to_be_forgotten_is_gone(page_of: Open, store: Store, ben: Viewer, noor: int):
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    assert "This person was erased" in words(page)
    assert "Noor" not in words(page)


def test_what_was_half_written_of_somebody_goes_when_they_are_erased(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.text_area(key=f"text-{form_of(page)}").set_value("She would rather begin in May.").run()
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    page.run()
    assert "This person was erased" in words(page)
    assert not page.session_state[state.WRITTEN].fields


def test_who_was_merged_is_shown_as_the_one_kept(page_of: Open, store: Store, ben: Viewer, noor: int):
    other = saved(store, a_candidate("N. Haddad"))
    with store.working(ben) as work:
        merge_candidates(work, noor, other)
    page = page_of("candidate.py", ben, id=str(other)).run()
    assert page.title[0].value == "Noor Haddad"
    assert page.query_params["id"] in (str(noor), [str(noor)])


def test_a_word_is_logged_keeps_what_was_owed_and_is_taken_back(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = log(page_of("candidate.py", ben, id=str(noor)).run(), "I know on Friday.")
    assert plain(page.toast[0].value) == "Logged: Noor Haddad"
    assert promise_of(store, noor).status is Status.KEPT_LATE
    word = contacts_of(store, noor)[-1]
    assert (word.way, word.channel, word.text) == (Way.TO, "e-mail", "I know on Friday.")
    assert "kept late: reply, due Wed 25 Feb" in words(page)
    assert "Nothing is owed just now." in words(page)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert promise_of(store, noor).status is Status.OPEN
    assert len(contacts_of(store, noor)) == 1


def test_what_was_noted_wrongly_is_taken_back_days_later(
    page_of: Open, store: Store, clock: FixedClock, ben: Viewer, noor: int
):
    log(page_of("candidate.py", ben, id=str(noor)).run(), "Meant for somebody else.")
    word = contacts_of(store, noor)[-1]
    clock.forward(minutes=3 * 24 * 60)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    menu(page, f"take-back-{noor}", word.id)
    assert "What it kept is owed again" in words(page)
    page.button(key="take-it-back").click().run()
    assert plain(page.toast[0].value) == "Taken back: Noor Haddad"
    assert promise_of(store, noor).status is Status.OPEN
    assert "Meant for somebody else." not in words(page)


def test_what_was_noted_of_the_wrong_person_is_taken_back_with_all_that_came_of_it(
    page_of: Open, store: Store, clock: FixedClock, ben: Viewer, noor: int
):
    opening = saved(store, an_opening())
    with store.working(ben) as work:
        process = start_process(work, noor, opening)
        start, end = work.now - timedelta(hours=2), work.now - timedelta(hours=1)
        held = MeetingResult.HELD
        met = record_meeting(work, noor, kind=MeetingKind.TALK, starts_at=start, ends_at=end, result=held)
        job = record_placement(work, noor, MONDAY.date())
        end_placement(work, job, reason="They left.")
        ban = forbid_contact(work, noor)
    assert promise_of(store, noor, Kind.UPDATE).status is Status.VOID
    clock.forward(minutes=3 * 24 * 60)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    for fact in (ban, met, job, process):
        menu(page, f"take-back-{noor}", fact)
        page.button(key="take-it-back").click().run()
        assert plain(page.toast[-1].value) == "Taken back: Noor Haddad"
    said = words(page)
    assert all(gone not in said for gone in ("no contact", "Talk held", "The job ended", "In for"))
    assert [(one.kind, one.status) for one in promises_of(store, noor)] == [(Kind.REPLY, Status.OPEN)]
    assert list(disagreements(store, workers=0)) == []


def test_a_process_in_which_more_happened_is_closed_and_not_taken_back(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    opening = saved(store, an_opening())
    with store.working(ben) as work:
        process = start_process(work, noor, opening)
        wait_on_client(work, process)
    page = page_of("candidate.py", ben, id=str(noor)).run()
    menu(page, f"take-back-{noor}", process)
    page.button(key="take-it-back").click().run()
    assert "More happened in this process since" in plain(page.error[0].value)


def test_of_two_words_that_read_the_same_either_can_be_taken_back(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = log(page_of("candidate.py", ben, id=str(noor)).run(), "Twice.")
    page = log(page, "Twice.")
    (kept, other) = [word for word in contacts_of(store, noor) if word.text == "Twice."]
    menu(page, f"take-back-{noor}", kept.id)
    page.button(key="take-it-back").click().run()
    assert [word.id for word in contacts_of(store, noor) if word.text == "Twice."] == [other.id]


def test_where_nothing_is_owed_a_draft_says_why_to_write_at_all(page_of: Open, store: Store, ben: Viewer):
    ewa = saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    with store.working(ben) as work:
        note_growth(work, ewa, wants="lead a team")
    page = page_of("candidate.py", ben, id=str(ewa)).run()
    next(button for button in page.button if button.label == "Begin with a draft").click().run()
    (text,) = [field for field in page.text_area if field.label == "What was said"]
    assert "what I noted of your plans: “lead a team”" in text.value
    with store.working(ben) as work:
        forbid_contact(work, ewa)
    assert "Begin with a draft" not in [button.label for button in page.run().button]


@pytest.mark.parametrize(
    ("direction", "way"), [("from", Way.FROM), ("talked", Way.TALKED), ("tried", Way.ATTEMPT), ("note", Way.NOTE)]
)
def test_a_word_goes_the_way_that_was_said(
    page_of: Open, store: Store, ben: Viewer, noor: int, direction: str, way: Way
):
    log(page_of("candidate.py", ben, id=str(noor)).run(), "As it was.", way=direction)
    assert contacts_of(store, noor)[-1].way is way
    kept = promises_of(store, noor)[0].status
    assert kept is (Status.KEPT_LATE if way is Way.TALKED else Status.OPEN)


def test_a_word_that_needs_no_answer_opens_nothing(page_of: Open, store: Store, ben: Viewer):
    ewa = saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    log(page_of("candidate.py", ben, id=str(ewa)).run(), "Thank you!", way="from", quits=True)
    assert promises_of(store, ewa) == []


def test_what_comes_next_is_a_promise(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    log(page, "I ask them.", next="Ring her", by=date(2026, 3, 6))
    follow_up = promise_of(store, noor, Kind.FOLLOW_UP)
    assert store.calendar.day(follow_up.due_at) == date(2026, 3, 6)
    page.run()
    assert "As we said: Ring her" in words(page)


def test_what_is_missing_is_said_and_nothing_is_lost(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    log(page, "I ask them.", next="Ring her")
    assert "by when" in plain(page.error[0].value)
    assert page.text_area(key=f"text-{form_of(page)}").value == "I ask them."
    assert len(contacts_of(store, noor)) == 1


def test_feedback_is_given_with_its_words(page_of: Open, store: Store, ben: Viewer, clock: FixedClock):
    opening = saved(store, an_opening(client_id=saved(store, a_client("Nordbank"))))
    ewa = saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    process = saved(store, a_process(opening, candidate_id=ewa, first_owner_id=ben.id))
    clock.forward(hours=1)
    saved(store, a_closing(process, candidate_id=ewa))
    page = page_of("candidate.py", ben, id=str(ewa)).run()
    assert "Keeps: feedback after the process at Nordbank" in words(page)
    clock.forward(hours=1)
    log(page)
    assert "Feedback needs the words" in plain(page.error[0].value)
    log(page, "They chose somebody with more Go. They liked your calm.")
    assert promise_of(store, ewa, Kind.FEEDBACK).status is Status.KEPT_ON_TIME
    assert contacts_of(store, ewa)[-1].is_feedback


def test_an_outcome_is_noted_from_what_is_owed(page_of: Open, store: Store, ben: Viewer, clock: FixedClock):
    ewa = saved(store, a_candidate("Ewa Lis", owner_id=ben.id))
    saved(store, a_meeting(MONDAY + timedelta(hours=1), candidate_id=ewa, host_id=ben.id))
    clock.forward(hours=5)
    page = page_of("candidate.py", ben, id=str(ewa)).run()
    promise = promise_of(store, ewa, Kind.OUTCOME)
    page.button(key=f"keep-{promise.id}").click().run()
    control = next(control for control in page.segmented_control if control.label == "How")
    control.set_value("Held").run()
    page.button(key="keep-it").click().run()
    assert promise_of(store, ewa, Kind.OUTCOME).status is Status.KEPT_ON_TIME
    assert "Interview held" in words(page)


def test_a_promise_is_put_off_and_let_go_with_a_reason(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    promise = promise_of(store, noor)
    menu(page, f"more-{promise.id}", "Snooze…")
    starting(page.date_input, "snooze-until").set_value(date(2026, 3, 9))
    starting(page.text_input, "snooze-reason").set_value("On holiday")
    page.button(key="snooze-it").click().run()
    assert promise_of(store, noor).is_snoozed
    assert "snoozed from Wed 25 Feb" in words(page)
    menu(page, f"more-{promise.id}", "Waive…")
    page.button(key="waive-it").click().run()
    assert "Say why" in plain(page.error[0].value)
    starting(page.text_input, "waive-reason").set_value("She wrote by mistake")
    page.button(key="waive-it").click().run()
    assert promise_of(store, noor).status is Status.WAIVED


def test_the_menu_sets_a_rhythm_hands_over_and_notes_who_wants_to_be_forgotten(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int
):
    page = page_of("candidate.py", ben, id=str(noor)).run()
    menu(page, "more-of-person", "Rhythm…")
    page.radio[0].set_value("Every 6 months").run()
    next(button for button in page.button if button.label == "Set the rhythm").click().run()
    assert (person_of(store, noor).rhythm_count, person_of(store, noor).rhythm_unit) == (6, Unit.MONTHS)
    menu(page, "more-of-person", "Change owner…")
    to = next(box for box in page.selectbox if box.label == "To")
    to.set_value(ana.id).run()
    next(button for button in page.button if button.label == "Change owner").click().run()
    assert person_of(store, noor).owner_id == ana.id
    menu(page, "more-of-person", "No more contact")
    next(button for button in page.button if button.label == "They asked for it").click().run()
    assert person_of(store, noor).do_not_contact
    assert "asked for no contact" in words(page)
    menu(page, "more-of-person", "Contact is welcome again")
    assert not person_of(store, noor).do_not_contact
    menu(page, "more-of-person", "Asks to be forgotten…")
    page.button(key="note-request").click().run()
    with store.reading() as session:
        asked = session.scalars(select(PrivacyRequest)).one()
    assert (asked.candidate_id, asked.kind, asked.opened_by_id) == (noor, RequestKind.FORGET, ben.id)
    assert person_of(store, noor).erased_at is None


def test_somebody_added_today_is_known_since_the_first_word(page_of: Open, store: Store, ben: Viewer):
    today = saved(store, a_candidate("Jan", known_since=store.now().date()))
    assert "known since today" in words(page_of("candidate.py", ben, id=str(today)).run())
    word = a_word_from_her(happened_at=store.now() - timedelta(days=12))
    before = saved(store, a_candidate("Noor", known_since=store.now().date()), word)
    assert "known for 12 days" in words(page_of("candidate.py", ben, id=str(before)).run())


def test_since_when_somebody_is_known_is_said_among_the_details(page_of: Open, store: Store, ben: Viewer):
    ewa = saved(store, a_candidate("Ewa Lis", known_since=store.now().date()))
    page = details(page_of("candidate.py", ben, id=str(ewa)).run(), ewa)
    assert "known since today" in words(page)
    page.date_input(key=f"known_since-{ewa}").set_value(date(2018, 5, 1)).run()
    labelled(page.button, "Save details").click().run()
    assert "known for 7 years" in words(page)
    assert list(disagreements(store, workers=0)) == []
    to_come = CandidateEdit(ewa, person_of(store, ewa).version, {"known_since": date(2027, 1, 1)})
    with pytest.raises(Refused, match="known since 1 January 2027"), store.working(ben) as work:
        edit_candidates(work, [to_come])


@pytest.mark.parametrize("since", [date(1920, 5, 1), MONDAY.date() + timedelta(days=1)])
def test_details_open_whatever_day_a_list_has_brought(page_of: Open, store: Store, ben: Viewer, since: date):
    """A clock west of the team's is a day behind; a sheet's dates begin in 1900."""
    jan = saved(store, a_candidate("Jan Nowak", known_since=since))
    page = details(page_of("candidate.py", ben, id=str(jan)).run(), jan)
    page.text_input(key=f"title-{jan}").set_value("Lead").run()
    labelled(page.button, "Save details").click().run()
    assert not page.exception
    assert (person_of(store, jan).title, person_of(store, jan).known_since) == ("Lead", since)


def test_the_address_says_which_tab_is_open_and_another_person_begins_with_the_first(
    page_of: Open, store: Store, ben: Viewer, noor: int
):
    page = page_of("candidate.py", ben, id=str(noor), tab="details").run()
    assert [tab.label for tab in page.tabs if tab.children] == ["Details"]
    page.session_state[f"tabs-{noor}"] = "Privacy"
    page.run()
    assert page.query_params["tab"] == "privacy"
    page.query_params = {"id": str(saved(store, a_candidate("Jan")))}
    page.run()
    assert [tab.label for tab in page.tabs if tab.children] == ["History"]
    assert "tab" not in page.query_params


def details(page: Any, candidate_id: int) -> Any:
    page.session_state[f"tabs-{candidate_id}"] = "Details"
    return page.run()


def test_details_are_edited(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    page.text_input(key=f"title-{noor}").set_value("Lead developer")
    page.text_input(key=f"tags-{noor}").set_value("go, calm")
    next(button for button in page.button if button.label == "Save details").click().run()
    noor_now = person_of(store, noor)
    assert (noor_now.title, noor_now.tags, noor_now.company) == ("Lead developer", ["go", "calm"], "Lumen")
    assert "Lead developer, Lumen" in words(page)


def test_a_number_without_a_country_code_is_read_as_the_settings_say(
    page_of: Open, store: Store, ben: Viewer, noor: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PERENNIAL_PHONE_REGION", "GB")
    settings.current.cache_clear()
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    page.text_input(key=f"phone-{noor}").set_value("07400 123456")
    next(button for button in page.button if button.label == "Save details").click().run()
    settings.current.cache_clear()
    assert "+447400123456" in words(page)


def test_addresses_and_skills_are_written_among_the_details(page_of: Open, store: Store, ben: Viewer, noor: int):
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    page.text_input(key=f"email-{noor}").set_value("Noor <noor@Lumen.example>, haddad@mail.example")
    page.text_input(key=f"phone-{noor}").set_value("12")
    page.multiselect(key=f"skills-{noor}").set_value(["k8s", "Go"])
    next(button for button in page.button if button.label == "Save details").click().run()
    assert plain(page.error[0].value) == "This is no phone number: 12"
    page.text_input(key=f"phone-{noor}").set_value("601 222 333")
    next(button for button in page.button if button.label == "Save details").click().run()
    said = words(page)
    assert all(told in said for told in ("noor@lumen.example", "haddad@mail.example", "Go, Kubernetes"))
    assert labelled(page.text_input, "Phone").value == "+48601222333"
    labelled(page.text_input, "E-mail").set_value("haddad@mail.example")
    labelled(page.multiselect, "Skills").set_value(["Go"])
    next(button for button in page.button if button.label == "Save details").click().run()
    assert "noor@lumen.example" not in words(page)
    assert "Kubernetes" not in words(page)


def test_a_stale_form_shows_both_and_keeps_what_was_written_until_it_is_said_which_stands(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, noor: int, clock: FixedClock
):
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "Architect"})])
    page.text_input(key=f"title-{noor}").set_value("Lead developer")
    next(button for button in page.button if button.label == "Save details").click().run()
    assert "somebody else" in plain(page.error[0].value)
    assert [text.value for text in page.text] == ["Lead developer", "Architect"]
    for pressed in ("Save details", "Save mine over it"):  # a double click has read nothing yet
        next(button for button in page.button if button.label == pressed).click().run()
        assert person_of(store, noor).title == "Architect"
        assert page.text_input(key=f"title-{noor}").value == "Lead developer"
        assert [text.value for text in page.text] == ["Lead developer", "Architect"]
    clock.forward(seconds=1)
    next(button for button in page.button if button.label == "Save details").click().run()
    assert person_of(store, noor).title == "Architect"
    page.text_input(key=f"title-{noor}").set_value("Lead developer, Gdynia")
    next(button for button in page.button if button.label == "Save mine over it").click().run()
    assert person_of(store, noor).title == "Lead developer, Gdynia"
    assert not page.text


def test_what_a_third_one_saved_before_the_answer_is_asked_about_too(page_of, store, ben, ana, noor, clock):
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    page.text_input(key=f"title-{noor}").set_value("Lead developer")
    for title, pressed in (("Architect", "Save details"), ("Head of design", "Save mine over it")):
        with store.working(ana) as work:
            edit_candidates(work, [CandidateEdit(noor, person_of(store, noor).version, {"title": title})])
        next(button for button in page.button if button.label == pressed).click().run()
        assert [text.value for text in page.text] == ["Lead developer", title]
        clock.forward(seconds=1)
    assert person_of(store, noor).title == "Head of design"


def test_theirs_are_kept_once_that_is_said_and_the_form_begins_with_them(page_of, store, ben, ana, noor, clock):
    page = details(page_of("candidate.py", ben, id=str(noor)).run(), noor)
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "Architect"})])
    page.text_input(key=f"title-{noor}").set_value("Lead developer")
    next(button for button in page.button if button.label == "Save details").click().run()
    clock.forward(seconds=1)
    next(button for button in page.button if button.label == "Keep theirs").click().run()
    assert labelled(page.text_input, "Title").value == "Architect"
    labelled(page.text_input, "Title").set_value("Architect, lead")
    next(button for button in page.button if button.label == "Save details").click().run()
    assert not page.error
    assert person_of(store, noor).title == "Architect, lead"


def test_vera_changes_nothing(page_of: Open, store: Store, vera: Viewer, noor: int):
    page = page_of("candidate.py", vera, id=str(noor)).run()
    assert page.title[0].value == "Noor Haddad"
    assert [button.label for button in page.button if "Log" in button.label] == []
    assert page.get("menu_button") == [] or all("more" not in str(m.key) for m in page.get("menu_button"))
    page = details(page, noor)
    assert all(field.disabled for field in (*page.text_input, *page.multiselect))
    assert [button for button in page.button if button.label == "Save details"] == []
    assert len(contacts_of(store, noor)) == 1


def test_what_people_wrote_is_text_and_nothing_else(page_of: Open, store: Store, ben: Viewer):
    bad = "![x](https://evil.example/p.png) :red[hot] **b** <b>"
    ewa = saved(
        store,
        a_candidate(bad, title=bad, company=bad, owner_id=ben.id, notes=bad, tags=[bad]),
        a_word_from_her(text=bad, channel=bad),
    )
    page = page_of("candidate.py", ben, id=str(ewa)).run()
    for element in page.markdown:
        assert "![x](" not in element.value
        assert ":red[hot]" not in element.value
        assert "<b>" not in element.value


# in a browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_log_and_undo_in_a_browser(app_server: Any, signed_in_page: Open, width: int, dark: bool):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    now = store.now()
    noor = saved(
        store,
        a_candidate("Noor Haddad", owner_id=ben.id, added_at=now - timedelta(days=400), pronoun="she"),
        a_word_to_her(happened_at=now - timedelta(days=390)),
        a_word_from_her(happened_at=now - timedelta(days=9), text="Is there any news?"),
    )
    with store.working(ben) as work:
        set_rhythm(work, noor, Rhythm(3, Unit.MONTHS))
    page = signed_in_page(Role.RECRUITER, f"/candidate?id={noor}", width=width, dark=dark)
    page.get_by_label("What was said").fill("I know on Friday.")
    page.locator("[class*='st-key-log-'] button").click()
    page.get_by_text("kept late: reply").first.wait_for()
    assert contacts_of(store, noor)[-1].text == "I know on Friday."
    settled(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("kept late: reply").first.wait_for(state="detached")
    assert promise_of(store, noor, Kind.REPLY).status is Status.OPEN
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
