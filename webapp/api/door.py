"""A door of the API: one method and address, what it takes and gives, and which page it stands beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.people import Person
from webapp.api.shapes import Listed


class Version(StrEnum):
    """Whether a writing call names the version that it was made from, as `If-Match`."""

    NONE = "none"
    """It does not depend on what was seen."""
    OPTIONAL = "optional"
    """It is compared where it is named."""
    NEEDED = "needed"
    """The call is refused without it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, read and checked: the keys in the address, the query, the body, and the version that was named."""

    ids: dict[str, Any]
    asked: Any = None
    body: Any = None
    version: int = -1
    """Of a plan, as the caller saw it; -1, which fits nothing, where none was named."""
    key: str = ""
    """The caller's own key for this call; empty without one."""

    def id(self, name: str) -> UUID:
        found: UUID = self.ids[name]
        return found


Show = Callable[[Session, Person, Call], Any]
"""Looks something up, and answers it as one of the shapes."""

Act = Callable[[Session, Person, Call], UUID | None]
"""Carries out one operation. Answers the key of what it made, where that is not what the address names."""


Hold = Callable[[Session, Person, Call], object]
"""Holds a thing until the commit, so that nobody changes it between the look at its version and the act."""

Receive = Callable[[Call], tuple[UUID, int]]
"""Takes in the file that came along. Answers the key of its document, and the status of an answer to that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One operation of the API. The table of access rules it as it rules the page of the same operation."""

    name: str
    method: str
    path: str
    """Below `/api/v1`, in the form that the router reads."""
    beside: str
    """The endpoint of the page whose row in the table of access holds here too."""
    says: str
    """What it does, in one sentence."""
    group: str
    gives: type[Any] | Listed
    show: Show
    asks: type[Any] | None = None
    """The fields of the query."""
    takes: type[Any] | None = None
    """The fields of the JSON body."""
    act: Act | None = None
    """None for a door that only shows."""
    makes: str = ""
    """The name of the key that `show` looks for what was made by."""
    status: int = 200
    version: Version = Version.NONE
    hold: Hold | None = None
    receive: Receive | None = None
    """For a body that is a form with a file in it. Runs before `act`, which finds the key as `document_id`."""
    form: dict[str, str] = field(default_factory=dict)
    """The other fields of that form, each with its meaning: keys that may be left out."""

    @property
    def endpoint(self) -> str:
        return f"api.{self.name}"

    @property
    def writes(self) -> bool:
        return self.act is not None
