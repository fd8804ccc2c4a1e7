"""What somebody begins as: whoever has done little of the work yet is looked at again, not turned away."""

from enum import StrEnum


class Beginner(StrEnum):
    CAREER_CHANGER = "career changer"
    JUNIOR = "junior"
    INTERN = "intern"
