"""Import: uploaded, looked at, decided on, brought in and taken back; without a browser, and with one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.commands.contacts import log_contact
from core.commands.lists import import_file, look_at
from core.domain.facts import Way
from core.importers.ready import Choices
from core.persistence.tables import Candidate, ImportBatch
from core.persistence.tables.team import Role
from tests.pages.conftest import acted, settled

SAMPLES = Path(__file__).parents[1] / "samples"
LIKELY = b"Name,E-mail\nNoor Haddad,noor@x.example\nBoris Lis,noor@x.example\n"
RISKY = (
    "Name,E-mail,Notes\n"
    "![x](https://evil.example/p.png) **Bold** :red[x],a@x.example,=HYPERLINK(1)\n"
    "<b>Boris</b> [link](javascript:1),a@x.example,$x^2$\n"
)


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


def sample(name):
    return (SAMPLES / name).read_bytes()


def text_of(page) -> str:
    parts = [page.title, page.markdown, page.subheader, page.metric, page.error]
    return "\n".join(str(one.value) + str(getattr(one, "label", "")) for some in parts for one in some)


def people(store):
    with store.reading() as session:
        return list(session.scalars(select(Candidate).order_by(Candidate.id)))


def test_a_list_is_looked_at_brought_in_and_taken_back(imports_page, store, ben):
    page = uploaded(imports_page, sample("Connections.csv"), "Connections.csv")
    assert page.title[0].value == "222 new people"
    assert [metric.value for metric in page.metric] == ["222", "4", "3", "5"]
    assert people(store) == []
    page.text_input(key="source").input("LinkedIn").run()
    page.button(key="bring-in").click().run()
    assert not page.exception
    assert page.title[0].value == "222 people came in"
    assert {(one.owner_id, one.source) for one in people(store)} == {(ben.id, "LinkedIn")}
    page.button(key="undo-import").click().run()
    page.button(key="take-back").click().run()
    assert not page.exception
    assert page.title[0].value == "Connections\\.csv was taken back"
    assert people(store) == []


def test_who_may_be_known_is_decided_and_skipped_by_default(imports_page, store):
    page = uploaded(imports_page, LIKELY)
    assert page.button(key="bring-in").label == "Bring in 1 person"
    page.segmented_control(key="decide-3").set_value("Somebody else").run()
    assert page.button(key="bring-in").label == "Bring in 2 people"
    page.button(key="bring-in").click().run()
    assert [one.name for one in people(store)] == ["Noor Haddad", "Boris Lis"]


def test_messages_say_what_is_history(imports_page, store):
    page = uploaded(imports_page, sample("messages.csv"), "messages.csv")
    assert page.title[0].value == "193 new messages with 45 people"
    page.button(key="bring-in").click().run()
    assert page.title[0].value == "195 words came in, with 45 people new"
    assert "16 old messages" in text_of(page)


@pytest.mark.parametrize(("data", "sentence"), [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "")])
def test_what_cannot_be_read_is_one_sentence(imports_page, data, sentence):
    page = uploaded(imports_page, data)
    assert len(page.error) == 1
    assert sentence in page.error[0].value


def test_the_filter_shows_what_was_left_out_and_why(imports_page):
    page = uploaded(imports_page, sample("tracker_kandydaci.csv"), "tracker_kandydaci.csv")
    page.pills(key="preview-outcome").set_value("rejected").run()
    table = page.dataframe[0].value
    assert len(table) == 3
    assert set(table[""]) == {"Left out"}
    assert all(table["Why"])
    understood = page.dataframe[1].value
    assert list(understood["Understood as"])[:3] != []


def test_pay_is_not_kept_and_said_so(imports_page):
    page = uploaded(imports_page, b"Name;Current salary\nNoor Haddad;12000\n")
    assert "is not kept" in text_of(page)
    assert "12000" not in str([table.value for table in page.dataframe])


def test_nothing_of_a_file_is_markup(imports_page, store):
    page = uploaded(imports_page, RISKY.encode(), "![x](https://evil.example/q.png).csv")
    page.segmented_control(key="decide-3").set_value("Somebody else").run()
    for shown in (page, page.button(key="bring-in").click().run()):
        for one in [*shown.markdown, *shown.title, *shown.subheader]:
            assert "](http" not in one.value
            assert "<b>" not in one.value
    assert people(store)[0].name.startswith("![x](https://evil.example/p.png)")


def test_whoever_was_contacted_since_is_named_before_the_undo(page_of, store, ben, clock):
    batch = import_file(store, ben, look_at(store, LIKELY, "list.csv"), Choices())
    clock.now += timedelta(hours=1)
    with store.working(ben) as work:
        log_contact(work, people(store)[0].id, way=Way.TO, text="Hello")
    page = page_of("imports.py", ben, batch=str(batch)).run()
    page.button(key="undo-import").click().run()
    assert "Noor Haddad" in text_of(page)
    page.button(key="take-back").click().run()
    assert not page.exception
    assert len(people(store)) == 1


def test_what_somebody_changed_meanwhile_is_said_and_looked_at_again(imports_page, store, ana):
    page = uploaded(imports_page, LIKELY)
    import_file(store, ana, look_at(store, LIKELY, "list.csv"), Choices())
    page.button(key="bring-in").click().run()
    assert "while you were looking" in page.error[0].value
    assert page.metric[0].value == "0"
    assert len(people(store)) == 1


def test_vera_sees_what_was_imported_and_brings_in_nothing(page_of, store, ben, vera):
    batch = import_file(store, ben, look_at(store, LIKELY, "list.csv"), Choices())
    page = page_of("imports.py", vera).run()
    assert not page.file_uploader
    assert "look, not change" in text_of(page)
    page = page_of("imports.py", vera, batch=str(batch)).run()
    assert page.title[0].value == "1 person came in"
    assert not [button for button in page.button if button.key == "undo-import"]


def test_another_file_leaves_nothing_of_the_first(imports_page, store):
    page = uploaded(imports_page, LIKELY)
    page.button(key="another").click().run()
    assert page.title[0].value == "Bring in a list"
    with store.reading() as session:
        assert session.scalars(select(ImportBatch)).all() == []


@pytest.mark.parametrize("batch", ["0", "99", "x", "²", "-1", "9" * 30])
def test_an_address_of_no_import_is_the_first_step(page_of, ben, batch):
    page = page_of("imports.py", ben, batch=batch).run()
    assert not page.exception
    assert page.title[0].value == "Bring in a list"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_in_a_browser(signed_in_page, tmp_path, width, dark):
    page = signed_in_page(Role.RECRUITER, "/imports", width=width, dark=dark)
    page.screenshot(path=tmp_path / "start.png", full_page=True)
    with page.expect_file_chooser() as chooser:
        page.locator("[data-testid=stFileUploader] button").first.click()
    chooser.value.set_files(SAMPLES / "tracker_kandydaci.csv")
    page.get_by_role("button", name="Bring in").wait_for()
    page.get_by_test_id("stMetricValue").first.wait_for()
    settled(page)
    page.screenshot(path=tmp_path / "preview.png", full_page=True)
    acted(page, lambda: page.get_by_role("button", name="Bring in").click())
    page.get_by_role("heading", name="came in").or_(page.get_by_role("heading", name="Nobody new")).first.wait_for()
    settled(page)
    page.screenshot(path=tmp_path / "done.png", full_page=True)
    acted(page, lambda: page.get_by_role("button", name="Undo").click())
    page.screenshot(path=tmp_path / "undo.png")
    acted(page, lambda: page.get_by_role("button", name="Take it back").click())
    page.get_by_role("heading", name="was taken back").first.wait_for()
