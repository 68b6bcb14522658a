"""How much time, memory and paper one document may take before the reader stops and says so."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one document; the defaults are ours, set from the odd files in our measurements.

    Sizes are bytes, times are seconds, lengths are characters.
    """

    memory: int = 1024 * MEBIBYTE
    """Address space of the child, so its resident memory stays below this too."""
    seconds: float = 60.0
    """Wall clock for a document of few pages."""
    seconds_for_many: float = 30.0
    seconds_a_page: float = 0.2
    """A long document may take `seconds_for_many` plus this for every page, if that is more."""
    file_bytes: int = 256 * MEBIBYTE
    pages: int = 5000
    characters: int = 20_000_000
    """Text of a whole document; what comes after is marked as not read."""
    page_characters: int = 2_000_000
    page_lines: int = 20_000
    answer_bytes: int = 192 * MEBIBYTE
    """All that a child may say; more is taken for a broken child."""
    fields: int = 5000
    second_readings: int = 300
    """Pages of one document that the second, slower reader looks at."""
    picture_pixels: int = 24_000_000
    opened_pixels: int = 120_000_000
    """A picture of more pixels is not opened."""
    recognised_pages: int = 300
    """Pages of one document that text recognition looks at."""
    recognition_memory: int = 2048 * MEBIBYTE
    """Address space of a child that recognises text; what it really holds stays far below."""
    recognition_seconds: float = 90.0
    """For one picture."""
    page_size: int = 3000
    """Where a file has no pages of its own, so many characters are called one."""
    table_rows: int = 100
    """Rows of a spreadsheet that are called a page."""
    members: int = 10_000
    """Files in an archive, with those of the archives inside it."""
    unpacked_bytes: int = 1024 * MEBIBYTE
    """Of all files in an archive, with those of the archives inside it."""
    part_bytes: int = 256 * MEBIBYTE
    """Of the parts of one Office file when unpacked."""
    ratio: int = 200
    """An entry that unpacks to so many times its packed size is a bomb, once it is larger than `harmless_bytes`."""
    harmless_bytes: int = 64 * MEBIBYTE
    depth: int = 3
    """Archives inside archives; mail inside archives and attachments inside mail count too."""
    batch_bytes: int = 48 * MEBIBYTE
    """Members are taken out of an archive in batches of about this size, so that they never fill the memory."""

    def wall_clock(self, pages: int) -> float:
        """Seconds that a document of so many pages may take."""
        return max(self.seconds, self.seconds_for_many + self.seconds_a_page * min(pages, self.pages))
