"""A recommendation: written with its sources, printed on one page, sent, and answered."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from core.commands.openings import add_opening
from core.commands.processes import start_process
from core.commands.recommendations import Said, edit_recommendation, note_client_answer, recommend, send_recommendation
from core.domain.facts import Turn, Way
from core.domain.promises import Kind
from core.persistence.store import Store
from core.persistence.tables import Claim, ClaimSource, Contact, Process, Recommendation, TurnChange
from core.persistence.tables.team import Role
from core.persistence.work import Viewer
from tests.make import MONDAY, FixedClock, a_candidate, a_client, a_word_from_her, act, promise_of, saved
from tests.pages.conftest import labelled
from tests.pages.test_candidate import plain, words

Open = Callable[..., Any]


@pytest.fixture
def noor(store: Store, ben: Viewer) -> int:
    return saved(
        store,
        a_candidate(owner_id=ben.id, pronoun="she", title="Developer", notes="Salary talk went badly"),
        a_word_from_her(text="I led a team of four at Lumen.", happened_at=MONDAY - timedelta(days=6)),
    )


@pytest.fixture
def process(store: Store, ben: Viewer, noor: int) -> int:
    opening = act(store, ben, add_opening, "Python developer", client_id=saved(store, a_client("Nordbank")))
    return act(store, ben, start_process, noor, opening)


@pytest.fixture
def written(store: Store, ben: Viewer, process: int) -> int:
    claims = [
        Said(text="Led a team of four", source=ClaimSource.CV, note="page 2", is_confirmed=True),
        Said(text="Calm under load", source=ClaimSource.REFERENCE, note="Jan Zieliński, her lead"),
        Said(text="Speaks Swedish"),
    ]
    return act(store, ben, recommend, process, claims, summary="Look at her.\n\nShe is calm.")


def stored(store: Store, kind: type = Recommendation) -> list[Any]:
    with store.reading() as session:
        return session.query(kind).order_by(kind.id).all()


def undo(page: Any) -> Any:
    return labelled(page.button, "Undo").click().run()


def test_it_is_written_claim_by_claim_each_with_how_we_know(page_of: Open, store: Store, ben: Viewer, process: int):
    page = page_of("recommendation.py", ben, process=str(process)).run()
    assert page.title[0].value == "Recommend Noor Haddad"
    labelled(page.text_area, "In short").set_value("Look at her.")
    labelled(page.text_input, "What you say of them").set_value("Led a team of four")
    labelled(page.text_input, "What you say of them", 1).set_value("Speaks Swedish")
    labelled(page.selectbox, "How we know").set_value(ClaimSource.SAID).run()
    when = labelled(page.selectbox, "When")
    assert when.options == ["Tue 24 Feb, e-mail: I led a team of four at Lumen."]
    when.select_index(0)
    labelled(page.checkbox, "Confirmed by the candidate").set_value(True).run()
    page.button(key="save-recommendation").click().run()
    assert not page.exception
    (one,) = stored(store)
    said, unsourced = stored(store, Claim)
    with store.reading() as session:
        assert session.query(Contact.id).filter(Contact.way == Way.FROM).scalar() == said.source_fact_id
    assert (said.source, said.confirmed_at is not None) == (ClaimSource.SAID, True)
    assert (unsourced.text, unsourced.source) == ("Speaks Swedish", ClaimSource.NONE)
    assert page.query_params["id"] in (str(one.id), [str(one.id)])
    assert "2 claims, 1 without a source" in words(page)


def test_nothing_said_is_refused_and_nothing_is_lost(page_of: Open, store: Store, ben: Viewer, process: int):
    page = page_of("recommendation.py", ben, process=str(process)).run()
    labelled(page.text_area, "In short").set_value("Look at her.")
    page.button(key="save-recommendation").click().run()
    assert "at least one thing" in plain(page.error[0].value)
    assert labelled(page.text_area, "In short").value == "Look at her."
    assert stored(store) == []


def test_claims_are_added_and_removed_before_it_goes_out(page_of: Open, store: Store, ben: Viewer, written: int):
    page = page_of("recommendation.py", ben, id=str(written)).run()
    labelled(page.button, "Remove", 2).click().run()
    page.button(key="add-claim").click().run()
    labelled(page.text_input, "What you say of them", 2).set_value("Knows payments").run()
    page.button(key="save-recommendation").click().run()
    assert [claim.text for claim in stored(store, Claim)] == ["Led a team of four", "Calm under load", "Knows payments"]
    assert stored(store)[0].version == 2


def test_saying_it_again_does_not_confirm_it_anew(store: Store, ben: Viewer, clock: FixedClock, written: int):
    clock.forward(days=1)
    claims = [Said(text="Led a team of four", is_confirmed=True), Said(text="Speaks Swedish", is_confirmed=True)]
    act(store, ben, edit_recommendation, written, claims, summary="", version=1)
    assert [claim.confirmed_at for claim in stored(store, Claim)] == [MONDAY, clock.now]


def test_what_somebody_else_saved_is_not_overwritten_unseen_and_nothing_is_lost(
    page_of: Open, store: Store, ben: Viewer, ana: Viewer, written: int, clock: FixedClock
):
    page = page_of("recommendation.py", ben, id=str(written)).run()
    act(store, ana, edit_recommendation, written, [Said(text="Something else")], summary="", version=1)
    labelled(page.text_area, "In short").set_value("Mine.")
    page.button(key="save-recommendation").click().run()
    assert "Somebody changed this" in plain(page.error[0].value)
    assert labelled(page.text_area, "In short").value == "Mine."
    clock.forward(seconds=1)
    page.button(key="save-recommendation").click().run()
    assert stored(store)[0].summary == ""
    assert labelled(page.text_area, "In short").value == "Mine."
    labelled(page.button, "Save mine over it").click().run()
    assert stored(store)[0].summary == "Mine."


def test_however_many_are_half_written_none_is_saved_over_a_colleagues_unseen(page_of, store, ben, ana, written):
    page = page_of("recommendation.py", ben, id=str(written)).run()
    labelled(page.text_area, "In short").set_value("Mine.").run()
    for process in processes_of(store, ben, 6):
        page.query_params.clear()
        page.query_params["process"] = str(process)
        page.run()
        labelled(page.text_input, "What you say of them").set_value(f"Word {process}").run()
    act(store, ana, edit_recommendation, written, [Said(text="Theirs")], summary="", version=1)
    page.query_params.clear()
    page.query_params["id"] = str(written)
    page.run()
    assert labelled(page.text_area, "In short").value == "Mine."
    page.button(key="save-recommendation").click().run()
    assert "Somebody changed this" in plain(page.error[0].value)
    assert [claim.text for claim in stored(store, Claim)] == ["Theirs"]


def processes_of(store: Store, ben: Viewer, number: int) -> list[int]:
    opening = act(store, ben, add_opening, "Tester")
    people = [saved(store, a_candidate(f"Person {number}", owner_id=ben.id)) for number in range(number)]
    return [act(store, ben, start_process, person, opening) for person in people]


def test_a_row_that_was_added_and_one_taken_away_are_there_again_until_they_are_dropped(page_of, store, ben, written):
    page = page_of("recommendation.py", ben, id=str(written)).run()
    labelled(page.button, "Remove", 2).click().run()
    page.button(key="add-claim").click().run()
    labelled(page.text_input, "What you say of them", 2).set_value("Knows payments").run()
    page.switch_page("pipelines.py").run()
    page.switch_page("recommendation.py")
    page.query_params["id"] = str(written)
    page.run()
    claims = [field.value for field in page.text_input if field.label == "What you say of them"]
    assert claims == ["Led a team of four", "Calm under load", "Knows payments"]
    labelled(page.button, "Drop the changes").click().run()
    claims = [field.value for field in page.text_input if field.label == "What you say of them"]
    assert claims == [claim.text for claim in stored(store, Claim)]


def test_it_is_sent_answered_and_both_are_taken_back(
    page_of: Open, store: Store, ben: Viewer, process: int, written: int
):
    page = page_of("recommendation.py", ben, id=str(written)).run()
    page.button(key="next-step").click().run()
    doubts = "1 claim without a source, marked on it; 2 claims not confirmed by the candidate, which it does not say."
    assert f"Before it goes: {doubts}" in words(page)
    page.button(key="it-was-sent").click().run()
    assert turn_of(store, process) is Turn.CLIENT
    assert "client’s turn" in words(page)
    assert all(button.key != "save-recommendation" for button in page.button)
    undo(page)
    assert turn_of(store, process) is Turn.OURS
    assert "not sent yet" in words(page)
    page.button(key="next-step").click().run()
    page.button(key="it-was-sent").click().run()
    page.button(key="next-step").click().run()
    labelled(page.text_area, "What the client said").set_value("We would like to meet her.").run()
    page.session_state["question"] = None  # it is closed
    page.run()
    page.button(key="next-step").click().run()
    page.button(key="log-answer").click().run()
    assert turn_of(store, process) is Turn.OURS
    assert "“We would like to meet her.”" in words(page)
    undo(page)
    assert turn_of(store, process) is Turn.CLIENT


def test_what_went_out_and_came_back_on_an_earlier_day_counts_as_of_then(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, written: int, clock: FixedClock
):
    clock.forward(days=3)  # it is Thursday
    page = page_of("recommendation.py", ben, id=str(written)).run()
    for on, done in ((date(2026, 3, 2), "it-was-sent"), (date(2026, 3, 3), "log-answer")):
        page.button(key="next-step").click().run()
        labelled(page.date_input, "On, if earlier").set_value(on).run()
        if done == "log-answer":
            assert promise_of(store, noor, Kind.CHASE).opened_at == store.calendar.closing_of(date(2026, 3, 2))
            labelled(page.text_area, "What the client said").set_value("We would like to meet her.").run()
        page.button(key=done).click().run()
    with store.reading() as session:
        (waiting,) = session.query(TurnChange).filter_by(began_wait=True)
        assert waiting.answer_days == 1
    assert turn_of(store, process) is Turn.OURS


def turn_of(store: Store, process: int) -> Turn:
    with store.reading() as session:
        return session.get_one(Process, process).turn


def test_the_persons_page_lists_them_and_the_menu_of_a_process_begins_one(
    page_of: Open, store: Store, ben: Viewer, noor: int, process: int, written: int
):
    act(store, ben, send_recommendation, written)
    act(store, ben, note_client_answer, written, "Not this time.")
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Recommendations"
    page.run()
    assert "**Python developer, Nordbank** :green-badge[answered]" in words(page)
    assert "3 claims, 1 without a source" in words(page)
    assert "“Not this time.”" in words(page)
    page.button(key=f"recommendation-{written}").click().run()
    assert page.title[0].value == "Noor Haddad, recommended"


def test_on_paper_stands_nothing_that_is_only_for_us(page_of: Open, store: Store, ben: Viewer, written: int):
    page = page_of("recommendation.py", ben, id=str(written), print="1").run()
    sheet = words(page)
    assert "Read in the CV: page 2" in sheet
    assert "Speaks Swedish :orange-badge[no source]" in sheet
    assert "She is calm." in sheet
    assert "From a reference" in sheet
    assert "Zieliński" not in sheet
    assert "Salary" not in sheet
    assert [field.label for field in page.text_input] == []


@pytest.mark.parametrize("query", [{}, {"id": "4711"}, {"process": "4711"}, {"id": "x"}])
def test_none_is_answered_with_one_sentence(page_of: Open, ben: Viewer, query: dict[str, str]):
    page = page_of("recommendation.py", ben, **query).run()
    assert "There is no such recommendation" in words(page)


def test_vera_reads_it_and_changes_nothing(page_of: Open, store: Store, vera: Viewer, process: int, written: int):
    page = page_of("recommendation.py", vera, id=str(written)).run()
    assert "Led a team of four" in words(page)
    assert {button.key for button in page.button} & {"save-recommendation", "next-step"} == set()
    page = page_of("recommendation.py", vera, process=str(process)).run()
    assert list(page.text_input) == []


@pytest.mark.browser
@pytest.mark.parametrize(("dark", "number"), [(False, 12), (True, 30)])
def test_what_is_printed_is_one_page_black_on_white(app_server: Any, signed_in_page: Open, dark: bool, number: int):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    noor = saved(store, a_candidate(owner_id=ben.id, title="Developer"))
    opening = act(store, ben, add_opening, "Python developer")
    claims = [
        Said(text=f"Has done this well, and that {times} times", source=ClaimSource.CV) for times in range(number)
    ]
    summary = "She is calm. " * 30
    written = act(store, ben, recommend, act(store, ben, start_process, noor, opening), claims, summary=summary)
    page = signed_in_page(Role.RECRUITER, f"/recommendation?id={written}&print=1", dark=dark)
    page.get_by_text(f"that {number - 1} times").wait_for()
    page.emulate_media(media="print")
    page.get_by_text("Ctrl+P").wait_for(state="hidden")
    sheet = page.locator("[data-testid=stMainBlockContainer]").inner_text()
    assert "Noor Haddad" in sheet
    assert f"that {number - 1} times" in sheet
    assert "Ctrl+P" not in sheet
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    colours = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.stApp')).backgroundColor,
        ...[...document.querySelectorAll('[data-testid=stMainBlockContainer] p, h1')].map(
            e => getComputedStyle(e).color)]"""
    )
    assert set(colours) == {"rgb(255, 255, 255)", "rgb(0, 0, 0)"}
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
