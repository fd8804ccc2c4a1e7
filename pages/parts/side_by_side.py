"""Two who may be one person, beside each other: what helps to tell them apart, and saying that they are two."""

from datetime import datetime

import streamlit as st

from core.commands.duplicates import say_not_the_same, undo_not_the_same
from core.domain.calendar import Calendar
from core.queries.duplicates import Side
from pages.parts import actions, telling, wording
from pages.parts.layout import badge, quiet
from pages.parts.wording import md


def draw(one: Side, other: Side, now: datetime, calendar: Calendar) -> None:
    for place, side in zip(st.columns(2, gap="medium"), (one, other), strict=True):
        place.markdown("  \n".join(lines(side, now, calendar)))


def say_two(one: Side, other: Side) -> bool:
    """A callback. Answers whether it was done."""
    done = f"Two people: {one.called} and {other.called}"
    return actions.do(say_not_the_same, one.id, other.id, done=done, undo_by=undo_not_the_same)


def lines(side: Side, now: datetime, calendar: Calendar) -> list[str]:
    """Each a line of Markdown; what is not known has none."""
    day = calendar.day(now)
    who = f"**{md(side.called)}**"
    if side.do_not_contact:
        who += f" {badge('asked for no contact')}"
    known = telling.known_for(side.met_on or day, day)
    said = [
        ", ".join(md(part) for part in (side.title, side.company, side.location) if part),
        " · ".join(md(short(value)) for _, value in side.addresses),
        ", ".join(md(tag) for tag in side.tags),
        " · ".join(
            part
            for part in (
                known,
                wording.plural(side.words, "word") if side.words else "not a word yet",
                f"with {md(side.owner)}" if side.owner else "with nobody",
                f"from {md(side.source)}" if side.source else "",
            )
            if part
        ),
    ]
    return [who, *(quiet(line) for line in said if line)]


def short(address: str) -> str:
    """A profile without what all profiles begin with."""
    return address.removeprefix("https://www.").removeprefix("https://")
