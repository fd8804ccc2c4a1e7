"""Recommendation: what a client is told of a candidate, each claim with how we know; on paper; sent, and answered."""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.commands.recommendations import (
    edit_recommendation,
    note_client_answer,
    recommend,
    send_recommendation,
    undo_sending,
)
from core.queries.processes import InProcess
from core.queries.recommendations import Recommended
from pages.parts import (
    actions,
    claims,
    filters,
    keeping,
    paper,
    questions,
    reads,
    recommended,
    runtime,
    unsaved,
    wording,
)
from pages.parts.layout import head, open_person, quiet
from pages.parts.questions import answer, asked_no_more, choose_channel, operation_of
from pages.parts.wording import md

SEND, ANSWERED = "Log that it was sent", "Log the answer"

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)

asked, for_process = filters.id_in_address("id"), filters.id_in_address("process")
found = reads.recommendation(asked) if asked is not None else None
process = reads.process(for_process) if found is None and for_process is not None else None


def draw_nothing() -> None:
    st.markdown("There is no such recommendation. Write one from the menu of a process, on the person’s page.")
    st.page_link("candidates.py", label="All candidates")


def draw_sheet(found: Recommended) -> None:
    """One page, for the client: nothing of other people and nothing that was only for us."""
    paper.begin()
    st.title(md(found.name), anchor=False)
    st.markdown(md(f"{found.title} · recommended for {found.place}" if found.title else f"For {found.place}"))
    recommended.draw(found, now, calendar, on_paper=True)
    by = f"{md(found.made_by)}, " if found.made_by else ""
    st.markdown(quiet(f"{by}{wording.day(calendar.day(found.made_at), date.min)}"))


def draw_new(process: InProcess) -> None:
    unsaved.about(process.candidate_id)
    with head(f"Recommend {process.name}", md(process.place)):
        if st.button("Open the person", type="tertiary"):
            open_person(process.candidate_id)
    actions.show_notice()
    if not viewer.may_edit:
        st.markdown(quiet("You may look, not write. Ask an admin for the role of a recruiter."))
        return
    draw_form(process.candidate_id, None, process)


def draw_form(candidate_id: int, found: Recommended | None, process: InProcess | None = None) -> None:
    about = f"id-{found.id}" if found else f"process-{process.id if process else 0}"
    name = found.name if found else process.name if process else ""
    draft = claims.draft_of(f"recommendation-{about}", name, found)
    form = draft.form
    summary = st.text_area(
        "In short",
        draft.summary,
        placeholder="Why them, in two or three sentences",
        height="content",
        **form.kept(claims.SUMMARY, draft.summary, f"In short: {name}"),
    )
    st.subheader("What we say, and how we know", anchor=False)
    stored = found.claims if found else ()
    written = claims.draw(draft, reads.to_cite(candidate_id), stored, now, calendar)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Save", type="primary" if found is None else "secondary", key="save-recommendation")
        form.draw_written()
    if not form.is_to_save(is_pressed):
        return
    plain: dict[str, Any] = {"summary": summary or "", "operation": actions.operation(form.key), "form": form}
    if found is not None:
        done = f"Saved: {found.name}"
        mine = {"summary": summary or "", "what we say": "; ".join(claim.text for claim in written)}
        version = form.seen(draft.version)
        actions.act(edit_recommendation, found.id, written, version=version, done=done, mine=mine, **plain)
    elif process is not None:
        done, go_on = f"Written: {process.name} for {process.place}", partial(begun, process.id)
        actions.act(recommend, process.id, written, done=done, before_rerun=go_on, **plain)


def begun(process_id: int) -> None:
    """From now on it is at its own address."""
    newest = reads.newest_recommendation(process_id)
    if newest is not None:
        st.query_params.clear()
        st.query_params["id"] = str(newest)


def draw_one(found: Recommended) -> None:
    unsaved.about(found.candidate_id)
    made = wording.day(calendar.day(found.made_at), day)
    by = f" by {md(found.made_by)}" if found.made_by else ""
    line = f"{md(found.place)} · written {made}{by} · {recommended.founded(found)} {recommended.standing(found)}"
    with head(f"{found.name}, recommended", line):
        if st.button("Open the person", type="tertiary"):
            open_person(found.candidate_id)
        paper.button()
        question = SEND if found.sent is None else ANSWERED
        if viewer.may_edit and found.answer is None:
            st.button(question, type="primary", key="next-step", on_click=questions.ask, args=(question, found.id))
    actions.show_notice()
    if found.sent is not None or not viewer.may_edit:
        draw_sent(found)
        recommended.draw(found, now, calendar)
    else:
        draw_form(found.candidate_id, found)
    dialogs: questions.Dialogs = {
        (SEND, found.id): partial(ask_how_sent, found),
        (ANSWERED, found.id): partial(ask_answer, found),
    }
    questions.draw(dialogs if viewer.may_edit else {})


def draw_sent(found: Recommended) -> None:
    if found.sent:
        st.markdown(recommended.went(found.sent, "Sent", now, calendar))
    if found.answer:
        st.markdown(recommended.went(found.answer, "They answered", now, calendar))


@st.dialog(SEND, on_dismiss=asked_no_more)
def ask_how_sent(found: Recommended) -> None:
    st.markdown(f"**{md(found.name)}** · {md(found.place)}")
    doubts = [f"{wording.plural(found.unsourced, 'claim')} without a source, marked on it"] if found.unsourced else []
    open_ = sum(not claim.is_confirmed for claim in found.claims)
    doubts += (
        [f"{wording.plural(open_, 'claim')} not confirmed by the candidate, which it does not say"] if open_ else []
    )
    corrected = sum(bool(claim.correction) for claim in found.claims)
    doubts += [f"{wording.plural(corrected, 'claim')} corrected by the candidate, not taken over"] if corrected else []
    if doubts:
        st.markdown(quiet(f"Before it goes: {'; '.join(doubts)}."))
    operation = operation_of(send_recommendation, found.id)
    channel = choose_channel(f"sent-how-{operation}")
    when = questions.ask_when(f"sent-at-{operation}", day)
    kept = unsaved.kept(f"sent-text-{operation}", f"What you wrote with it: {found.name}", found.summary)
    text = st.text_area("What you wrote with it", found.summary, height="content", **kept)
    st.markdown(quiet("It stays as it was sent, and is the client’s turn from then on."))
    if st.button("It was sent", type="primary", key="it-was-sent"):
        done = f"Sent: {found.name} to {found.client or found.opening}"
        plain: dict[str, Any] = {"channel": channel, "text": text or "", "at": keeping.said_at(when, now, calendar)}
        answer(send_recommendation, found.id, done=done, undo_by=undo_sending, **plain)


@st.dialog(ANSWERED, on_dismiss=asked_no_more)
def ask_answer(found: Recommended) -> None:
    st.markdown(f"**{md(found.name)}** · {md(found.place)}")
    operation = operation_of(note_client_answer, found.id)
    channel = choose_channel(f"answer-how-{operation}")
    when = questions.ask_when(f"answer-at-{operation}", day)
    kept = unsaved.kept(f"answer-text-{operation}", f"What the client said: {found.name}")
    text = st.text_area("What the client said", height="content", **kept)
    if st.button("Log it", type="primary", key="log-answer"):
        done = f"Answered: {found.client or found.opening}"
        at = keeping.said_at(when, now, calendar)
        answer(note_client_answer, found.id, text or "", channel=channel, at=at, done=done)


if found is not None and paper.is_asked():
    draw_sheet(found)
elif found is not None:
    draw_one(found)
elif process is not None:
    draw_new(process)
else:
    draw_nothing()
