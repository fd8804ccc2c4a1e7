"""Policy: by when the team owes each kind of word, and what another policy would do, before it is put in force."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import streamlit as st

from core.commands.policy import change_policy
from core.commands.undo import undo_fact
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES
from core.domain.policy import Policy
from core.persistence.settling import FEW, settle_everyone
from core.persistence.store import Unavailable
from core.queries.policy import Affected, Change, InForce, Past, Preview
from pages.parts import actions, moment, policy_terms, reads, runtime, state, team_tabs, wording
from pages.parts.layout import badge, head_places, people_done, quiet, write_head
from pages.parts.piece import piece
from pages.parts.policy_terms import DAYS, changes_in_words
from pages.parts.wording import md, plural

MOST_PAST = 30

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar


def line_of(seen: InForce) -> str:
    if seen.at is None:
        return "As Perennial suggests it; nobody has changed it yet."
    when = md(wording.moment(seen.at, now, calendar))
    since = f"Put in force by {md(seen.by)}, {when}" if seen.by else f"In force since {when}"
    return since if viewer.is_admin else f"{since} · admins change it"


# what another would do


def draw_tried(seen: InForce, tried: dict[str, Any]) -> None:
    """Terms that differ, what they do to the open promises, and the way to put them in force."""
    try:
        terms = seen.policy.changed(tried)
    except ValueError as wrong:
        st.error(md(wrong))
        return
    with st.container(border=True):
        st.subheader("Not in force yet", anchor=False)
        before, after = seen.policy.as_values(), terms.as_values()
        lines = [line for name in tried for line in changes_in_words(name, before[name], after[name])]
        st.markdown("\n".join(f"- {md(line)}" for line in lines))
        with st.container(horizontal=True):
            is_wanted = st.button("Put it in force", type="primary", key="put-in-force")
            st.button("Drop it", type="tertiary", key="drop", on_click=let_go)
        over, since = st.session_state.get(state.POLICY_LOOKED_AT, (seen.change_id, None))
        if is_wanted and not moment.is_too_quick(since):
            put_in_force(over, tried)
        with st.spinner("Looking at what it does…"):
            draw_preview(reads.policy_preview(terms))
        if state.POLICY_LOOKED_AT not in st.session_state:
            st.session_state[state.POLICY_LOOKED_AT] = (seen.change_id, None)
        elif over != seen.change_id:
            st.session_state[state.POLICY_LOOKED_AT] = (seen.change_id, store.now())


def draw_preview(seen: Preview) -> None:
    whom = plural(seen.looked_at, "person", "people")
    some = f"Of {whom} looked at, chosen by chance among {seen.of:,} concerned"
    looked = f"Of the {whom} concerned" if seen.is_exact else some
    if not seen.looked_at:
        st.markdown("It concerns nobody yet.")
        return
    if not seen.changed:
        st.markdown(f"{looked}, no open promise changes.")
        return
    promises = plural(seen.changed.total(), "open promise changes", "open promises change")
    st.markdown(f"{looked}: **{promises}**, to {plural(seen.people, 'person', 'people')}, of {seen.open:,} open.")
    kinds = sorted({kind for kind, _ in seen.changed}, key=lambda kind: NAMES[kind])
    shown = [change for change in Change if any(seen.changed[kind, change] for kind in kinds)]
    rows = {change.value: [seen.changed[kind, change] for kind in kinds] for change in shown}
    st.dataframe(
        {"Word": [NAMES[kind] for kind in kinds], **rows},
        hide_index=True,
        width="stretch",
        alt="How many promises of each kind change, and how",
    )
    st.markdown(quiet("Those it moves furthest:"))
    for one in seen.most:
        mark = badge(one.change.value, "red") if one.change is Change.LATE_NOW else ""
        with st.container(gap=None):  # a link is cut off at the end of its line
            st.page_link("candidate.py", label=f"**{md(one.name)}** {mark}", query_params={"id": str(one.id)})
            st.markdown(quiet(moved(one)))


def moved(one: Affected) -> str:
    was, will = day_of(one.before), day_of(one.after)
    how = {Change.NEW: f"due {will}", Change.GONE: f"was due {was}"}.get(one.change, f"due {will}, was {was}")
    more = f", and {one.number - 1} more" if one.number > 1 else ""
    return f"{md(NAMES[one.kind])}: {how}{more}"


def day_of(at: datetime | None) -> str:
    return wording.day(calendar.day(at), calendar.day(now)) if at else "at no time"


def put_in_force(over: int | None, tried: dict[str, Any]) -> None:
    """`over`: the change in force when these terms were looked at; if another is by now, the command refuses."""
    actions.act(
        change_policy,
        tried,
        seen=over,
        done="The new policy is in force",
        operation=actions.operation("policy"),
        undo_by=undo_fact,
        before_rerun=now_in_force,
    )


def now_in_force() -> None:
    policy_terms.form_of(seen.policy).done()
    settled()


def let_go() -> None:
    policy_terms.form_of(seen.policy).let_go()
    drop()


def drop() -> None:
    for kept in (state.POLICY_TRIED, state.POLICY_LOOKED_AT):
        st.session_state.pop(kept, None)


def settled() -> None:
    drop()
    settle_in_turns()


# bringing the promises in line


def settle_in_turns() -> None:
    """Others go on working meanwhile; broken off, it can be gone on with."""
    bar = st.progress(0.0)
    with suppress(Unavailable):  # what is left is said on the page
        settle_everyone(store, people_done(bar))
    bar.empty()


def go_through(seen: InForce) -> InForce:
    """Settle the rest at once, if few people are left after a change that was interrupted or taken back."""
    if not (viewer.is_admin and 0 < seen.unsettled <= FEW):
        return seen
    settle_in_turns()
    return reads.policy_in_force()


def draw_unsettled(seen: InForce) -> None:
    if not viewer.is_admin:
        st.markdown("Not every promise is brought in line with this policy yet; an admin can go on with that here.")
    else:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"Not every promise is brought in line with this policy yet: {seen.unsettled:,} people to go through.",
                width="stretch",
            )
            is_wanted = st.button("Go on", key="go-on")
        if is_wanted:
            settle_in_turns()
            st.rerun()


# what was


def draw_history(past: list[Past]) -> None:
    st.subheader("What was changed", anchor=False)
    changed = [one for one in past if one.changes]
    if not changed:
        st.markdown(quiet("Nothing yet. Whatever is changed is kept here, with who did and when."))
    latest = next((one for one in past if one.undone_at is None), None)
    for one in changed:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            by = f"**{md(one.by)}** " if one.by else ""
            gone = " " + badge("taken back") if one.undone_at else ""
            lines = [line for name, pair in one.changes.items() for line in changes_in_words(name, *pair)]
            words = "  \n".join(md(line) for line in lines)
            when = md(wording.moment(one.at, now, calendar))
            st.markdown(f"{by}{quiet(when)}{gone}  \n{words}", width="stretch")
            if viewer.is_admin and one is latest and st.button("Take back", type="tertiary", key=f"back-{one.id}"):
                done = "The policy before is in force again"
                actions.act(undo_fact, one.id, done=done, before_rerun=settled)


# the fields


@piece
def draw_terms(seen: InForce, *, is_tried: bool) -> None:
    """What somebody else puts in force meanwhile takes no term away that is being written."""
    form = policy_terms.form_of(seen.policy)
    policy, days = form.drawn_from((seen.policy, calendar))
    values = policy_terms.fields(policy, days, reads.stage_names(), may=viewer.is_admin)
    if not viewer.is_admin:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("See what it changes", type="secondary" if is_tried else "primary", key="try")
        if not is_tried:
            form.draw_written()
    if not is_pressed:
        return
    try:
        tried = differing(policy, days, policy_terms.understood(values))
    except ValueError as wrong:
        st.error(md(wrong))
        return
    if not tried:
        drop()
        st.markdown("That is the policy in force already.")
        return
    st.session_state[state.POLICY_TRIED] = tried
    st.session_state.pop(state.POLICY_LOOKED_AT, None)
    st.rerun()


def differing(policy: Policy, days: Calendar, values: dict[str, Any]) -> dict[str, Any]:
    """Only what was changed: what somebody else changes meanwhile stays."""
    with_calendar = policy.changed({"working_time": policy.working_time or days})
    before, after = with_calendar.as_values(), with_calendar.changed(values).as_values()
    return {name: after[name] for name in values if before[name] != after[name]}


# the page

team_tabs.draw(viewer)
seen = go_through(reads.policy_in_force())
tried: dict[str, Any] = st.session_state.get(state.POLICY_TRIED, {}) if viewer.is_admin else {}
words, controls = head_places()
terms = seen.policy
news = DAYS if terms.update == 1 else plural(terms.update, DAYS)
write_head(words, f"An answer within {plural(terms.reply, DAYS)}, news every {news}", line_of(seen))
with words:
    actions.show_notice(undo_in=controls)
if seen.unsettled:
    draw_unsettled(seen)
draw_terms(seen, is_tried=bool(tried))
if tried:  # below the button that asked for it, where whoever pressed it looks
    draw_tried(seen, tried)
draw_history(reads.policy_history(MOST_PAST))
