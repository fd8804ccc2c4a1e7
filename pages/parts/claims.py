"""The form in which a recommendation is written: one claim to a row, each with how we know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from core.commands.recommendations import MOST_CLAIMS, Said
from core.domain.calendar import Calendar
from core.persistence.tables.words import ClaimSource
from core.queries.recommendations import SOURCES, Claimed, Recommended, Word
from pages.parts import state, unsaved, wording
from pages.parts.layout import quiet
from pages.parts.recommended import own_words

ROWS_AT_FIRST, MOST_DRAFTS = 3, 5
NOTES = {
    ClaimSource.SAID: "What was said, if it is worth keeping",
    ClaimSource.CV: "Where in the CV",
    ClaimSource.TESTED: "How, and with what result",
    ClaimSource.REFERENCE: "Whose; it stays with us",
    ClaimSource.NONE: "Why we think so all the same",
}


@dataclass(slots=True)
class Draft:
    """What is being written, as it was when the form was first drawn; the words since are in its widgets."""

    form: str
    version: int
    summary: str
    claims: dict[int, Claimed | None] = field(default_factory=dict)
    """The rows, by number."""
    next: int = 0

    def add(self, claim: Claimed | None = None) -> None:
        self.claims[self.next] = claim
        self.next += 1

    def remove(self, number: int) -> None:
        self.claims.pop(number, None)


def draft_of(form: str, found: Recommended | None) -> Draft:
    """The same as long as the form is: what somebody else saves meanwhile takes no word away."""
    drafts: dict[str, Draft] = st.session_state.setdefault(state.RECOMMENDING, {})
    if form not in drafts:
        draft = drafts[form] = Draft(form, found.version if found else 0, found.summary if found else "")
        for claim in found.claims if found else [None] * ROWS_AT_FIRST:
            draft.add(claim)
        for longest_ago in list(drafts)[:-MOST_DRAFTS]:
            del drafts[longest_ago]
    return drafts[form]


def let_go(form: str) -> None:
    st.session_state.get(state.RECOMMENDING, {}).pop(form, None)


def draw(
    draft: Draft, words: Sequence[Word], stored: Sequence[Claimed], now: datetime, calendar: Calendar
) -> list[Said]:
    """All that stands in the rows just now; of each that is stored, what the candidate says of it by now."""
    said = {word.id: _said(word, now, calendar) for word in words}
    own = {claim.text: claim for claim in stored if claim.own_word_at}
    written = [
        _row(draft, number, claim, said, own.get(claim.text) if claim else None)
        for number, claim in list(draft.claims.items())
    ]
    if len(draft.claims) < MOST_CLAIMS:
        st.button("Add a claim", type="tertiary", key="add-claim", on_click=draft.add)
    return written


def _row(draft: Draft, number: int, claim: Claimed | None, words: dict[int, str], own: Claimed | None) -> Said:
    key = f"{number}-{draft.form}"
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            before = claim.text if claim else ""
            kept = unsaved.kept(f"claim-{key}", "What you say of them", before)
            st.session_state.setdefault(kept["key"], before)
            text = st.text_input("What you say of them", placeholder="One thing, plainly", **kept)
            if len(draft.claims) > 1:
                st.button("Remove", type="tertiary", key=f"remove-{key}", on_click=draft.remove, args=(number,))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            sources = list(SOURCES)
            source_before = claim.source if claim else sources[-1]
            chosen = st.selectbox(
                "How we know",
                sources,
                index=sources.index(source_before),
                format_func=lambda source: SOURCES[source],
                width=170,
                **unsaved.kept(f"source-{key}", begun=source_before),
            )
            source = ClaimSource(chosen)
            fact_id = _cited(claim, key, words) if source is ClaimSource.SAID else None
            kept = unsaved.kept(f"note-{key}", "Detail", claim.note if claim else "")
            note = st.text_input("Detail", claim.note if claim else "", placeholder=NOTES[source], **kept)
            confirmed = False
            if own is None:
                was = claim.is_confirmed if claim else False
                confirmed = st.checkbox(
                    "Confirmed by the candidate", was, **unsaved.kept(f"confirmed-{key}", begun=was)
                )
            elif not own.correction:
                st.markdown(quiet("Confirmed by the candidate, on their own page"), width="content")
        if own is not None and own.correction:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(own_words(own), width="stretch")
                taken = (f"claim-{key}", own.correction)
                st.button("Take it over", key=f"take-{key}", on_click=_take_over, args=taken)
    return Said(text=text or "", source=source, fact_id=fact_id, note=note or "", is_confirmed=confirmed)


def _take_over(key: str, correction: str) -> None:
    """A correction in the place of the claim: confirmed by whoever made it, once it is saved."""
    st.session_state[key] = correction


def _cited(claim: Claimed | None, key: str, words: dict[int, str]) -> int | None:
    ids = list(words)
    begun = claim.fact_id if claim and claim.fact_id in words else None
    chosen: int | None = st.selectbox(
        "When",
        ids,
        index=None if begun is None else ids.index(begun),
        format_func=lambda id_: words[id_],
        placeholder="In which of their words" if ids else "No word of theirs is on record",
        disabled=not ids,
        **unsaved.kept(f"said-in-{key}", begun=begun),
    )
    return chosen


def _said(word: Word, now: datetime, calendar: Calendar) -> str:
    """“Tue 24 Feb, e-mail: Is there any news?”, as text."""
    begun = " ".join(word.text.split())[:80]
    channel = f", {word.channel}" if word.channel else ""
    when = wording.day(calendar.day(word.at), calendar.day(now))
    return f"{when}{channel}{f': {begun}' if begun else ''}"
