"""How long backups are kept: what forgets them goes by it, and whatever tells of it says it in these words."""

from datetime import timedelta

LATE = timedelta(days=2)
"""So old the newest one is only where the daily ones can't be made."""
DAYS, WEEKS, BEFORE, OLDEST = 7, 4, 3, timedelta(days=35)
"""Of so many days and weeks the newest daily one is kept, and so many of those before a change; and nothing longer than
that: people have a right to be erased there too."""
KEPT = (
    f"Of the daily ones the last {DAYS} days stay, and one of each of the last {WEEKS} weeks; none is kept longer than"
    f" {OLDEST.days} days."
)
