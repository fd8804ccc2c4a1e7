"""Rhythms as they are offered: the team's own, which its policy lists, and none."""

from core.domain.facts import Rhythm
from core.domain.rhythms import LENGTHS, rhythm_words
from pages.parts import reads

NONE = "No rhythm"
Choices = dict[str, Rhythm | None]


def choices() -> Choices:
    """For somebody who has one, or had: none comes last."""
    return {**_labelled(reads.rhythms()), NONE: None}


def for_newcomers() -> Choices:
    """None comes first."""
    return {NONE: None, **choices()}


def called(label: str) -> Rhythm | None:
    """What a label stood for when it was chosen, offered still or not."""
    return {**_labelled(LENGTHS), **choices()}.get(label)


def _labelled(rhythms: tuple[Rhythm, ...]) -> Choices:
    return {rhythm_words(rhythm).capitalize(): rhythm for rhythm in rhythms}
