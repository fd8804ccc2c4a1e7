"""Import: uploaded, looked at, decided on, brought in and taken back; without a browser, and with one."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from core import settings
from core.commands.contacts import log_contact
from core.commands.lists import import_file, look_at
from core.commands.members import deactivate_member
from core.domain.bases import Basis
from core.domain.facts import Way
from core.importers.preview import ERASED, Row, read_file
from core.importers.ready import Choices, Decision
from core.persistence.tables import Candidate, ImportBatch, ImportMapping
from core.persistence.tables.team import Role
from core.persistence.work import THE_PROGRAM
from core.queries.imports import Batch
from pages.parts import bringing, import_done, import_preview, reads, state
from pages.parts.import_asking import NOTICE
from tests.make import MONDAY
from tests.pages.conftest import acted, settled

SAMPLES = Path(__file__).parents[1] / "samples"
LIKELY = b"Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,noor@x.example\n"
RISKY = (
    "Name,E-mail,Notes\n"
    "![x](https://evil.example/p.png) **Bold** :red[x],a@x.example,=HYPERLINK(1)\n"
    "<b>Boris</b> [link](javascript:1),a@x.example,$x^2$\n"
)
STRANGE = b"Kto to;Gdzie teraz\nNoor Haddad;Acme\nBoris Lis;Umbrella\n"


@pytest.fixture
def clock(clock):
    clock.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return clock


@pytest.fixture
def imports_page(page_of, ben):
    return page_of("imports.py", ben).run()


def uploaded(page, data, name="list.csv"):
    page.file_uploader[0].upload(name, data)
    page.run()
    assert not page.exception
    return page


def at_step(page, step):
    choice = page.session_state["choices"]["step"]
    choice.values, choice.is_ahead = [step], True
    choice.round += 1
    page.run()
    assert not page.exception
    return page


def answered(page, basis=Basis.RELATIONSHIP, source=""):
    at_step(page, "about")
    if source:
        page.text_input(key="source").input(source).run()
    return page.radio(key="basis").set_value(basis).run()


def brought_in(page):
    page.button(key="bring-in").click().run()
    assert not page.exception
    return page


def brought_in_without_those_undecided(page):
    page = brought_in(page)
    page.button(key="without-them").click().run()
    assert not page.exception
    return page


def chosen(page):
    return page.session_state[state.IMPORT_DRAFT].choices


def sample(name):
    return (SAMPLES / name).read_bytes()


def zipped(*samples, **others):
    packed = BytesIO()
    with ZipFile(packed, "w") as made:
        for name, data in {**{name: sample(name) for name in samples}, **others}.items():
            made.writestr(name, data)
    return packed.getvalue()


def text_of(page) -> str:
    parts = [page.title, page.markdown, page.subheader, page.metric, page.error]
    return "\n".join(str(one.value) + str(getattr(one, "label", "")) for some in parts for one in some)


def options_of(control):
    return [option.content if hasattr(option, "content") else option for option in control.options]


def people(store):
    with store.reading() as session:
        return list(session.scalars(select(Candidate).order_by(Candidate.id)))


# from file to done


def test_a_list_is_looked_at_brought_in_and_taken_back(imports_page, store, ben):
    page = uploaded(imports_page, sample("Connections.csv"), "Connections.csv")
    assert page.title[0].value == "222 new people"
    assert options_of(page.pills[0]) == ["New 222", "Known already 4", "To decide 3", "Left out 5"]
    assert people(store) == []
    brought_in_without_those_undecided(answered(page, source="LinkedIn"))
    assert page.title[0].value == "222 people came in"
    assert {(one.owner_id, one.source) for one in people(store)} == {(ben.id, "LinkedIn")}
    page.button(key="undo-import").click().run()
    assert "222 people go" in text_of(page)
    page.button(key="keep-import").click().run()
    assert "222 people go" not in text_of(page)
    page.button(key="undo-import").click().run()
    page.button(key="take-back").click().run()
    assert not page.exception
    assert page.title[0].value == "Connections\\.csv was taken back"
    assert "stayed" not in text_of(page)
    assert people(store) == []
    page = uploaded(page.button(key="all-lists").click().run(), sample("Connections.csv"), "Connections.csv")
    assert "This very file" not in text_of(page)


def test_messages_say_what_is_history(imports_page, store):
    page = uploaded(imports_page, sample("messages.csv"), "messages.csv")
    assert page.title[0].value == "193 new messages with 45 people"
    assert "Sowa, Ema" in text_of(page)  # to several
    brought_in(answered(page))
    assert page.title[0].value == "193 messages and 45 new people came in"
    assert "16 old messages" in text_of(page)


@pytest.mark.parametrize(("data", "sentence"), [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "table")])
def test_what_cannot_be_read_is_one_sentence(imports_page, data, sentence):
    page = uploaded(imports_page, data)
    assert len(page.error) == 1
    assert sentence in page.error[0].value


def test_nothing_of_a_file_is_markup(imports_page, store):
    page = uploaded(imports_page, RISKY.encode(), "![x](https://evil.example/q.png).csv")
    for step in ("rows", "columns", "decide", "about"):
        for one in [*at_step(page, step).markdown, *page.title, *page.subheader]:
            assert "](http" not in one.value
            assert "<b>" not in one.value
    at_step(page, "decide").segmented_control(key="decide-3").set_value(Decision.NEW).run()
    for one in [*brought_in(answered(page)).markdown, *page.title]:
        assert "](http" not in one.value
    assert people(store)[0].name.startswith("![x](https://evil.example/p.png)")


# row by row


def test_the_filters_show_what_was_left_out_and_why(imports_page):
    page = uploaded(imports_page, sample("tracker_kandydaci.csv"), "tracker_kandydaci.csv")
    page.pills[0].set_value("rejected").run()
    assert text_of(page).count("Left out") == 3
    assert "The header again" in text_of(page)
    assert page.query_params["rows"] in ("rejected", ["rejected"])
    page = uploaded(page.button(key="another").click().run(), sample("messy_list.csv"), "messy_list.csv")
    page.pills[1].set_value("invalid_phone").run()
    assert text_of(page).count("no phone number") == 1
    assert text_of(page).count("Line ") == 1


def test_rows_that_were_left_out_are_mended_and_come_in(imports_page, store, ben):
    page = uploaded(imports_page, b"Name;E-mail ;Notes\n;jan(at)x.example;=1+1\nNoor Haddad;noor@x.example;\n")
    file = import_preview.left_out(page.session_state[state.IMPORT_DRAFT])
    assert "E-mail “jan(at)x.example”: no e-mail address" in file.decode("utf-8-sig")
    brought_in(answered(page))
    batch = reads.batches(import_done.Page(1, 1))[0]
    kept = import_done.left_out(ben, batch)
    assert [next(iter(read_file(one).rows())).cells[1] for one in (file, kept)] == ["jan(at)x.example"] * 2
    page = page.button(key="all-lists").click().run()
    page = uploaded(page, file.replace(b"jan(at)x.example", b"jan@x.example"), "mended.csv")
    assert page.title[0].value == "1 new person"


# the columns


def test_a_column_is_said_to_hold_something_else_and_the_rows_follow(imports_page, store):
    page = uploaded(imports_page, STRANGE)
    assert page.title[0].value == "Nobody new"
    assert "No column is known" in text_of(page)
    assert "“Noor Haddad”, “Boris Lis”" in text_of(page)
    page.selectbox(key="column-0").set_value("full_name").run()
    page.selectbox(key="column-1").set_value("company").run()
    assert page.title[0].value == "2 new people"
    brought_in(answered(page))
    assert [(one.name, one.company) for one in people(store)] == [("Noor Haddad", "Acme"), ("Boris Lis", "Umbrella")]


def test_how_a_list_was_read_is_used_for_the_next_one_and_said(imports_page, store):
    page = uploaded(imports_page, STRANGE)
    page.selectbox(key="column-0").set_value("full_name").run()
    brought_in(answered(page, source="Fair"))
    page.button(key="all-lists").click().run()
    page = uploaded(page, STRANGE.replace(b"Noor", b"Nina"))
    assert page.title[0].value == "1 new person"
    assert "read as they were on Mon 23 Nov by Ben, for “Fair”" in text_of(page)
    assert chosen(page).source == "Fair"
    page.button(key="afresh").click().run()
    assert page.title[0].value == "Nobody new"
    page.button(key="as-remembered").click().run()
    assert page.title[0].value == "1 new person"


def test_what_was_said_of_columns_is_forgotten_where_a_list_came_in_without(imports_page, store):
    page = at_step(uploaded(imports_page, b"Name;Kto\nNoor Haddad;Acme\n"), "columns")
    page.selectbox(key="column-1").set_value("company").run()
    brought_in(answered(page)).button(key="all-lists").click().run()
    page = uploaded(page, b"Name;Kto\nBoris Lis;Acme\n")
    page.button(key="afresh").click().run()
    brought_in(answered(page))
    with store.reading() as session:
        assert session.scalars(select(ImportMapping)).all() == []


def test_lists_from_a_source_read_otherwise_are_offered_when_it_is_typed(imports_page):
    page = uploaded(imports_page, b"Nr;Kto\n1;Noor Haddad\n")
    page.selectbox(key="column-1").set_value("full_name").run()
    brought_in(answered(page, source="Fair")).button(key="all-lists").click().run()
    page = uploaded(page, b"E-mail;Kto\nnina@x.example;Nina Lis\n")
    answered(page, source="fair")
    page.button(key="as-source").click().run()
    at_step(page, "rows")
    assert "Nina Lis" in text_of(page)


def test_pay_is_not_kept_and_said_so(imports_page):
    page = at_step(uploaded(imports_page, b"Name;Current salary\nNoor Haddad;12000\n"), "columns")
    assert "is not kept" in text_of(page)
    assert [box.key for box in page.selectbox] == ["column-0"]
    assert "12000" not in text_of(at_step(page, "rows"))


def test_days_that_could_be_either_are_asked_about(imports_page, store):
    page = uploaded(imports_page, b"Name;Date added\nNoor Haddad;03/04/2025\n")
    assert "Columns, 1 question" in options_of(page.segmented_control[0])
    at_step(page, "columns")
    assert "is Thu 3 Apr 2025 with the day first, Tue 4 Mar 2025 with the month first" in text_of(page)
    page.segmented_control(key="dates-1").set_value("MDY").run()
    assert page.segmented_control(key="dates-1").value == "MDY"
    assert "Columns" in options_of(page.segmented_control[0])
    brought_in(answered(page))
    assert people(store)[0].known_since == date(2025, 3, 4)


def test_days_nobody_has_answered_for_are_asked_about_before_anything_comes_in(imports_page, store):
    page = brought_in(answered(uploaded(imports_page, b"Name;Last contact\nNoor Haddad;03/04/2025\n")))
    assert "Say how “Last contact” writes its days" in page.error[0].value.replace("\\", "")
    page.segmented_control(key="dates-1").set_value("text").run()
    assert brought_in(page).title[0].value == "1 person came in"


def test_a_file_of_which_nothing_can_come_in_says_what_to_do(imports_page):
    page = uploaded(imports_page, b"Name;E-mail\n;jan(at)x.example\n")
    assert not [button for button in page.button if button.key == "bring-in"]
    assert "Nothing can come in" in text_of(page)
    page = uploaded(page.button(key="another").click().run(), STRANGE)
    assert not [button for button in page.button if button.key == "bring-in"]
    assert "say in Columns which one holds names" in text_of(page)


def test_names_are_shown_as_they_will_be_kept(imports_page):
    page = uploaded(imports_page, b"Name;E-mail\nNOOR HADDAD;noor@x.example\nboris lis;noor@x.example\n")
    assert "Noor Haddad" in text_of(page)
    assert "NOOR" not in text_of(page)
    assert "Boris Lis" in text_of(at_step(page, "decide"))


def test_another_sheet_is_looked_at(imports_page):
    page = at_step(uploaded(imports_page, sample("lista_programistow.xlsx"), "lista.xlsx"), "columns")
    box = page.selectbox(key="table")
    before = page.title[0].value
    box.set_value(next(name for name in box.options if name != box.value)).run()
    assert not page.exception
    assert page.title[0].value != before


def test_a_file_of_a_zip_is_looked_at_in_place_of_another(imports_page):
    page = uploaded(imports_page, zipped("Connections.csv", "messages.csv"), "export.zip")
    assert page.title[0].value == "222 new people"
    page = at_step(page, "columns")
    page.selectbox(key="table").set_value("messages.csv").run()
    assert not page.exception
    assert page.title[0].value.startswith("193 new messages")
    assert "You said" not in text_of(page)


def test_the_next_file_of_a_zip_is_offered_once_the_first_is_in(imports_page, store):
    page = uploaded(imports_page, zipped("Connections.csv", "messages.csv"), "export.zip")
    assert "; messages.csv is in it too" in text_of(page).replace("\\", "")
    brought_in_without_those_undecided(answered(page, source="LinkedIn"))
    assert "messages.csv is in the same file" in text_of(page).replace("\\", "")
    page.button(key="look-next").click().run()
    assert not page.exception
    assert "new messages" in page.title[0].value
    assert "is in it too" not in text_of(page)
    assert "this very file" not in text_of(page)
    assert (chosen(page).source, chosen(page).ground.basis) == ("LinkedIn", "relationship")
    brought_in(page)
    assert "messages and" in page.title[0].value
    assert not [button for button in page.button if button.key == "look-next"]


def test_a_table_that_can_not_be_read_is_said_and_the_other_stays(imports_page, monkeypatch):
    long = b"Name;E-mail\n" + b"Noor Haddad;noor@x.example\n" * 400
    page = at_step(uploaded(imports_page, zipped("Connections.csv", **{"long.csv": long}), "export.zip"), "columns")
    monkeypatch.setenv("PERENNIAL_IMPORT_ROWS", "300")
    settings.current.cache_clear()
    page.selectbox(key="table").set_value("long.csv").run()
    settings.current.cache_clear()
    assert not page.exception
    assert "more than the 300 rows" in page.error[0].value
    assert page.title[0].value == "222 new people"


def test_messages_of_nobody_known_are_read_once_it_is_said_whose_they_are(imports_page):
    words = b"CONVERSATION ID,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,CONTENT\n" + (
        b"1,Noor,https://linkedin.com/in/noor-x1,Ben,https://linkedin.com/in/ben-x1,2026-03-05 14:22:11 UTC,Hello\n"
    )
    packed = zipped("Connections.csv", **{"messages.csv": words})
    page = at_step(uploaded(imports_page, packed, "export.zip"), "columns")
    page.selectbox(key="table").set_value("messages.csv").run()
    page.text_input(key="account").input("linkedin.com/in/ben-x1").run()
    assert not page.exception
    assert page.title[0].value == "1 new message with 1 person"


def test_hundreds_of_columns_are_shown_a_few_at_a_time(imports_page):
    header = ";".join(["Name", *(f"x{n}" for n in range(300))])
    page = at_step(uploaded(imports_page, f"{header}\nNoor Haddad;{';'.join('1' * 300)}\n".encode()), "columns")
    assert len(page.selectbox) == 1
    next(control for control in page.segmented_control if "Kept" in str(control.options)).set_value("kept").run()
    assert len(page.selectbox) == 15


# what is decided


def test_who_may_be_known_is_shown_side_by_side_and_skipped_by_default(imports_page, store):
    page = uploaded(imports_page, LIKELY)
    assert page.button(key="bring-in").label == "Bring in 1 person…"
    at_step(page, "decide")
    assert "The list, line 3" in text_of(page)
    assert text_of(page).count("E-mail, equal") == 2
    assert "To decide 1" in options_of(page.segmented_control[0])
    page.segmented_control(key="decide-3").set_value(Decision.NEW).run()
    assert page.button(key="bring-in").label == "Bring in 2 people…"
    assert page.title[0].value == "2 new people"
    assert "To decide, done" in options_of(page.segmented_control[0])
    brought_in(answered(page))
    assert [one.name for one in people(store)] == ["Noor Haddad", "Boris Lis"]


def test_what_was_decided_of_whoever_may_be_known_stands_with_the_rows_and_agrees_with_the_title(imports_page):
    page = at_step(uploaded(imports_page, LIKELY + b"Ada Bo,ada@x.example\nZoe Fox,ada@x.example\n"), "decide")
    page.segmented_control(key="decide-3").set_value(Decision.NEW).run()
    assert page.title[0].value == "3 new people"
    assert options_of(at_step(page, "rows").pills[0]) == ["New 2", "To decide 1 of 2: 1 new"]
    assert "Line 3 · Somebody else" in text_of(page)
    at_step(page, "decide").segmented_control(key="decide-5").set_value(Decision.SKIP).run()
    assert options_of(at_step(page, "rows").pills[0]) == ["New 2", "To decide, all 2 done: 1 new, 1 skipped"]
    assert "To decide ·" not in text_of(page)


def test_whoever_is_not_decided_on_is_asked_about_before_anything_comes_in(imports_page, store):
    page = brought_in(answered(uploaded(imports_page, LIKELY + b"Ada Bo,ada@x.example\nZoe Fox,ada@x.example\n")))
    assert "2 are not decided on" in page.error[0].value
    assert people(store) == []
    page.segmented_control(key="decide-3").set_value(Decision.SKIP).run()
    assert "To decide 1 of 2" in options_of(page.segmented_control[0])
    page.button(key="without-them").click().run()
    assert page.title[0].value == "2 people came in"


def test_skipped_rows_stop_nothing_and_are_in_the_file_of_those_left_out(imports_page, store, ben):
    known = b"Name,E-mail\nNoor Haddad,noor@x.example\n"
    import_file(store, ben, look_at(store, known, "known.csv"), Choices())
    page = uploaded(imports_page, b"Name,E-mail\nBoris Lis,noor@x.example\n,\nNina Lis,n@x.example\n;,\n")
    assert "Download the 2 rows that stay out" in [one.label for one in page.get("download_button")]
    at_step(page, "decide").segmented_control(key="decide-2").set_value(Decision.SKIP).run()
    draft = page.session_state[state.IMPORT_DRAFT]
    brought_in(answered(page))
    batch = reads.batches(import_done.Page(1, 1))[0]
    for file in (import_preview.left_out(draft), import_done.left_out(ben, batch)):
        assert "May be known already: same e-mail as Noor Haddad" in file.decode("utf-8-sig")
        assert next(iter(read_file(file).rows())).cells[0] == "Boris Lis"


def test_a_list_that_is_coming_in_is_found_again_by_the_address_until_it_is_in(store, ben, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(bringing, "import_file", lambda *_: go_on.wait(30))
    looked = look_at(store, b"Name\nNoor Haddad\n")
    begun = bringing.Bringing("noor.csv", (ben.id, "its-name")).begin(store, ben, looked, Choices(), "once")
    assert bringing.underway((ben.id, "its-name")) is begun
    assert bringing.underway((ben.id + 1, "its-name")) is bringing.underway((ben.id, "")) is None
    go_on.set()
    begun.wait(30)
    assert bringing.underway((ben.id, "its-name")) is None


def test_after_a_reload_the_page_goes_on_to_what_came_in(imports_page, store, ben, monkeypatch):
    batch = import_file(store, ben, look_at(store, b"Name\nNoor Haddad\n", "noor.csv"), Choices())
    begun = bringing.Bringing("noor.csv", batch_id=batch, is_over=True)
    monkeypatch.setattr(bringing, "_underway", {(ben.id, "its-name"): begun})
    imports_page.query_params["draft"] = "its-name"
    page = imports_page.run()
    assert page.title[0].value == "1 person came in"


def test_whoever_is_skipped_is_so_with_every_row_that_tells_of_them(imports_page):
    rows = b"Name,Phone,Skills\nNoor Haddad,601222333,\nIda Sowa,601222333,\nIda Sowa,601222333,Go\n"
    page = at_step(uploaded(imports_page, rows), "rows")
    assert "Download the 2 rows that stay out" in [one.label for one in page.get("download_button")]
    assert "Stays out with line 3" in text_of(page)
    draft = page.session_state[state.IMPORT_DRAFT]
    assert [row.cells[0] for row in read_file(import_preview.left_out(draft)).rows()] == ["Ida Sowa", "Ida Sowa"]
    at_step(page, "decide").segmented_control(key="decide-3").set_value(Decision.NEW).run()
    at_step(page, "rows")
    assert not page.get("download_button")
    assert "Stays out" not in text_of(page)


def test_one_answer_is_given_for_all_and_another_for_one(imports_page):
    page = at_step(uploaded(imports_page, sample("Connections.csv"), "Connections.csv"), "decide")
    page.segmented_control(key="decide-all").set_value(Decision.SAME).run()
    assert set(chosen(page).decisions.values()) == {Decision.SAME}
    line = next(iter(chosen(page).decisions))
    page.segmented_control(key=f"decide-{line}").set_value(Decision.NEW).run()
    assert chosen(page).decisions[line] is Decision.NEW
    assert page.segmented_control(key="decide-all").value is None


def test_a_decision_stays_where_the_file_is_read_again_unless_it_is_about_somebody_else(imports_page):
    page = at_step(uploaded(imports_page, LIKELY.replace(b"Name,E-mail", b"Name,Mail,Other")), "decide")
    page.segmented_control(key="decide-3").set_value(Decision.NEW).run()
    at_step(page, "columns").selectbox(key="column-2").set_value("notes").run()
    assert chosen(page).decisions == {3: Decision.NEW}
    page.selectbox(key="column-1").set_value("").run()
    assert chosen(page).decisions == {}


def test_what_the_list_says_otherwise_is_chosen_by_the_column_and_by_the_row(imports_page, store, ben):
    known = b"Name,E-mail,Title,Company\nNoor Haddad,noor@x.example,Dev,Acme\nBoris Lis,boris@x.example,Dev,Acme\n"
    import_file(store, ben, look_at(store, known, "known.csv"), Choices())
    said = known.replace(b"Dev", b"Lead").replace(b"Acme", b"Umbrella")
    page = at_step(uploaded(imports_page, said), "differences")
    assert "the list “Lead”, stored “Dev”" in text_of(page)
    page.pills(key="take-columns").set_value(["title"]).run()
    page.segmented_control(key="takes-3").set_value("Keep what is stored").run()
    assert (chosen(page).take_columns, chosen(page).takes) == (frozenset({"title"}), {3: False})
    brought_in(answered(page))
    assert [(one.title, one.company) for one in people(store)] == [("Lead", "Acme"), ("Dev", "Acme")]
    assert "put right: title" in text_of(page)


def test_of_who_was_decided_to_be_the_same_too_and_of_nobody_else(imports_page, store, ben):
    known = b"Name,E-mail,Title,Company\nNoor Haddad,noor@x.example,Dev,Acme\nBoris Lis,boris@x.example,Dev,Acme\n"
    import_file(store, ben, look_at(store, known, "known.csv"), Choices())
    said = known.replace(b"Dev", b"Lead").replace(b"noor@", b"n.haddad@")
    page = uploaded(imports_page, said)
    assert "Said otherwise 1" in options_of(page.pills[0]) + options_of(page.segmented_control[0])
    assert text_of(page).count("“Lead”, stored is “Dev”") == 1
    page = at_step(page, "decide")
    page.segmented_control(key="decide-2").set_value(Decision.SAME).run()
    page = at_step(page, "differences")
    assert options_of(page.pills(key="take-columns")) == ["Title, all 2"]
    page.segmented_control(key="takes-2").set_value("Take the list's").run()
    page = at_step(page, "rows")
    assert text_of(page).count("“Lead”, stored is “Dev”") == 2
    brought_in(answered(page))
    assert [(one.name, one.title) for one in people(store)] == [("Noor Haddad", "Lead"), ("Boris Lis", "Dev")]


# what is asked once


def test_it_is_asked_on_what_basis_before_anything_comes_in(imports_page, store):
    page = brought_in_without_those_undecided(uploaded(imports_page, LIKELY))
    assert "on what basis" in page.error[0].value
    assert people(store) == []
    page.radio(key="basis").set_value(Basis.CONSENT).run()
    assert page.date_input(key="until").value == date(2027, 11, 23)
    page.date_input(key="until").set_value(None).run()
    assert "until when" in brought_in(page).error[0].value
    page.date_input(key="until").set_value(date(2027, 5, 1)).run()
    assert (chosen(page).ground.basis, chosen(page).ground.until_on) == ("consent", date(2027, 5, 1))


def test_whoever_is_sourced_is_told_and_the_page_says_so(imports_page):
    page = answered(uploaded(imports_page, LIKELY), Basis.PUBLIC)
    assert NOTICE in text_of(page)
    assert chosen(page).ground.until_on is None
    page.radio(key="basis").set_value(Basis.APPLIED).run()
    assert NOTICE not in text_of(page)


def test_the_day_below_is_spoken_of_while_it_is_drawn(imports_page):
    page = answered(uploaded(imports_page, LIKELY), Basis.PUBLIC)
    assert not [words for words in page.radio(key="basis").proto.captions if "day below" in words]
    page.radio(key="basis").set_value(Basis.CONSENT).run()
    assert [words for words in page.radio(key="basis").proto.captions if "day below" in words]


# a draft


def test_a_reload_finds_the_preview_again_with_what_was_chosen(page_of, imports_page, ben):
    page = at_step(uploaded(imports_page, LIKELY), "decide")
    page.segmented_control(key="decide-3").set_value(Decision.NEW).run()
    answered(page, source="Fair")
    name = page.query_params["draft"]
    again = page_of("imports.py", ben, draft=name).run()
    assert again.title[0].value == "2 new people"
    assert chosen(again) == chosen(page)


def test_a_draft_is_of_whoever_uploaded_it(page_of, imports_page, ana, vera):
    name = uploaded(imports_page, LIKELY).query_params["draft"]
    for other in (ana, vera):
        page = page_of("imports.py", other, draft=name).run()
        assert page.title[0].value == "Bring in a list"
        assert "Noor" not in text_of(page)


def test_another_file_leaves_nothing_of_the_first(imports_page, store, tmp_path):
    page = uploaded(imports_page, LIKELY)
    assert list(tmp_path.glob("lists/*/*/list"))
    page.button(key="another").click().run()
    assert page.title[0].value == "Bring in a list"
    assert not list(tmp_path.glob("lists/*/*/list"))
    with store.reading() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_who_has_left_reads_and_chooses_nothing_more(imports_page, store, ana, ben, tmp_path):
    page = at_step(uploaded(imports_page, LIKELY), "columns")
    (about,) = tmp_path.glob("lists/*/*/about.json")
    before = (chosen(page), page.session_state[state.IMPORT_DRAFT].looked, about.read_bytes())
    with store.working(THE_PROGRAM) as work:
        deactivate_member(work, ben.id, ana.id)
    page.selectbox(key="column-1").set_value("notes").run()
    assert "signed out" in text_of(page)
    assert (chosen(page), page.session_state[state.IMPORT_DRAFT].looked, about.read_bytes()) == before


# taken back


def test_whoever_was_contacted_since_is_named_before_the_undo(page_of, store, ben, clock):
    batch = import_file(store, ben, look_at(store, LIKELY, "list.csv"), Choices())
    clock.now += timedelta(hours=1)
    with store.working(ben) as work:
        log_contact(work, people(store)[0].id, way=Way.TO, text="Hello")
    page = page_of("imports.py", ben, batch=str(batch)).run()
    page.button(key="undo-import").click().run()
    assert "Nobody goes" in text_of(page)
    assert "1 person stays" in text_of(page)
    assert "- Noor Haddad" in text_of(page)
    page.button(key="take-back").click().run()
    assert not page.exception
    assert "1 person has stayed" in text_of(page)
    assert "- Noor Haddad" in text_of(page)
    assert len(people(store)) == 1


def test_whoever_a_later_list_tells_of_is_named_with_that_list_before_the_undo(page_of, store, ben):
    data = b"Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,boris@x.example\n"
    batch = import_file(store, ben, look_at(store, data, "first.csv"), Choices())
    later = look_at(store, b"Name,E-mail,Phone\nNoor Haddad,noor@x.example,601222333\n", "*later*.csv")
    import_file(store, ben, later, Choices())
    page = page_of("imports.py", ben, batch=str(batch)).run()
    page.button(key="undo-import").click().run()
    assert "1 person goes" in text_of(page)
    assert "1 person stays" in text_of(page)
    why = "- Noor Haddad :small[:gray[a later list, \\*later\\*\\.csv, tells of them too]]"
    assert why in text_of(page)
    page.button(key="take-back").click().run()
    assert not page.exception
    assert "1 person has stayed" in text_of(page)
    assert why in text_of(page)
    assert [one.name for one in people(store)] == ["Noor Haddad"]


def test_the_rows_of_an_import_are_opened_and_say_why(page_of, store, ben):
    data = LIKELY + b",nina@x.example\n"
    batch = import_file(store, ben, look_at(store, data, "list.csv"), Choices())
    page = page_of("imports.py", ben, batch=str(batch)).run()
    told = text_of(page).replace("\\", "").replace("\u2060", "")
    assert "**Boris Lis · noor@x.example**" in told
    assert "May be known already: same e-mail as another row of the list" in told
    assert "**nina@x.example**" in told
    page.button(key="open-row-0").click().run()
    assert not page.exception
    assert page.title[0].value == "Noor Haddad"


def test_many_who_stay_are_named_page_by_page(page_of, store, ben, clock):
    data = "Name\n" + "".join(f"Noor Haddad{chr(97 + n)}\n" for n in range(25))
    batch = import_file(store, ben, look_at(store, data.encode(), "list.csv"), Choices())
    clock.now += timedelta(hours=1)
    for one in people(store):
        with store.working(ben) as work:
            log_contact(work, one.id, way=Way.TO, text="Hello")
    page = page_of("imports.py", ben, batch=str(batch)).run()
    page.button(key="undo-import").click().run()
    assert "25 people stay" in text_of(page)
    assert text_of(page).count("- Noor") == 10


def test_what_somebody_changed_meanwhile_is_said_and_looked_at_again(imports_page, store, ana):
    page = answered(uploaded(imports_page, LIKELY))
    import_file(store, ana, look_at(store, LIKELY, "list.csv"), Choices())
    brought_in_without_those_undecided(page)
    assert "were changed or taken back" in page.error[0].value
    assert page.title[0].value == "Nobody new, 1 known"
    assert len(people(store)) == 1


def test_vera_sees_what_was_imported_and_brings_in_nothing(page_of, store, ben, vera):
    batch = import_file(store, ben, look_at(store, LIKELY, "list.csv"), Choices())
    page = page_of("imports.py", vera).run()
    assert not page.file_uploader
    assert "look, not change" in text_of(page)
    page = page_of("imports.py", vera, batch=str(batch)).run()
    assert page.title[0].value == "1 person came in"
    assert not [button for button in page.button if button.key == "undo-import"]


@pytest.mark.parametrize("batch", ["0", "99", "x", "²", "-1", "9" * 30])
def test_an_address_of_no_import_is_the_first_step(page_of, ben, batch):
    page = page_of("imports.py", ben, batch=batch).run()
    assert not page.exception
    assert page.title[0].value == "Bring in a list"


LISTED = (
    "Kto to;Mail;Gdzie teraz\nNoor Haddad;noor@{0}.example;Acme {0}\nBoris Lis;noor@{0}.example;Umbrella {0}\n"
    ";jan(at){0}.example;Initech\nNina Lis;nina@{0}.example;Hooli {0}\n"
)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_in_a_browser(signed_in_page, tmp_path, width, dark):
    page = signed_in_page(Role.RECRUITER, "/imports", width=width, dark=dark)

    def shot(name):
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    def upload(file):
        choose_file(page, file)
        page.get_by_role("button", name="Bring in").wait_for()
        settled(page)

    def press(name):
        acted(page, page.get_by_role("button", name=name).first.click)

    def step(name):
        acted(page, page.get_by_test_id("stButtonGroup").get_by_role("radio", name=name).first.click)

    shot("start")
    listed = tmp_path / f"list-{width}.csv"
    listed.write_text(LISTED.format({1440: "north", 390: "south"}[width]))
    upload(listed)
    step("Columns")
    page.get_by_role("combobox", name="Kto to holds").click()
    acted(page, lambda: page.get_by_role("option", name="Name", exact=True).click())
    page.get_by_role("combobox", name="Gdzie teraz holds").click()
    acted(page, lambda: page.get_by_role("option", name="Company", exact=True).click())
    shot("columns")
    page.reload()
    settled(page)
    page.get_by_role("heading", name="2 new people").wait_for()
    step("To decide")
    step("Somebody else")
    shot("decide")
    step("Rows")
    shot("rows")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the 1 row").click()
    mended = tmp_path / "mended.csv"
    mended.write_bytes(Path(download.value.path()).read_bytes().replace(b"jan(at)", b"jan@"))
    press("Bring in")
    acted(page, lambda: page.get_by_text("Existing relationship").click())
    shot("about")
    press("Bring in")
    page.get_by_role("heading", name="3 people came in").wait_for()
    settled(page)
    shot("done")
    acted(page, page.go_back)  # to where it began, past what is not there to be looked at any more
    page.get_by_text("Brought in before").wait_for()
    upload(mended)
    page.get_by_role("heading", name="1 new person").wait_for()  # read as the list it was left out of
    shot("mended")
    press("Bring in")
    acted(page, lambda: page.get_by_text("Existing relationship").click())
    press("Bring in")
    page.get_by_role("heading", name="1 person came in").wait_for()
    settled(page)
    press("Undo")
    shot("undo")
    press("Take it back")
    page.get_by_role("heading", name="was taken back").wait_for()


def choose_file(page: Any, path: Path) -> None:
    """In a browser, as somebody does."""
    with page.expect_file_chooser() as chooser:
        page.locator("[data-testid=stFileUploader] button").first.click()
    chooser.value.set_files(path)


def watch_beside_the_bar(page: Any, said: str) -> None:
    """Note in the page, each time the bar is seen, whether that is said beside it."""
    page.evaluate(
        """said => { window.__beside = []; new MutationObserver(() => {
        const all = document.querySelector('[data-testid="stMain"]').innerText;
        if (all.includes('rows compared')) window.__beside.push(all.includes(said));
        }).observe(document.body, {childList: true, subtree: true, characterData: true}) }""",
        said,
    )


@pytest.mark.browser
def test_while_a_list_is_read_those_of_before_are_not_seen(app_server, signed_in_page, tmp_path):
    for name in ("first.csv", "second.csv"):
        listed = look_at(app_server.store, f"Name;Mail\n{name};{name}@lumen.example\n".encode(), name)
        import_file(app_server.store, app_server.members[Role.RECRUITER], listed, Choices())
    page = signed_in_page(Role.RECRUITER, "/imports")
    page.get_by_text("second.csv").wait_for()
    watch_beside_the_bar(page, "second.csv")
    long = tmp_path / "long.csv"
    long.write_text("Name;Mail\n" + "".join(f"Ida {n};ida{n}@lumen.example\n" for n in range(19_000)))
    choose_file(page, long)
    page.get_by_role("button", name="Bring in").wait_for()
    settled(page)
    assert not any(page.evaluate("window.__beside"))  # of a quick machine the bar may not be seen at all


@pytest.mark.browser
def test_while_a_long_list_is_read_otherwise_the_page_of_before_is_not_seen(signed_in_page, tmp_path):
    page = signed_in_page(Role.RECRUITER, "/imports")
    long = tmp_path / "long.csv"
    long.write_text("Kto to;Mail\n" + "".join(f"Ida {n};ida{n}@lumen.example\n" for n in range(19_000)))
    choose_file(page, long)
    page.get_by_role("heading", name="19,000 new people").wait_for()
    settled(page)
    page.get_by_role("radio", name="Columns").click()
    watch_beside_the_bar(page, "Kto to")
    page.get_by_role("combobox", name="Kto to holds").click()
    acted(page, lambda: page.get_by_role("option", name="Name", exact=True).click())
    page.get_by_text("Ida 0", exact=False).first.wait_for()
    settled(page)
    assert not any(page.evaluate("window.__beside"))  # of a quick machine the bar may not be seen at all


@pytest.mark.browser
def test_while_a_refused_list_is_read_again_the_bar_of_its_writing_is_not_seen(app_server, signed_in_page, tmp_path):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    page = signed_in_page(Role.RECRUITER, "/imports")
    long = tmp_path / "refused.csv"
    long.write_text("Name;Mail\n" + "".join(f"Ola {n};ola{n}@lumen.example\n" for n in range(19_000)))
    choose_file(page, long)
    page.get_by_role("button", name="Bring in").wait_for()
    settled(page)
    before = look_at(store, b"Name;Mail\nOla 1;ola1@lumen.example\n", "before.csv")
    import_file(store, ben, before, Choices())
    acted(page, page.get_by_role("button", name="Bring in").first.click)
    acted(page, page.get_by_text("Existing relationship").click)
    watch_beside_the_bar(page, "written")
    page.get_by_role("button", name="Bring in").first.click()
    page.get_by_role("heading", name="18,999 new people").wait_for()
    assert page.get_by_text("were changed or taken back").count() == 1
    assert not any(page.evaluate("window.__beside"))  # of a quick machine the bar may not be seen at all


@pytest.mark.parametrize(
    ("kind", "counts", "said"),
    [
        ("messages", {"new": 1, "people": 2}, "1 message and 2 new people came in"),
        ("messages", {"new": 0, "people": 13}, "13 new people came in"),
        ("messages", {"new": 0, "people": 0}, "Nothing new came in"),
        ("people", {"new": 1, "people": 1}, "1 person came in"),
        ("people", {"new": 0, "people": 0}, "Nobody new came in"),
    ],
)
def test_what_came_in_is_said_without_what_did_not(kind, counts, said):
    batch = Batch(1, "messages.csv", kind, "", MONDAY, "Ben", None, counts)
    assert import_done.title_of(batch) == said


def test_of_a_message_to_several_whose_row_is_not_kept_it_is_said_what_it_is():
    assert import_preview.who(Row(4, 3, "new", (), source_key="3")) == import_preview.TO_SEVERAL
    assert import_preview.who(Row(4, 3, "rejected", (), rejection=ERASED)) == "Somebody who was erased"
