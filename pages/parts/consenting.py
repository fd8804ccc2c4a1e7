"""Privacy on a person's page: what they agreed to, whether they may be written to, how long they are kept and why."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import streamlit as st

from core.commands.consents import allow_contact, give_consent, withdraw_consent
from core.commands.privacy import keep_for_claim, keep_no_longer
from core.commands.undo import take_back_fact, undo_fact
from core.domain.bases import BASES, CONSENT_LASTS, PURPOSES
from core.domain.calendar import Calendar
from core.domain.retention import Act, claim_until, longest_claim
from core.persistence.tables.privacy import RequestKind, RequestState
from core.persistence.viewer import Viewer
from core.queries.candidate import Profile
from core.queries.privacy import Agreed, Ground
from pages.parts import actions, person_menu, questions, requests, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.layout import badge, quiet
from pages.parts.questions import DATES, answer, asked_no_more, operation_of
from pages.parts.wording import md

GIVE, RENEW, KEEP, TAKE_BACK = "Note a consent…", "Renew it…", "Keep for a claim…", "Noted wrongly…"
ACTS = {
    Act.WORD: "a word from them",
    Act.SEE: "they asked for their data",
    Act.FORGET: "they asked to be forgotten",
    Act.MEETING: "a meeting they came to",
    Act.CONSENT: "a consent they gave",
    Act.REFERRAL: "a recommendation they made",
    Act.PLACEMENT: "a job they took",
}
NEVER_ACTED = "nothing since they came on record"


def draw(person: Profile, ground: Ground, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    day = calendar.day(now)
    draw_consent(person, ground, day, may_edit=viewer.may_edit)
    draw_contact(person, may_edit=viewer.may_edit)
    draw_kept(person, ground, viewer, now, calendar)
    draw_requests(person, ground, viewer, now, calendar)
    draw_history(ground, day, calendar, may_edit=viewer.may_edit)


def dialogs(person: Profile, ground: Ground, viewer: Viewer, now: datetime, calendar: Calendar) -> questions.Dialogs:
    day = calendar.day(now)
    last = next((one for one in ground.consents if one.until is not None), None)
    found: dict[tuple[str, int], Callable[[], None]] = {
        (GIVE, person.id): partial(ask_consent, person, None, calendar, day),
        (RENEW, person.id): partial(ask_consent, person, last, calendar, day),
        (requests.SEE, person.id): partial(requests.ask_kind, person.id, person.called, RequestKind.SEE, day),
        (requests.BE_FORGOTTEN, person.id): partial(
            requests.ask_kind, person.id, person.called, RequestKind.FORGET, day
        ),
        **requests.dialogs(ground.requests, viewer, now, calendar),
        **{(TAKE_BACK, one.id): partial(ask_take_back, one, person, day, calendar) for one in ground.consents},
    }
    if viewer.is_admin:
        found[KEEP, person.id] = partial(ask_keep, person, ground, day)
    return found


# what they agreed to


def draw_consent(person: Profile, ground: Ground, day: date, *, may_edit: bool) -> None:
    stands = ground.consent(day)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(consent_in_words(ground, stands, day), width="stretch")
        if not may_edit:
            return
        label = RENEW if ground.consents and ground.consents[0].until is not None else GIVE
        if st.button(label, key="consent"):
            questions.ask(label, person.id)
        if stands is not None and st.button("They withdrew it", type="tertiary", key="withdraw-consent"):
            done = f"Withdrawn: the consent of {person.called}"
            actions.act(withdraw_consent, person.id, done=done, undo_by=undo_fact)


def consent_in_words(ground: Ground, stands: Agreed | None, day: date) -> str:
    if stands is not None and stands.purpose is not None and stands.until is not None:
        return f"**Agreed** {PURPOSES[stands.purpose]}, until {wording.day(stands.until, day)}."
    if not ground.consents:
        return "**No consent** is on record."
    last = ground.consents[0]
    if last.until is None:
        return "**No consent**: they withdrew it."
    return f"**No consent** any more: it lapsed on {wording.day(last.until, day)}."


def draw_contact(person: Profile, *, may_edit: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = (
            "**No contact** is wanted: we answer, and start nothing."
            if person.do_not_contact
            else "Contact is welcome."
        )
        st.markdown(said, width="stretch")
        if not may_edit:
            return
        if person.do_not_contact:
            done = f"Contact is welcome again: {person.called}"
            if st.button(person_menu.ALLOW, type="tertiary", key="allow-contact"):
                actions.act(allow_contact, person.id, done=done, undo_by=undo_fact)
        elif st.button(f"{person_menu.FORBID}…", type="tertiary", key="forbid-contact"):
            questions.ask(person_menu.FORBID, person.id)


@st.dialog("Consent", on_dismiss=asked_no_more)
def ask_consent(person: Profile, before: Agreed | None, calendar: Calendar, day: date) -> None:
    """`before`: the one that is renewed, from which the rest is taken."""
    st.markdown(f"**{md(person.called)}** agrees:")
    operation = operation_of(give_consent, person.id)
    usual_purpose = (before and before.purpose) or next(iter(PURPOSES))
    kept = unsaved.kept(f"consent-purpose-{operation}", begun=usual_purpose)
    purpose = choose_one("To what", PURPOSES, usual_purpose, **kept)
    usual_basis = (before and before.basis) or next(iter(BASES))
    basis = choose_one(
        "By which rule", BASES, usual_basis, **unsaved.kept(f"consent-basis-{operation}", begun=usual_basis)
    )
    left, right = st.columns(2)
    kept = unsaved.kept(f"consent-on-{operation}", begun=day)
    on = left.date_input("Given on", day, max_value=day, format=DATES, **kept)
    usual_end = day + CONSENT_LASTS
    kept = unsaved.kept(f"consent-until-{operation}", begun=usual_end)
    until = right.date_input("Until", usual_end, min_value=day, format=DATES, **kept)
    kept = unsaved.kept(f"consent-source-{operation}", f"How the consent came: {person.called}")
    source = st.text_input("How it came", placeholder="By e-mail, in a form, on paper", **kept)
    begun = before.evidence if before else ""
    kept = unsaved.kept(f"consent-evidence-{operation}", f"Wording of the consent: {person.called}", begun)
    evidence = st.text_area("Its exact wording, and what shows it", begun, height=120, **kept)
    if st.button("Note it", type="primary", key="note-consent"):
        answer(
            give_consent,
            person.id,
            until,
            purpose=purpose,
            basis=basis,
            source=source or "",
            evidence=evidence or "",
            at=None if on is None or on >= day else calendar.opening_of(on),
            done=f"Consent until {wording.day(until, day)}: {person.called}",
        )


# how long they are kept


def draw_kept(person: Profile, ground: Ground, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    is_kept = claim_until(ground.kept_until, calendar.day(now)) is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(kept_in_words(ground, viewer, now, calendar), width="stretch")
        if viewer.is_admin and is_kept and st.button("The claim is over", type="tertiary", key="claim-over"):
            actions.act(keep_no_longer, person.id, done=f"Kept for a claim no longer: {person.called}")


def kept_in_words(ground: Ground, viewer: Viewer, now: datetime, calendar: Calendar) -> str:
    if ground.acted_on is None:
        return ""
    day = calendar.day(now)
    what = ACTS[ground.act.what] if ground.act else NEVER_ACTED
    said = f"Their own last act: {what}, {wording.day(ground.acted_on, day)}."
    if until := claim_until(ground.kept_until, day):
        why = f": {md(ground.kept_because)}" if viewer.is_admin else ""
        return f"{said} A claim keeps them until {wording.day(until, day)}{why}."
    if ground.due_on is None:
        return f"{said} In process, they are kept."
    if ground.due_on > day:
        return f"{said} Kept until {wording.day(ground.due_on, day)}, unless they act again."
    return f"{said} {kept_long_enough(ground, now, calendar)}"


def kept_long_enough(ground: Ground, now: datetime, calendar: Calendar) -> str:
    """Whoever asked to see their data is not erased before."""
    day = calendar.day(now)
    if any(one.kind is RequestKind.SEE and one.state is RequestState.OPEN for one in ground.requests):
        return "They were kept long enough, and are to see their data before they are erased."
    waiting = next((one for one in ground.requests if one.waits_there(day)), None)
    if waiting is None or waiting.fetch_until is None:
        return f"They were kept long enough: to be erased {badge('now', 'blue')}"
    said = (
        "They were kept long enough: to be erased once they have fetched their data from their own page, or after"
        f" {wording.day(waiting.fetch_until, day)}."
    )
    return said if waiting.is_led_to(now) else f"{said} Just now {requests.NO_LINK}."


@st.dialog("Keep for a claim", on_dismiss=asked_no_more)
def ask_keep(person: Profile, ground: Ground, day: date) -> None:
    said = "They don’t fall due before that day, and can’t be erased. Only admins see why."
    st.markdown(f"A claim needs what is known of **{md(person.called)}**? {quiet(said)}")
    operation, usual = operation_of(keep_for_claim, person.id), day + timedelta(days=365)
    kept = unsaved.kept(f"claim-until-{operation}", begun=usual)
    until = st.date_input("Until", usual, min_value=day, max_value=longest_claim(day), format=DATES, **kept)
    kept = unsaved.kept(f"claim-because-{operation}", f"Which claim: {person.called}", ground.kept_because)
    because = st.text_area("Which claim", ground.kept_because, **kept)
    if st.button("Keep them", type="primary", key="keep-them"):
        done = f"Kept until {wording.day(until, day)}: {person.called}"
        answer(keep_for_claim, person.id, until, because or "", done=done, undo_by=keep_no_longer)


# what they asked, and what was agreed before


def draw_requests(person: Profile, ground: Ground, viewer: Viewer, now: datetime, calendar: Calendar) -> None:
    waiting = [one for one in ground.requests if one.state is RequestState.OPEN]
    for request in waiting:
        requests.draw_open(request, viewer, now, calendar, with_person=False)
    for request in ground.requests:
        if request.state is not RequestState.OPEN:
            requests.draw_answered(request, viewer, now, calendar)
    if viewer.may_edit:
        with st.container(horizontal=True, gap="small"):
            asked = {one.kind for one in waiting}
            if RequestKind.SEE not in asked and st.button(requests.SEE, key="asks-to-see"):
                questions.ask(requests.SEE, person.id)
            if RequestKind.FORGET not in asked and st.button(requests.BE_FORGOTTEN, key="asks-to-be-forgotten"):
                questions.ask(requests.BE_FORGOTTEN, person.id)
            is_kept = claim_until(ground.kept_until, calendar.day(now)) is not None
            if viewer.is_admin and not is_kept and st.button(KEEP, type="tertiary", key="keep-for-claim"):
                questions.ask(KEEP, person.id)


def draw_history(ground: Ground, day: date, calendar: Calendar, *, may_edit: bool) -> None:
    if not ground.consents:
        return
    st.markdown("**What was agreed**")
    for agreed in ground.consents:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(agreed_in_words(agreed, day, calendar), width="stretch")
                if may_edit:
                    asked = (TAKE_BACK, agreed.id)
                    st.button(
                        TAKE_BACK, type="tertiary", key=f"take-back-{agreed.id}", on_click=questions.ask, args=asked
                    )
            if agreed.evidence:
                st.text(agreed.evidence)


@st.dialog("Noted wrongly", on_dismiss=asked_no_more)
def ask_take_back(agreed: Agreed, person: Profile, day: date, calendar: Calendar) -> None:
    """A consent that was never given, or never withdrawn."""
    st.markdown(agreed_in_words(agreed, day, calendar))
    st.markdown(quiet("It then counts as never noted. Whoever changed their mind withdraws it instead."))
    if st.button("Take it back", type="primary", key="take-consent-back"):
        answer(take_back_fact, agreed.id, done=f"Taken back: what {person.called} agreed to", undo_by=None)


def agreed_in_words(agreed: Agreed, day: date, calendar: Calendar) -> str:
    on, by = wording.day(calendar.day(agreed.at), day), f"noted by {md(agreed.by)}" if agreed.by else ""
    if agreed.until is None or agreed.purpose is None or agreed.basis is None:
        return f"Withdrawn {on}  \n{quiet(by)}"
    how = quiet(" · ".join(filter(None, (BASES[agreed.basis], md(agreed.source), by))))
    return f"Given {on}, {PURPOSES[agreed.purpose]}, until {wording.day(agreed.until, day)}  \n{how}"
