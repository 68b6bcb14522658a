"""The second, slower reader: looks at pages on which the first one found nothing or failed.

Two readers that agree on *nothing here* are believed; one alone is not. Runs only inside a caged child.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from screening.engine.reading import cleaning, fonts
from screening.engine.reading.limits import Limits
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus

_NO_LETTER = re.compile(r"\(cid:\d+\)")
"""How the library writes a letter of which the font does not say what it is."""


def open_document(data: bytes, password: str | None) -> pdfplumber.PDF:
    """Open a PDF. Raises whatever the library raises: `reason_of` reads it."""
    return pdfplumber.open(io.BytesIO(data), password=password or "")


def reason_of(error: BaseException, password: str | None) -> Reason:
    """The closed reason behind an error of the library, which wraps some errors in others."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 10:
        chain.append(cause)
        chain += [part for part in cause.args if isinstance(part, BaseException)]
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(part, MemoryError) for part in chain):
        return Reason.TOO_MUCH_MEMORY
    if any(isinstance(part, PDFPasswordIncorrect | PDFEncryptionError) for part in chain):
        return Reason.WRONG_PASSWORD if password else Reason.ENCRYPTED
    return Reason.BROKEN


def pages(document: pdfplumber.PDF, wanted: list[int] | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """The pages of these numbers (all, where None) as answers to the parent; each is closed when it is read."""
    for page in document.pages[: limits.pages]:
        if wanted is not None and page.page_number not in wanted:
            continue
        try:
            answer = _page(page, limits)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  Whatever a broken page makes the library raise, the next page may be whole.
            answer = {"page": page.page_number, "status": PageStatus.FAILED, "reason": Reason.PAGE_FAILED}
        finally:
            page.close()
        yield answer


def _page(page: Any, limits: Limits) -> dict[str, Any]:
    texts: list[str] = []
    places: list[int] = []
    at = 0
    for line in page.extract_text_lines(return_chars=False, strip=True):
        text = _NO_LETTER.sub("", cleaning.clean(str(line["text"])))
        if not text.strip():
            continue
        texts.append(text)
        corners = [line["x0"], line["top"], line["x1"], line["bottom"]]
        if all(math.isfinite(corner) for corner in corners):
            places += (at, at + len(text), *(round(10 * corner) for corner in corners))
        at += len(text) + 1
    text = "\n".join(texts)[: limits.page_characters]
    nothing_said = fonts.is_no_text(text)
    if nothing_said:
        text = ""
    answer = {"page": page.page_number, "width": float(page.width), "height": float(page.height), "text": text}
    if text.strip():
        return {**answer, "lines": places, "status": PageStatus.READ}
    picture = nothing_said or bool(page.images or page.curves or page.rects or page.lines)
    reason = Reason.IMAGES_ONLY if picture else Reason.BLANK
    return {**answer, "pictures": bool(page.images), "status": PageStatus.NO_TEXT, "reason": reason}
