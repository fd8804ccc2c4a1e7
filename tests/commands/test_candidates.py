"""People added, edited, handed over, merged and erased."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates, erase_candidate, hand_over
from core.commands.contacts import log_contact
from core.commands.members import deactivate_member
from core.commands.merges import merge_candidates, undo_merge
from core.commands.promises import waive_promise
from core.domain.facts import Way
from core.domain.handles import Handle
from core.domain.promises import Kind, Status
from core.domain.refusal import Refused, Stale
from core.persistence.check import disagreements
from core.persistence.tables import AuditEntry, Candidate, Skill, Table
from core.persistence.work import THE_PROGRAM
from tests.make import a_candidate, a_word_from_her, promise_of, promises_of, saved


def test_a_stale_save_is_refused_and_shows_what_is_stored(store, ana, ben):
    noor = saved(store, a_candidate(title="Tester"))
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "Developer", "tags": ["go", "calm"]})])
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.NOTE, text="Nothing that the form shows.")
    with pytest.raises(Stale, match="changed by somebody else") as refusal, store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "Lead"})])
    theirs = refusal.value.theirs
    assert (theirs["title"], theirs["tags"], theirs["name"]) == ("Developer", "go, calm", "Noor Haddad")
    assert refusal.value.saved == (ana.name, store.now())
    with store.reading() as session:
        assert session.get_one(Candidate, noor).title == "Developer"


def test_one_stale_row_stops_the_whole_save(store, ana, ben):
    noor, rosa = saved(store, a_candidate()), saved(store, a_candidate("Rosa Diaz"))
    with store.working(ana) as work:
        edit_candidates(work, [CandidateEdit(rosa, 1, {"title": "Lead"})])
    edits = [CandidateEdit(noor, 1, {"title": "Developer"}), CandidateEdit(rosa, 1, {"title": "Tester"})]
    with pytest.raises(Stale), store.working(ben) as work:
        edit_candidates(work, edits)
    with store.reading() as session:
        assert session.get_one(Candidate, noor).title == ""


def test_settling_is_no_edit_so_a_form_drawn_before_a_word_can_still_be_saved(store, ben):
    noor = saved(store, a_candidate())
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO)
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "Developer"})])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"name": "  "}, "needs a name"), ({"title": "x" * 201}, "too long"), ({"owner_id": 1}, "can't be edited here")],
)
def test_an_edit_that_makes_no_sense_is_refused(store, ben, changes, sentence):
    noor = saved(store, a_candidate())
    with pytest.raises(Refused, match=sentence), store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, changes)])


def test_an_address_belongs_to_one_person(store, ben):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", handles=[Handle("email", "noor@mail.example")])
    with pytest.raises(Refused, match="Noor Haddad's already"), store.working(ben) as work:
        add_candidate(work, name="Rosa Diaz", handles=[Handle("email", "noor@mail.example")])


def test_a_skill_is_kept_under_its_own_name_once(store, ben):
    with store.working(ben) as work:
        add_candidate(work, name="Noor Haddad", skills=["k8s", "Kubernetes", "React.js", "Sourdough"])
    with store.reading() as session:
        assert set(session.scalars(select(Skill.name))) == {"Kubernetes", "React", "Sourdough"}


def test_erasing_empties_the_person_and_keeps_the_counts(store, ben, clock):
    noor = saved(store, a_candidate("Marker Haddad", company="Marker GmbH", notes="marker"))
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.FROM, text="marker question")
        log_contact(
            work, noor, way=Way.TO, text="marker answer", next_what="Marker pay", next_due_at=work.now + timedelta(1)
        )
        log_contact(work, noor, way=Way.FROM, text="marker again")
    with store.working(ben) as work:
        waive_promise(work, promise_of(store, noor, Kind.FOLLOW_UP).id, "marker reason")
        log_contact(work, noor, way=Way.TO, about="marker PAY ")
    kept = len([p for p in promises_of(store, noor) if p.status is Status.KEPT_ON_TIME])
    clock.forward(minutes=5)
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    with store.reading() as session:
        for table in Table.metadata.tables.values():
            for row in session.execute(table.select()):
                assert "marker" not in str(row).casefold(), table.name
    assert len([p for p in promises_of(store, noor) if p.status is Status.KEPT_ON_TIME]) == kept
    assert list(disagreements(store, workers=0)) == []
    with pytest.raises(Refused, match="was erased"), store.working(ben) as work:
        log_contact(work, noor, way=Way.TO)


def test_a_follow_up_kept_by_its_subject_stays_kept_when_the_subject_is_erased(store, ben, clock):
    noor = saved(store, a_candidate())
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.TO, next_what="Pay", next_due_at=work.now + timedelta(1))
        log_contact(work, noor, way=Way.TO, about="pay")
    clock.forward(minutes=5)
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, noor)
    assert promise_of(store, noor, Kind.FOLLOW_UP).status is Status.KEPT_ON_TIME
    assert list(disagreements(store, workers=0)) == []


def test_merging_brings_promises_to_the_one_kept_and_undoing_parts_them(store, ben):
    noor, nour = saved(store, a_candidate(), a_word_from_her()), saved(store, a_candidate("Nour"), a_word_from_her())
    with store.working(ben) as work:
        merge = merge_candidates(work, noor, nour)
    assert (len(promises_of(store, noor)), len(promises_of(store, nour))) == (2, 0)
    with store.working(ben) as work:
        log_contact(work, nour, way=Way.TO)  # said to the one gone: it is the one kept who hears it
    assert {p.status for p in promises_of(store, noor)} == {Status.KEPT_ON_TIME}
    with store.working(ben) as work:
        undo_merge(work, merge)
    assert (len(promises_of(store, noor)), len(promises_of(store, nour))) == (1, 1)
    assert promise_of(store, noor).status is Status.KEPT_ON_TIME  # later changes stay with the survivor
    assert promise_of(store, nour).status is Status.OPEN
    assert list(disagreements(store, workers=0)) == []


def test_who_leaves_hands_on_what_they_owe(store, ana, ben):
    noor = saved(store, a_candidate(owner_id=ben.id), a_word_from_her())
    with store.working(ana) as work:
        hand_over(work, noor, ben.id)
        deactivate_member(work, ben.id, ana.id)
    assert promise_of(store, noor).owner_id == ana.id
    assert list(disagreements(store, workers=0)) == []


def test_the_last_admin_stays(store, ana, ben):
    with pytest.raises(Refused, match="last admin"), store.working(ana) as work:
        deactivate_member(work, ana.id, ben.id)


def test_the_trail_says_who_and_which_columns_and_no_personal_value(store, ben):
    noor = saved(store, a_candidate(title="secret before", source="job board"))
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"title": "secret after", "source": "referral"})])
    with store.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.action, entry.subject_id) == (ben.id, "candidate edited", noor)
    assert entry.changes == {"title": "changed", "source": "changed"}


def test_a_known_date_is_the_team_s_day(store, ben, clock):
    clock.forward(hours=15)  # 00:00 on Tuesday in Warsaw, still Monday in UTC
    with store.working(ben) as work:
        noor = add_candidate(work, name="Noor")
    with store.reading() as session:
        assert session.get_one(Candidate, noor).known_since == date(2026, 3, 3)
        assert session.scalar(text("select count(*) from arrival")) == 1
