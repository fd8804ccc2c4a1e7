"""All that is known of one person, in one file: every table of theirs, to read and as JSON, and nobody else by name."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import JSON, select, update

from core.commands.candidates import CandidateEdit, add_candidate, edit_candidates
from core.commands.consents import give_consent, withdraw_consent
from core.commands.contacts import log_contact
from core.commands.privacy import keep_for_claim
from core.commands.processes import close_process
from core.commands.referrals import refer
from core.domain.document import as_html
from core.domain.facts import Answer, Result, Way
from core.domain.growth import Beginner
from core.domain.handles import Handle as Address
from core.domain.own_page import CHANNEL, TO_SEE
from core.persistence.personal import PARTS, TABLES, text_columns
from core.persistence.tables import Candidate, FactKind
from core.persistence.work import THE_PROGRAM
from core.queries import own_data as queries
from core.queries.own_data import as_json, as_zip, own_data
from core.queries.own_document import document
from core.queries.own_words import CODES, WORDS
from tests.make import MONDAY, a_candidate, a_client, a_process, a_stage_move, an_opening, saved
from tests.planting import OWN, Planting, plain

TRAIL = "Who did what with your data, and when"
NOTE = "<b>Shy</b> & kind. Ewa Lis (ewa@example.org, +48 601 234 567) knows her; noor@example.org, +48 600 100 200."


@pytest.fixture
def noor(store, ben, clock):
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
    process = saved(store, a_process(opening, candidate_id=noor, first_stage="First talk"))
    saved(store, a_stage_move(process, "Interview", candidate_id=noor, happened_at=MONDAY))
    clock.forward(days=2)
    with store.working(ben) as work:
        told = "Somebody else was nearer to what they do."
        log_contact(work, noor, way=Way.TO, channel="phone", text=told, process_id=process, is_feedback=True)
        close_process(work, process, result=Result.REJECTED, answer=Answer.TOLD)
    return noor


@pytest.fixture
def told(store, noor):
    return told_of(store, noor)


def told_of(store, noor):
    with store.reading() as session:
        return own_data(session, noor, now=store.now(), calendar=store.calendar)


def read(data):
    """The page as somebody reads it: a section by its title, its text without markup."""
    page = as_html(data.document)
    sections = re.findall(r"<h2>(.*?)</h2>(.*?)</section>", page, re.DOTALL)
    return {unescape(title): " ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split()) for title, rest in sections}


# as JSON


def test_it_holds_every_part_in_words(told):
    (who,) = told.parts["Who you are to us"]
    assert (who["name"], who["owner"]) == ("Noor Haddad", "Ben")
    assert {row["value"] for row in told.parts["How you are reached"]} == {"noor@example.org", "+48600100200"}
    assert told.parts["What you can do"][0]["skill"] == "Go"
    assert told.parts["Consents"][0]["evidence"] == "“I agree.”"
    word = told.parts["Words between us, and notes of them"][0]
    assert (word["text"], word["by"], word["happened at"]) == ("Hello, it is me.", "Ben", "2026-03-02 09:00")
    assert told.parts["Openings you were considered for"][0]["opening"] == "Tester, Nordbank"
    assert {"candidate added", "consent given"} <= {row["action"] for row in told.parts[TRAIL]}


def test_nobody_else_is_named_in_it(told):
    (who,) = told.parts["Who you are to us"]
    assert "somebody else (" in who["notes"]
    assert "noor@example.org, +48 600 100 200" in who["notes"]
    assert who["kept until"] == "2027-01-01"
    assert told.parts["People you recommended, or who recommended you"][0]["referred"] == "somebody else"
    assert {row["actor"] for row in told.parts[TRAIL]} <= {"one of our team", None}
    for whole in (as_json(told), str(told.parts), as_html(told.document)):
        assert "Ewa" not in whole
        assert "ewa@example.org" not in whole
        assert "601 234 567" not in whole
        assert "Case 7" not in whole  # only admins see why


# to read


def test_a_process_is_told_with_its_client_its_stages_and_what_came_of_it(told):
    assert read(told)["Openings you were considered for"] == (
        "To fill them, and to tell you how it stands. 2 March 2026 Tester, Nordbank"
        " 2 March 2026 began at “First talk” 2 March 2026 moved to “Interview”"
        " 4 March 2026 ended, and you were told. We did not go on together this time."
        " it came as far as “Interview”, and you knew on the same working day"
    )


def test_words_are_a_dated_story_and_what_was_promised_says_what_came_of_it(told):
    page = read(told)
    assert "2 March 2026, 09:00 You wrote to us Hello, it is me." in page["What was said"]
    assert (
        "4 March 2026, 09:00 We wrote to you, by phone, about Tester, Nordbank Somebody else was nearer"
        in (page["What was said"])
    )
    assert (
        "by 3 March 2026, 17:00 An answer to your word of 2 March 2026 kept too late, 4 March 2026, 09:00"
        in (page["What we promised, and what came of it"])
    )


def test_a_request_on_their_own_page_is_told_as_one(store, ben, noor):
    with store.working(ben) as work:
        log_contact(work, noor, way=Way.FROM, channel=CHANNEL, about=TO_SEE)
    page = read(told_of(store, noor))["What was said"]
    assert "You asked to see your data, on your own page" in page
    assert "Request: see" not in page


def test_a_consent_is_told_with_its_wording_its_basis_and_its_last_day(store, ben, noor):
    with store.working(ben) as work:
        withdraw_consent(work, noor)
    agreed = read(told_of(store, noor))["What you agreed to"]
    assert "You agreed to be thought of for future openings, until 1 March 2027 “I agree.”" in agreed
    assert "Consent, art. 6(1)(a) GDPR · it came: by e-mail · by Ben" in agreed
    assert agreed.endswith("4 March 2026, 09:00 You withdrew your consent by Ben")


def test_whoever_was_recommended_reads_that_they_were_and_not_by_whom(store, noor):
    with store.reading() as session:
        ewa = session.scalars(select(Candidate.id).where(Candidate.name == "Ewa Lis")).one()
    data = told_of(store, ewa)
    assert "2 March 2026, 09:00 Somebody recommended you to us" in read(data)["Where your data come from"]
    assert "People you recommended" not in read(data)
    assert "Noor" not in as_html(data.document)
    assert "Noor" not in as_json(data)


def test_what_there_is_nothing_of_is_a_line_at_the_end_and_no_section(told):
    (nothing,) = [text for text in told.document.close if text.startswith("There is nothing on record under")]
    assert "Meetings" in nothing
    assert "Meetings" not in read(told)
    assert all(section.lines and section.why for section in told.document.sections)
    assert "until 2 March 2028; a legal claim keeps it until 1 January 2027" in told.document.close[0]


def test_no_code_and_no_number_of_a_row_is_left_in_it(told):
    text = " ".join(read(told).values())
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|\bno\. \d+|\bNone\b|\d{4}-\d\d-\d\d", text) == []


def test_the_file_opens_without_anything_else_and_what_was_typed_is_text(told):
    with zipfile.ZipFile(io.BytesIO(as_zip(told))) as packed:
        assert sorted(packed.namelist()) == ["your-data.html", "your-data.json"]
        html, plain_one = packed.read("your-data.html").decode(), json.loads(packed.read("your-data.json"))
    assert plain_one["parts"] == told.parts
    assert "&lt;b&gt;Shy&lt;/b&gt; &amp; kind." in html
    assert "<b>" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "default-src 'none'" in html
    assert html == as_html(told.document)


def test_a_row_of_a_list_stands_there_as_it_came_though_two_columns_are_called_the_same(store):
    noor = saved(store, a_candidate())
    lists, rows = TABLES["import_batch"].insert(), TABLES["import_row"].insert()
    batch = {"filename": "list.csv", "kind": "people", "source": "", "basis": "", "sha256": ""}
    with store.working(THE_PROGRAM) as work:
        counts = {"columns": ["Name", "Phone", "Phone"]}
        work.session.execute(lists.values(id=1, **batch, counts=counts, imported_at=MONDAY))
        row = {"line": 7, "record": 7, "outcome": "adds", "reason": "", "filled": {"title": ["", "Tester"]}}
        cells = ["Noor", "600 1", "600 2", "left over"]
        work.session.execute(rows.values(batch_id=1, candidate_id=noor, cells=cells, **row))
        work.record("planted", work.session.get_one(Candidate, noor))
    data = told_of(store, noor)
    (row,) = data.parts["Rows of lists that told of you"]
    assert (row["batch"], row["candidate"]) == ("list.csv", "you")
    assert row["cells"] == {
        "Name": "Noor",
        "Phone": "600 1",
        "Phone (2)": "600 2",
        "(no header)": "left over",
    }
    assert (
        "2 March 2026, 09:00 Line 7 of the list “list.csv” Name Noor Phone 600 1 Phone (2) 600 2 (no header) left over"
        " Title, before and after nothing → Tester It added to what we had." in read(data)["Where your data come from"]
    )


# all of it


ON_NO_PAGE = {
    "own_page_link.token_hash": "what nobody can read",
    **dict.fromkeys(("promise.key", "waiver.promise_key", "snooze.promise_key"), "a kind and numbers"),
    **dict.fromkeys(("contact.keeps", "privacy_request.proof"), "numbers"),
    **dict.fromkeys(("audit_entry.action", "audit_entry.subject_kind", "audit_entry.changes"), "only appended to"),
    "merged_value.name": "a column's",
}


WHICH_CLAIM = "candidate.kept_because"
"""Only admins see it."""


def test_every_personal_column_reaches_the_page_and_the_json(store, ana):
    """A new column of somebody's, in which anything may be written, fails here until a section tells it."""
    noor = saved(store, a_candidate(), a_process(saved(store, an_opening())))
    tables = [table for name, table in TABLES.items() if name in PARTS]
    columns = [c for table in tables for c in text_columns(table) if f"{table.name}.{c.name}" not in ON_NO_PAGE]
    marks = {f"{c.table.name}.{c.name}": f"zq{number}x" for number, c in enumerate(columns)}

    def say(column, _):
        mark = marks[f"{column.table.name}.{column.name}"]
        if column.name == "filled":
            return {"title": [None, mark]}
        if isinstance(plain(column.type), JSON):
            return [mark]
        return mark[-2:] if column.name == "language" else mark

    with store.working(ana) as work:
        other = add_candidate(work, name="Ewa Lis")
        batch = {"filename": "list.csv", "kind": "people", "source": "", "basis": "", "sha256": "", "counts": {}}
        work.session.execute(TABLES["import_batch"].insert().values(**batch, imported_at=MONDAY))
        Planting(work.session, noor, other, say, leave=ON_NO_PAGE, tables=tables).plant()
        work.record("planted", work.session.get_one(Candidate, noor))
    data = told_of(store, noor)
    page, plain_one = as_html(data.document).lower(), as_json(data)
    marks = {place: mark[-2:] if place == "candidate.language" else mark for place, mark in marks.items()}
    assert {place for place, mark in marks.items() if mark not in page} == {WHICH_CLAIM}
    assert {place for place, mark in marks.items() if mark not in plain_one} == {WHICH_CLAIM}
    assert len(marks) > 40


def test_what_somebody_begins_as_is_told_too(store):
    noor = saved(store, a_candidate(begins_as=Beginner.CAREER_CHANGER))
    data = told_of(store, noor)
    assert "career changer" in read(data)["Who you are to us"]
    assert "career changer" in as_json(data)


SETTLED = {"promise.kind", "promise.status", "meeting.came", "referral.came_to", "process.turn", "process.answer"}
"""Told in a sentence of its own, or following from what is told."""


@pytest.fixture
def known(store, ana, monkeypatch):
    """What a document is made of: of each table that has somebody's a row, each code of it the first there is."""
    noor = saved(store, a_candidate(), a_process(saved(store, an_opening())))
    with store.working(ana) as work:
        other = add_candidate(work, name="Ewa Lis")
        batch = {"filename": "list.csv", "kind": "people", "source": "", "basis": "", "sha256": "", "counts": {}}
        work.session.execute(TABLES["import_batch"].insert().values(**batch, imported_at=MONDAY))
        tables = [table for name, table in TABLES.items() if name in PARTS]
        say = {"filled": {"title": [None, "x"]}, "language": "en"}
        planting = Planting(
            work.session,
            noor,
            other,
            lambda c, _: say.get(c.name, ["x"] if isinstance(plain(c.type), JSON) else "x"),
            leave=ON_NO_PAGE,
            tables=tables,
        )
        planting.plant()
        for name in ("rhythm_change", "turn_change", "meeting_move", "meeting_outcome", "referral"):
            planting.insert(TABLES[name], {})
        work.record("planted", work.session.get_one(Candidate, noor))
    made = []
    monkeypatch.setattr(queries, "document", lambda known: made.append(known) or document(known))
    told_of(store, noor)
    rows = {name: [dict(row) for row in rows[-1:]] for name, rows in made[0].rows.items()}
    for table, column, kind in codes():
        for row in rows[table]:
            row[column] = next(iter(kind))
    return replace(made[0], rows=rows)


def codes():
    """Every column of somebody's that holds a code."""
    for table in (TABLES[name] for name in PARTS):
        for column in table.columns:
            if (kind := getattr(plain(column.type), "enum_class", None)) is not None:
                yield table.name, column.name, kind


def test_every_code_is_told_in_words(known, monkeypatch):
    """A new column of codes, or a new code, fails here until somebody says how it is told."""

    def raw(code, *_):
        raise AssertionError(f"{code!r} is told raw")

    kinds = {kind for _, _, kind in codes()}
    for kind in kinds:
        for way in ("__str__", "__format__", "capitalize", "replace"):
            monkeypatch.setattr(kind, way, raw)
    assert len(kinds) > 20
    for table, column, kind in codes():
        for code in kind:
            rows = known.rows | {table: [row | {column: code} for row in known.rows[table]]}
            page = as_html(document(replace(known, rows=rows)))
            assert rows[table]
            if f"{table}.{column}" not in SETTLED:
                assert kind in WORDS, f"{table}.{column}"
                assert code in WORDS[kind], f"{table}.{column}"
    assert page


def test_the_trail_is_told_in_words_too(known):
    for changes, words in (
        ({"way": "from", "fact": 7}, "How: You wrote to us"),
        ({"kind": "see", "request": 7}, "What: to see your data"),
        ({"kind": "stage_move"}, "What: a step in an opening"),
        ({"turn": ["ours", "candidate"]}, "Whose turn: It was our turn → It was your turn"),
        ({"answer": "owed"}, "The answer to you: we still owed you the news"),
        ({"result": "not_now"}, "How it ended: Not now. We said that we would come back to you."),
        ({"result": "missed"}, "How it ended: missed"),
        ({"owner_id": [None, 1]}, "Owner: nothing → one of our team"),
        ({"rhythm_unit": ["weeks", "months"]}, "Counted in: weeks → months"),
        ({"state": ["open", "done"]}, "How it stands: not answered yet → done"),
    ):
        entry = known.rows["audit_entry"][0] | {"changes": changes}
        data = document(replace(known, rows=known.rows | {"audit_entry": [entry]}))
        (line,) = next(section for section in data.sections if section.title == TRAIL).lines
        assert line.beside == words


def test_every_code_that_the_trail_can_hold_is_known_by_its_column():
    """The trail keeps plain text: what a column's codes are of is looked up by its name."""
    columns = [(name, kind) for table, name, kind in codes() if f"{table}.{name}" not in SETTLED]
    not_there = {"begins_as", "source"}  # personal, and a claim's
    assert {name for name, kind in columns if kind not in CODES.get(name, ())} <= not_there


OF_THE_TEAM = {FactKind.OPENING_HOLD, FactKind.OPENING_RESUMPTION, FactKind.OPENING_END}
OF_THE_TEAM |= {FactKind.DEPARTURE, FactKind.POLICY, FactKind.ERASURE}


def test_every_kind_of_fact_of_a_person_is_told(store, ana):
    """Of each kind one, on a day of its own, by which it is found again."""
    noor = saved(store, a_candidate(), a_process(saved(store, an_opening())))
    tables = [TABLES[name] for name in PARTS if name in {kind.value for kind in FactKind}]
    days = {}
    with store.working(ana) as work:
        planting = Planting(work.session, noor, noor, say=None)
        for table in tables:
            texts = {c.name: "x" for c in text_columns(table) if not isinstance(plain(c.type), JSON)}
            planting.insert(table, texts | OWN.get(table.name, {}))
        facts = TABLES["fact"]
        for kind in set(FactKind) - OF_THE_TEAM:
            if kind.value not in TABLES:
                work.session.execute(
                    facts.insert().values(kind=kind, candidate_id=noor, happened_at=MONDAY, entered_at=MONDAY)
                )
        for number, kind in enumerate(sorted(set(FactKind) - OF_THE_TEAM)):
            days[kind] = MONDAY - timedelta(days=30 * number + 40)
            work.session.execute(
                update(facts).where(facts.c.kind == kind, facts.c.candidate_id == noor).values(happened_at=days[kind])
            )
        work.record("planted", work.session.get_one(Candidate, noor))
    page = " ".join(read(told_of(store, noor)).values())
    assert {kind for kind, at in days.items() if f"{at.day} {at:%B %Y}" not in page} == set()
