"""All that is known of one person, in one file: every table of theirs, in words, and nobody else by name."""

import io
import json
import zipfile
from datetime import date

import pytest

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.consents import give_consent
from core.commands.contacts import log_contact
from core.commands.privacy import keep_for_claim
from core.commands.referrals import refer
from core.domain.facts import Way
from core.domain.handles import Handle as Address
from core.persistence.work import THE_PROGRAM
from core.queries.own_data import as_html, as_json, as_zip, own_data
from tests.make import a_candidate, a_client, a_process, an_opening, saved

TRAIL = "Who did what with your data, and when"
NOTE = "<b>Shy</b> & kind. Ewa Lis (ewa@example.org, +48 601 234 567) knows her; noor@example.org, +48 600 100 200."


@pytest.fixture
def told(store, ben):
    ewa = saved(store, a_candidate("Ewa Lis"))
    opening = saved(store, an_opening("Tester", client_id=saved(store, a_client("Nordbank"))))
    with store.working(ben) as work:
        addresses = [Address("email", "noor@example.org"), Address("phone", "+48600100200")]
        noor = add_candidate(work, name="Noor Haddad", handles=addresses, skills=["Go"])
        edit_candidates(work, [CandidateEdit(noor, 1, {"notes": NOTE})])
        give_consent(work, noor, date(2027, 3, 1), source="by e-mail", evidence="“I agree.”")
        log_contact(work, noor, way=Way.FROM, text="Hello, it is me.")
        refer(work, noor, ewa)
    with store.working(THE_PROGRAM) as work:
        keep_for_claim(work, noor, date(2027, 1, 1), "Case 7")
    saved(store, a_process(opening, candidate_id=noor))
    with store.reading() as session:
        return own_data(session, noor, now=store.now(), calendar=store.calendar)


def test_it_holds_every_part_in_words(told):
    (who,) = told.parts["Who you are to us"]
    assert (who["name"], who["owner"]) == ("Noor Haddad", "Ben")
    assert {row["value"] for row in told.parts["How you are reached"]} == {"noor@example.org", "+48600100200"}
    assert told.parts["What you can do"][0]["skill"] == "Go"
    assert told.parts["Consents"][0]["evidence"] == "“I agree.”"
    (word,) = told.parts["Words between us, and notes of them"]
    assert (word["text"], word["by"], word["happened at"]) == ("Hello, it is me.", "Ben", "2026-03-02 09:00")
    assert told.parts["Openings you were considered for"][0]["opening"] == "Tester, Nordbank"
    assert {"candidate added", "consent given"} <= {
        row["action"] for row in told.parts["Who did what with your data, and when"]
    }


def test_nobody_else_is_named_in_it(told):
    (who,) = told.parts["Who you are to us"]
    assert "somebody else (" in who["notes"]
    assert "noor@example.org, +48 600 100 200" in who["notes"]
    assert who["kept until"] == "2027-01-01"
    assert told.parts["People you recommended"][0]["referred"] == "somebody else"
    assert {row["actor"] for row in told.parts[TRAIL]} <= {"one of our team", None}
    for whole in (as_json(told), str(told.parts)):
        assert "Ewa" not in whole
        assert "ewa@example.org" not in whole
        assert "601 234 567" not in whole
        assert "Case 7" not in whole  # only admins see why


def test_the_file_opens_without_anything_else_and_what_was_typed_is_text(told, store):
    with zipfile.ZipFile(io.BytesIO(as_zip(told, store.calendar))) as packed:
        assert sorted(packed.namelist()) == ["your-data.html", "your-data.json"]
        html, plain = packed.read("your-data.html").decode(), json.loads(packed.read("your-data.json"))
    assert plain["parts"] == told.parts
    assert "&lt;b&gt;Shy&lt;/b&gt; &amp; kind." in html
    assert "<b>" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert html == as_html(told, store.calendar)
