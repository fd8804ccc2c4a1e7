"""How a meeting went, as it is asked wherever a meeting is over: who was absent is named, whoever it was."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.domain.facts import Absent
from core.domain.refusal import Refused
from pages.parts import keeping, reads, telling
from pages.parts.choosing import choose_one
from pages.parts.keeping import CANCELLED, NOT_US
from pages.parts.wording import md


@dataclass(frozen=True, slots=True)
class How:
    choice: str | None
    absent_member_id: int | None = None
    asked_by: Absent | None = None

    def noted(self) -> dict[str, Any] | None:
        """What `note_outcome` is told; None where something is missing, which is said."""
        try:
            return keeping.outcome(self.choice, absent_member_id=self.absent_member_id, asked_by=self.asked_by)
        except Refused as refused:
            st.error(md(refused))
            return None


def draw(process_id: int | None, host_id: int | None) -> How:
    choices = keeping.outcomes(process_id)
    choice = st.segmented_control(
        "How", choices, required=True, key="meeting-outcome", label_visibility="collapsed", wrap=True
    )
    return draw_who(choice, process_id, host_id)


def draw_who(choice: str | None, process_id: int | None, host_id: int | None, *, key: str = "meeting") -> How:
    """Whoever of us was absent is named; who cancelled may be."""
    if choice == NOT_US:
        return How(
            choice, absent_member_id=choose_one("Who of us", dict(reads.colleagues()), host_id, key=f"{key}-absent")
        )
    if choice == CANCELLED:
        return How(choice, asked_by=choose_side("Who cancelled it", process_id, key=f"{key}-cancelled-by"))
    return How(choice)


def choose_side(label: str, process_id: int | None, *, key: str = "meeting-side") -> Absent | None:
    """Ours, theirs, or the client's where there is one; nobody has to say."""
    sides = [side for side in telling.SIDES if side is not Absent.CLIENT or process_id is not None]
    chosen = st.segmented_control(label, sides, format_func=lambda side: telling.SIDES[side], key=key, wrap=True)
    return Absent(chosen) if chosen else None
