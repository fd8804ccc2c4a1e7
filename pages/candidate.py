"""Candidate: one person on one page: how it stands, what is owed, what was said, and the next word at hand."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.charts import timeline
from core.commands.candidates import (
    CandidateEdit,
    edit_candidates,
    erase_candidate,
    hand_over,
    keep_quiet_until,
    set_rhythm,
)
from core.commands.consents import allow_contact, forbid_contact
from core.commands.contacts import log_contact
from core.commands.promises import snooze_promise, waive_promise
from core.domain.drafts import what_is_owed
from core.domain.facts import Rhythm, Unit
from core.domain.promises import Kind, State
from core.domain.refusal import Refused
from core.queries.candidate import InOpening, Word
from core.queries.page import Page
from core.queries.promises import Waiting
from pages.parts import actions, filters, keeping, reads, runtime, saying, telling, wording
from pages.parts.charts import spec_of
from pages.parts.layout import badge, head, quiet
from pages.parts.saying import Direction
from pages.parts.wording import md

RHYTHM, QUIET, FORBID, ALLOW, HAND_OVER, ERASE = (
    "Rhythm…",
    "Quiet until…",
    "No more contact",
    "Contact is welcome again",
    "Hand over…",
    "Erase…",
)
SNOOZE, WAIVE, KEEP = "Snooze…", "Waive…", "Log it"
RHYTHMS = {
    "Every 6 weeks": Rhythm(6, Unit.WEEKS),
    "Every 3 months": Rhythm(3, Unit.MONTHS),
    "Every 6 months": Rhythm(6, Unit.MONTHS),
    "Every 12 months": Rhythm(12, Unit.MONTHS),
    "No rhythm": None,
}
FIELDS = ("name", "title", "company", "location", "source", "pronoun", "tags", "notes")
ENTRIES = 20

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar
day = calendar.day(now)

asked = st.query_params.get("id", "")
found = reads.whereabouts(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
if found is None or found.id is None:
    st.markdown("There is no such person here. They may have been taken back with the list that brought them.")
    st.page_link("candidates.py", label="All candidates")
    st.stop()
if found.is_erased:
    st.markdown("This person asked to be forgotten. What was known of them is gone; only the counts stay.")
    st.page_link("candidates.py", label="All candidates")
    st.stop()
if found.is_merged:
    st.query_params["id"] = str(found.id)

actions.show_notice()
life = reads.life(found.id)
person, who = life.profile, telling.Pronoun(life.profile)
name = person.name or next((value for _, value in person.handles), "No name")
QUESTION, DRAWN = f"question-{person.id}", f"details-{person.id}"


# what is done


def ask(question: str, promise_id: int = 0) -> None:
    st.session_state[QUESTION] = (question, promise_id)


def asked_no_more() -> None:
    st.session_state.pop(QUESTION, None)


def answer(command: Callable[..., int], *args: Any, done: str, undoable: bool = True, **plain: Any) -> None:
    """A refusal is said in the dialog; done, it closes."""
    operation = actions.operation(f"{command.__name__}-{person.id}-{args[0]}")
    actions.act(command, *args, done=done, operation=operation, undoable=undoable, before_rerun=asked_no_more, **plain)


def log(form: str, about: saying.About) -> None:
    """What stands in the quick log, by the key of its form."""
    value = {part: st.session_state.get(f"{part}-{form}") for part in ("way", "how", "text", "next", "by", "quits")}
    direction = Direction(value["way"] or Direction.TO)
    try:
        plain = saying.logged(
            direction,
            about,
            channel=value["how"] or "",
            text=value["text"] or "",
            next_what=value["next"] or "",
            next_on=value["by"],
            needs_answer=not value["quits"],
        )
    except Refused as refused:
        actions.refuse(str(refused))
        return
    done = f"Noted: {name}" if direction is Direction.NOTE else f"Logged: {name}"
    actions.do(log_contact, person.id, done=done, operation=form, undoable=True, **plain)


def choose(row: Waiting) -> None:
    """The quick log is about this."""
    st.session_state[f"about-{actions.operation(f'say-{person.id}')}"] = f"promise-{row.promise_id}"


# dialogs


def draw_question() -> None:
    """A dialog stays until it is answered or dismissed, whatever else makes the page run."""
    question, promise_id = st.session_state.get(QUESTION, ("", 0))
    row = next((row for row in life.owed if row.promise_id == promise_id), None)
    dialogs: dict[str, Callable[..., None]] = {
        RHYTHM: ask_rhythm,
        QUIET: ask_quiet,
        FORBID: ask_forbid,
        HAND_OVER: ask_hand_over,
        ERASE: ask_erase,
    }
    of_promises: dict[str, Callable[..., None]] = {SNOOZE: ask_snooze, WAIVE: ask_waive, KEEP: ask_how}
    if not viewer.may_edit or (promise_id and row is None):
        asked_no_more()
    elif question in of_promises:
        of_promises[question](row)
    elif question in dialogs:
        dialogs[question]()


@st.dialog("Rhythm", on_dismiss=asked_no_more)
def ask_rhythm() -> None:
    st.markdown(f"How often does {md(name)} hear from us?")
    now_set = next((label for label, rhythm in RHYTHMS.items() if rhythm == person.rhythm), None)
    label = st.radio("How often", list(RHYTHMS), index=list(RHYTHMS).index(now_set) if now_set else None)
    if st.button("Set the rhythm", type="primary", disabled=label is None):
        answer(set_rhythm, person.id, RHYTHMS[label or "No rhythm"], done=f"{label}: {name}")


@st.dialog("Quiet until", on_dismiss=asked_no_more)
def ask_quiet() -> None:
    st.markdown(quiet("No word to keep in touch falls due before that day. Answers are owed as ever."))
    until = st.date_input("Until", value=day + timedelta(days=90), min_value=day + timedelta(days=1))
    if st.button("Keep quiet", type="primary"):
        answer(keep_quiet_until, person.id, until, done=f"Quiet until {wording.day(until, day)}: {name}")


@st.dialog("No more contact", on_dismiss=asked_no_more)
def ask_forbid() -> None:
    st.markdown(f"{md(name)} asked not to be contacted? Nothing new falls due, and what we owe to start ends.")
    if st.button("They asked for it", type="primary"):
        answer(forbid_contact, person.id, done=f"No more contact: {name}")


@st.dialog("Hand over", on_dismiss=asked_no_more)
def ask_hand_over() -> None:
    others = [(id_, colleague) for id_, colleague in reads.colleagues() if id_ != person.owner_id]
    to = st.selectbox("To", others, index=None, format_func=lambda other: other[1], placeholder="A colleague")
    st.markdown(quiet(f"What is owed to {md(who.object)} goes with {md(who.object)}."))
    if st.button("Hand over", type="primary", disabled=to is None) and to:
        answer(hand_over, person.id, to[0], done=f"Handed over to {to[1]}: {name}")


@st.dialog("Erase", on_dismiss=asked_no_more)
def ask_erase() -> None:
    st.markdown(
        f"All that is known of **{md(name)}** goes: name, addresses, words and notes. Counts stay. It can’t be undone."
    )
    sure = st.checkbox("They asked for it, or the law does")
    if st.button("Erase for good", type="primary", disabled=not sure):
        answer(erase_candidate, person.id, done="Erased. Nothing is known of them any more.", undoable=False)


@st.dialog("Snooze", on_dismiss=asked_no_more)
def ask_snooze(row: Waiting) -> None:
    st.markdown(f"**{md(what_is_owed(row.occasion))}**")
    first = max(calendar.day(row.due_at), day) + timedelta(days=1)
    until = st.date_input("Until", value=calendar.working_on_or_after(first), min_value=first, key="snooze-until")
    reason = st.text_input("Why", key="snooze-reason", placeholder="The reason is kept with the promise")
    if st.button("Snooze it", type="primary", key="snooze-it"):
        done = f"Snoozed until {wording.day(until, day)}: {name}"
        answer(snooze_promise, row.promise_id, until, reason, done=done)


@st.dialog("Waive", on_dismiss=asked_no_more)
def ask_waive(row: Waiting) -> None:
    st.markdown(f"**{md(what_is_owed(row.occasion))}**  \n{quiet('Nobody will say this word.')}")
    reason = st.text_input("Why", key="waive-reason", placeholder="The reason is kept with the promise")
    if st.button("Waive it", type="primary", key="waive-it"):
        answer(waive_promise, row.promise_id, reason, done=f"Waived: {name}")


@st.dialog("Log it", on_dismiss=asked_no_more)
def ask_how(row: Waiting) -> None:
    """What no word to them keeps: an outcome, a consent, a question to the client."""
    st.markdown(f"**{md(what_is_owed(row.occasion))}**")
    choice = st.segmented_control(
        "How", keeping.choices(row), default=keeping.usual_choice(row), label_visibility="collapsed", wrap=True
    )
    until = text = None
    if row.kind is Kind.CONSENT and choice == keeping.RENEWED:
        until = st.date_input("Valid until", day + timedelta(days=365), min_value=day)
    if row.kind is Kind.CHASE:
        text = st.text_area("What you said")
    if st.button("Log it", type="primary", key="keep-it"):
        try:
            how = keeping.keeping(row, viewer, choice=choice, text=text or "", until=until)
        except Refused as refused:
            st.error(md(refused))
            return
        answer(how.command, *how.args, done=how.done, **how.plain)


# what is said


def line() -> str:
    parts = [", ".join(md(part) for part in (person.title, person.company, person.location) if part)]
    if person.known_since:
        parts.append(f"known for {known_for(person.known_since)}")
    parts.append(f"with {md(person.owner)}" if person.owner else "with nobody")
    parts.append(f"rhythm {telling.rhythm_words(person.rhythm)}" if person.rhythm else "no rhythm")
    if person.quiet_until and person.quiet_until > day:
        parts.append(f"quiet until {wording.day(person.quiet_until, day)}")
    said = " · ".join(part for part in parts if part)
    return f"{said} {badge('asked for no contact')}" if person.do_not_contact else said


def known_for(since: date) -> str:
    months = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    if months < 2:
        return wording.plural(max((day - since).days, 1), "day")
    years, rest = divmod(months, 12)
    parts = [wording.plural(years, "year")] if years else []
    return " ".join([*parts, wording.plural(rest, "month")] if rest else parts)


def span_title() -> str:
    days = [*life.from_us.days, *life.from_them.days, *(calendar.day(p.started_at) for p in life.processes)]
    months = round((day - min(days)).days / 30.44) if days else 0
    if months < 2:
        return "The first weeks"
    if months < 24:
        return f"{wording.spelled(months).capitalize()} months in one line"
    return f"{wording.spelled(round(months / 12)).capitalize()} years in one line"


def how(word: Word) -> str:
    """As much as fits below a figure."""
    when = wording.day(calendar.day(word.at), day)
    channel = word.channel or ("spoke" if word.was_live else "")
    return f"{when}, {channel}" if channel and len(when) + len(channel) < 19 else when


def ago(word: Word) -> str:
    days = (day - calendar.day(word.at)).days
    return wording.span(days) if days else "today"


def badge_of(row: Waiting) -> str:
    if row.state is State.OVERDUE:
        return badge(wording.lateness(row.due_at, now, calendar), "red")
    if row.state is State.DUE:
        return badge("today", "blue")
    return badge(wording.due(row.due_at, now, calendar))


# what is drawn


def draw_metrics() -> None:
    with st.grid(4, min_column_width=140):
        for label, word in (
            ("Last word from us", life.last_to),
            (f"Last word from {md(who.object)}", life.last_from),
        ):
            off: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off"}
            st.metric(label, ago(word) if word else "none", how(word) if word else "not yet", border=True, **off)
        first = life.owed[0] if life.owed else None
        late = first is not None and first.state is State.OVERDUE
        delta = "nothing"
        if first is not None:
            say = wording.lateness if late else wording.due
            delta = say(first.due_at, now, calendar)
        st.metric(
            f"Owed to {md(who.object)}",
            wording.plural(len(life.owed), "word"),
            delta,
            delta_color="red" if late else "off",
            delta_arrow="off",
            border=True,
        )
        kept = life.kept
        rest = [f"{kept.late:,} late"] if kept.late else []
        rest += [f"{kept.overdue:,} overdue"] if kept.overdue else []
        rest += [f"{kept.waived:,} waived"] if kept.waived else []
        st.metric(
            "Word kept on time",
            f"{kept.on_time:,} of {kept.number:,}" if kept.number else "none yet",
            ", ".join(rest) or ("all of them" if kept.number else "nothing fell due"),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )


def draw_timeline() -> None:
    st.subheader(span_title(), anchor=False)
    frame = timeline.timeline_frame(life, now, calendar)
    if frame.empty:
        with st.container(height=timeline.HEIGHT, border=False):
            st.markdown(quiet(f"Nothing was said yet. The first word to {md(who.object)} begins the line."))
        return
    chart = timeline.timeline_chart(
        who.object, in_months=timeline.is_short(frame), states=timeline.states_in(frame), marks=timeline.marks_in(frame)
    )
    st.vega_lite_chart(
        frame,
        spec_of(chart, frame),
        theme=None,
        key=f"timeline-{person.id}",
        alt=timeline.finding(life, who.object, now, calendar),
    )
    st.markdown(
        quiet(
            "Ticks are words that reached somebody. "
            "A line behind a promise runs from the day it was due to the day it was kept."
        )
    )


def draw_owed() -> None:
    st.subheader(f"Owed to {md(who.object)}", anchor=False)
    if not life.owed:
        st.markdown(quiet("Nothing is owed just now."))
    for row in life.owed:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{md(what_is_owed(row.occasion))}** {badge_of(row)}")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                owner = f"{md(row.owner)} owes it" if row.owner else "nobody’s"
                snoozed = " · snoozed" if row.is_snoozed else ""
                since = wording.since(row.opened_at, now, calendar)
                st.markdown(quiet(f"{since} · {owner}{snoozed}"), width="stretch")
                if viewer.may_edit:
                    with st.container(horizontal=True, width="content", wrap=False, gap="small"):
                        draw_ways_to_keep(row)


def draw_ways_to_keep(row: Waiting) -> None:
    if row.kind in (Kind.OUTCOME, Kind.CONSENT, Kind.CHASE):
        st.button(KEEP, type="tertiary", key=f"keep-{row.promise_id}", on_click=ask, args=(KEEP, row.promise_id))
    else:
        st.button(KEEP, type="tertiary", key=f"keep-{row.promise_id}", on_click=choose, args=(row,))
    if row.kind is not Kind.CONSENT:
        picked = st.menu_button("More", [SNOOZE, WAIVE], type="tertiary", key=f"more-{row.promise_id}")
        if picked:
            ask(picked, row.promise_id)


def draw_last_words() -> None:
    st.subheader("Last words", anchor=False)
    if not life.last_words:
        st.markdown(quiet("Not a word yet, either way."))
    blocks = []
    for word in life.last_words:
        whose = who.object if word.is_from_them else "us"
        said = wording.quote(word.text) if word.text else "spoke live" if word.was_live else "no text kept"
        channel = f", {md(word.channel)}" if word.channel else ""
        blocks.append(f"{quiet(f'{wording.day(calendar.day(word.at), day)} · {md(whose)}{channel}')}  \n{said}")
    if blocks:
        st.markdown("\n\n".join(blocks))


def draw_log() -> None:
    form = actions.operation(f"say-{person.id}")
    subjects = saying.subjects(life.owed, life.processes)
    with st.container(border=True):
        st.subheader("Log a word", anchor=False)
        way = st.segmented_control(
            "Direction",
            list(Direction),
            default=Direction.TO,
            required=True,
            format_func=lambda direction: md(saying.said(Direction(direction), who)),
            key=f"way-{form}",
            wrap=True,
        )
        direction = Direction(way or Direction.TO)
        if direction is not Direction.NOTE:
            usual = saying.usual_channel(life.owed, life.last_from.channel if life.last_from else "")
            index = saying.CHANNELS.index(usual)
            st.selectbox("How", saying.CHANNELS, index=index, key=f"how-{form}", on_change="ignore")
        keys = {subject.key: subject for subject in subjects}
        if st.session_state.get(f"about-{form}") not in keys:
            st.session_state[f"about-{form}"] = subjects[0].key
        chosen = st.selectbox("About", list(keys), format_func=lambda key: keys[key].words, key=f"about-{form}")
        st.text_area(
            "What was said", key=f"text-{form}", placeholder="One honest sentence is enough", on_change="ignore"
        )
        if direction is Direction.FROM:
            st.checkbox("Needs no answer", key=f"quits-{form}", on_change="ignore")
        with st.container(horizontal=True, gap="small"):
            st.text_input("Next", key=f"next-{form}", placeholder="What comes next", on_change="ignore")
            st.date_input(
                "By", value=None, min_value=day, key=f"by-{form}", format="DD/MM/YYYY", width=130, on_change="ignore"
            )
        st.markdown(quiet(saying.will_keep(direction, keys[chosen], life.owed, who, now, calendar)))
        st.button(
            "Log it",
            type="primary",
            width="stretch",
            shortcut="Ctrl+Enter",
            key=f"log-{form}",
            on_click=log,
            args=(form, keys[chosen]),
        )


def draw_known() -> None:
    """Addresses, skills and notes, in one piece of Markdown."""
    lines = [address(kind.value, value) for kind, value in person.handles]
    if person.skills:
        lines.append(f"**Skills:** {', '.join(md(skill) for skill in person.skills)}")
    if person.tags:
        lines.append(f"**Tags:** {', '.join(md(tag) for tag in person.tags)}")
    if person.source:
        lines.append(f"**From:** {md(person.source)}")
    if person.notes:
        lines.append(md(person.notes))
    st.markdown("  \n".join(lines) or quiet("No address, no skill is known yet."))


def address(kind: str, value: str) -> str:
    if value.startswith("https://"):
        return f"[{ {'linkedin': 'LinkedIn', 'github': 'GitHub'}.get(kind, md(value)) }](<{value}>)"
    return md(value)


def draw_entries() -> None:
    key = f"page-{person.id}"
    told = reads.entries(person.id, Page(st.session_state.get(key) or 1, ENTRIES))
    if not told.rows and told.number:
        told = reads.entries(person.id, Page(1, ENTRIES))
    st.markdown("\n\n".join(telling.told(entry, who, now, calendar) for entry in told.rows))
    if told.number > ENTRIES:
        filters.page(key, told.number, ENTRIES)


def draw_processes() -> None:
    if not life.processes:
        st.markdown(quiet(f"{md(who.subject)} {'were' if who.subject == 'They' else 'was'} in no opening yet."))
    blocks = [process_words(process) for process in life.processes]
    if blocks:
        st.markdown("\n\n".join(blocks))


def process_words(process: InOpening) -> str:
    at = f", {md(process.client)}" if process.client else ""
    if process.is_active:
        state = badge(telling.TURNS[process.turn].lower(), "violet" if process.turn.value == "ours" else "gray")
        stage = f" · {md(process.stage)}" if process.stage else ""
    else:
        state = badge(timeline.ENDS[process.result] if process.result else "ended")
        stage = ""
    since = wording.day(calendar.day(process.started_at), day)
    until = f" to {wording.day(calendar.day(process.closed_at), day)}" if process.closed_at else ""
    with_whom = f" · with {md(process.owner)}" if process.owner else ""
    return f"**{md(process.opening)}{at}** {state}  \n{quiet(f'{since}{until}{stage}{with_whom}')}"


def draw_details() -> None:
    """The version is the one the form was drawn from: what somebody else saved meanwhile is not overwritten unseen."""
    if DRAWN not in st.session_state:
        values = {field: getattr(person, field) for field in FIELDS} | {"tags": ", ".join(person.tags)}
        st.session_state[DRAWN] = {"version": person.version, **values}
    drawn = st.session_state[DRAWN]
    disabled = not viewer.may_edit
    with st.form(f"details-form-{person.id}", border=False, enter_to_submit=False):
        left, right = st.columns(2)
        wrote: dict[str, str] = {}
        for number, field in enumerate(FIELDS[:-1]):
            label = {"name": "Name", "tags": "Tags, with commas", "source": "Where from"}.get(field, field.capitalize())
            column = (left, right)[number % 2]
            wrote[field] = column.text_input(label, drawn[field], key=f"{field}-{person.id}", disabled=disabled) or ""
        wrote["notes"] = st.text_area("Notes", drawn["notes"], key=f"notes-{person.id}", disabled=disabled) or ""
        if viewer.may_edit and st.form_submit_button("Save details"):
            save_details(drawn, wrote)


def save_details(drawn: dict[str, Any], wrote: dict[str, str]) -> None:
    changes: dict[str, Any] = {field: value for field, value in wrote.items() if value.strip() != drawn[field].strip()}
    if not changes:
        st.markdown(quiet("Nothing was changed."))
        return
    mine = dict(changes)
    if "tags" in changes:
        changes["tags"] = [tag.strip() for tag in wrote["tags"].split(",") if tag.strip()]
    edit = CandidateEdit(person.id, drawn["version"], changes)
    actions.act(edit_candidates, [edit], done=f"Saved: {name}", mine=mine, before_rerun=forget_drawn)
    if person.version != drawn["version"]:  # both versions were shown: saving again is a choice
        st.session_state[DRAWN] = {**drawn, "version": person.version}


def forget_drawn() -> None:
    for key in (DRAWN, *(f"{field}-{person.id}" for field in FIELDS)):
        st.session_state.pop(key, None)


def draw_more() -> None:
    forbid = ALLOW if person.do_not_contact else FORBID
    picked = st.menu_button("More", [RHYTHM, QUIET, forbid, HAND_OVER, ERASE], type="tertiary", key="more-of-person")
    if picked == ALLOW:
        actions.act(allow_contact, person.id, done=f"Contact is welcome again: {name}", undoable=True)
    elif picked:
        ask(picked)


# the page

with head(name, line()):
    if viewer.may_edit:
        draw_more()
left, right = st.columns((2.35, 1), gap="large")
with left:
    draw_metrics()
    draw_timeline()
    owed, words = st.columns(2, gap="large")
    with owed:
        draw_owed()
    with words:
        draw_last_words()
with right:
    if viewer.may_edit:
        draw_log()
    draw_known()
below, _ = st.columns((2.35, 1), gap="large")
with below:
    history, processes, details = st.tabs(
        ["History", "Processes", "Details"], key=f"tabs-{person.id}", on_change="rerun"
    )
    if history.open:
        with history:
            draw_entries()
    if processes.open:
        with processes:
            draw_processes()
    if details.open:
        with details:
            draw_details()
draw_question()
