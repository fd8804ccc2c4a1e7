"""The form in which a recommendation is written: one claim to a row, each with how we know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from core.commands.recommendations import MOST_CLAIMS, Said
from core.domain.calendar import Calendar
from core.persistence.tables.words import ClaimSource
from core.queries.recommendations import SOURCES, Claimed, Recommended, Word
from pages.parts import unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form, begin_in_others
from pages.parts.layout import quiet
from pages.parts.recommended import own_words

ROWS_AT_FIRST = 3
SUMMARY, ROWS = "summary", "rows"
PARTS = ("claim", "source", "note", "confirmed", "said-in")
"""Of a row: what stands before its number in the name of a field."""
NOTES = {
    ClaimSource.SAID: "What was said, if it is worth keeping",
    ClaimSource.CV: "Where in the CV",
    ClaimSource.TESTED: "How, and with what result",
    ClaimSource.REFERENCE: "Whose; it stays with us",
    ClaimSource.NONE: "Why we think so all the same",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written anew, as it was when somebody began to."""

    form: Form
    about: str
    """Whom."""
    version: int
    summary: str
    claims: tuple[Claimed, ...]
    rows: list[int]
    """The numbers of those that stand there: first those of the claims, then those of rows that were added."""

    def add(self) -> None:
        self.rows.append(max([*self.rows, len(self.claims) - 1]) + 1)

    def remove(self, number: int) -> None:
        if number in self.rows:
            self.rows.remove(number)
        unsaved.drop(self.form.field(f"{part}-{number}") for part in PARTS)  # another row may get its number


def draft_of(key: str, about: str, found: Recommended | None) -> Draft:
    """`key`: of its form."""
    now = (found.version, found.summary, found.claims) if found else (0, "", ())
    fields = {SUMMARY: f"{SUMMARY}-{key}", ROWS: f"{ROWS}-{key}"}
    form = Form(key, fields, forget=partial(begin_in_others, key))  # it goes by `fields`, also by those added below
    fields |= _fields_of(key, unsaved.value(form.field(ROWS), ()))
    version, summary, claims = form.drawn_from(now)
    begun = list(range(len(claims) if found else ROWS_AT_FIRST))
    unsaved.watch(form.field(ROWS), "", begun)
    rows = st.session_state.setdefault(form.field(ROWS), list(begun))
    fields |= _fields_of(key, rows)  # of those it has just begun with
    return Draft(form, about, version, summary, claims, rows)


def _fields_of(key: str, rows: Sequence[int]) -> dict[str, str]:
    """What stands in each row of the form of that key."""
    return {f"{part}-{number}": f"{part}-{number}-{key}" for number in rows for part in PARTS}


def draw(
    draft: Draft, words: Sequence[Word], stored: Sequence[Claimed], now: datetime, calendar: Calendar
) -> list[Said]:
    """All that stands in the rows just now; of each that is stored, what the candidate says of it by now."""
    said = {word.id: _said(word, now, calendar) for word in words}
    own = {claim.text: claim for claim in stored if claim.own_word_at}
    written = []
    for number in draft.rows:
        claim = draft.claims[number] if number < len(draft.claims) else None
        written.append(_row(draft, number, claim, said, own.get(claim.text) if claim else None))
    if len(draft.rows) < MOST_CLAIMS:
        st.button("Add a claim", type="tertiary", key="add-claim", on_click=draft.add)
    return written


def _row(draft: Draft, number: int, claim: Claimed | None, words: dict[int, str], own: Claimed | None) -> Said:
    form = draft.form
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            before, claimed = claim.text if claim else "", form.field(f"claim-{number}")
            kept = form.kept(f"claim-{number}", before, f"What you say of {draft.about}")
            st.session_state.setdefault(claimed, before)
            text = st.text_input("What you say of them", placeholder="One thing, plainly", **kept)
            if len(draft.rows) > 1:
                st.button("Remove", type="tertiary", key=f"remove-{claimed}", on_click=draft.remove, args=(number,))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            begun = claim.source if claim else list(SOURCES)[-1]
            source = (
                choose_one("How we know", SOURCES, begun, width=170, **form.kept(f"source-{number}", begun)) or begun
            )
            fact_id = _cited(form, number, claim, words) if source is ClaimSource.SAID else None
            before = claim.note if claim else ""
            kept = form.kept(f"note-{number}", before, f"A detail of what you say of {draft.about}")
            note = st.text_input("Detail", before, placeholder=NOTES[source], **kept)
            confirmed = False
            if own is None:
                was = claim.is_confirmed if claim else False
                confirmed = st.checkbox("Confirmed by the candidate", was, **form.kept(f"confirmed-{number}", was))
            elif not own.correction:
                st.markdown(quiet("Confirmed by the candidate, on their own page"), width="content")
        if own is not None and own.correction:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(own_words(own), width="stretch")
                taken = (claimed, own.correction)
                st.button("Take it over", key=f"take-{number}", on_click=_take_over, args=taken)
    return Said(text=text or "", source=source, fact_id=fact_id, note=note or "", is_confirmed=confirmed)


def _take_over(key: str, correction: str) -> None:
    """A correction in the place of the claim: confirmed by whoever made it, once it is saved."""
    st.session_state[key] = correction


def _cited(form: Form, number: int, claim: Claimed | None, words: dict[int, str]) -> int | None:
    begun = claim.fact_id if claim and claim.fact_id in words else None
    kept = form.kept(f"said-in-{number}", begun)
    hint = "In which of their words" if words else "No word of theirs is on record"
    return choose_one("When", words, begun, placeholder=hint, disabled=not words, **kept)


def _said(word: Word, now: datetime, calendar: Calendar) -> str:
    """“Tue 24 Feb, e-mail: Is there any news?”, as text."""
    begun = " ".join(word.text.split())[:80]
    channel = f", {word.channel}" if word.channel else ""
    when = wording.day(calendar.day(word.at), calendar.day(now))
    return f"{when}{channel}{f': {begun}' if begun else ''}"
