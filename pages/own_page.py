"""The candidate's own page: how it stands for them, what we say of them, and what they have to say. Without a login.

It is reached by the link they were given (`/own/…` in app.py), and shows nothing of anybody else's.
"""

import streamlit as st
from dateutil.relativedelta import relativedelta

from core import settings
from core.commands import own_page as commands
from core.domain.facts import Result, Turn
from core.domain.own_page import CONSENT_MONTHS, HIGHEST, Words, words
from core.domain.templates import LANGUAGES
from core.persistence.tables import RequestKind
from core.queries.own_page import How, Meets, OwnPage, Said, SaidFor, Standing
from pages.parts import actions, own_page, reads, runtime, unsaved
from pages.parts.layout import quiet, write_head
from pages.parts.wording import md

OWN_DATA = "/own-data"
"""Where app.py hands out the file; streamlit's own downloads are for members."""
LANGUAGE = "language"
"""In the address."""
TURNS = {Turn.OURS: "ours", Turn.CLIENT: "client", Turn.CANDIDATE: "candidate"}

viewer = runtime.viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)
page = reads.own_page_of(runtime.own_page_token())


def draw_shut() -> None:
    """Of every link that opens nothing, the same."""
    unsent = own_page.unsent()
    for language in LANGUAGES:
        say = words(language)
        st.markdown(md(f"{say('shut')} {say('unsent')}" if unsent else say("shut")))
    for text in unsent:
        st.code(text, language=None, wrap_lines=True)


def language_of(page: OwnPage) -> str:
    """As they chose it; else as we write to them."""
    chosen = (st.query_params.get(LANGUAGE), page.language, settings.current().language)
    return next(language for language in chosen if language in LANGUAGES)


def speak(language: str) -> None:
    st.query_params[LANGUAGE] = language


def draw(page: OwnPage, say: Words) -> None:
    line = say("until", name=page.name, day=say.day(page.expires_at, now, calendar))
    write_head(st.container(gap=None), title_of(page, say), md(line))
    if viewer:
        own_page.note(say("preview", name=viewer.name, candidate=page.name))
    own_page.say_what_came(say)
    draw_where(page, say)
    draw_question(page, say)
    draw_claims(page.said, say)
    draw_ended(page, say)
    draw_consent(page, say)
    draw_requests(page, say)


def title_of(page: OwnPage, say: Words) -> str:
    """Where they meet us or a client today, that first; when they hear next stands there all the same."""
    today = [meets(one, say) for one in page.meetings[:1] if calendar.day(one.starts_at) == day]
    words = [say.next_word(page.next.by, page.next.due_at, now, calendar)] if page.next else []
    return ". ".join(today + words) or say("nothing_due")


def meets(one: Meets, say: Words) -> str:
    return say.meeting(one.kind, one.starts_at, now, calendar)


def draw_where(page: OwnPage, say: Words) -> None:
    st.subheader(say("where"), anchor=False)
    for meeting in page.meetings:
        st.markdown(md(f"{meets(meeting, say)}{f' · {meeting.opening}' if meeting.opening else ''}"))
    current = [one for one in page.standing if one.how in (How.ACTIVE, How.OWED)]
    if not current:
        st.markdown(md(say("nowhere")))
    for one in current:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{md(one.opening)}**{f' · {md(one.client)}' if one.client else ''}")
            st.markdown(md(how_it_stands(one, say)))


def how_it_stands(one: Standing, say: Words) -> str:
    said = [say("stage", stage=one.stage)] if one.stage else []
    if one.how is How.OWED:
        said.append(say("owed"))
    else:
        said.append(say("held") if one.is_held else say(TURNS[one.turn]))
    if one.next:
        said.append(say.next_word(one.next.by, one.next.due_at, now, calendar) + ".")
    return " ".join(said)


def draw_question(page: OwnPage, say: Words) -> None:
    st.subheader(say("ask"), anchor=False)
    operation = actions.operation("own-ask")
    current = [one for one in page.standing if one.how in (How.ACTIVE, How.OWED)]
    with st.container():  # what is below stays in its place, and open, whether or not a line is drawn here
        if page.answer:
            owed = say.next_word(page.answer.by, page.answer.due_at, now, calendar)
            st.markdown(md(say("asked_before", owed=owed)))
        places = [say("ask_nothing"), *(one.opening for one in current)]
        about = 0
        if current:
            about = st.selectbox(
                say("ask_about"),
                range(len(places)),
                format_func=lambda place: places[place],
                key=f"ask-about-{say.language}-{operation}",
            )
        kept = unsaved.kept(f"ask-text-{operation}", say("ask_text"))
        text = st.text_area(say("ask_text"), **kept) or ""
        send = st.button(say("ask_send"), type="primary", key=f"ask-{operation}", disabled=bool(viewer))
        if send and fits(text, commands.LONGEST, say):
            process_id = current[about - 1].process_id if about else None
            own_page.act(commands.ask, text, process_id, say=say, done="asked", operation=operation)


def fits(text: str, most: int, say: Words) -> bool:
    """Else says here why not. The field itself has no limit: what is pasted beyond one, a browser drops in silence."""
    written = len(text.strip())
    if not written:
        st.error(say("ask_empty"))
    elif written > most:
        st.error(say("too_long", written=written, most=most))
    else:
        return True
    return False


# what we say of them


def draw_claims(said: list[SaidFor], say: Words) -> None:
    st.subheader(say("claims"), anchor=False)
    st.markdown(md(say("claims_line" if said else "no_claims")))
    for one in said:
        if one.is_current:
            draw_said(one, say)
    if earlier := [one for one in said if not one.is_current]:
        with st.expander(say("claims_earlier")):
            for one in earlier:
                draw_said(one, say)


def draw_said(one: SaidFor, say: Words) -> None:
    when = say("claims_sent", day=say.day(one.sent_at, now, calendar)) if one.sent_at else say("claims_unsent")
    place = f"{md(one.opening)}, {md(one.client)}" if one.client else md(one.opening)
    with st.container(border=True, gap="small"):
        st.markdown(f"**{place}** {quiet(md(when))}")
        for claim in one.claims:
            draw_claim(claim, say)


def draw_claim(claim: Said, say: Words) -> None:
    with st.container(gap="xsmall"):
        st.markdown(md(say("quoted", text=claim.text)))
        if claim.correction:
            st.markdown(md(say("corrected", text=claim.correction)))
        if claim.is_confirmed:
            st.markdown(quiet(md(say("confirmed"))))
        with st.container(horizontal=True, gap="small"):
            if not claim.is_confirmed:
                seen = hash((claim.text, claim.correction))  # a page that is older has the button of what it shows
                key = f"confirm-{claim.claim_id}-{seen}"
                if st.button(say("confirm"), key=key, disabled=bool(viewer)):
                    own_page.act(commands.confirm_claim, claim.claim_id, claim.text, say=say)
            with st.popover(say("correct"), disabled=bool(viewer)):
                draw_correction(claim, say)


def draw_correction(claim: Said, say: Words) -> None:
    operation = actions.operation(f"own-correct-{claim.claim_id}")
    before = claim.correction or claim.text
    kept = unsaved.kept(f"correction-{operation}", say("correct_to"), before)
    correction = st.text_area(say("correct_to"), before, **kept) or ""
    save = st.button(say("correct_save"), key=f"correct-{claim.claim_id}", disabled=bool(viewer))
    if save and fits(correction, commands.LONGEST_CORRECTION, say):
        said = (claim.claim_id, claim.text, correction)
        own_page.act(commands.correct_claim, *said, say=say, done="asked", operation=operation)


# what has ended


def draw_ended(page: OwnPage, say: Words) -> None:
    ended = [one for one in page.standing if one.how in (How.TOLD, How.UNTOLD)]
    if not ended:
        return
    st.subheader(say("ended"), anchor=False)
    for one in ended:
        with st.container(border=True, gap="xsmall"):
            when = say("ended_on", day=say.day(one.ended_at, now, calendar)) if one.ended_at else ""
            client = f" · {md(one.client)}" if one.client else ""
            st.markdown(f"**{md(one.opening)}**{client} {quiet(md(when))}")
            st.markdown(md(say(Result(one.result).value if one.result else "untold")))
            if one.score is not None:
                st.markdown(quiet(md(say("score_given", score=one.score))))
            elif one.how is How.TOLD:
                with st.popover(say("score_it"), disabled=bool(viewer)):
                    draw_score(one, say)


def draw_score(one: Standing, say: Words) -> None:
    operation = actions.operation(f"own-score-{one.process_id}")
    points = st.segmented_control(
        say("score_question"), list(range(HIGHEST + 1)), required=True, key=f"points-{operation}", wrap=True
    )
    text = st.text_input(say("score_words"), key=f"score-words-{operation}") or ""
    st.markdown(quiet(md(say("score_once"))))
    send = st.button(say("score_send"), key=f"score-{one.process_id}", disabled=bool(viewer) or points is None)
    if send and points is not None and (not text.strip() or fits(text, commands.LONGEST, say)):
        own_page.act(commands.score, one.process_id, points, text, say=say, operation=operation)


# their consent, and their data


def draw_consent(page: OwnPage, say: Words) -> None:
    st.subheader(say("consent"), anchor=False)
    agreed, until = page.agreed, page.agreed.until if page.agreed else None
    is_valid = until is not None and until >= day
    if until is not None:
        st.markdown(md(say("consent_until" if is_valid else "consent_over", day=say.date(until, day))))
    elif agreed and agreed.withdrawn_at:
        st.markdown(md(say("consent_withdrawn", day=say.day(agreed.withdrawn_at, now, calendar))))
    else:
        st.markdown(md(say("consent_none")))
    st.markdown(quiet(md(say("consent_words", months=CONSENT_MONTHS))))
    with st.container(horizontal=True, gap="small"):
        renew, operation = say("consent_renew", months=CONSENT_MONTHS), actions.operation("own-consent")
        is_renewed = until is not None and until >= day + relativedelta(months=CONSENT_MONTHS)
        # what holds as long as it would if they agreed now says so above, and can't be made longer
        if not is_renewed and st.button(renew, key="renew-consent", disabled=bool(viewer)):
            own_page.act(commands.renew_consent, say.language, say=say, done="consent_renewed", operation=operation)
        if is_valid:
            with st.popover(say("consent_withdraw"), disabled=bool(viewer)):
                st.markdown(md(say("consent_sure")))
                if st.button(say("consent_withdraw"), key="withdraw-consent", disabled=bool(viewer)):
                    own_page.act(commands.withdraw_own_consent, say=say, done="consent_gone", operation=operation)


def draw_requests(page: OwnPage, say: Words) -> None:
    st.subheader(say("data"), anchor=False)
    for kind, request in page.asked.items():
        until = say.date(request.due_on, day)
        st.markdown(md(say(f"{kind.value}_asked", day=say.date(request.received_on, day), until=until)))
    if page.to_fetch:
        st.markdown(md(say("fetch_line", until=say.date(page.to_fetch.until, day))))
        st.link_button(say("fetch"), OWN_DATA, disabled=bool(viewer))
    may_ask_to_see, may_ask_to_go = (kind not in page.asked for kind in (RequestKind.SEE, RequestKind.FORGET))
    may_ask_to_see &= page.to_fetch is None
    if may_ask_to_see or may_ask_to_go:
        st.markdown(quiet(md(say("data_line"))))
    with st.container(horizontal=True, gap="small"):
        if may_ask_to_see and st.button(say("see"), key="see", disabled=bool(viewer)):
            own_page.act(commands.ask_for, RequestKind.SEE, say=say, done="see_done")
        if may_ask_to_go:
            with st.popover(say("forget"), disabled=bool(viewer)):
                st.markdown(md(say("forget_sure")))
                if st.button(say("forget_yes"), key="forget", disabled=bool(viewer)):
                    own_page.act(commands.ask_for, RequestKind.FORGET, say=say, done="forget_done")


with own_page.sheet(is_members=viewer is not None) as beside:
    if page is None:
        draw_shut()
    else:
        say = words(language_of(page))
        other = next(one for one in LANGUAGES if one != say.language)
        beside.button(say("other_language"), type="tertiary", key="language", on_click=speak, args=(other,))
        draw(page, say)
