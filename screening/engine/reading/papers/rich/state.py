"""What is in force at a place of a rich text: where its letters go, the font they are set in, and how they look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class To(Enum):
    """Where letters go."""

    STORY = auto()
    """Into the text that people read."""
    NOWHERE = auto()
    """They are no words for people, and neither is what is inside."""
    INSIDE = auto()
    """They are none themselves, but what is inside may be: shapes and objects."""
    FONTS = auto()
    COLOURS = auto()
    PICTURE = auto()
    OBJECT = auto()
    FIELD = auto()
    FORM = auto()
    CHOICE = auto()


@dataclass(slots=True)
class State:
    """Holds inside one pair of braces; those inside begin with a copy."""

    to: To = To.STORY
    opened: To | None = None
    """Where letters have gone since this pair of braces said so itself; something ends with it."""
    beyond: To = To.STORY
    """Where they went outside of a text that is told twice."""
    font: int = 0
    fallback: int = 1
    """Signs that follow one told by its number, for programs that do not know such."""
    size: int = 24
    """In half points."""
    colour: int = 0
    hidden: bool = False
    deleted: bool = False
    """By a change that was tracked."""
    has_ground: bool = False
    """These letters stand on a colour."""
    shaded: bool = False
    """So does the paragraph."""
    in_table: bool = False
    level: int = 1
    """Tables inside tables: 1 is the outermost."""
    of_object: bool = False
    """This is how an object looks whose file is inside too."""

    def copy(self) -> State:
        """The same for a pair of braces inside this one."""
        return State(
            self.to, None, self.beyond, self.font, self.fallback, self.size, self.colour, self.hidden, self.deleted,
            self.has_ground, self.shaded, self.in_table, self.level, self.of_object,
        )  # fmt: skip

    def plain(self, font: int) -> None:
        """Letters as they are where nothing is said of them."""
        self.font, self.size, self.colour = font, 24, 0
        self.hidden = self.deleted = self.has_ground = False

    def paragraph(self) -> None:
        """A paragraph as it is where nothing is said of it."""
        self.in_table = self.shaded = False
        self.level = 1
