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
from core.persistence.tables import AuditEntry, Candidate, CandidateSkill, Skill, Table
from core.persistence.tables import Handle as HandleRow
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


def handles_of(store, id_):
    with store.reading() as session:
        theirs = session.scalars(select(HandleRow).where(HandleRow.candidate_id == id_).order_by(HandleRow.id))
        return [(handle.kind.value, handle.value) for handle in theirs]


def skills_of(store, id_):
    has = CandidateSkill.candidate_id == id_
    with store.reading() as session:
        return set(
            session.scalars(select(Skill.name).join(CandidateSkill, CandidateSkill.skill_id == Skill.id).where(has))
        )


def test_addresses_and_skills_are_learned_mended_and_taken_away(store, ben):
    with store.working(ben) as work:
        noor = add_candidate(
            work,
            name="Noor",
            handles=[Handle("email", "noor@old.example"), Handle("phone", "+48601222333")],
            skills=["Go"],
        )
    emails = ["noor@new.example", "haddad@mail.example"]
    with store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 1, {"email": emails, "github": ["https://github.com/noor"]})])
        edit_candidates(work, [CandidateEdit(noor, 2, {"skills": ["Rect.js", "k8s"], "title": "Lead"})])
    assert handles_of(store, noor) == [
        ("phone", "+48601222333"),
        ("email", "noor@new.example"),
        ("email", "haddad@mail.example"),
        ("github", "https://github.com/noor"),
    ]
    assert skills_of(store, noor) == {"React", "Kubernetes"}
    with pytest.raises(Stale) as refusal, store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(noor, 2, {"phone": []})])
    theirs = refusal.value.theirs
    assert (theirs["email"], theirs["skills"]) == ("noor@new.example, haddad@mail.example", "Kubernetes, React")
    with store.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.changes == {"title": "changed", "skills": "changed"}
    with store.working(ben) as work:  # the old address is free, and whoever has it is another
        add_candidate(work, name="Rosa Diaz", handles=[Handle("email", "noor@old.example")])
    with store.reading() as session:
        taken = CandidateEdit(noor, session.get_one(Candidate, noor).version, {"email": ["noor@old.example"]})
    with pytest.raises(Refused, match="Rosa Diaz's already"), store.working(ben) as work:
        edit_candidates(work, [taken])


def test_whoever_has_no_name_keeps_an_address(store, ben):
    with store.working(ben) as work:
        nobody = add_candidate(work, name="", handles=[Handle("email", "noor@mail.example")])
    with pytest.raises(Refused, match="needs a name"), store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(nobody, 1, {"email": []})])


def test_what_was_brought_in_by_a_merge_is_taken_away_too_and_not_doubled(store, ben):
    with store.working(ben) as work:
        noor = add_candidate(work, name="Noor Haddad", skills=["Go"])
        nour = add_candidate(work, name="Nour", handles=[Handle("email", "nour@mail.example")], skills=["Rust"])
        merge_candidates(work, noor, nour)
        version = work.session.get_one(Candidate, noor).version
        edit_candidates(work, [CandidateEdit(noor, version, {"email": [], "skills": ["Rust", "Java"]})])
    assert handles_of(store, nour) == []
    assert (skills_of(store, noor), skills_of(store, nour)) == ({"Java"}, {"Rust"})


def test_an_address_of_somebody_erased_is_given_to_nobody_known(store, ben, clock):
    with store.working(ben) as work:
        gone = add_candidate(work, name="Noor", handles=[Handle("email", "noor@mail.example")])
        other = add_candidate(work, name="N. Haddad")
    clock.forward(minutes=5)
    with store.working(THE_PROGRAM) as work:
        erase_candidate(work, gone)
    with pytest.raises(Refused, match="was erased on"), store.working(ben) as work:
        edit_candidates(work, [CandidateEdit(other, 1, {"email": ["noor@mail.example"]})])
    assert handles_of(store, other) == []


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
