"""Reads a rich text from its first brace to its last: what people see of it, its pictures, and the files inside."""

from __future__ import annotations

from dataclasses import dataclass, field

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers.pager import TooMuch
from screening.engine.reading.papers.rich import words
from screening.engine.reading.papers.rich.destinations import ESCAPES, HOLDERS, SIGNS, STORIES, UNREAD
from screening.engine.reading.papers.rich.fields import Form, sign_of
from screening.engine.reading.papers.rich.heads import PAGES, Head
from screening.engine.reading.papers.rich.pictures import Pictures, Raw, file_in
from screening.engine.reading.papers.rich.state import State, To
from screening.engine.reading.papers.rich.story import Mark, Picture, Place, Story
from screening.engine.reading.papers.rich.tokens import Kind, Token, tokens
from screening.engine.reasons import Reason

_DEEPEST = 500
"""Braces inside braces; what lies deeper is not read, and that is said."""
_MOST_STORIES = 100_000
_TINIEST = 4
"""In half points: letters of two points are read by nobody."""
_LONGEST_FIELD = 4000
_OTHERS = frozenset(
    {b"u", b"plain", b"deff", b"ansicpg", b"object", b"dibitmap", b"fftype", b"ffres", b"ffdefres", b"fcharset", b"cpg",
     b"red", b"green", b"blue"}
)  # fmt: skip
_KNOWN = _OTHERS.union(PAGES, SIGNS, STORIES, HOLDERS, UNREAD, words.LOOKS, words.PARTS)
"""Words that change something for those who read; all others only dress it."""


@dataclass(slots=True)
class Rich:
    """What a rich text holds."""

    main: Story = field(default_factory=Story)
    others: list[Story] = field(default_factory=list)
    """Notes and margins, in the order in which they end."""
    pictures: Pictures = field(default_factory=Pictures)
    files: list[bytes] = field(default_factory=list)


def read(data: bytes, limits: Limits) -> Rich:
    """All of a rich text; whatever follows its last brace is none of it. Raises TooMuch."""
    reader = _Reader(limits)
    for token in tokens(data):
        reader.take(token)
        if reader.is_done:
            break
    return reader.ended()


class _Reader:
    """Takes one token after the other."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._rich, self._head = limits, Rich(), Head()
        self._stories = [self._rich.main]
        self._state, self._outer = State(), list[State]()
        self._sunk = 0
        """Braces that are open deeper than is read."""
        self._pending = bytearray()
        """Bytes of letters, which are made into text together: one letter may be two of them."""
        self._skip = 0
        """So many signs are a fallback for one that was told by its number."""
        self._starred = False
        self._characters = 0
        self._raw, self._form = Raw(), Form()
        self._field = ""
        """Words of a field's instruction or choice."""
        self._object_is_inside = False
        self.is_done = False

    def take(self, token: Token) -> None:
        kind = token.kind
        if kind is Kind.BRACE:
            self._brace(is_open=token.body == b"{")
        elif self._sunk:
            if kind is Kind.LETTERS and token.body.strip():
                self._lose()
        elif kind is Kind.WORD:
            self._word(token.body, token.number)
        elif kind is Kind.SIGN:
            self._sign(token.body)
        elif kind is Kind.BINARY:
            if self._state.to in (To.PICTURE, To.OBJECT):
                self._raw.plain += token.body
        else:
            self._bytes(token.body)

    def ended(self) -> Rich:
        """What was read; a text that breaks off lacks something."""
        self._flush()
        if not self.is_done:
            self._lose()
        while len(self._stories) > 1:
            self._end_story()
        return self._rich

    def _lose(self) -> None:
        blocks = self._rich.main.blocks
        if Mark.LOST not in blocks[-2:]:
            blocks.append(Mark.LOST)

    def _brace(self, *, is_open: bool) -> None:
        if self._sunk:
            self._sunk += 1 if is_open else -1
            return
        self._flush()
        self._skip, self._starred = 0, False
        if is_open and len(self._outer) >= _DEEPEST:
            self._sunk = 1
        elif is_open:
            self._outer.append(self._state)
            self._state = self._state.copy()
        elif self._outer:
            ended, self._state = self._state, self._outer.pop()
            self.is_done = not self._outer
            if ended.opened is not None:
                self._end(ended)

    def _bytes(self, body: bytes) -> None:
        to = self._state.to
        if to in (To.PICTURE, To.OBJECT):
            self._raw.digits += body
            return
        if self._skip:
            skipped = min(self._skip, len(body))
            self._skip -= skipped
            body = body[skipped:]
        if to is To.FONTS:
            self._head.name(body)
        elif to is To.COLOURS:
            self._head.end_colours(body)
        elif to in (To.STORY, To.FIELD, To.CHOICE):
            self._pending += body

    def _flush(self) -> None:
        if self._pending:
            text = self._head.letters.decoded(bytes(self._pending), self._state.font)
            self._pending.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        state = self._state
        if state.to in (To.FIELD, To.CHOICE):
            self._field += text if len(self._field) < _LONGEST_FIELD else ""
        elif state.to is To.STORY and not state.deleted:
            self._characters += len(text)
            if self._characters > self._limits.characters:
                raise TooMuch(Reason.TOO_MUCH_TEXT)
            story = self._stories[-1]
            story.say(text)
            if not story.hidden and self._is_unseen(story.place) and text.strip():
                story.hidden = True

    def _is_unseen(self, place: Place) -> bool:
        """Whether nobody sees letters here: hidden, tiny, or white where nothing dark is under them."""
        state = self._state
        if state.hidden or 1 <= state.size <= _TINIEST:
            return True
        stands_on = state.in_table or state.shaded or state.has_ground or place is Place.BOX
        return not stands_on and self._head.is_white(state.colour)

    def _sign(self, sign: bytes) -> None:
        self._flush()
        if sign == b"*":
            self._starred = True
        elif sign in b"\r\n":
            self._word(b"par", None)
        elif sign in ESCAPES:
            self._one(ESCAPES[sign])

    def _one(self, sign: str) -> None:
        """A sign that is told by a name, unless it stands for one that was told already."""
        if self._skip:
            self._skip -= 1
        else:
            self._say(sign)

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word not in _KNOWN and not starred:  # Most words only say how print is set.
            self._skip = 0
            return
        self._flush()
        state = self._state
        if state.to is To.NOWHERE:
            return
        if word in SIGNS:
            self._one(SIGNS[word])
            return
        self._skip = 0
        if starred or word in HOLDERS or word in STORIES or word in UNREAD:
            self._open(word, starred=starred)
        elif state.to is To.FONTS:
            self._head.font(word, number)
        elif state.to is To.COLOURS:
            self._head.colour(word, number)
        elif word in words.LOOKS:
            words.LOOKS[word](state, number)
        elif word in words.PARTS:
            if state.to is To.STORY:
                words.PARTS[word](self._stories[-1], state, number)
        else:
            self._other(word, number)

    def _other(self, word: bytes, number: int | None) -> None:
        letters = self._head.letters
        if word == b"u" and number is not None:
            self._say(letters.of_number(number, self._state.font))
            self._skip = self._state.fallback
        elif word == b"plain":
            self._state.plain(letters.usual)
        elif word == b"deff":
            letters.usual = self._state.font = number or 0
        elif word == b"ansicpg":
            self._head.page(number)
        elif word in PAGES:
            letters.page = PAGES[word]
        elif word == b"object":
            self._object_is_inside = False
        elif word == b"dibitmap":
            self._raw.is_dib = True
        elif self._state.to is To.FORM:
            self._form.note(word, number)

    def _open(self, word: bytes, *, starred: bool) -> None:
        """Begin what this pair of braces is for."""
        state = self._state
        if word in STORIES:
            self._begin_story(STORIES[word])
            return
        if starred and word == b"ud":  # The second, better telling of what stands in `upr` around it.
            state.to = state.beyond
            return
        if word == b"upr":
            state.beyond = state.to
        if word == b"nesttableprops":
            state.level = max(2, state.level)
        to = HOLDERS.get(word, To.NOWHERE)
        if to is To.STORY:  # Belongs to what is around it.
            return
        state.to = state.opened = to
        if state.to in (To.PICTURE, To.OBJECT):
            self._raw = Raw()
        elif state.to in (To.FIELD, To.CHOICE):
            self._field = ""
        elif state.to is To.FORM:
            self._form = Form()

    def _begin_story(self, place: Place) -> None:
        if len(self._rich.others) >= _MOST_STORIES:
            self._state.to = To.NOWHERE
            self._lose()
            return
        self._stories.append(Story(place))
        self._state.to = self._state.opened = To.STORY
        self._state.paragraph()

    def _end(self, ended: State) -> None:
        """End what a pair of braces was for; what is said now belongs to those around it."""
        if ended.opened is To.STORY:
            self._end_story()
        elif ended.opened is To.PICTURE:
            self._picture(ended)
        elif ended.opened is To.OBJECT:
            self._rich.files.append(file_in(self._raw.body()))
            self._object_is_inside = True
        elif ended.opened is To.CHOICE:
            self._form.choose(self._field)
        elif ended.opened is To.FIELD:
            self._say(sign_of(self._field) or self._form.shown)
            self._form = Form()

    def _picture(self, ended: State) -> None:
        """Note a picture; that of an object whose file is inside too shows nothing of its own."""
        body = self._raw.picture()
        if body and not ended.deleted and not (ended.of_object and self._object_is_inside):
            self._stories[-1].hang(Picture(self._rich.pictures.add(body)))

    def _end_story(self) -> None:
        story = self._stories.pop()
        blocks = story.end()
        if story.place is Place.BOX:
            self._stories[-1].hang(*blocks)
        else:
            self._rich.others.append(story)
