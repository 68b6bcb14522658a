"""What can go wrong in the domain, in sentences that may be shown to the person who asked."""

from __future__ import annotations


class DomainError(Exception):
    """Something that a rule of the domain forbids. The text is safe to show: it names no one else's data."""


class NotAllowed(DomainError):
    """The actor may see the thing, but may not do this to it."""


class NotFound(DomainError):
    """There is no such thing, or it is not the actor's: both look the same from outside."""

    def __init__(self, message: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """Somebody else did it first, or the thing has moved on since the actor looked at it."""


class Stale(Conflict):
    """The actor named the version that they had seen, and the thing has another one by now."""


class Invalid(DomainError):
    """The input breaks a rule. `field` names the input at fault, or None where several are involved."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class OutOfSpace(DomainError):
    """The file store has no room left; nothing of the upload was kept."""
