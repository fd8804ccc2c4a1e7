"""The audit trail as an admin reads it."""

from datetime import timedelta

import pytest

from core.commands.candidates import CandidateEdit, edit_candidates, erase_candidate
from core.commands.contacts import log_contact
from core.commands.members import change_role
from core.commands.privacy import note_given, open_request
from core.domain.facts import Way
from core.importers.exports import sheet
from core.persistence.check import followed_trail
from core.persistence.tables import RequestChannel, RequestKind
from core.persistence.tables.team import Role
from core.queries import trail
from core.queries.trail import About, TrailFilters
from tests.make import a_candidate, an_opening, saved


@pytest.fixture
def told(store, ana, ben, vera, clock):
    """A day's work on Noor, and one act of the admin's."""
    noor = saved(store, a_candidate("Noor Haddad"), by=ben)
    clock.forward(days=1)
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, text="Soon.")
        edit_candidates(work, [CandidateEdit(noor, 1, {"name": "Noor H.", "source": "referral"})])
    clock.forward(minutes=5)
    with store.working(ana) as work:
        change_role(work, vera.id, Role.RECRUITER)
    saved(store, an_opening("=cmd|'/c calc'!A1"), by=ana)
    return noor


def rows_of(page):
    assert not page.exception
    return [dict(row) for _, row in page.dataframe[0].value.iterrows()] if page.dataframe else []


def test_it_says_who_did_what_to_whom_and_what_stood_there_before(page_of, ana, told):
    page = page_of("audit.py", ana).run()
    rows = rows_of(page)
    assert page.title[0].value == "Four things were done today"
    assert [(row["who"], row["what"], row["about"]) for row in rows[:4]] == [
        ("Ana", "Made", "=cmd|'/c calc'!A1"),
        ("Ana", "Role changed", "Vera"),
        ("Ben", "Candidate edited", "Noor H."),
        ("Ben", "Contact logged", "Noor H."),
    ]
    assert rows[1]["changes"] == "Role: viewer → recruiter"
    assert "Name: changed" in rows[2]["changes"]
    assert "Noor Haddad" not in str(rows)
    assert [row["open"] == "Open" for row in rows[:3]] == [True, False, True]


def test_what_became_of_their_request_is_told_among_what_was_done_to_them(page_of, store, ana, ben, told):
    with store.working(ben) as work:
        note_given(work, open_request(work, told, RequestKind.SEE, RequestChannel.EMAIL))
    rows = rows_of(page_of("audit.py", ana, about=f"candidate-{told}").run())
    assert [(row["what"], row["about"]) for row in rows[:2]] == [
        ("Data given", "Noor H."),
        ("Privacy request opened", "Noor H."),
    ]


def test_it_is_narrowed_to_a_member_an_action_days_and_a_person(page_of, ana, ben, told):
    for query, wanted in (
        ({"who": str(ben.id)}, {"Made", "Contact logged", "Candidate edited"}),
        ({"what": "role changed"}, {"Role changed"}),
        ({"since": "2026-03-03", "who": str(ben.id)}, {"Contact logged", "Candidate edited"}),
        ({"until": "2026-03-02", "about": f"candidate-{told}"}, {"Made"}),
        ({"about": f"candidate-{told}"}, {"Made", "Contact logged", "Candidate edited"}),
        ({"about": "candidate-999"}, set()),
    ):
        page = page_of("audit.py", ana, **query).run()
        assert {row["what"] for row in rows_of(page)} == wanted, query


def test_what_is_chosen_stands_in_the_address_and_odd_addresses_are_left_alone(page_of, ana, ben, told):
    page = page_of("audit.py", ana).run()
    page.selectbox[0].select(str(ben.id)).run()
    assert str(ben.id) in page.query_params["who"]
    assert {row["who"] for row in rows_of(page)} == {"Ben"}
    odd = page_of("audit.py", ana, who="x", what="'", about="candidate-x", before="-1", after="9" * 30).run()
    assert rows_of(odd)


def test_an_erased_person_has_no_name_in_it(page_of, store, ana, told):
    with store.working(ana) as work:
        erase_candidate(work, told)
    rows = rows_of(page_of("audit.py", ana, about=f"candidate-{told}").run())
    assert {row["about"] for row in rows} == {"somebody erased"}
    assert "Noor" not in str(rows)


def test_a_file_of_it_runs_nothing_and_that_it_was_made_is_in_the_trail(page_of, ana, told, store):
    page = page_of("audit.py", ana).run()
    page.button(key="make-file").click().run()
    assert page.get("download_button")[0].proto.label.startswith("Download ")
    rows = rows_of(page)
    assert (rows[0]["what"], rows[0]["changes"].split(" · ")[0]) == ("List exported", "What: audit trail")
    assert followed_trail(store)[1] is None
    with store.reading() as session:
        written = sheet(trail.HEADER, trail.exported(session, TrailFilters(), store.calendar)).decode()
    assert "\"'=cmd|" in written
    assert '"=cmd|' not in written


def test_only_admins_see_it_and_who_else_asks_is_on_record(page_of, ana, ben, told):
    page = page_of("audit.py", ben).run()
    page.run()
    assert page.markdown[-1].value == "This page is for admins. If you need it, ask one of them for their role."
    assert not page.dataframe
    refused = [row for row in rows_of(page_of("audit.py", ana).run()) if row["what"] == "Page refused"]
    assert [(row["who"], row["changes"]) for row in refused] == [("Ben", "Page: audit")]


def test_a_persons_page_leads_an_admin_to_who_changed_what(page_of, ana, ben, told):
    ways = {who: page_of("candidate.py", who, id=str(told)).run().get("menu_button") for who in (ana, ben)}
    assert "Who changed what" in str(ways[ana][0].proto)
    assert "Who changed what" not in str(ways[ben][0].proto)


def test_older_and_newer_entries_are_turned_to_without_counting(store, ana, clock):
    for number in range(12):
        saved(store, a_candidate(f"Person {number}"), by=ana)
        if number % 3 == 0:
            clock.forward(minutes=1)
    calendar = store.calendar
    with store.reading() as session:
        first = trail.piece(session, TrailFilters(), calendar, size=5)
        second = trail.piece(session, TrailFilters(), calendar, size=5, before=first.entries[-1].id)
        third = trail.piece(session, TrailFilters(), calendar, size=5, before=second.entries[-1].id)
        back = trail.piece(session, TrailFilters(), calendar, size=5, after=third.entries[0].id)
        ids = [entry.id for piece in (first, second, third) for entry in piece.entries]
        assert ids == sorted(ids, reverse=True) == list(range(13, 0, -1))
        assert (first.newer, first.older, third.newer, third.older) == (False, True, True, False)
        assert back == second
        cells = list(trail.exported(session, TrailFilters(about=About.of("candidate-3")), calendar))
    assert [(row[0], row[4]) for row in cells] == [("4", "Person 2")]
    assert cells[0][1] == f"{(clock() - timedelta(minutes=3)).astimezone(calendar.zone):%Y-%m-%d %H:%M:%S}"
