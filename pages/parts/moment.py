"""The moment after something has appeared where somebody has just pressed: the second press of a double click.

A slow double click takes half a second; whoever reads what has appeared, and then presses, takes longer than this.
"""

from datetime import datetime, timedelta

from pages.parts import runtime

MOMENT = timedelta(milliseconds=500)


def is_too_quick(appeared_at: datetime) -> bool:
    """Whether what was drawn then has only just appeared."""
    return runtime.store().now() - appeared_at < MOMENT
