"""How long backups are kept: what forgets them goes by it, and whatever tells of it says it in these words."""

from datetime import timedelta

DAYS, WEEKS, BEFORE, OLDEST = 7, 4, 3, timedelta(days=35)
"""Of so many days and weeks the newest daily one is kept, and so many of those before a change; and nothing longer than
that: people have a right to be erased there too."""
KEPT = (
    f"Of the daily ones the last {DAYS} days stay, and one of each of the last {WEEKS} weeks; none is kept longer than"
    f" {OLDEST.days} days."
)
