"""The form in which everybody in an opening gets an answer: set for all at once, then one by one.

What was chosen and typed for somebody stays there until the opening is closed, whatever page is looked at meanwhile;
the browser asks before loading the page again, which would lose it.
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
from pages.parts import drafting, gate, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.keeping import CHANNELS, EMAIL
from pages.parts.layout import badge, open_person, quiet
from pages.parts.questions import ANY_YEAR, DATES
from pages.parts.wording import md

GREETING = "‹greeting›"
"""Stands in the words for all where each one's own greeting comes."""
USUAL = {
    OpeningStatus.FILLED: (Result.OPENING_CLOSED, ClosingReason.SOMEBODY_ELSE),
    OpeningStatus.CANCELLED: (Result.OPENING_CLOSED, None),
}
FOR_ALL = "all"


@dataclass(frozen=True, slots=True)
class Form:
    called: str
    """The opening."""
    status: OpeningStatus
    operation: str
    """Its key ends those of the fields, which are forgotten with it."""
    rows: Sequence[Leaving]
    viewer: Viewer
    now: datetime
    calendar: Calendar
    own_words: Mapping[tuple[str, str], str]
    """The team's wording, read once for all of them."""

    def draft(self, of: Occasion, language: str) -> str:
        return drafts.draft(of, me=self.viewer.name, language=language, own=self.own_words)

    def key(self, field: str, whose: int | str) -> str:
        """What is chosen for one who leaves as it is filled stays with that, where it is cancelled after all."""
        return f"ending-{field}-{whose}-{self.status}-{self.operation}"

    def kept(self, field: str, whose: int | str, begun: Any) -> dict[str, Any]:
        return unsaved.kept(self.key(field, whose), begun=begun, is_work=True)

    def words_key(self, row: Leaving, chosen: gate.Choice) -> str:
        """Another ending is another letter: what was written for the one stays with it."""
        ending = f"{chosen.result}-{chosen.reason}-{chosen.revisit_on}"
        return f"ending-words-{row.process_id}-{ending}-{self.operation}"

    def usual(self, row: Leaving | None) -> dict[str, Any]:
        """How such an opening usually ends for one of those in it, or for all: so it stands there until it is said."""
        result, reason = USUAL[self.status]
        how = gate.usual_how(row) if row else gate.TELL_NOW
        return {"result": result, "reason": reason, "answer": how, "channel": EMAIL}

    def said(self, row: Leaving | None) -> dict[str, Any]:
        """What is chosen by now, on this page of the list or another."""
        whose = row.process_id if row else FOR_ALL
        return {name: unsaved.value(self.key(name, whose), usual) for name, usual in self.usual(row).items()}

    def say(self, row: Leaving, **said: Any) -> None:
        usual = self.usual(row)
        for name, value in said.items():
            unsaved.put(self.key(name, row.process_id), value, begun=usual[name], is_work=True)


def choice(form: Form, row: Leaving) -> gate.Choice:
    """As it stands for one of them."""
    said, id_ = form.said(row), row.process_id
    result = Result(said["result"]) if said["result"] else None
    reason = ClosingReason(said["reason"]) if said["reason"] else None
    chosen = gate.Choice(
        result=result,
        how=said["answer"],
        reason=reason if reason in gate.reasons(result) else None,
        channel=said["channel"] or "",
        revisit_on=unsaved.value(form.key("revisit", id_)),
        starts_on=unsaved.value(form.key("starts", id_)),
        is_unasked=bool(unsaved.value(form.key("unasked", id_))),
    )
    if chosen.how != gate.TELL_NOW:
        return chosen
    draft = form.draft(occasion(row, chosen), drafting.languages_of(row.occasion)[0])
    return replace(chosen, draft=draft, text=unsaved.value(form.words_key(row, chosen), draft))


def occasion(row: Leaving, chosen: gate.Choice) -> Occasion:
    return replace(row.occasion, result=chosen.result, reason=chosen.reason, revisit=chosen.revisit_on)


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
    rows, key = {row.process_id: row for row in form.rows}, form.key("hired", "who")
    hired = _hired(form)
    if st.session_state.get(key) != hired:
        st.session_state[key] = hired
    st.multiselect(
        "Who is hired",
        list(rows),
        format_func=lambda id_: rows[id_].name if id_ in rows else "",
        key=key,
        on_change=_hire,
        args=(form,),
        placeholder="Somebody of them, or nobody",
    )


def _hired(form: Form) -> list[int]:
    return [row.process_id for row in form.rows if form.said(row)["result"] == Result.HIRED]


def _hire(form: Form) -> None:
    hired, before = st.session_state[form.key("hired", "who")], _hired(form)
    result, reason = USUAL[OpeningStatus.FILLED]
    for row in form.rows:
        if row.process_id in hired:
            form.say(row, result=Result.HIRED, reason=None)
        elif row.process_id in before:
            form.say(row, result=result, reason=reason)


def draw_for_all(form: Form) -> None:
    """One choice for everybody but the hired; the words go to those who are written to in that language."""
    hired = _hired(form)
    others = [row for row in form.rows if row.process_id not in hired]
    if len(others) < 2:
        return
    with st.container(border=True, gap="small"):
        st.markdown("**The same for all**" if len(others) == len(form.rows) else "**The same for all the others**")
        chosen = _draw_choices(form, None, [result for result in Result if result is not Result.HIRED])
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
        fields[language] = form.key("words", f"{FOR_ALL}-{of.key}-{language}")
        kept = unsaved.kept(fields[language], f"What all are told, {LANGUAGES[language]}: {form.called}", draft)
        st.text_area(LANGUAGES[language], draft, height="content", **kept)
    return fields


def _set_for_all(form: Form, others: Sequence[Leaving], words: Mapping[str, str]) -> None:
    """A callback. Who asked for no contact is told nothing, whatever is set; who has words of their own keeps them."""
    for row in others:
        said = form.said(None)
        if gate.usual_how(row) == gate.NO_CONTACT:
            del said["answer"]
        form.say(row, **said)
        language = drafting.languages_of(row.occasion)[0]
        if language in words:
            greeting = filled("greeting", row.occasion.known(form.viewer.name), language, form.own_words)
            text = unsaved.value(words[language], "").replace(GREETING, greeting)
            chosen, given = choice(form, row), form.key("given", row.process_id)
            field = form.words_key(row, chosen)
            if unsaved.value(field) in (None, chosen.draft, unsaved.value(given)):
                unsaved.put(field, text, _called(row), chosen.draft, whom=row.candidate_id)
                unsaved.put(given, text, whom=row.candidate_id)


def _called(row: Leaving) -> str:
    return f"What {row.name} is told"


# one by one


def draw_person(form: Form, row: Leaving) -> None:
    with st.container(border=True, gap="small", key=f"person-{row.process_id}"):
        stage = f" {badge(row.occasion.stage)}" if row.occasion.stage else ""
        owner = quiet(f"with {md(row.owner)}") if row.owner else ""
        st.markdown(f"**{md(row.name)}**{stage} {owner}")
        _draw_choices(form, row, list(Result))
        chosen = choice(form, row)
        if row.meeting_at is not None:
            when = wording.moment(row.meeting_at, form.now, form.calendar)
            st.markdown(f":orange-badge[{md(when)}] {quiet(gate.MEETING_STANDS)}")
        _draw_dates(form, row, chosen)
        if chosen.must_ask and not row.was_asked:
            _draw_asking(form, row)
        if chosen.how == gate.TELL_NOW:
            field, language = form.words_key(row, chosen), drafting.languages_of(row.occasion)[0]
            kept = unsaved.kept(field, _called(row), chosen.draft, whom=row.candidate_id)
            st.text_area("What they are told", chosen.draft, height="content", **kept)
            with st.container(horizontal=True, gap="small"):
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


def _draw_choices(form: Form, row: Leaving | None, results: list[Result]) -> gate.Choice:
    """How it ended, why, and the answer; those of one person, or for all."""
    columns = st.columns((1.1, 1.3, 1.2, 1))
    usual, whose = form.usual(row), row.process_id if row else FOR_ALL
    keys = {name: form.key(name, whose) for name in usual}
    kept = {name: form.kept(name, whose, begun) for name, begun in usual.items()}
    ends = {one: gate.RESULTS[one] for one in results}
    picked = choose_one("How it ended", ends, usual["result"], columns[0], **kept["result"])
    result = Result(picked) if picked else None
    of_it = gate.reasons(result)
    if of_it:
        begun = usual["reason"] if usual["reason"] in of_it else None
        if st.session_state.get(keys["reason"], begun) not in of_it:
            st.session_state[keys["reason"]] = None
        why = {one: gate.reason_name(ClosingReason(one)) for one in of_it}
        choose_one("Why", why, begun, columns[1], placeholder="Choose a reason", **kept["reason"])
    answers = list(gate.ANSWERS)
    how = columns[2].selectbox("The answer to them", answers, index=answers.index(usual["answer"]), **kept["answer"])
    if how == gate.TELL_NOW:
        columns[3].selectbox("How", CHANNELS, index=CHANNELS.index(usual["channel"]), **kept["channel"])
    reason = st.session_state.get(keys["reason"]) if of_it else None
    return gate.Choice(result=result, how=how, reason=ClosingReason(reason) if reason else None)


def _draw_dates(form: Form, row: Leaving, chosen: gate.Choice) -> None:
    field = {Result.NOT_NOW: "revisit", Result.HIRED: "starts"}.get(chosen.result) if chosen.result else None
    if field is not None:
        label = "Look at it again on" if field == "revisit" else "First day, if it is known"
        kept = form.kept(field, row.process_id, begun=None)
        st.date_input(label, None, format=DATES, **ANY_YEAR, width=200, **kept)


def _draw_asking(form: Form, row: Leaving) -> None:
    """Who would be turned down for their background is asked on their own page, or it is counted that nobody did."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kept = form.kept("unasked", row.process_id, begun=False)
        st.checkbox("Close without asking; it is counted", **kept)
        if st.button("Ask them first", type="tertiary", key=f"ask-{row.process_id}"):
            open_person(row.candidate_id)
