"""Two records of one person: brought together by choice, and parted whole, with what came since left where it is."""

from datetime import date

import pytest
from sqlalchemy import select

from core.commands.candidates import CandidateEdit, add_candidate, add_handles, edit_candidates, erase_candidate
from core.commands.consents import allow_contact, forbid_contact
from core.commands.contacts import log_contact
from core.commands.locks import candidate_to_change
from core.commands.merges import merge_candidates, undo_merge
from core.domain.facts import Way
from core.domain.handles import Handle
from core.domain.matching import Ref, matches_of_all, person
from core.domain.names import company_key, name_key
from core.domain.refusal import Refused, Stale
from core.persistence.facts import merged_records
from core.persistence.matching import Stored
from core.persistence.tables import Candidate, Contact, Fact, Lookalike, Merge, MergedValue
from core.persistence.work import THE_PROGRAM
from core.queries.candidate import life, whereabouts
from core.queries.duplicates import kept_first, merged_into, sides
from core.queries.imports import told_of
from tests.make import act


def stored(store, id_) -> Candidate:
    with store.reading() as session:
        return session.get_one(Candidate, id_)


def edit(store, viewer, id_, **changes):
    act(store, viewer, edit_candidates, [CandidateEdit(id_, stored(store, id_).version, changes)])


@pytest.fixture
def tomasz(store, ben) -> int:
    known = {"company": "Allegro", "title": "Developer", "known_since": date(2020, 1, 1)}
    id_ = act(store, ben, add_candidate, name="Tomasz Nowak", handles=[Handle("email", "tomasz@x.example")], **known)
    edit(store, ben, id_, tags=["java", "kraków"], notes="Likes trains.")
    return id_


@pytest.fixture
def tomek(store, ben) -> int:
    known = {"company": "Allegro Pay", "location": "Kraków", "known_since": date(2019, 5, 1)}
    handles = [Handle("email", "tomek@x.example"), Handle("phone", "+48601222333")]
    id_ = act(store, ben, add_candidate, name="Tomek Nowak", handles=handles, skills=["Kotlin"], **known)
    edit(store, ben, id_, tags=["java", "kotlin"], notes="Prefers mornings.")
    return id_


def test_blanks_are_filled_tags_and_notes_joined_and_what_was_chosen_stands(store, ben, tomasz, tomek):
    act(store, ben, merge_candidates, tomasz, tomek, choices={"name": tomasz, "company": tomek})
    kept = stored(store, tomasz)
    assert (kept.name, kept.company, kept.title, kept.location) == (
        "Tomasz Nowak",
        "Allegro Pay",
        "Developer",
        "Kraków",
    )
    assert kept.tags == ["java", "kraków", "kotlin"]
    assert kept.notes == "Likes trains.\n\nPrefers mornings."
    assert kept.known_since == date(2019, 5, 1)
    assert stored(store, tomek).merged_into_id == tomasz


def test_parting_them_restores_each_as_they_were(store, ben, tomasz, tomek):
    before = stored(store, tomasz)
    merge = act(store, ben, merge_candidates, tomasz, tomek, choices={"name": tomek, "company": tomek})
    act(store, ben, undo_merge, merge)
    after = stored(store, tomasz)
    for column in ("name", "sort_name", "company", "title", "location", "tags", "notes", "known_since"):
        assert getattr(after, column) == getattr(before, column), column
    assert stored(store, tomek).merged_into_id is None
    with store.reading() as session:
        assert session.scalars(select(MergedValue)).all() == []


def test_what_was_changed_since_stays_with_the_survivor(store, ben, clock, tomasz, tomek):
    merge = act(store, ben, merge_candidates, tomasz, tomek, choices={"company": tomek})
    clock.forward(days=3)
    edit(store, ben, tomasz, company="Orange", tags=["java", "kraków", "kotlin", "lead"])
    edit(store, ben, tomasz, notes=stored(store, tomasz).notes + "\n\nMoved in March.")
    with store.working(ben) as work:
        add_handles(work, candidate_to_change(work, tomek), [Handle("phone", "+48601222999")])
        log_contact(work, tomek, way=Way.TO, text="Hello again")
    act(store, ben, undo_merge, merge)
    kept = stored(store, tomasz)
    assert (kept.company, kept.location) == ("Orange", "")
    assert kept.tags == ["java", "kraków", "lead"]
    assert kept.notes == "Likes trains.\n\nMoved in March."
    now, calendar = clock(), store.calendar
    with store.reading() as session:
        survivor = life(session, tomasz, now=now, calendar=calendar)
        parted = life(session, tomek, now=now, calendar=calendar)
        assert [value for _, value in survivor.profile.handles] == ["tomasz@x.example", "+48601222999"]
        assert [value for _, value in parted.profile.handles] == ["tomek@x.example", "+48601222333"]
        assert [word.text for word in survivor.last_words] == ["Hello again"]
        assert parted.last_words == []
        assert parted.profile.skills == ["Kotlin"]


def test_the_survivor_is_found_and_shown_by_the_addresses_of_both(store, ben, tomasz, tomek):
    act(store, ben, merge_candidates, tomasz, tomek)
    with store.reading() as session:
        (match,) = matches_of_all([person("", "", [Handle("phone", "+48601222333")])], Stored(session))
        assert match.of == Ref("candidate", tomasz)
        (match,) = matches_of_all([person(name_key("Tomek Nowak"), company_key("Allegro Pay"), [])], Stored(session))
        assert match.of == Ref("candidate", tomasz)
        assert whereabouts(session, tomek).id == tomasz
        told = told_of(session, [tomasz])[tomasz]
        assert (told.emails, told.phones) == (("tomasz@x.example", "tomek@x.example"), ("+48601222333",))
    with store.working(ben) as work:  # an address of the one gone is the survivor's already: no error
        add_handles(work, candidate_to_change(work, tomasz), [Handle("email", "tomek@x.example")])
        work.record("tried", candidate_to_change(work, tomasz))


def test_an_address_alone_may_be_of_the_one_gone(store, ben, tomek):
    nameless = act(store, ben, add_candidate, name="Nobody yet")
    act(store, ben, merge_candidates, nameless, tomek)
    edit(store, ben, nameless, name="")
    assert stored(store, nameless).name == ""


def test_who_asked_for_no_contact_has_none_whatever_the_other_said_later(store, ben, clock, tomasz, tomek):
    act(store, ben, forbid_contact, tomek)
    act(store, ben, forbid_contact, tomasz)
    clock.forward(days=1)
    act(store, ben, allow_contact, tomasz)
    merge = act(store, ben, merge_candidates, tomasz, tomek)
    assert stored(store, tomasz).do_not_contact
    act(store, ben, undo_merge, merge)
    assert not stored(store, tomasz).do_not_contact
    assert stored(store, tomek).do_not_contact


def test_one_who_was_merged_is_merged_on_and_each_is_parted_by_itself(store, ben, tomasz, tomek):
    third = act(store, ben, add_candidate, name="T. Nowak", company="Allegro", title="Lead")
    first = act(store, ben, merge_candidates, tomek, tomasz)
    second = act(store, ben, merge_candidates, third, tomek)
    assert (stored(store, third).location, stored(store, third).title) == ("Kraków", "Lead")
    with store.reading() as session:
        told = merged_into(session, list(merged_records(session, [third])))
        assert {merge: one.name for merge, one in told.items()} == {second: "Tomek Nowak", first: "Tomasz Nowak"}
        assert {one.by for one in told.values()} == {"Ben"}
    act(store, ben, undo_merge, first)
    with store.reading() as session:
        assert [whereabouts(session, id_).id for id_ in (tomasz, tomek, third)] == [tomasz, third, third]
    assert stored(store, tomek).title == ""
    act(store, ben, undo_merge, second)
    assert stored(store, third).location == ""
    with pytest.raises(Refused, match="no such merge"):
        act(store, ben, undo_merge, second)


def test_somebody_changed_meanwhile_stops_the_merge_and_shows_what_is_saved(store, ben, tomasz, tomek):
    versions = {tomasz: stored(store, tomasz).version, tomek: stored(store, tomek).version}
    edit(store, ben, tomek, title="Architect")
    with pytest.raises(Stale, match="Nothing was merged") as stale:
        act(store, ben, merge_candidates, tomasz, tomek, versions=versions)
    assert stale.value.theirs["title"] == "Architect"
    assert stored(store, tomek).merged_into_id is None


def test_whoever_merged_somebody_or_parted_them_is_named_to_who_was_still_writing(
    store, ana, ben, clock, tomasz, tomek
):
    stale = CandidateEdit(tomasz, stored(store, tomasz).version, {"notes": "Mine"})
    clock.forward(minutes=5)
    merged = act(store, ana, merge_candidates, tomasz, tomek)
    with pytest.raises(Stale) as told:
        act(store, ben, edit_candidates, [stale])
    assert told.value.saved == ("Ana", clock())
    assert told.value.theirs["tags"] == "java, kraków, kotlin"
    clock.forward(minutes=5)
    act(store, ben, undo_merge, merged)
    with pytest.raises(Stale) as told:
        act(store, ben, edit_candidates, [stale])
    assert told.value.saved == ("Ben", clock())


def test_what_is_written_of_the_record_that_is_gone_does_not_go_unseen_to_the_one_kept(store, ana, ben, tomasz, tomek):
    act(store, ana, merge_candidates, tomasz, tomek)
    version = stored(store, tomasz).version  # as that of the one gone could be
    with pytest.raises(Refused, match="was merged with Tomasz"):
        act(store, ben, edit_candidates, [CandidateEdit(tomek, version, {"title": "Lead"})])
    assert stored(store, tomasz).title != "Lead"


def test_an_address_that_is_all_a_merge_brings_is_seen_by_who_was_still_writing(store, ana, ben):
    kept = act(store, ben, add_candidate, name="Noor Haddad", skills=["Go"])
    gone = act(store, ben, add_candidate, name="Nour", handles=[Handle("email", "nour@x.example")], skills=["Rust"])
    drawn = stored(store, kept).version
    merged = act(store, ana, merge_candidates, kept, gone)
    with pytest.raises(Stale) as told:
        act(store, ben, edit_candidates, [CandidateEdit(kept, drawn, {"email": ["noor@x.example"]})])
    assert told.value.theirs["email"] == "nour@x.example"
    drawn = stored(store, kept).version
    act(store, ana, undo_merge, merged)
    with pytest.raises(Stale):  # or what the other can do would be hers
        act(store, ben, edit_candidates, [CandidateEdit(kept, drawn, {"skills": ["Go", "Rust", "Java"]})])


def test_what_cannot_be_chosen_and_who_was_erased_are_refused(store, ben, tomasz, tomek):
    with pytest.raises(Refused, match="can't be chosen"):
        act(store, ben, merge_candidates, tomasz, tomek, choices={"merged_into_id": tomek})
    with pytest.raises(Refused, match="of one of the two"):
        act(store, ben, merge_candidates, tomasz, tomek, choices={"name": 999})
    with pytest.raises(Refused, match="one person already"):
        act(store, ben, merge_candidates, tomasz, tomasz)
    act(store, THE_PROGRAM, erase_candidate, tomek)
    with pytest.raises(Refused, match="erased"):
        act(store, ben, merge_candidates, tomasz, tomek)


def test_erasing_the_survivor_leaves_nothing_for_undo_to_bring_back(store, ben, tomasz, tomek):
    merge = act(store, ben, merge_candidates, tomasz, tomek)
    act(store, THE_PROGRAM, erase_candidate, tomasz)
    with store.reading() as session:
        assert session.scalars(select(MergedValue)).all() == []
        assert session.scalars(select(Lookalike)).all() == []
    with pytest.raises(Refused, match="erased"):
        act(store, ben, undo_merge, merge)


def test_vera_and_cora_merge_nobody(store, ben, vera, cora, tomasz, tomek):
    for viewer in (vera, cora):
        with pytest.raises(Refused):
            act(store, viewer, merge_candidates, tomasz, tomek)
    merge = act(store, ben, merge_candidates, tomasz, tomek)
    for viewer in (vera, cora):
        with pytest.raises(Refused):
            act(store, viewer, undo_merge, merge)
    with store.reading() as session:
        assert session.get_one(Merge, merge).undone_at is None


def test_no_fact_moves_when_two_are_merged(store, ben, tomasz, tomek):
    word = act(store, ben, log_contact, tomek, way=Way.TO, text="Hello")
    act(store, ben, merge_candidates, tomasz, tomek)
    with store.reading() as session:
        assert session.get_one(Fact, word).candidate_id == tomek
        assert session.scalars(select(Contact)).one().text == "Hello"


def test_whoever_has_more_words_or_is_longer_known_is_offered_to_be_kept(store, ben, tomasz, tomek):
    with store.reading() as session:
        both = sides(session, [tomasz, tomek])
    assert kept_first(both[tomasz], both[tomek])[0].id == tomek
    act(store, ben, log_contact, tomasz, way=Way.TO, text="Hello")
    with store.reading() as session:
        both = sides(session, [tomasz, tomek])
    assert kept_first(both[tomasz], both[tomek])[0].id == tomasz
