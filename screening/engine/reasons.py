"""The closed lists of why a document or page was not read, and of what makes one doubt a page that was.

Each has a sentence that says what its sender or reader can do about it.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A value is the word in the files and tables; `advice` is the sentence for people."""

    ENCRYPTED = "encrypted"
    WRONG_PASSWORD = "wrong_password"
    CANNOT_ACCESS = "cannot_access"
    EMPTY_FILE = "empty_file"
    NOT_SUPPORTED = "not_supported"
    OLD_FORMAT = "old_format"
    DYNAMIC_FORM = "dynamic_form"
    BROKEN = "broken"
    NO_PAGES = "no_pages"
    IMAGES_ONLY = "images_only"
    BLANK = "blank"
    PAGE_FAILED = "page_failed"
    SOME_PAGES_UNREAD = "some_pages_unread"
    SOME_PARTS_UNREAD = "some_parts_unread"
    VALUES_MISSING = "values_missing"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOOK_TOO_LONG = "took_too_long"
    READER_DIED = "reader_died"
    FAILED_REPEATEDLY = "failed_repeatedly"
    NOTHING_INSIDE = "nothing_inside"
    SOME_MEMBERS_UNREAD = "some_members_unread"
    TOO_MANY_MEMBERS = "too_many_members"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_DEEP = "too_deep"
    UNSAFE_NAME = "unsafe_name"
    NO_FILE = "no_file"

    @property
    def advice(self) -> str:
        """One sentence that says what happened and what to do, in plain English (translated at the edge)."""
        return ADVICE[self]


ADVICE: dict[Reason, str] = {
    Reason.ENCRYPTED: "The file is locked with a password: upload a copy without one, or give the password.",
    Reason.WRONG_PASSWORD: "The password does not open this file: check it, or upload a copy without a password.",
    Reason.CANNOT_ACCESS: "The file could not be opened on this computer: check that it exists and may be read.",
    Reason.EMPTY_FILE: "The file is empty: export or save it again and upload the new copy.",
    Reason.NOT_SUPPORTED: "This kind of file cannot be read yet: save it as PDF (archives as ZIP, photos as JPEG).",
    Reason.OLD_FORMAT: "This is an old kind of Office file: save it as DOCX, XLSX, PPTX or PDF and upload that.",
    Reason.DYNAMIC_FORM: "The file is a form that only one program can show: print it to PDF and upload that.",
    Reason.BROKEN: "The file is damaged and cannot be opened: open it on your own computer and save it as PDF again.",
    Reason.NO_PAGES: "The file has no pages: export it again and check that it opens.",
    Reason.IMAGES_ONLY: "The pages are pictures without text: upload the original, or a scan with recognised text.",
    Reason.BLANK: "The page holds no text and no picture: check whether the right file was uploaded.",
    Reason.PAGE_FAILED: "This page is damaged and could not be read: look at it yourself, or upload a repaired copy.",
    Reason.SOME_PAGES_UNREAD: "Some pages could not be read: look at those pages yourself, or upload a better copy.",
    Reason.SOME_PARTS_UNREAD: "Something that the file shows could not be read: save it as PDF and upload that.",
    Reason.VALUES_MISSING: "Some formulas have no saved value: open the file, save it again and upload that.",
    Reason.TOO_LARGE: "The file is larger than the limit: split it, or leave out the photographs.",
    Reason.TOO_MANY_PAGES: "The file has more pages than the limit: split it into parts.",
    Reason.TOO_MUCH_TEXT: "The file holds more text than the limit: split it into parts.",
    Reason.TOO_MUCH_MEMORY: "Opening the file takes more memory than is allowed: save it as a simpler PDF.",
    Reason.TOOK_TOO_LONG: "Reading the file took longer than is allowed: save it as a simpler PDF, or split it.",
    Reason.READER_DIED: "The file makes the reader stop: open it on your own computer and save it as PDF again.",
    Reason.FAILED_REPEATEDLY: "Three tries to read the file failed: it has been set aside for a person to look at.",
    Reason.NOTHING_INSIDE: "The archive holds no files: pack it again and upload the new copy.",
    Reason.SOME_MEMBERS_UNREAD: "Some of the files inside could not be taken out: upload those by themselves.",
    Reason.TOO_MANY_MEMBERS: "There are more files inside than the limit: send them in several archives.",
    Reason.UNPACKS_TOO_LARGE: "Unpacked it would be larger than the limit: send the files by themselves.",
    Reason.TOO_DEEP: "Archives lie inside archives, deeper than the limit: pack the files into one archive.",
    Reason.UNSAFE_NAME: "A name inside points to a place outside of the archive: rename the file and pack it again.",
    Reason.NO_FILE: "This entry is a link or a device and no file: put the file itself into the archive.",
}


class Doubt(StrEnum):
    """Why a page that was read may not be all, or not what, people see. A page may give several."""

    HIDDEN_TEXT = "hidden_text"
    OTHER_LETTERS = "other_letters"
    CONTRADICTS_ITSELF = "contradicts_itself"
    READERS_DISAGREE = "readers_disagree"
    PICTURES_UNREAD = "pictures_unread"
    PARTS_UNREAD = "parts_unread"
    ORDER_UNSURE = "order_unsure"

    @property
    def sentence(self) -> str:
        """What it means and what to do, in plain English (translated at the edge)."""
        return DOUBTS[self]


DOUBTS: dict[Doubt, str] = {
    Doubt.HIDDEN_TEXT: "The page holds text that people do not see: compare its text with the page.",
    Doubt.OTHER_LETTERS: "A font shows people other letters than it tells programs: compare its text with the page.",
    Doubt.CONTRADICTS_ITSELF: "Built so that another program may show other words: compare its text with the page.",
    Doubt.READERS_DISAGREE: "Two ways of reading found different words: compare its text with the page.",
    Doubt.PICTURES_UNREAD: "Pictures that may show words were not read: look at them yourself.",
    Doubt.PARTS_UNREAD: "Something that people see here could not be read: look at it yourself.",
    Doubt.ORDER_UNSURE: "Words run down the page, and their order may be wrong: read them on the page.",
}
MISLEADING = frozenset({Doubt.HIDDEN_TEXT, Doubt.OTHER_LETTERS, Doubt.CONTRADICTS_ITSELF, Doubt.READERS_DISAGREE})
"""Doubts that what people see is what was read: each of them makes `hidden_text` true in the result files."""
