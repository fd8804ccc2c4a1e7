"""Hand over and Team: people are offered, seen on Today, accepted or declined; and whoever leaves names a cover."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.commands.handovers import Share, offer_people
from core.commands.meetings import plan_meeting
from core.commands.members import deactivate_member
from core.domain.facts import MeetingKind
from core.persistence.handovers import Whom
from core.persistence.tables import Candidate, Meeting, Member, OfferedPerson, OfferState
from core.persistence.tables.team import Role
from tests.make import (
    MONDAY,
    a_candidate,
    a_growth_note,
    a_process,
    a_rhythm,
    act,
    saved,
)
from tests.pages.conftest import acted, starting


@pytest.fixture
def noor(store, ben, opening):
    """In process, with a growth note."""
    return saved(
        store, a_candidate("Noor", owner_id=ben.id), a_process(opening, first_owner_id=ben.id), a_growth_note()
    )


@pytest.fixture
def offer(store, ben, cleo, noor, piotr):
    return act(store, ben, offer_people, ben.id, [Share(Whom(ben.id), (cleo.id,))])


def owners(store):
    with store.reading() as session:
        return dict(
            session.execute(select(Candidate.name, Member.name).join(Member, Member.id == Candidate.owner_id)).all()
        )


def states(store):
    with store.reading() as session:
        return dict(
            session.execute(
                select(Candidate.name, OfferedPerson.state).join(Candidate, Candidate.id == OfferedPerson.candidate_id)
            ).all()
        )


def words(page):
    return "\n".join(markdown.value for markdown in page.markdown)


# offering


def test_whoever_has_nobody_has_nobody_left_to_offer(page_of, ana):
    assert "nobody is left to offer · nobody moves before a colleague accepts" in words(
        page_of("handover.py", ana).run()
    )


def test_a_member_offers_all_their_people_to_a_colleague_and_takes_it_back(page_of, store, ben, cleo, noor, piotr):
    page = page_of("handover.py", ben).run()
    assert page.title[0].value == "Hand over your people"
    assert list(page.dataframe[0].value["name"]) == ["Noor", "Piotr"]
    assert "“Wants to lead a team" in words(page)
    page.multiselect(key="give-to").set_value([cleo.id]).run()
    page.button(key="offer-them").click().run()
    assert states(store) == {"Noor": OfferState.OPEN, "Piotr": OfferState.OPEN}
    assert owners(store) == {"Noor": "Ben", "Piotr": "Ben"}
    next(button for button in page.button if button.label == "Undo").click().run()
    assert set(states(store).values()) == {OfferState.WITHDRAWN}


@pytest.mark.usefixtures("piotr")
def test_those_in_process_for_an_opening_are_offered_where_it_is_chosen(page_of, store, ben, cleo, noor, opening):
    page = page_of("handover.py", ben, **{"in": str(opening)}).run()
    assert list(page.dataframe[0].value["name"]) == ["Noor"]
    page.multiselect(key="give-to").set_value([cleo.id]).run()
    page.button(key="offer-them").click().run()
    assert states(store) == {"Noor": OfferState.OPEN}


def test_each_rhythm_has_a_receiver_of_its_own(page_of, store, ana, ben, cleo, noor, piotr):
    page = page_of("handover.py", ben, by="rhythm").run()
    chosen = {box.label: box for box in page.selectbox}
    chosen["every 6 weeks"].set_value(cleo.id)
    chosen["no rhythm"].set_value(ana.id).run()
    page.button(key="offer-them").click().run()
    with store.reading() as session:
        to = dict(session.execute(select(OfferedPerson.candidate_id, OfferedPerson.to_id)).all())
    assert to == {noor: ana.id, piotr: cleo.id}


def test_nobody_hands_over_somebody_elses_people_but_an_admin(page_of, ana, ben, cleo, vera, noor):
    for viewer in (cleo, vera):
        page = page_of("handover.py", viewer, member=str(ben.id)).run()
        assert "Only Ben hands over these people" in words(page)
        assert not page.multiselect
    page = page_of("handover.py", ana, member=str(ben.id)).run()
    assert page.title[0].value == "Hand over Ben’s people"
    assert page.multiselect


def test_a_meeting_gets_another_host_by_itself(page_of, store, ben, cleo, noor):
    starts = MONDAY + timedelta(days=1)
    talk = act(
        store, ben, plan_meeting, noor, kind=MeetingKind.TALK, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    page = page_of("handover.py", ben).run()
    page.selectbox(key=f"host-{talk}").set_value(cleo.id).run()
    with store.reading() as session:
        assert session.get_one(Meeting, talk).host_id == cleo.id


# answering


def test_today_says_who_is_handed_to_one_and_all_are_accepted(page_of, store, cleo, offer):
    page = page_of("today.py", cleo).run()
    assert "2 people are handed to you by Ben" in words(page)
    page = page_of("handover.py", cleo, offer=str(offer)).run()
    assert page.title[0].value == "Two of Ben’s people are handed to you"
    page.button(key="accept-all").click().run()
    assert owners(store) == {"Noor": "Cleo", "Piotr": "Cleo"}
    next(button for button in page.button if button.label == "Undo").click().run()
    assert owners(store) == {"Noor": "Ben", "Piotr": "Ben"}


def test_one_is_accepted_and_another_declined_with_a_sentence(page_of, store, ben, cleo, noor, piotr, offer):
    page = page_of("handover.py", cleo, offer=str(offer)).run()
    page.button(key=f"accept-{noor}").click().run()
    assert owners(store) == {"Noor": "Cleo", "Piotr": "Ben"}
    page.session_state["question"] = ("Decline…", piotr)
    page.run()
    starting(page.text_input, "decline-why-").set_value("We are related.").run()
    for asked in (None, ("Decline…", piotr)):  # it is closed, and asked again
        page.session_state["question"] = asked
        page.run()
    page.button(key="decline-it").click().run()
    assert states(store) == {"Noor": OfferState.ACCEPTED, "Piotr": OfferState.DECLINED}
    page = page_of("handover.py", ben, offer=str(offer), state="declined").run()
    assert "“We are related" in words(page)


def test_a_reason_that_is_too_long_stays_and_it_is_said_how_much_fits(page_of, store, cleo, piotr, offer):
    page = page_of("handover.py", cleo, offer=str(offer)).run()
    page.session_state["question"] = ("Decline…", piotr)
    page.run()
    reason = starting(page.text_input, "decline-why-")
    assert not reason.max_chars  # beyond that the browser would drop a pasted text without a word
    reason.set_value("x" * 2_001)
    page.button(key="decline-it").click().run()
    assert "2001 characters, 2000 fit" in page.error[0].value
    assert len(starting(page.text_input, "decline-why-").value) == 2_001
    assert states(store)["Piotr"] is OfferState.OPEN


def test_the_giver_writes_a_note_and_withdraws(page_of, store, ben, cleo, noor, offer):
    page = page_of("handover.py", ben, offer=str(offer)).run()
    assert page.title[0].value == "Ben’s people are offered to Cleo"
    page.text_area(key=f"note-{noor}").set_value("Call her in the evening.")
    page.button(key=f"keep-note-{noor}").click().run()
    seen = page_of("handover.py", cleo, offer=str(offer)).run()
    assert "“Call her in the evening" in words(seen)
    page = page_of("handover.py", ben, offer=str(offer)).run()
    page.button(key="withdraw").click().run()
    assert set(states(store).values()) == {OfferState.WITHDRAWN}


def test_what_was_accepted_is_taken_back_by_whoever_gave_it(page_of, store, ben, cleo, offer):
    page_of("handover.py", cleo, offer=str(offer)).run().button(key="accept-all").click().run()
    page = page_of("handover.py", ben, offer=str(offer)).run()
    page.button(key="take-back").click().run()
    page.button(key="take-back-them").click().run()
    assert owners(store) == {"Noor": "Ben", "Piotr": "Ben"}


def test_whoever_can_not_be_met_stays_offered_and_the_page_says_why(page_of, store, ben, cleo, noor, piotr, offer):
    hour = {"starts_at": MONDAY + timedelta(days=1), "ends_at": MONDAY + timedelta(days=1, hours=1)}
    act(store, ben, plan_meeting, noor, kind=MeetingKind.TALK, **hour)
    act(store, cleo, plan_meeting, saved(store, a_candidate("Ewa", owner_id=cleo.id)), kind=MeetingKind.TALK, **hour)
    page = page_of("handover.py", cleo, offer=str(offer)).run()
    page.button(key="accept-all").click().run()
    assert "Noor stays offered\\. Cleo has a meeting then, with Ewa" in words(page)
    assert (owners(store)["Noor"], owners(store)["Piotr"]) == ("Ben", "Cleo")
    page.button(key=f"accept-{noor}").click().run()
    assert "Accept them without the meeting" in page.error[0].value


def test_vera_sees_an_offer_and_changes_nothing(page_of, vera, offer):
    page = page_of("handover.py", vera, offer=str(offer)).run()
    assert page.title[0].value == "Ben’s people are offered to Cleo"
    assert [button.label for button in page.button if button.label != "Sign out"] == ["Open", "Open"]
    assert "handed to you" not in words(page_of("today.py", vera).run())


def test_an_address_of_no_offer_and_of_no_member_leads_to_the_team(page_of, ben):
    for query in ({"offer": "99"}, {"member": "99"}):
        assert "There is no such" in words(page_of("handover.py", ben, **query).run())


# the team


def test_the_team_page_says_what_each_carries(page_of, ana, ben, vera, noor, piotr):
    page = page_of("team.py", vera).run()
    assert page.title[0].value == "Nothing is overdue in the team"
    assert "2 people · 1 in process" in words(page)
    assert not [button for button in page.button if button.key and button.key.startswith("hand-over")]


def test_whoever_leaves_names_a_cover_and_their_people_wait_to_be_taken_over(page_of, store, ana, ben, noor, piotr):
    page = page_of("team.py", ana).run()
    page.session_state["question"] = ("Leaves the team…", ben.id)
    page.run()
    assert "2 people, 1 in process" in words(page).replace("\\", "")
    page.selectbox(key="cover").set_value(ana.id).run()
    page.button(key="leave").click().run()
    assert owners(store) == {"Noor": "Ana", "Piotr": "Ana"}
    assert "2 people wait to be taken over" in words(page)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert owners(store) == {"Noor": "Ben", "Piotr": "Ben"}


def test_who_left_by_mistake_is_taken_back_long_after(page_of, store, ana, ben, noor, piotr):
    with store.working(ana) as work:
        deactivate_member(work, ben.id, ana.id)
    page = page_of("team.py", ana).run()
    page.button(key=f"back-{ben.id}").click().run()
    assert not page.exception
    assert owners(store) == {"Noor": "Ben", "Piotr": "Ben"}
    assert all(button.key != f"back-{ben.id}" for button in page.button)


def test_before_somebody_leaves_their_people_can_be_handed_over(page_of, ana, ben, noor):
    page = page_of("team.py", ana).run()
    page.session_state["question"] = ("Leaves the team…", ben.id)
    page.run()
    page.button(key="first-hand-over").click().run()
    assert page.title[0].value == "Hand over Ben’s people"


def test_people_of_one_who_left_are_handed_over_by_the_cover(page_of, store, ana, ben, cleo, noor):
    act(store, ana, deactivate_member, ben.id, ana.id)
    page = page_of("handover.py", ana, member=str(ben.id)).run()
    assert "Ben has left, Ana stands in" in words(page)
    page.multiselect(key="give-to").set_value([cleo.id]).run()
    page.button(key="offer-them").click().run()
    page_of("handover.py", cleo, offer="1").run().button(key="accept-all").click().run()
    assert owners(store) == {"Noor": "Cleo"}


def test_people_with_nobody_are_found_somebody(page_of, store, ben, cleo):
    saved(store, a_candidate("Uma"))
    page = page_of("team.py", ben).run()
    assert "1 person is with nobody" in words(page)
    page = page_of("handover.py", ben, member="0").run()
    page.multiselect(key="give-to").set_value([ben.id]).run()
    page.button(key="offer-them").click().run()
    page_of("handover.py", ben, offer="1").run().button(key="accept-all").click().run()
    assert owners(store) == {"Uma": "Ben"}


def test_a_role_is_changed_and_changed_back(page_of, store, ana, ben):
    page = page_of("team.py", ana).run()
    page.session_state["question"] = ("Change the role…", ben.id)
    page.run()
    page.radio(key="role").set_value(Role.VIEWER).run()
    page.button(key="change-role").click().run()
    with store.reading() as session:
        assert session.get_one(Member, ben.id).role is Role.VIEWER
    next(button for button in page.button if button.label == "Undo").click().run()
    with store.reading() as session:
        assert session.get_one(Member, ben.id).role is Role.RECRUITER


@pytest.mark.browser
def test_in_a_browser_people_are_ticked_offered_and_accepted(app_server, signed_in_page):
    store, members = app_server.store, app_server.members
    ben, ana = members[Role.RECRUITER], members[Role.ADMIN]
    for name in ("Noor", "Piotr"):
        saved(store, a_candidate(name, owner_id=ben.id), a_rhythm(6, "weeks"))
    page = signed_in_page(Role.RECRUITER, "/handover")
    canvas = page.locator(".dvn-scroller").first
    acted(page, lambda: canvas.click(position={"x": 15, "y": 54}))
    page.get_by_role("combobox", name="To whom").fill("Ana")
    acted(page, lambda: page.get_by_role("option", name="Ana").click())
    page.keyboard.press("Escape")
    acted(page, lambda: page.get_by_role("button", name="Offer 1 person").click())
    assert states(store) == {"Noor": OfferState.OPEN}
    page = signed_in_page(Role.ADMIN, "/")
    acted(page, lambda: page.get_by_role("button", name="Look at them").click())
    page.get_by_role("heading", name="One of Ben’s people is handed to you").wait_for()
    acted(page, lambda: page.locator(".st-key-accept-all button").click())
    assert owners(store)["Noor"] == ana.name
