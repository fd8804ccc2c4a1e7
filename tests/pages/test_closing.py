"""Ending a process, and an opening with all who are in it: nobody is left in silence, and nothing typed is lost."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import auth
from core.commands.candidates import CandidateEdit, edit_candidates
from core.commands.clients import add_client
from core.commands.consents import forbid_contact
from core.commands.contacts import log_contact
from core.commands.meetings import plan_meeting
from core.commands.openings import Ending, add_opening, end_opening, hold_opening
from core.commands.processes import start_process, wait_on_client
from core.domain.facts import (
    Answer,
    ClosingReason,
    HoldReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Way,
)
from core.domain.promises import Kind, Status
from core.persistence.check import disagreements
from core.persistence.store import Store
from core.persistence.tables import Candidate, Closing, Contact, MeetingOutcome, Opening, Placement, Process, Question
from core.persistence.work import Viewer
from pages.parts import gate, runtime, state
from pages.parts.ending import CLOSE
from tests.make import FixedClock, a_candidate, act, promises_of, saved
from tests.pages.conftest import labelled, starting

Open = Callable[..., Any]
HOUR = timedelta(hours=1)


def kept(store: Store, table: Any, *conditions: Any) -> list[Any]:
    """What of it is on record, and was not taken back."""
    with store.reading() as session:
        return list(session.scalars(select(table).where(table.undone_at.is_(None), *conditions).order_by(table.id)))


def said(page: Any) -> str:
    return "\n".join(element.value for element in page.markdown).replace("\\", "")


@pytest.fixture
def opening(store: Store, ben: Viewer) -> int:
    return act(store, ben, add_opening, "Python developer", client_id=act(store, ben, add_client, "Nordbank"))


def person(store: Store, ben: Viewer, opening: int, name: str, **columns: Any) -> tuple[int, int]:
    candidate = saved(store, a_candidate(name, owner_id=ben.id, **columns))
    return candidate, act(store, ben, start_process, candidate, opening)


@pytest.fixture
def noor(store: Store, ben: Viewer, opening: int) -> tuple[int, int]:
    """She, and her process."""
    return person(store, ben, opening, "Noor Haddad")


def dialog(page_of: Open, viewer: Viewer, whom: tuple[int, int]) -> Any:
    page = page_of("candidate.py", viewer, id=str(whom[0])).run()
    page.session_state[state.QUESTION] = (CLOSE, whom[1])
    page.run()
    assert not page.exception
    return page


def choose(page: Any, process: int, result: Result, reason: ClosingReason | None = None) -> Any:
    page.get("button_group")
    page.session_state[of_dialog("result", page, process)] = result
    page.run()
    if reason is not None:
        starting(page.selectbox, "reason-").set_value(reason).run()
    return page


def of_dialog(field: str, page: Any, process: int) -> str:
    """The key of a field in the dialog that closes one process."""
    return f"{field}-{page.session_state[state.OPERATIONS][f'close_process-{process}']}"


def words_field(page: Any) -> Any:
    return next(field for field in page.text_area if field.label == "What they are told")


def choose_how(page: Any, opening: int, status: OpeningStatus) -> None:
    page.session_state[f"how-{page.session_state[state.OPERATIONS][f'close-{opening}']}"] = status
    page.run()


def ending(page: Any, opening: int, field: str, whose: int | str) -> str:
    """The key of a field in the form that closes an opening."""
    operation = page.session_state[state.OPERATIONS][f"close-{opening}"]
    return f"ending-{field}-{whose}-{page.session_state[f'how-{operation}']}-{operation}"


# what stays planned


@pytest.fixture
def interviews(store: Store, ben: Viewer, noor: tuple[int, int]) -> list[int]:
    """Two, tomorrow."""
    starts = [store.now() + timedelta(hours=hours) for hours in (24, 26)]
    plain = {"kind": MeetingKind.INTERVIEW, "process_id": noor[1]}
    return [act(store, ben, plan_meeting, noor[0], starts_at=at, ends_at=at + HOUR, **plain) for at in starts]


def test_whoever_ends_a_process_is_asked_at_once_about_what_is_planned_in_it(page_of, store, ben, noor, interviews):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.WITHDRAWN)
    page.radio[0].set_value(gate.OWE)
    page.button(key=f"close-{noor[1]}").click().run()
    assert "This stands in everybody’s calendar" in said(page)
    for interview in interviews:
        page.button(key=f"cancel-asked-{interview}").click().run()
    assert "This stands in everybody’s calendar" not in said(page)
    assert {one.outcome for one in kept(store, MeetingOutcome)} == {MeetingResult.CANCELLED}
    assert list(disagreements(store)) == []


def test_who_ends_a_process_in_which_nothing_is_planned_is_asked_nothing_more(page_of, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.WITHDRAWN)
    page.radio[0].set_value(gate.OWE)
    page.button(key=f"close-{noor[1]}").click().run()
    assert "This stands in everybody’s calendar" not in said(page)
    assert state.QUESTION not in page.session_state


def test_a_closed_opening_says_what_is_still_planned_in_it_until_it_is_cancelled(
    page_of, store, ben, vera, opening, noor, interviews
):
    ending = Ending(result=Result.OPENING_CLOSED, answer=Answer.OWED)
    act(store, ben, end_opening, opening, OpeningStatus.CANCELLED, {noor[1]: ending})
    hers = page_of("closing.py", vera, id=str(opening)).run()
    assert all(not button.key.startswith("cancel-") for button in hers.button)
    page = page_of("closing.py", ben, id=str(opening)).run()
    assert "2 meetings are still planned" in said(page)
    page.button(key="cancel-all-still-planned").click().run()
    assert "still planned" not in said(page)
    labelled(page.button, "Undo").click().run()
    assert "2 meetings are still planned" in said(page)


# one process


def test_somebody_is_told_in_the_same_stroke_and_undo_takes_both_back(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED, ClosingReason.SOMEBODY_ELSE)
    words = words_field(page)
    assert words.value.startswith("Hi Noor,")
    assert "They have chosen somebody else." in words.value
    page.button(key=f"close-{noor[1]}").click().run()
    assert "Say it in your own words where it says [in one honest sentence]." in page.error[0].value.replace("\\", "")
    words_field(page).set_value("They chose somebody who knows Go.")
    page.button(key=f"close-{noor[1]}").click().run()
    assert not page.error
    (closing,) = kept(store, Closing)
    assert (closing.outcome, closing.answer, closing.reason) == (
        Result.REJECTED,
        Answer.TOLD,
        ClosingReason.SOMEBODY_ELSE,
    )
    (word,) = kept(store, Contact)
    assert (word.text, word.is_feedback, word.channel) == ("They chose somebody who knows Go.", True, "e-mail")
    page.button(key=f"undo-{closing.id}").click().run()
    assert kept(store, Closing) == kept(store, Contact) == []
    assert list(disagreements(store)) == []


def test_when_they_were_told_is_by_the_clock_on_the_day_it_goes_forward_too(page_of, store, ben, clock, noor):
    clock.now = datetime(2026, 3, 29, 14, tzinfo=UTC)
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED, ClosingReason.SOMEBODY_ELSE)
    words_field(page).set_value("They chose somebody who knows Go.")
    page.session_state[of_dialog("when", page, noor[1])] = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - as it is typed
    page.button(key=f"close-{noor[1]}").click().run()
    assert "has no 02:30" in page.error[0].value.replace("\\", "")
    page.session_state[of_dialog("when", page, noor[1])] = datetime(2026, 3, 29, 10)  # noqa: DTZ001 - as it is typed
    page.button(key=f"close-{noor[1]}").click().run()
    (closing,) = kept(store, Closing)
    assert closing.happened_at == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_what_the_gate_does_not_allow_is_shown_with_its_sentence_and_refused(page_of, store, ben, clock, noor):
    clock.forward(days=1)
    act(store, ben, log_contact, noor[0], way=Way.ATTEMPT, channel="phone")
    page = choose(dialog(page_of, ben, noor), noor[1], Result.WITHDRAWN)
    answers = starting(page.radio, "answer-")
    captions = " ".join(answers.proto.captions).replace("\\", "")
    assert "three tries on three different days; so far 1" in captions
    assert "Tue 3 Mar, phone" in captions
    assert "Nobody has been told yet." in captions
    answers.set_value(gate.UNREACHABLE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert "so far 1" in page.error[0].value
    assert kept(store, Closing) == []


def test_three_tries_on_three_days_are_shown_and_close_it(page_of, store, ben, clock, noor):
    for _ in range(3):
        clock.forward(days=1)
        act(store, ben, log_contact, noor[0], way=Way.ATTEMPT, channel="phone")
    page = choose(dialog(page_of, ben, noor), noor[1], Result.WITHDRAWN)
    assert "Tried: Tue 3 Mar, phone; Wed 4 Mar, phone; Thu 5 Mar, phone" in " ".join(
        starting(page.radio, "answer-").proto.captions
    ).replace("\\", "")
    starting(page.radio, "answer-").set_value(gate.UNREACHABLE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert kept(store, Closing)[0].answer is Answer.UNREACHABLE


def test_words_on_record_that_told_are_shown_and_count(page_of, store, ben, noor):
    told = "Somebody else was chosen, for the Go."
    act(store, ben, log_contact, noor[0], way=Way.TO, text=told, is_feedback=True, process_id=noor[1])
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED, ClosingReason.SKILLS)
    answers = starting(page.radio, "answer-")
    assert answers.value == gate.TOLD
    assert told in " ".join(answers.proto.captions).replace("\\", "")
    page.button(key=f"close-{noor[1]}").click().run()
    assert kept(store, Closing)[0].answer is Answer.TOLD
    assert len(kept(store, Contact)) == 1


def test_who_is_hired_has_a_first_day_and_undo_takes_the_placement_back(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.HIRED)
    starting(page.date_input, "starts-").set_value(date(2026, 3, 16)).run()
    starting(page.radio, "answer-").set_value(gate.OWE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    (placement,) = kept(store, Placement)
    assert (placement.starts_on, placement.process_id) == (date(2026, 3, 16), noor[1])
    assert promises_of(store, noor[0], Kind.CHECK_IN)
    (closing,) = kept(store, Closing)
    page.button(key=f"undo-{closing.id}").click().run()
    assert kept(store, Placement) == []
    assert all(promise.status is not Status.OPEN for promise in promises_of(store, noor[0], Kind.CHECK_IN))
    assert list(disagreements(store)) == []


def test_not_now_says_when_to_look_again(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.NOT_NOW, ClosingReason.EXPERIENCE)
    starting(page.radio, "answer-").set_value(gate.OWE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert page.error[0].value == "Say when to look at it again\\."
    starting(page.date_input, "revisit-").set_value(date(2026, 9, 1)).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert kept(store, Closing)[0].revisit_on == date(2026, 9, 1)


def test_whoever_is_turned_down_for_a_thin_cv_is_asked_first_and_the_answer_stays(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED, ClosingReason.THIN_CV)
    starting(page.radio, "answer-").set_value(gate.OWE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert "Ask first" in page.error[0].value
    field = next(field for field in page.text_input if field.label == "Another question")
    field.set_value("What did you build at Lumen?")
    next(button for button in page.button if button.label == "Add the question").click().run()
    with store.reading() as session:
        question = session.scalars(select(Question)).one()
    assert question.process_id == noor[1]
    letter = page.text_area(key=f"asked-gate-{question.id}-en")
    assert "– What did you build at Lumen?" in letter.value
    page.button(key=f"asked-log-gate-{question.id}").click().run()
    assert "What did you build at Lumen?" in kept(store, Contact)[0].text
    page.text_area(key=f"gate-said-{question.id}").set_value("The whole billing.")
    page.button(key=f"gate-keep-{question.id}").click().run()
    choose(page, noor[1], Result.REJECTED, ClosingReason.THIN_CV)
    assert "**They were asked, and answered.**" in said(page)
    assert "“The whole billing.”" in said(page)
    starting(page.radio, "answer-").set_value(gate.OWE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert not page.error
    assert kept(store, Closing)[0].was_asked is True
    with store.reading() as session:
        assert session.scalars(select(Question.answer)).one() == "The whole billing."


def test_closing_without_asking_is_possible_and_counted(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED, ClosingReason.GAP)
    starting(page.checkbox, "unasked-").check().run()
    starting(page.radio, "answer-").set_value(gate.OWE).run()
    page.button(key=f"close-{noor[1]}").click().run()
    assert kept(store, Closing)[0].was_asked is False


def test_a_letter_goes_out_in_the_language_of_the_person(page_of, store, ben, opening):
    jan = person(store, ben, opening, "Jan Zieliński", language="pl")
    page = choose(dialog(page_of, ben, jan), jan[1], Result.REJECTED)
    assert words_field(page).value.startswith("Dzień dobry,")


# an opening


def test_everybody_in_an_opening_gets_an_answer_and_undo_takes_all_back(page_of, store, ben, opening, noor):
    jan = person(store, ben, opening, "Jan Zieliński", language="pl")
    elif_ = person(store, ben, opening, "Elif Demir")
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.FILLED)
    assert not page.exception
    page.multiselect(key=ending(page, opening, "hired", "who")).set_value([noor[1]]).run()
    assert page.selectbox(key=ending(page, opening, "result", noor[1])).value == Result.HIRED
    assert page.button(key="close-opening").disabled
    assert "0 of 3 have an answer. Not yet: Elif Demir, Jan Zieliński, Noor Haddad." in said(page)
    english = next(field for field in page.text_area if field.label == "English")
    polish = next(field for field in page.text_area if field.label == "Polski")
    english.set_value("‹greeting›\n\nThe role was filled.")
    polish.set_value("‹greeting›\n\nstanowisko zostało obsadzone.")
    page.button(key="set-for-all").click().run()
    fields = {field.key: field.value for field in page.text_area}
    assert any(value == "Hi Elif,\n\nThe role was filled." for value in fields.values())
    assert any(value == "Dzień dobry,\n\nstanowisko zostało obsadzone." for value in fields.values())
    page.selectbox(key=ending(page, opening, "answer", noor[1])).set_value(gate.OWE).run()
    assert "Everybody has an answer." in said(page)
    page.button(key="close-opening").click().run()
    assert not page.exception
    assert not page.error
    closings = {closing.process_id: closing for closing in kept(store, Closing)}
    assert {id_: (one.outcome, one.answer) for id_, one in closings.items()} == {
        noor[1]: (Result.HIRED, Answer.OWED),
        jan[1]: (Result.OPENING_CLOSED, Answer.TOLD),
        elif_[1]: (Result.OPENING_CLOSED, Answer.TOLD),
    }
    assert {word.text.splitlines()[0] for word in kept(store, Contact)} == {"Hi Elif,", "Dzień dobry,"}
    with store.reading() as session:
        assert session.get_one(Opening, opening).status is OpeningStatus.FILLED
    next(button for button in page.button if button.label == "Undo").click().run()
    assert kept(store, Closing) == kept(store, Contact) == []
    with store.reading() as session:
        assert session.get_one(Opening, opening).status is OpeningStatus.OPEN
    assert list(disagreements(store)) == []


def test_an_opening_of_sixty_is_closed_page_by_page_and_what_was_typed_on_one_is_kept(page_of, store, ben, opening):
    people = [person(store, ben, opening, f"Person {number:02}") for number in range(60)]
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    page.selectbox(key=ending(page, opening, "answer", "all")).set_value(gate.OWE).run()
    page.button(key="set-for-all").click().run()
    assert "Everybody has an answer." in said(page)
    page.selectbox(key=ending(page, opening, "answer", people[0][1])).set_value(gate.TELL_NOW).run()
    own = next(field for field in page.text_area if field.label == "What they are told")
    own.set_value("Only for you.").run()
    page.query_params["closing-page"] = "6"
    page.run()
    assert not any(field.label == "What they are told" for field in page.text_area)
    assert page.selectbox(key=ending(page, opening, "answer", people[59][1])).value == gate.OWE
    page.button(key="close-opening").click().run()
    assert not page.error
    assert len(kept(store, Closing)) == 60
    assert [word.text for word in kept(store, Contact)] == ["Only for you."]


def test_what_goes_wrong_is_said_by_name_and_nothing_typed_is_lost(page_of, store, ben, ana, opening, noor):
    jan = person(store, ben, opening, "Jan Zieliński")
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    page.selectbox(key=ending(page, opening, "answer", "all")).set_value(gate.OWE).run()
    page.button(key="set-for-all").click().run()
    page.selectbox(key=ending(page, opening, "result", jan[1])).set_value(Result.REJECTED).run()
    page.selectbox(key=ending(page, opening, "reason", jan[1])).set_value(ClosingReason.DEGREE).run()
    assert "Ask first" in said(page)
    assert page.button(key="close-opening").disabled
    page.checkbox(key=ending(page, opening, "unasked", jan[1])).check().run()
    assert not page.button(key="close-opening").disabled
    elif_ = saved(store, a_candidate("Elif Demir"))
    act(store, ana, start_process, elif_, opening)
    page.button(key="close-opening").click().run()
    assert "1 of 3 have" not in said(page)
    assert kept(store, Closing) == []
    assert "2 of 3 have an answer. Not yet: Elif Demir." in said(page)


def test_what_each_one_is_to_be_told_is_there_again_after_another_page(page_of, store, ben, opening, noor):
    person(store, ben, opening, "Elif Demir")
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.FILLED)
    page.multiselect(key=ending(page, opening, "hired", "who")).set_value([noor[1]]).run()
    page.selectbox(key=ending(page, opening, "answer", noor[1])).set_value(gate.OWE).run()
    words_field(page).set_value("Hi Elif, the role was filled.").run()
    page.switch_page("pipelines.py").run()
    page.switch_page("closing.py")
    page.query_params["id"] = str(opening)
    page.run()
    assert words_field(page).value == "Hi Elif, the role was filled."
    assert page.multiselect(key=ending(page, opening, "hired", "who")).value == [noor[1]]
    assert page.selectbox(key=ending(page, opening, "answer", noor[1])).value == gate.OWE


def test_the_browser_asks_before_the_answers_that_were_set_are_lost_and_nobody_is_asked_to_copy_them(
    page_of, store, ben, opening, noor
):
    person(store, ben, opening, "Elif Demir")
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    assert not is_anything_written(page)
    page.selectbox(key=ending(page, opening, "answer", noor[1])).set_value(gate.OWE).run()
    assert is_anything_written(page)
    page.selectbox(key=ending(page, opening, "answer", noor[1])).set_value(gate.TELL_NOW).run()
    assert not is_anything_written(page)
    page.selectbox(key=ending(page, opening, "answer", "all")).set_value(gate.OWE).run()
    page.button(key="set-for-all").click().run()
    assert is_anything_written(page)
    auth.sign_out(store, runtime.session_token())
    assert not page.run().code


def is_anything_written(page: Any) -> bool:
    """As the browser was told with this run."""
    told = [json.loads(one.proto.json) for one in page.get("bidi_component") if "isWritten" in one.proto.json]
    return bool(told[0]["isWritten"])


def test_what_is_written_there_is_offered_where_one_signs_in_and_forgotten_once_it_is_closed(
    page_of, store, ben, opening, noor
):
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    words_field(page).set_value("Hi Noor, the role was cancelled.")
    auth.sign_out(store, runtime.session_token())
    page.run()
    assert [code.value for code in page.code] == ["Hi Noor, the role was cancelled."]
    assert "What Noor Haddad is told" in said(page)
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    words_field(page).set_value("Hi Noor, the role was cancelled.").run()
    page.button(key="close-opening").click().run()
    labelled(page.button, "Undo").click().run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    assert words_field(page).value != "Hi Noor, the role was cancelled."


def test_who_is_hired_for_one_opening_is_not_chosen_in_another_and_all_of_it_can_be_begun_anew(
    page_of, store, ben, opening, noor
):
    other = act(store, ben, add_opening, "Tester")
    jan = person(store, ben, other, "Jan Zieliński")
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.FILLED)
    page.multiselect(key=ending(page, opening, "hired", "who")).set_value([noor[1]]).run()
    page.query_params["id"] = str(other)
    choose_how(page.run(), other, OpeningStatus.FILLED)
    assert page.multiselect(key=ending(page, other, "hired", "who")).value == []
    assert page.selectbox(key=ending(page, other, "result", jan[1])).value == Result.OPENING_CLOSED
    page.query_params["id"] = str(opening)
    page.run()
    assert page.multiselect(key=ending(page, opening, "hired", "who")).value == [noor[1]]
    labelled(page.button, "Start anew").click().run()
    choose_how(page, opening, OpeningStatus.FILLED)
    assert page.multiselect(key=ending(page, opening, "hired", "who")).value == []


def test_who_asked_for_no_contact_is_told_nothing_whatever_is_set_for_all(page_of, store, ben, opening, noor):
    jan = person(store, ben, opening, "Jan Zieliński")
    act(store, ben, forbid_contact, jan[0])
    page = page_of("closing.py", ben, id=str(opening)).run()
    choose_how(page, opening, OpeningStatus.CANCELLED)
    page.selectbox(key=ending(page, opening, "answer", "all")).set_value(gate.OWE).run()
    page.button(key="set-for-all").click().run()
    assert page.selectbox(key=ending(page, opening, "answer", jan[1])).value == gate.NO_CONTACT
    page.button(key="close-opening").click().run()
    assert [closing.answer for closing in kept(store, Closing, Closing.process_id == jan[1])] == [Answer.DO_NOT_CONTACT]


def test_vera_closes_nothing(page_of, store, ben, vera, opening, noor):
    page = page_of("closing.py", vera, id=str(opening)).run()
    assert "You may look, not change." in said(page)
    assert not page.selectbox
    page = dialog(page_of, vera, noor)
    assert not any(button.label == "Close it" for button in page.button)


def test_an_opening_that_is_not_there_is_said_and_leads_to_those_that_are(page_of, ben):
    for page in (page_of("closing.py", ben, id="99"), page_of("news.py", ben), page_of("opening.py", ben, id="99")):
        page.run()
        assert "There is no such opening" in said(page)
        assert [link.proto.label for link in page.get("page_link")] == ["All openings"]


# news of a hold


@pytest.fixture
def held(store: Store, ben: Viewer, opening: int, noor: tuple[int, int], clock: FixedClock) -> list[tuple[int, int]]:
    jan = person(store, ben, opening, "Jan Zieliński")
    clock.forward(hours=1)
    act(store, ben, hold_opening, opening, reason=HoldReason.BUDGET)
    return [noor, jan]


def news_of(store: Store, candidate: int) -> list[Status]:
    return [promise.status for promise in promises_of(store, candidate, Kind.DELAY)]


def test_who_waits_for_two_news_is_one_person_and_hears_of_the_hold(page_of, store, ben, clock, opening, noor):
    act(store, ben, wait_on_client, noor[1])
    clock.forward(days=5)
    act(store, ben, hold_opening, opening, reason=HoldReason.BUDGET)
    page = page_of("news.py", ben, id=str(opening)).run()
    assert page.title[0].value == "One person waits for the news"
    assert "because its budget is not settled" in page.text_area(key="words").value


def test_nobody_is_rejected_without_a_word_of_why(page_of, store, ben, noor):
    page = choose(dialog(page_of, ben, noor), noor[1], Result.REJECTED)
    page.button(key=f"close-{noor[1]}").click().run()
    assert page.error[0].value.startswith("Say why")
    assert kept(store, Closing) == []


def test_after_a_hold_each_is_told_with_the_reason_filled_in_one_after_the_other(page_of, store, ben, opening, held):
    page = page_of("news.py", ben, id=str(opening)).run()
    assert not page.exception
    assert page.title[0].value == "Two people wait for the news"
    words = page.text_area(key="words")
    assert "because its budget is not settled" in words.value
    assert "You will hear from me again by 16 March 2026" in words.value
    first = page.session_state[state.OPEN_ROW]
    words.set_value("On hold, for its budget. You hear from me by the 16th.")
    page.button(key=f"keep-{first}").click().run()
    assert page.title[0].value == "One person waits for the news"
    assert sorted(status for whom in held for status in news_of(store, whom[0])) == sorted(
        [Status.KEPT_ON_TIME, Status.OPEN]
    )


def test_the_same_word_to_all_counts_as_the_news_for_each_and_is_taken_back_for_all(page_of, store, ben, opening, held):
    page = page_of("news.py", ben, id=str(opening)).run()
    field = next(field for field in page.text_area if field.key.startswith("all-"))
    assert page.session_state[field.key].startswith("Hello,")
    button = next(button for button in page.button if button.key.startswith("tell-all-"))
    button.click().run()
    assert "Say it in your own words" in page.error[0].value
    next(field for field in page.text_area if field.key.startswith("all-")).set_value("It is on hold for its budget.")
    next(button for button in page.button if button.key.startswith("tell-all-")).click().run()
    assert page.title[0].value == "Nobody waits for news"
    assert [(word.text, word.is_group) for word in kept(store, Contact)] == [
        ("It is on hold for its budget.", True)
    ] * 2
    assert all(news_of(store, whom[0]) == [Status.KEPT_ON_TIME] for whom in held)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert all(news_of(store, whom[0]) == [Status.OPEN] for whom in held)
    assert list(disagreements(store)) == []


def test_whoever_is_written_to_in_another_language_has_words_in_it(page_of, store, ben, opening, held):
    with store.working(ben) as work:
        noor = work.session.get_one(Candidate, held[0][0])
        edit_candidates(work, [CandidateEdit(noor.id, noor.version, {"language": "pl"})])
    page = page_of("news.py", ben, id=str(opening)).run()
    english, polish = (field for field in page.text_area if field.key.startswith("all-"))
    assert page.session_state[english.key].startswith("Hello,")
    assert page.session_state[polish.key].startswith("Dzień dobry")
    polish.set_value("Wstrzymano to stanowisko.")
    next(button for button in page.button if button.label == "Log it for 1 person in Polski").click().run()
    assert page.title[0].value == "One person waits for the news"
    assert news_of(store, held[0][0]) == [Status.KEPT_ON_TIME]
    assert news_of(store, held[1][0]) == [Status.OPEN]


def test_vera_tells_nobody(page_of, store, vera, opening, held):
    page = page_of("news.py", vera, id=str(opening)).run()
    assert page.title[0].value == "Two people wait for the news"
    assert not page.text_area
    assert {process.is_active for process in kept(store, Process)} == {True}
