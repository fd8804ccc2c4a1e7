"""Who is somebody we know, by what, and how surely."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.handles import Handle
from core.domain.matching import (
    NO_MATCH,
    Known,
    Match,
    Person,
    Pool,
    Ref,
    key,
    matches,
    matches_of_all,
    person,
)
from core.domain.names import company_key, name_key

NOOR, BORIS = Ref("candidate", 1), Ref("candidate", 2)


def somebody(name="", company="", email="", phone="", linkedin="", github="") -> Person:
    said = {"email": email, "phone": phone, "linkedin": linkedin, "github": github}
    return person(name_key(name), company_key(company), [Handle(kind, value) for kind, value in said.items() if value])


def match(someone: Person, *known: Person) -> Match:
    return matches(someone, Pool(Known(Ref("candidate", number), one) for number, one in enumerate(known, start=1)))


@pytest.mark.parametrize(("said", "on"), [("email", "email"), ("linkedin", "linkedin_url"), ("github", "github_url")])
def test_an_equal_address_under_a_name_that_agrees_is_certain(said, on):
    known = somebody("Noor Haddad", **{said: "noor@x"})
    for name in ("Noor Haddad", "Haddad Noor", "Noor al-Amin", ""):
        assert match(somebody(name, **{said: "noor@x"}), known) == Match("exact", NOOR, (on,))
    assert match(somebody("Noor Haddad", **{said: "noor@x"}), somebody("", **{said: "noor@x"})).how == "exact"


def test_an_equal_address_under_names_with_nothing_in_common_is_for_a_person_to_decide():
    found = match(somebody("Tariq bin Nasser", email="info@x"), somebody("Hans Dupré", email="info@x"))
    assert found == Match("likely", NOOR, ("email",))


def test_an_equal_phone_is_certain_only_under_the_same_name():
    known = somebody("Noor Haddad", phone="+48601222333")
    assert match(somebody("Haddad Noor", phone="+48601222333"), known) == Match("exact", NOOR, ("phone+name",))
    for name in ("Noor Amin", "Boris Lem", ""):
        assert match(somebody(name, phone="+48601222333"), known) == Match("likely", NOOR, ("phone",))


def test_two_nameless_people_behind_one_phone_are_not_the_same():
    found = match(somebody(email="a@x", phone="+48601222333"), somebody(email="b@x", phone="+48601222333"))
    assert found == Match("likely", NOOR, ("phone",))


def test_a_mailbox_is_likely_whichever_side_has_the_tag():
    plain, tagged = somebody("Noor Haddad", email="noor@x"), somebody("Noor Haddad", email="noor+jobs@x")
    assert match(tagged, plain) == match(plain, tagged) == Match("likely", NOOR, ("email_plus_tag",))


def test_an_equal_name_needs_two_parts_and_an_equal_company():
    known = somebody("Noor Haddad", "Acme GmbH", email="noor@x")
    assert match(somebody("Haddad Noor", "ACME"), known) == Match("likely", NOOR, ("name", "company"))
    assert match(somebody("Noor Haddad", "Other"), known) == NO_MATCH
    assert match(somebody("Noor Haddad"), known) == NO_MATCH
    assert match(somebody("Noor", "Acme"), somebody("Noor", "Acme")) == NO_MATCH


def test_certain_beats_likely_and_all_reasons_are_told():
    boris, noor = (
        somebody("Noor Haddad", "Acme", email="b@x"),
        somebody("Noor Haddad", email="n@x", phone="+48601222333"),
    )
    found = match(somebody("Noor Haddad", "Acme", email="n@x", phone="+48601222333"), boris, noor)
    assert found == Match("exact", BORIS, ("email", "phone+name"))


def test_somebody_who_could_be_two_people_says_so():
    found = match(
        somebody("Noor", email="n@x", linkedin="n"), somebody("Noor", email="n@x"), somebody("Noor", linkedin="n")
    )
    assert found == Match("exact", NOOR, ("email",), also=(BORIS,))


def test_of_many_behind_one_phone_the_one_of_the_same_name_is_found():
    reception = [somebody(f"Person Number{chr(97 + number)}", phone="+48601222333") for number in range(20)]
    assert match(somebody("Numberq Person", phone="+48601222333"), *reception).of == Ref("candidate", 17)
    assert match(somebody("Somebody Else", phone="+48601222333"), *reception) == Match("likely", NOOR, ("phone",))


def test_of_many_behind_one_address_the_one_whose_name_agrees_is_found():
    known = [somebody("Ada Lem", email="a@x"), somebody("Boris Mann", email="a@x"), somebody("", email="a@x")]
    assert match(somebody("Boris", email="a@x"), *known).of == BORIS
    assert match(somebody("Zoe", email="a@x"), *known) == Match("exact", Ref("candidate", 3), ("email",))


def test_the_store_is_asked_once_for_everybody():
    class Store:
        def __init__(self):
            self.asked = []

        def known_by(self, keys):
            self.asked.append(set(keys))
            return [Known(NOOR, somebody("Noor Haddad", email="noor@x"))]

    store = Store()
    people = [somebody("Noor Haddad", email="noor@x"), somebody("Boris Lem", phone="+48601222333")]
    assert [found.how for found in matches_of_all(people, store)] == ["exact", "none"]
    assert store.asked == [{key("email", "noor@x"), key("mailbox", "noor@x"), key("phone", "+48601222333")}]


def test_a_plain_address_is_kept_once_and_its_mailbox_only_asked_for():
    plain, tagged = somebody("Noor Haddad", email="noor@x"), somebody("Noor Haddad", email="noor+jobs@x")
    assert plain.keys == (key("email", "noor@x"),)
    assert tagged.keys == (key("email", "noor+jobs@x"), key("mailbox", "noor@x"))
    assert match(somebody("Noor Haddad", email="noor+cv@x"), tagged) == Match("likely", NOOR, ("email_plus_tag",))


@pytest.mark.parametrize(
    ("name", "company", "on"),
    [
        ("Tomek Nowak", "Allegro", ("short_name", "company")),
        ("Tomasz Nowak", "Allegro Pay", ("name", "shorter_company")),
        ("T. Nowak", "Allegro sp. z o.o.", ("initial", "company")),
        ("Томаш Новак", "Алегро", ("other_spelling", "company")),
    ],
)
def test_a_name_and_company_nearly_the_same_are_likely_and_say_what_is_alike(name, company, on):
    known = somebody("Tomasz Nowak", "Allegro S.A.", email="t@x")
    assert match(somebody(name, company), known) == Match("likely", NOOR, on)


def test_a_name_alike_needs_a_company_alike():
    known = somebody("Tomasz Nowak", "Allegro", email="t@x")
    assert match(somebody("Tomek Nowak", "Amazon"), known) == NO_MATCH
    assert match(somebody("Tomek Nowak"), known) == NO_MATCH


def test_who_is_alike_adds_nothing_to_what_is_certain():
    one, other = somebody("Tomasz Nowak", "Allegro", email="t@x"), somebody("Tomek Nowak", "Allegro", email="o@x")
    assert match(somebody("Tomasz Nowak", "Allegro", email="t@x"), other, one) == Match("exact", BORIS, ("email",))


def test_however_many_are_nearly_alike_a_few_are_compared():
    pool = Pool(
        Known(Ref("row", n), somebody(f"Nowak Tom{chr(97 + n % 26)}{chr(97 + n // 26)}sz", "Allegro"))
        for n in range(400)
    )
    someone = somebody("Nowak Tomek", "Allegro")
    assert max(len(pool.near(one)) for one in someone.keys) <= 16


def test_the_same_people_in_many_rows_do_not_crowd_out_others():
    many = [Known(Ref("row", number), somebody("Nowak Tobias", "Allegro")) for number in range(50)]
    pool = Pool([*many, Known(BORIS, somebody("Nowak Tomasz", "Allegro"))])
    assert matches(somebody("Nowak Tomek", "Allegro"), pool) == Match("likely", BORIS, ("short_name", "company"))


def test_a_pool_that_keeps_only_what_is_asked_twice_finds_the_same():
    names = ["Tomek Nowak", "Tomasz Nowak", "Noor Haddad", "T. Nowak", "Noor Haddad"]
    mails = ["a@x", "b+jobs@x", "c@x", "b@x", "c@x"]
    people = [somebody(name, "Allegro", email=mail) for name, mail in zip(names, mails, strict=True)]
    number = Counter(hash(one) for someone in people for one in someone.asks)
    found: list[list[Match]] = []
    for pool in (Pool(), Pool(asked_twice={one for one, times in number.items() if times > 1})):
        found.append([])
        for row, someone in enumerate(people):
            found[-1].append(matches(someone, pool))
            pool.add(Known(Ref("row", row), someone))
    assert found[0] == found[1]
    assert [match.how for match in found[0]] == ["none", "likely", "none", "likely", "exact"]


def test_few_keys_are_kept_of_anybody():
    for name in ("Jan Kowalski", "Bob Smith", "Jan Maria Kowalski-Nowak", "María José García López de la Cruz"):
        handles = [Handle("email", "a@x"), Handle("phone", "+48601222333")]
        kept = [one for one in person(name_key(name), "acme", handles, row="r").keys if ":" in one]
        assert len(kept) - len(handles) <= 8


@given(st.lists(st.sampled_from("Tomek Tomasz Nowak Novak T. N. Kasia Катерина Kowalczyk".split()), max_size=4))
def test_whoever_is_told_of_again_in_the_same_words_is_found(words):
    someone = somebody(" ".join(words), "Allegro")
    found = match(someone, someone)
    assert found.how == ("likely" if " " in someone.name_key else "none")
