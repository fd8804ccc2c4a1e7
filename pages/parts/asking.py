"""Questions to somebody: noted, asked, and answered in their words. For their page, and before they are turned down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import streamlit as st

from core.commands.questions import (
    answer_question,
    ask_question,
    drop_question,
    note_question,
    undo_answer,
    undo_asking,
)
from core.domain.calendar import Calendar
from core.domain.drafts import Occasion, left_open
from core.domain.facts import ClosingReason
from core.domain.percentiles import FEWEST
from core.domain.promises import Kind
from core.domain.questions import suggested
from core.persistence.work import Viewer
from core.queries.candidate import Life
from core.queries.questions import Asked, AskedFirst
from pages.parts import actions, drafting, moment, reads, unsaved, wording
from pages.parts.choosing import choose_language
from pages.parts.clashes import Form
from pages.parts.keeping import CHANNELS
from pages.parts.layout import badge, quiet
from pages.parts.wording import md


def draw(life: Life, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    """All of one person's, on their page."""
    person = life.profile
    asked = reads.questions_of(person.id)
    of = Occasion(
        kind=Kind.FEEDBACK,
        name=person.name,
        pronoun=person.pronoun,
        language=person.language,
        email=person.email,
    )
    if not asked:
        st.markdown(quiet("No question yet. What would you like to know before anybody judges by a CV?"))
    draw_clashes(asked, place="tab")
    draw_each([question for question in asked if is_to_answer(question, "tab")], of, viewer, now, calendar, place="tab")
    for question in asked:
        if not question.is_open:
            draw_answered(question, now, calendar)
    if viewer.may_edit:
        active = {
            process.id: _called(process.opening, process.client) for process in life.processes if process.is_active
        }
        only = next(iter(active)) if len(active) == 1 else None
        draw_suggested(person.id, of, process_id=only, reason=None, place="tab")
        draw_adding(person.id, active, place="tab")
    draw_share(now)


def draw_open(
    candidate_id: int,
    of: Occasion,
    viewer: Viewer,
    now: datetime,
    calendar: Calendar,
    *,
    process_id: int,
    reason: ClosingReason | None,
) -> None:
    """The open ones, before somebody is turned down in this process for that, and a place for another."""
    asked = reads.questions_of(candidate_id)
    draw_clashes(asked, place="gate")
    waiting = [question for question in asked if is_to_answer(question, "gate")]
    if not waiting:
        st.markdown(quiet("No question is open. Note the one you would ask:"))
    draw_each(waiting, of, viewer, now, calendar, place="gate")
    draw_suggested(candidate_id, of, process_id=process_id, reason=reason, place="gate")
    draw_adding(candidate_id, {process_id: ""}, place="gate")


def draw_answers(candidate_id: int, now: datetime, calendar: Calendar) -> None:
    """What they said, to be weighed before anybody judges."""
    asked = reads.questions_of(candidate_id)
    draw_clashes(asked, place="gate")
    for question in asked:
        if not question.is_open:
            draw_answered(question, now, calendar)


def is_to_answer(question: Asked, place: str) -> bool:
    """Open; or answered by somebody else while an answer is being written here."""
    form = _answer_form(question, place)
    return question.is_open or (form.is_written() and not form.is_asked())


def draw_each(
    waiting: Sequence[Asked], of: Occasion, viewer: Viewer, now: datetime, calendar: Calendar, *, place: str
) -> None:
    for question in waiting:
        about = replace(of, opening=question.opening, client=question.client, questions=(question.text,))
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"{md(question.text)}  \n{_state(question, now, calendar)}")
            if viewer.may_edit:
                with st.container(horizontal=True, gap="small"):
                    with st.popover("Ask", key=f"{place}-ask-{question.id}"):
                        draw_ask(question, about, viewer, place)
                    with st.popover("Answer", key=f"{place}-answer-{question.id}"):
                        draw_answer(question, place)
                    if st.button("Drop", type="tertiary", key=f"{place}-drop-{question.id}"):
                        again = partial(note_question, text=question.text, process_id=question.process_id)
                        done = f"Dropped: {_short(question)}"
                        actions.act(drop_question, question.id, done=done, undo_by=again)


def draw_ask(question: Asked, of: Occasion, viewer: Viewer, place: str) -> None:
    key = f"{place}-{question.id}"
    language = choose_language(drafting.languages_of(of), key=f"asked-in-{key}")
    draft = drafting.question(of, viewer, language)
    field = f"asked-{key}-{language}"
    kept, way = (
        unsaved.kept(field, f"What you ask {of.name}", draft),
        unsaved.kept(f"asked-by-{key}", begun=CHANNELS[0]),
    )
    text = st.text_area("What you ask", draft, height="content", width=520, **kept)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        channel = st.segmented_control(
            "How", CHANNELS, default=CHANNELS[0], required=True, label_visibility="collapsed", **way
        )
        drafting.copy_and_mail(of, viewer, language, lambda: st.session_state.get(field, ""), key=f"asked-mail-{key}")
    drafting.hand_to_browser()
    if st.button("Log that it was asked", type="primary", key=f"asked-log-{key}"):
        if gaps := left_open(text or "", draft):
            st.error(md(f"Say it in your own words where it says {gaps[0]}."))
            return
        actions.act(
            ask_question,
            question.id,
            channel=(channel or "").lower(),
            text=text or "",
            done=f"Asked: {_short(question)}",
            operation=actions.operation(f"ask-{question.id}"),
            undo_by=undo_asking,
            before_rerun=partial(unsaved.drop, [field]),
        )


def draw_answer(question: Asked, place: str) -> None:
    form = _answer_form(question, place)
    form.drawn_from(question.answer)
    kept = form.kept("answer", "", f"Answer to “{_short(question)}”")
    st.text_area("What they said", placeholder="In their own words", width=520, **kept)
    st.button(
        "Keep the answer",
        type="primary",
        key=f"{place}-keep-{question.id}",
        on_click=_keep_answer,
        args=(question, place),
    )


def draw_clashes(asked: Sequence[Asked], place: str) -> None:
    """Where somebody else has answered meanwhile the form is gone, and both answers are shown."""
    for question in asked:
        _answer_form(question, place).draw()


def _answer_form(question: Asked, place: str) -> Form:
    fields = {"answer": f"{place}-said-{question.id}"}
    return Form(f"answer-{place}-{question.id}", fields, save=partial(_keep_answer, question, place))


def _keep_answer(question: Asked, place: str) -> None:
    """A callback's."""
    form = _answer_form(question, place)
    said = form.typed("answer")
    actions.do(
        answer_question,
        question.id,
        said,
        seen=form.seen(form.drawn_from(question.answer)),
        done=f"Answered: {_short(question)}",
        mine={"answer": said},
        form=form,
        operation=actions.operation(f"answer-{question.id}"),
        undo_by=undo_answer,
    )


def draw_answered(question: Asked, now: datetime, calendar: Calendar) -> None:
    st.markdown(
        f"{md(question.text)}  \n{_state(question, now, calendar)}  \n{wording.quote(question.answer or '', 600)}"
    )


def draw_suggested(
    candidate_id: int, of: Occasion, *, process_id: int | None, reason: ClosingReason | None, place: str
) -> None:
    """What is not known of them, as questions that are noted with one touch."""
    language = drafting.languages_of(of)[0]
    for number, text in enumerate(suggested(reads.known_for_questions(candidate_id), language, reason)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(quiet(md(text)), width="stretch")
            st.button(
                "Note it",
                key=f"{place}-suggested-{candidate_id}-{number}",
                on_click=note,
                args=(candidate_id, text, process_id),
            )


def note(candidate_id: int, text: str, process_id: int | None) -> None:
    if moment.is_second_press("note-it"):
        return
    done = f"Noted: {text}"
    actions.do(note_question, candidate_id, text, process_id=process_id, done=done, undo_by=drop_question)


def draw_share(now: datetime) -> None:
    """What came of asking, over a year."""
    share = reads.asked_first(now - timedelta(days=365), now)
    if share.asked or share.without:
        st.markdown(quiet(asked_in_words(share)))


def asked_in_words(share: AskedFirst) -> str:
    """“In a year, 41 people were asked before it was decided; 44 % of 41 went on to an interview, 15 % were hired.”"""
    said = f"In a year, {wording.plural(share.asked, 'person was', 'people were')} asked before it was decided"
    if share.asked >= FEWEST:
        interviewed, hired = (wording.share(part, share.asked) for part in (share.interviewed, share.hired))
        said = f"{said}; {interviewed} of {share.asked:,} went on to an interview, {hired} were hired"
    if not share.without:
        return f"{said}."
    without = wording.plural(share.without, "person was", "people were")
    return f"{said}. {without} turned down for their background without being asked."


def draw_adding(candidate_id: int, processes: dict[int, str], *, place: str) -> None:
    """`processes`: in which it may have come up; of one without a name there is nothing to choose."""
    operation = actions.operation(f"{place}-question-{candidate_id}")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "Another question",
            placeholder="What would you like to know?",
            label_visibility="collapsed",
            **unsaved.kept(f"question-{operation}", "A question to note"),
        )
        of_it = next(iter(processes), None)
        if any(processes.values()):
            of_it = st.selectbox(
                "In which process",
                [*processes, None],
                format_func=lambda id_: processes.get(id_, "In none"),
                label_visibility="collapsed",
                width=260,
                **unsaved.kept(f"question-in-{operation}", begun=of_it),
            )
        if st.button("Add the question", key=f"question-add-{operation}"):
            actions.act(
                note_question,
                candidate_id,
                text or "",
                process_id=of_it,
                done="The question is noted.",
                operation=operation,
                undo_by=drop_question,
            )


def _state(question: Asked, now: datetime, calendar: Calendar) -> str:
    today = calendar.day(now)
    if question.answered_at is not None:
        said = f"answered {wording.day(calendar.day(question.answered_at), today)}"
        how = badge(said, "green")
    elif question.asked_at is not None:
        how = badge(f"asked {wording.day(calendar.day(question.asked_at), today)}")
    else:
        how = badge("not asked yet", "violet")
    where = f" · {md(_called(question.opening, question.client))}" if question.opening else ""
    by = f" · {md(question.noted_by)}" if question.noted_by else ""
    return f"{how} {quiet(f'noted {wording.day(calendar.day(question.noted_at), today)}{by}{where}')}"


def _called(opening: str, client: str) -> str:
    return f"{opening}, {client}" if client else opening


def _short(question: Asked) -> str:
    return question.text if len(question.text) < 60 else f"{question.text[:57].rstrip()}…"
