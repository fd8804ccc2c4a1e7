"""The terms of the policy: as fields to change them, and as words that say what was changed."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import partial
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from core.domain.calendar import Calendar, countries
from core.domain.policy import HOURS, Policy
from core.domain.rhythms import LENGTHS, rhythm_key, rhythm_of, rhythm_words
from pages.parts.clashes import Form, begin_in_others
from pages.parts.layout import quiet
from pages.parts.wording import listed, md, plural

DAYS, CALENDAR_DAYS, CLOCK = "working day", "day", "working hour"
UNITS = {**dict.fromkeys(HOURS, CLOCK), "check_in_early": CALENDAR_DAYS, "consent_before": CALENDAR_DAYS}
OTHER_STAGE = ("other-stage", "other-days")
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

TO_CANDIDATES = {
    "reply": "An answer to a word of theirs",
    "update": "News while they are in process",
    "update_on_hold": "News while the opening is on hold",
    "delay": "Word of a delay, or that the client is late",
    "debrief": "A word after an interview",
    "feedback": "Why it ended, where that is owed",
    "introduce": "Introducing oneself after a handover",
    "thanks": "Thanks for a recommendation",
    "catch_up": "The first word of a rhythm, not before",
    "amends": "Making good a meeting we missed",
}
OTHERS = {
    "client_answer": "A client’s answer, before it is chased",
    "outcome": "Noting how a meeting went",
    "check_in_early": "A check-in counts, if early by up to",
    "consent_before": "A consent is asked for anew before it lapses",
}
NAMES = {
    **TO_CANDIDATES,
    **OTHERS,
    "check_in": "Check-ins after somebody starts a job",
    "stages": "News in a stage",
    "clients": "A client’s answer",
    "rhythms": "Rhythms to choose from",
    "working_time": "Working time",
}


# as words


def changes_in_words(name: str, before: Any, after: Any) -> list[str]:
    """“An answer to a word of theirs: 1 working day, was 2 working days.” Plain text, a line for each difference."""
    if name in ("stages", "clients"):
        return [
            f"{NAMES[name]} “{one}”: {_of_one(after.get(one))}, was {_of_one(before.get(one))}"
            for one in sorted({*before, *after})
            if before.get(one) != after.get(one)
        ]
    if name == "working_time":
        was, now = (_parts(value) if value else {} for value in (before, after))
        return [f"{part}: {now[part]}, was {was.get(part, 'not set')}" for part in now if now[part] != was.get(part)]
    return [f"{NAMES[name]}: {_in_words(name, after)}, was {_in_words(name, before)}"]


def _of_one(days: int | None) -> str:
    return plural(days, DAYS) if days else "as any other"


def _in_words(name: str, value: Any) -> str:
    if name == "rhythms":
        return ", ".join(rhythm_words(one) for key in value if (one := rhythm_of(key)))
    if name == "check_in":
        return f"{listed([str(day) for day in value])} days after" if value else "none"
    number = int(value) if float(value).is_integer() else value
    unit = UNITS.get(name, DAYS)
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _parts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Time zone": values["zone"],
        "Country of public holidays": countries().get(values["country"], values["country"]),
        "Days": ", ".join(WEEK[day] for day in values["days"]),
        "Hours": f"{values['opens']} to {values['closes']}",
        "Extra days off": ", ".join(values["days_off"]) or "none",
    }


# as fields


def form_of(policy: Policy) -> Form:
    parts = ("check_in", "rhythms", "days", "opens", "closes", "zone", "country", "days-off", *OTHER_STAGE)
    names = (*TO_CANDIDATES, *OTHERS, *map(_of_stage, policy.stages), *parts)
    return Form("policy", {name: f"policy-{name}" for name in names}, forget=partial(begin_in_others, "policy"))


def fields(policy: Policy, calendar: Calendar, stages: list[str], *, may: bool) -> dict[str, Any]:
    """What the fields hold, for `understood` to make terms of."""
    form = form_of(policy)
    values: dict[str, Any] = {}
    st.subheader("Words to candidates", anchor=False)
    st.markdown(quiet("In working days, unless it says otherwise. What is due on a day is due when the day closes."))
    _numbers(values, TO_CANDIDATES, policy, form, may=may)
    begun = ", ".join(map(str, policy.check_in))
    label, kept = NAMES["check_in"], form.kept("check_in", begun, _called(NAMES["check_in"]))
    values["check_in"] = st.text_input(f"{label} · so many days after the first", begun, disabled=not may, **kept)
    st.subheader("News in a stage", anchor=False)
    values["stages"] = _stages(policy, stages, form, may=may)
    st.subheader("Everything else", anchor=False)
    _numbers(values, OTHERS, policy, form, may=may)
    if policy.clients:
        own = plural(len(policy.clients), "client has", "clients have")
        st.markdown(quiet(f"{own} an answer time of their own, which is set on their page."))
    st.subheader("Rhythms to choose from", anchor=False)
    rhythms = [rhythm_key(one) for one in policy.rhythms]
    values["rhythms"] = st.multiselect(
        NAMES["rhythms"],
        [rhythm_key(one) for one in dict.fromkeys((*LENGTHS, *policy.rhythms))],
        rhythms,
        format_func=lambda one: rhythm_words(rhythm_of(one) or LENGTHS[0]),
        label_visibility="collapsed",
        disabled=not may,
        **form.kept("rhythms", rhythms),
    )
    st.subheader("Working time", anchor=False)
    values["working_time"] = _working_time(calendar, form, may=may)
    return values


def understood(values: Mapping[str, Any]) -> dict[str, Any]:
    """As plain values of a policy; raises ValueError for what was typed and is no such thing."""
    hours = values["working_time"]
    days_off = sorted({_day(word) for word in re.split(r"[\s,;]+", hours["days_off"]) if word})
    return {**values, "check_in": _days_of(values["check_in"]), "working_time": {**hours, "days_off": days_off}}


def _numbers(values: dict[str, Any], names: Mapping[str, str], policy: Policy, form: Form, *, may: bool) -> None:
    with st.grid(3, min_column_width=250):
        for name, label in names.items():
            stored, unit = getattr(policy, name), UNITS.get(name, DAYS)
            value = float(stored) if name in HOURS else stored
            step, least = (0.5, 0.0) if name in HOURS else (1, 0 if unit == CALENDAR_DAYS else 1)
            values[name] = st.number_input(
                label if unit == DAYS else f"{label} · {unit}s",
                value=value,
                min_value=least,
                max_value=type(step)(3660),
                step=step,
                format="%g" if name in HOURS else "%d",
                disabled=not may,
                **form.kept(name, value, _called(label)),
            )


def _called(label: str) -> str:
    return f"Policy: {label}"


def _of_stage(name: str) -> str:
    return f"stage-{name}"


def _stages(policy: Policy, stages: list[str], form: Form, *, may: bool) -> dict[str, int]:
    """Those with a cadence of their own, and room for one more."""
    found: dict[str, int] = {}
    if policy.stages:
        st.markdown(quiet("Working days; 0 is as in any other stage."))
        with st.grid(3, min_column_width=250):
            for name, days in sorted(policy.stages.items()):
                kept = form.kept(_of_stage(name), days, _called(f"{NAMES['stages']} “{name}”"))
                found[name] = st.number_input(md(name), 0, 3660, days, disabled=not may, **kept)
    elif not may:
        st.markdown(quiet("The same in every stage."))
    if may:
        with st.grid(3, min_column_width=250):
            others = [name for name in stages if name not in policy.stages]
            other = st.selectbox(
                "Another stage",
                others,
                index=None,
                placeholder="Choose or write its name",
                accept_new_options=True,
                **form.kept(OTHER_STAGE[0], None),
            )
            days = st.number_input("Its working days", 0, 3660, 0, **form.kept(OTHER_STAGE[1], 0))
        if other and other.strip() and days:
            found[other.strip()] = days
    return {name: days for name, days in found.items() if days}


def _working_time(calendar: Calendar, form: Form, *, may: bool) -> dict[str, Any]:
    week = sorted(calendar.days)
    days = st.pills(
        "Days",
        range(7),
        selection_mode="multi",
        default=week,
        format_func=lambda day: WEEK[day],
        disabled=not may,
        **form.kept("days", week),
    )
    with st.grid(2, min_column_width=250):
        kept = form.kept("opens", calendar.opens)
        opens = st.time_input("The day opens", calendar.opens, disabled=not may, **kept)
        kept = form.kept("closes", calendar.closes)
        closes = st.time_input("and closes, when what is due on it is due", calendar.closes, disabled=not may, **kept)
        zones = sorted({*available_timezones(), calendar.zone_name})
        kept = form.kept("zone", calendar.zone_name)
        zone = st.selectbox("Time zone", zones, zones.index(calendar.zone_name), disabled=not may, **kept)
        known = countries()
        codes = list({**known, calendar.country: ""})
        country = st.selectbox(
            "Country of public holidays",
            codes,
            codes.index(calendar.country),
            format_func=lambda code: known.get(code, code),
            disabled=not may,
            **form.kept("country", calendar.country),
        )
    begun = "\n".join(day.isoformat() for day in calendar.days_off)
    off = st.text_area(
        "Extra days off, one a line",
        begun,
        placeholder="2026-12-24",
        height=100,
        disabled=not may,
        **form.kept("days-off", begun, _called("Extra days off")),
    )
    return {
        "zone": zone,
        "country": country,
        "days": sorted(days),
        "opens": _clock(opens),
        "closes": _clock(closes),
        "days_off": off or "",
    }


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def _day(word: str) -> str:
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError as wrong:
        raise ValueError(f"“{word}” is no day. Write it as 2026-12-24.") from wrong


def _days_of(text: str | None) -> list[int]:
    words = re.split(r"[\s,;]+", (text or "").strip())
    if wrong := next((word for word in words if word and not re.fullmatch(r"\d{1,4}", word, re.ASCII)), None):
        raise ValueError(f"“{wrong}” is no number of days. Write them as 0, 7, 30.")
    return sorted({int(word) for word in words if word})
