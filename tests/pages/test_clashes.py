"""Two who write the same at once: whatever form it is, nobody's text is lost, and a double click overwrites nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from core.commands.candidates import CandidateEdit, edit_candidates
from core.commands.growth import note_what_came_of_it
from core.commands.openings import arrange_stages, edit_opening, save_stage_template
from core.commands.questions import answer_question, note_question
from core.commands.templates import save_template
from core.persistence.store import Store
from core.persistence.tables import Candidate, GrowthNote, MessageTemplate, Opening, Question, Stage, StageTemplate
from core.persistence.tables.team import Role
from tests.make import a_candidate, a_growth_note, act, saved
from tests.pages.conftest import acted, labelled
from tests.pages.test_candidate import menu

MINE, THEIRS = "Mine, of a long evening", "Theirs, of a long morning"


@dataclass
class Case:
    """A form, filled; what the colleague does meanwhile; and where it is stored."""

    page: Any
    save: str
    theirs: Callable[[], Any]
    write: Callable[[], Any]
    stored: Any


def a_draft(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    page = page_of("drafts.py", ben).run()
    return Case(
        page,
        "Save the draft",
        lambda: act(store, ana, save_template, "reply", "en", THEIRS, version=0),
        lambda: labelled(page.text_area, "The draft").set_value(MINE),
        select(MessageTemplate.text),
    )


def an_opening_edited(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Edit…")
    plain = {"client_id": None, "owner_id": None, "title": "Backend", "note": THEIRS}
    return Case(
        page,
        "Save",
        lambda: act(store, ana, edit_opening, opening, version=1, **plain),
        lambda: labelled(page.text_area, "What they look for").set_value(MINE),
        select(Opening.note),
    )


def its_stages(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    act(store, ana, arrange_stages, opening, ["First"], version=1)
    with store.reading() as session:
        version = session.get_one(Opening, opening).version
    page = menu(page_of("opening.py", ben, id=str(opening)).run(), "more-of-opening", "Stages…")
    return Case(
        page,
        "Save",
        lambda: act(store, ana, arrange_stages, opening, [THEIRS], version=version),
        lambda: page.text_input(key=f"stage-name-0-of-{opening}").set_value(MINE),
        select(Stage.name).order_by(Stage.position),
    )


def a_stage_template(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    with store.reading() as session:
        template, name, stages = session.execute(
            select(StageTemplate.id, StageTemplate.name, StageTemplate.stages)
        ).one()
    page = page_of("pipelines.py", ben).run()
    page.button(key="templates").click().run()
    everything = {"edited_rows": {0: {"name": MINE}}, "added_rows": [], "deleted_rows": list(range(1, len(stages)))}

    def write() -> None:
        page.session_state[f"template-{template}-stages"] = everything

    return Case(
        page,
        "Save the template",
        lambda: act(store, ana, save_stage_template, name, [THEIRS], template_id=template),
        write,
        select(StageTemplate.stages),
    )


def what_came_of_it(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    noor = saved(store, a_candidate("Noor", owner_id=ben.id), a_growth_note(wants="To lead"))
    with store.reading() as session:
        note = session.scalars(select(GrowthNote.id)).one()
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Growth"
    page.run()
    return Case(
        page,
        "Keep it",
        lambda: act(store, ana, note_what_came_of_it, note, THEIRS),
        lambda: labelled(page.text_area, "What came of it").set_value(MINE),
        select(GrowthNote.came_of_it),
    )


def an_answer(page_of: Any, store: Store, ben: Any, ana: Any, opening: int) -> Case:
    noor = saved(store, a_candidate("Noor", owner_id=ben.id))
    question = act(store, ben, note_question, noor, text="Why Gdynia?")
    page = page_of("candidate.py", ben, id=str(noor)).run()
    page.session_state[f"tabs-{noor}"] = "Questions"
    page.run()
    return Case(
        page,
        "Keep the answer",
        lambda: act(store, ana, answer_question, question, THEIRS),
        lambda: labelled(page.text_area, "What they said").set_value(MINE),
        select(Question.answer),
    )


CASES = (a_draft, an_opening_edited, its_stages, a_stage_template, what_came_of_it, an_answer)


@pytest.mark.parametrize("case", CASES)
def test_what_a_colleague_saved_first_is_overwritten_only_once_that_is_said(
    page_of, store, ben, ana, opening, clock, case
):
    form = case(page_of, store, ben, ana, opening)
    form.theirs()
    form.write()
    labelled(form.page.button, form.save).click().run()
    for again in (form.save, "Save mine over it"):
        assert not form.page.exception
        assert [text.value for text in form.page.text][:2] == [MINE, THEIRS]
        assert stored(store, form) == THEIRS
        assert "Drop the changes" not in [button.label for button in form.page.button]
        if case is not an_answer:  # whose form has gone
            form.write()
        for button in [button for button in form.page.button if button.label == again]:
            button.click().run()
    assert stored(store, form) == THEIRS
    clock.forward(seconds=1)
    if case is not an_answer:
        form.write()
    labelled(form.page.button, "Save mine over it").click().run()
    assert not form.page.exception
    assert stored(store, form) == MINE
    assert [button for button in form.page.button if button.label == "Save mine over it"] == []


def stored(store: Store, form: Case) -> Any:
    with store.reading() as session:
        found = session.scalars(form.stored).first()
    return found if isinstance(found, str) else ", ".join(found or ())


# in a browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_double_click_on_save_overwrites_nothing(app_server, signed_in_page, tmp_path, width: int, dark: bool):
    ana, ben = app_server.members[Role.ADMIN], app_server.members[Role.RECRUITER]
    noor = saved(app_server.store, a_candidate(owner_id=ben.id, notes="Met at a fair."))
    page = signed_in_page(Role.RECRUITER, f"/candidate?id={noor}", width=width, dark=dark)
    acted(page, lambda: page.get_by_role("tab", name="Details").click())
    page.get_by_role("textbox", name="Notes").fill(f"{MINE}.\nShe would rather begin in May, and in Gdynia.")
    act(app_server.store, ana, edit_candidates, [CandidateEdit(noor, 1, {"notes": f"{THEIRS}."})])
    for _ in range(2):  # of a slow double click
        acted(page, page.get_by_role("button", name="Save details").click)
        page.get_by_role("button", name="Save mine over it").wait_for()
    acted(page, page.get_by_role("button", name="Save details").dblclick)
    page.get_by_role("button", name="Save mine over it").scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / "warned.png")
    with app_server.store.reading() as session:
        assert session.get_one(Candidate, noor).notes == f"{THEIRS}."
    assert page.get_by_role("textbox", name="Notes").input_value().startswith(MINE)
    assert page.get_by_role("tabpanel").get_by_text(f"{THEIRS}.").is_visible()
