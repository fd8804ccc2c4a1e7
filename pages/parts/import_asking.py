"""Import: what is asked once for each list and set on all its people: where from, on what basis, with whom."""

from datetime import date, timedelta

import streamlit as st

from core.domain.bases import Basis
from core.persistence.viewer import Viewer
from pages.parts import import_columns, import_draft, reads, rhythms, runtime
from pages.parts.import_draft import Draft
from pages.parts.layout import quiet
from pages.parts.wording import md

BASES = {
    Basis.CONSENT: ("Consent for future recruitment", "They said yes, and may take it back."),
    Basis.APPLIED: ("They applied to us", "Kept for the opening they applied for, not for others."),
    Basis.PUBLIC: ("Public profile", "Sourced, as from LinkedIn: they may not know of us yet."),
    Basis.REFERRAL: ("Referral", "Somebody gave us their name: they may not know of us yet."),
    Basis.RELATIONSHIP: ("Existing relationship", "We have spoken before, and they may expect to hear from us."),
}
NOTICE = (
    "They are told within a month, at the latest with the first word: who has their data, where from and what for"
    " (art. 14 GDPR)."
)
UNTIL = "It ends on the day below."
EARLIER = 5


def what_is_missing(draft: Draft) -> str:
    """What has to be said of all of them before they can be brought in; "" is nothing."""
    said, today = draft.said, runtime.store().calendar.day(runtime.store().now())
    if said.basis is None:
        return "Say on what basis these people are kept; then bring them in."
    return import_draft.ground(said).what_is_wrong(today)


def draw(viewer: Viewer, draft: Draft) -> None:
    draw_source(draft)
    draw_basis(draft)
    draw_owner(viewer, draft)


def draw_source(draft: Draft) -> None:
    st.session_state["source"] = draft.said.source
    st.text_input(
        "Where is this list from?",
        key="source",
        placeholder="A fair, a colleague, LinkedIn",
        on_change=take_source,
    )
    if earlier := [name for name in reads.import_sources(EARLIER) if name != draft.said.source]:
        st.pills(
            "As before",
            earlier,
            key=f"earlier-{hash(tuple(earlier))}",
            on_change=take_earlier,
            args=(f"earlier-{hash(tuple(earlier))}",),
            label_visibility="collapsed",
            format_func=md,
            wrap=True,
        )
    import_columns.offer_of_source(draft)


def take_source() -> None:
    import_draft.note(source=st.session_state["source"] or "")


def take_earlier(key: str) -> None:
    if st.session_state[key]:
        import_draft.note(source=st.session_state[key])


def draw_basis(draft: Draft) -> None:
    st.session_state["basis"] = Basis(draft.said.basis) if draft.said.basis else None
    st.radio(
        "On what basis are these people kept?",
        list(BASES),
        index=None,
        format_func=lambda basis: BASES[basis][0],
        captions=[explained(basis, draft.said.basis) for basis in BASES],
        key="basis",
        on_change=take_basis,
    )
    if draft.said.basis is None:
        return
    basis = Basis(draft.said.basis)
    if basis.lapses:
        st.session_state["until"] = date.fromisoformat(draft.said.until) if draft.said.until else None
        st.date_input(
            "The consent holds until", key="until", min_value=tomorrow(), on_change=take_until, format="DD.MM.YYYY"
        )
    if basis.needs_notice:
        st.markdown(quiet(NOTICE))


def explained(basis: Basis, chosen: str | None) -> str:
    """The day is spoken of while it is drawn."""
    return f"{BASES[basis][1]} {UNTIL}" if basis.lapses and basis == chosen else BASES[basis][1]


def tomorrow() -> date:
    store = runtime.store()
    return store.calendar.day(store.now()) + timedelta(days=1)


def take_basis() -> None:
    basis: Basis | None = st.session_state["basis"]
    store = runtime.store()
    until = import_draft.default_until(store.calendar.day(store.now())).isoformat() if basis and basis.lapses else None
    import_draft.note(basis=basis.value if basis else None, until=until)


def take_until() -> None:
    chosen: date | None = st.session_state["until"]
    import_draft.note(until=chosen.isoformat() if chosen else None)


def draw_owner(viewer: Viewer, draft: Draft) -> None:
    colleagues = dict(reads.colleagues())
    with st.grid(2, min_column_width=240):
        st.session_state["owner"] = draft.said.owner_id if draft.said.owner_id in colleagues else viewer.id
        st.selectbox(
            "New people are with",
            list(colleagues),
            format_func=lambda id_: colleagues[id_],
            key="owner",
            on_change=lambda: import_draft.note(owner_id=st.session_state["owner"]),
        )
        st.session_state["rhythm"] = draft.said.rhythm
        st.selectbox(
            "Keep in touch",
            list(dict.fromkeys((*rhythms.for_newcomers(), draft.said.rhythm))),
            key="rhythm",
            on_change=lambda: import_draft.note(rhythm=st.session_state["rhythm"]),
        )
    if rhythms.called(draft.said.rhythm) is not None:
        st.markdown(quiet("Their first dates are spread over that time, so that nobody is overdue tomorrow."))
