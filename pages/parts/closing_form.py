"""The form in which everybody in an opening gets an answer: set for all at once, then one by one.

What was chosen and typed for somebody stays there for the session, whatever page is looked at meanwhile: an ending that
is taken back begins with it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import streamlit as st

from core.domain import drafts
from core.domain.calendar import Calendar
from core.domain.drafts import Occasion
from core.domain.facts import ClosingReason, OpeningStatus, Result
from core.domain.templates import LANGUAGES, filled
from core.persistence.work import Viewer
from core.queries.closing import Leaving
from pages.parts import drafting, gate, wording
from pages.parts.keeping import CHANNELS, EMAIL
from pages.parts.layout import badge, open_person, quiet
from pages.parts.questions import ANY_YEAR, DATES
from pages.parts.wording import md

GREETING = "‹greeting›"
"""Stands in the words for all where each one's own greeting comes."""
FIELDS = ("result", "reason", "answer", "channel", "revisit", "starts", "unasked")
USUAL = {
    OpeningStatus.FILLED: (Result.OPENING_CLOSED, ClosingReason.SOMEBODY_ELSE),
    OpeningStatus.CANCELLED: (Result.OPENING_CLOSED, None),
}
HIRED, FOR_ALL = "hired", "all"


@dataclass(frozen=True, slots=True)
class Form:
    rows: Sequence[Leaving]
    viewer: Viewer
    now: datetime
    calendar: Calendar
    own_words: Mapping[tuple[str, str], str]
    """The team's wording, read once for all of them."""

    def draft(self, of: Occasion, language: str) -> str:
        return drafts.draft(of, me=self.viewer.name, language=language, own=self.own_words)


def key(field: str, whose: int | str) -> str:
    return f"ending-{field}-{whose}"


def begin(form: Form, status: OpeningStatus) -> None:
    """What stands there before anybody chose: how such an opening usually ends for those in it."""
    result, reason = USUAL[status]
    for row in form.rows:
        usual = (result, reason, gate.usual_how(row), EMAIL, None, None, False)
        for field, value in zip(FIELDS, usual, strict=True):
            st.session_state.setdefault(key(field, row.process_id), value)
    for field, value in (("result", result), ("reason", reason), ("answer", gate.TELL_NOW), ("channel", EMAIL)):
        st.session_state.setdefault(key(field, FOR_ALL), value)


def choice(form: Form, row: Leaving) -> gate.Choice:
    """As it stands for one of them, on this page of the list or another."""
    said = {field: st.session_state.get(key(field, row.process_id)) for field in FIELDS}
    result = Result(said["result"]) if said["result"] else None
    reason = ClosingReason(said["reason"]) if said["reason"] else None
    chosen = gate.Choice(
        result=result,
        how=said["answer"],
        reason=reason if reason in gate.reasons(result) else None,
        channel=said["channel"] or "",
        revisit_on=said["revisit"],
        starts_on=said["starts"],
        is_unasked=bool(said["unasked"]),
    )
    if chosen.how != gate.TELL_NOW:
        return chosen
    draft = form.draft(occasion(row, chosen), drafting.languages_of(row.occasion)[0])
    return replace(chosen, draft=draft, text=st.session_state.get(words_key(row, chosen), draft))


def occasion(row: Leaving, chosen: gate.Choice) -> Occasion:
    return replace(row.occasion, result=chosen.result, reason=chosen.reason, revisit=chosen.revisit_on)


def words_key(row: Leaving, chosen: gate.Choice) -> str:
    """Another ending is another letter: what was written for the one stays with it."""
    return key("words", f"{row.process_id}-{chosen.result}-{chosen.reason}-{chosen.revisit_on}")


def missing(form: Form) -> Mapping[int, str]:
    """What each one's answer still lacks, by process."""
    said = {
        row.process_id: gate.what_is_missing(choice(form, row), row, form.calendar.day(form.now)) for row in form.rows
    }
    return {process_id: sentence for process_id, sentence in said.items() if sentence}


def how_many_are_ready(form: Form, lacking: Mapping[int, str]) -> str:
    """Markdown: who has no answer yet, by name."""
    if not lacking:
        return quiet("Everybody has an answer.") if form.rows else quiet("Nobody is in it.")
    names = [row.name for row in form.rows if row.process_id in lacking]
    few = ", ".join(md(name) for name in names[:5])
    more = f" and {wording.plural(len(names) - 5, 'other')}" if len(names) > 5 else ""
    return f"{len(form.rows) - len(lacking)} of {len(form.rows)} have an answer. Not yet: {few}{more}."


# all at once


def draw_hired(form: Form) -> None:
    """Whoever is chosen here is hired; whoever no longer is ends like the others."""
    names = {row.process_id: row.name for row in form.rows}
    hired = [id_ for id_ in names if st.session_state[key("result", id_)] == Result.HIRED]
    st.session_state.setdefault(key(HIRED, "who"), hired)
    st.multiselect(
        "Who is hired",
        list(names),
        format_func=lambda id_: names.get(id_, ""),
        key=key(HIRED, "who"),
        on_change=_hire,
        args=(list(names),),
        placeholder="Somebody of them, or nobody",
        persist_state="page",
    )


def _hire(process_ids: list[int]) -> None:
    hired = st.session_state[key(HIRED, "who")]
    result, reason = USUAL[OpeningStatus.FILLED]
    for id_ in process_ids:
        was = st.session_state.get(key("result", id_))
        if id_ in hired:
            st.session_state[key("result", id_)], st.session_state[key("reason", id_)] = Result.HIRED, None
        elif was == Result.HIRED:
            st.session_state[key("result", id_)], st.session_state[key("reason", id_)] = result, reason


def draw_for_all(form: Form) -> None:
    """One choice for everybody but the hired; the words go to those who are written to in that language."""
    others = [row for row in form.rows if st.session_state[key("result", row.process_id)] != Result.HIRED]
    if len(others) < 2:
        return
    with st.container(border=True, gap="small"):
        st.markdown("**The same for all**" if len(others) == len(form.rows) else "**The same for all the others**")
        chosen = _draw_choices(FOR_ALL, [result for result in Result if result is not Result.HIRED])
        words: dict[str, str] = {}
        if chosen.how == gate.TELL_NOW and chosen.result is not None:
            words = _draw_words_for_all(form, others, chosen)
        st.button(
            f"Set it for {len(others)}",
            key="set-for-all",
            on_click=_set_for_all,
            args=(form, others, words),
        )


def _draw_words_for_all(form: Form, others: Sequence[Leaving], chosen: gate.Choice) -> dict[str, str]:
    """The field for each language, by language."""
    st.markdown(quiet(f"{md(GREETING)} becomes each one’s own. Fill in the brackets here, or one by one below."))
    fields: dict[str, str] = {}
    for language in sorted({drafting.languages_of(row.occasion)[0] for row in others}):
        of = replace(others[0].occasion, name="", language=language, result=chosen.result, reason=chosen.reason)
        own = {**form.own_words, ("greeting", language): GREETING}
        draft = filled(of.key, of.known(form.viewer.name), language, own)
        fields[language] = key("words", f"{FOR_ALL}-{of.key}-{language}")
        st.text_area(LANGUAGES[language], draft, height="content", key=fields[language], persist_state="page")
    return fields


def _set_for_all(form: Form, others: Sequence[Leaving], words: Mapping[str, str]) -> None:
    """A callback. Who asked for no contact is told nothing, whatever is set; who has words of their own keeps them."""
    for row in others:
        for field in ("result", "reason", "answer", "channel"):
            if field == "answer" and gate.usual_how(row) == gate.NO_CONTACT:
                continue
            st.session_state[key(field, row.process_id)] = st.session_state.get(key(field, FOR_ALL))
        language = drafting.languages_of(row.occasion)[0]
        if language in words:
            greeting = filled("greeting", row.occasion.known(form.viewer.name), language, form.own_words)
            text = st.session_state.get(words[language], "").replace(GREETING, greeting)
            chosen, given = choice(form, row), key("given", row.process_id)
            field = words_key(row, chosen)
            if st.session_state.get(field) in (None, chosen.draft, st.session_state.get(given)):
                st.session_state[field] = st.session_state[given] = text


# one by one


def draw_person(form: Form, row: Leaving) -> None:
    with st.container(border=True, gap="small", key=f"person-{row.process_id}"):
        stage = f" {badge(row.occasion.stage)}" if row.occasion.stage else ""
        owner = quiet(f"with {md(row.owner)}") if row.owner else ""
        st.markdown(f"**{md(row.name)}**{stage} {owner}")
        _draw_choices(row.process_id, list(Result))
        chosen = choice(form, row)
        if row.meeting_at is not None:
            when = wording.moment(row.meeting_at, form.now, form.calendar)
            st.markdown(f":orange-badge[{md(when)}] {quiet(gate.MEETING_STANDS)}")
        _draw_dates(row, chosen)
        if chosen.must_ask and not row.was_asked:
            _draw_asking(row)
        if chosen.how == gate.TELL_NOW:
            field, language = words_key(row, chosen), drafting.languages_of(row.occasion)[0]
            st.session_state.setdefault(field, chosen.draft)
            st.text_area("What they are told", height="content", key=field, persist_state="session")
            drafting.copy_and_mail(
                occasion(row, chosen),
                form.viewer,
                language,
                lambda: st.session_state.get(field, ""),
                key=f"mail-{row.process_id}",
            )
        elif chosen.how:
            st.markdown(quiet(gate.said_of(chosen.how, row, form.now, form.calendar)))
        if lacks := gate.what_is_missing(choice(form, row), row, form.calendar.day(form.now)):
            st.markdown(f":orange-badge[not yet] {quiet(md(lacks))}")


def _draw_choices(whose: int | str, results: list[Result]) -> gate.Choice:
    """How it ended, why, and the answer; those of one person, or for all."""
    columns = st.columns((1.1, 1.3, 1.2, 1))
    shared: dict[str, Any] = {"persist_state": "page" if whose == FOR_ALL else "session"}
    picked = columns[0].selectbox(
        "How it ended",
        results,
        format_func=lambda one: gate.RESULTS[Result(one)],
        key=key("result", whose),
        **shared,
    )
    result = Result(picked) if picked else None
    of_it = gate.reasons(result)
    if of_it:
        if st.session_state.get(key("reason", whose)) not in of_it:
            st.session_state[key("reason", whose)] = None
        columns[1].selectbox(
            "Why",
            of_it,
            index=None,
            format_func=lambda one: gate.reason_name(ClosingReason(one)),
            key=key("reason", whose),
            placeholder="Choose a reason",
            **shared,
        )
    how = columns[2].selectbox("The answer to them", list(gate.ANSWERS), key=key("answer", whose), **shared)
    if how == gate.TELL_NOW:
        columns[3].selectbox("How", CHANNELS, key=key("channel", whose), **shared)
    reason = st.session_state.get(key("reason", whose)) if of_it else None
    return gate.Choice(result=result, how=how, reason=ClosingReason(reason) if reason else None)


def _draw_dates(row: Leaving, chosen: gate.Choice) -> None:
    if chosen.result is Result.NOT_NOW:
        st.date_input(
            "Look at it again on",
            format=DATES,
            **ANY_YEAR,
            key=key("revisit", row.process_id),
            width=200,
            persist_state="session",
        )
    if chosen.result is Result.HIRED:
        st.date_input(
            "First day, if it is known",
            format=DATES,
            **ANY_YEAR,
            key=key("starts", row.process_id),
            width=200,
            persist_state="session",
        )


def _draw_asking(row: Leaving) -> None:
    """Who would be turned down for their background is asked on their own page, or it is counted that nobody did."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.checkbox("Close without asking; it is counted", key=key("unasked", row.process_id), persist_state="session")
        if st.button("Ask them first", type="tertiary", key=f"ask-{row.process_id}"):
            open_person(row.candidate_id)
