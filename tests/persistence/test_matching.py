"""Everybody stored, as the matcher finds them."""

import pytest
from sqlalchemy import insert, select

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.domain.handles import Handle
from core.domain.matching import MOST_NEAR, Match, Ref, matches_of_all, person
from core.domain.names import company_key, name_key
from core.persistence.matching import Stored, match_keys
from core.persistence.tables import MatchKey
from tests.make import a_candidate, act, saved


def found(store, name, company="", *handles):
    with store.reading() as session:
        (match,) = matches_of_all([person(name_key(name), company_key(company), handles)], Stored(session))
    return match


def mail(address: str) -> Handle:
    return Handle("email", address)


def test_somebodys_mail_with_a_tag_is_found_by_the_plain_one_and_the_other_way_round(store, ben):
    noor = act(store, ben, add_candidate, name="Noor Haddad", handles=[mail("noor+jobs@x.example")])
    boris = act(store, ben, add_candidate, name="Boris Lem", handles=[mail("boris@x.example")])
    likely = ("email_plus_tag",)
    assert found(store, "Noor Haddad", "", mail("noor@x.example")) == Match("likely", Ref("candidate", noor), likely)
    assert found(store, "Boris Lem", "", mail("boris+cv@x.example")) == Match("likely", Ref("candidate", boris), likely)
    assert found(store, "Noor Haddad", "", mail("noor+cv@x.example")) == Match("likely", Ref("candidate", noor), likely)


@pytest.mark.parametrize(
    ("name", "company", "on"),
    [
        ("Tomek Nowak", "Allegro", ("short_name", "company")),
        ("T. Nowak", "Allegro Pay", ("initial", "shorter_company")),
        ("Томаш Новак", "Allegro", ("other_spelling", "company")),
        ("Tomasz Nowak", "Allegro", ("name", "company")),
    ],
)
def test_a_name_and_company_alike_are_found_among_those_stored(store, ben, name, company, on):
    tomasz = act(store, ben, add_candidate, name="Tomasz Nowak", company="Allegro sp. z o.o.")
    assert found(store, name, company) == Match("likely", Ref("candidate", tomasz), on)
    assert found(store, name, "Amazon") == Match()


def test_who_was_edited_is_found_as_they_are_now(store, ben):
    tomasz = act(store, ben, add_candidate, name="Tomasz Nowak", company="Allegro")
    act(store, ben, edit_candidates, [CandidateEdit(tomasz, 1, {"company": "Amazon"})])
    assert found(store, "Tomek Nowak", "Allegro") == Match()
    assert found(store, "Tomek Nowak", "Amazon").of == Ref("candidate", tomasz)


def test_few_are_read_however_many_share_a_key(store):
    ids = [saved(store, a_candidate(f"Jan Kowalski {n}")) for n in range(MOST_NEAR + 5)]
    with store.engine.begin() as connection:
        connection.execute(insert(MatchKey), [{"key": "near:x|kovalski.i", "candidate_id": id_} for id_ in ids])
        connection.execute(insert(MatchKey), [{"key": "near:y|kovalski.i", "candidate_id": id_} for id_ in ids[:2]])
    with store.reading() as session:
        assert len(list(Stored(session).known_by(["near:x|kovalski.i"]))) == MOST_NEAR
        assert len(list(Stored(session).known_by(["near:y|kovalski.i", "near:z|kovalski.i"]))) == 2


def test_at_most_five_keys_a_person_are_stored_besides_the_handles(store, ben):
    names = ["Jan Kowalski", "Bob Smith", "Anna Maria Nowak", "Noor al-Haddad", "Тарас Шевченко"]
    for number, name in enumerate(names):
        act(store, ben, add_candidate, name=name, company=f"Firma {number}", handles=[mail(f"a{number}@x.example")])
    with store.reading() as session:
        assert len(session.scalars(select(MatchKey.key)).all()) <= 4 * len(names)  # the row of a list is the fifth
    assert match_keys("Jan Kowalski", "", [mail("jan@x.example")]) == []
