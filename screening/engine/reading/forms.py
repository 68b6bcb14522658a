"""Reads what somebody typed into the form fields of a PDF page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as raw

from screening.engine.reading import cleaning

_LONGEST_VALUE = 2_000_000
_EMPTY = 2
"""Bytes of an empty string as pdfium counts them: its closing zero."""


def is_dynamic(document: Any) -> bool:
    """Whether the document is an XFA form, whose pages only one program can lay out (ISO 32000-2, annex K)."""
    return bool(raw.FPDF_GetFormType(document) == raw.FORMTYPE_XFA_FULL)


def fields(form: Any, page: Any, most: int) -> Iterator[tuple[str, str]]:
    """Name and value of at most `most` filled fields of a page. `form` and `page` are pdfium's handles."""
    for index in range(min(most, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
            if kind not in _TYPED:
                continue
            name = _string(raw.FPDFAnnot_GetFormFieldName, form, annotation)
            value = _chosen(form, annotation) if kind in _CHOSEN else ""
            value = value or _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if name and value:
            yield cleaning.clean(name), cleaning.clean(value.replace("\r\n", "\n").replace("\r", "\n"))


_TYPED = (
    raw.FPDF_FORMFIELD_CHECKBOX,
    raw.FPDF_FORMFIELD_RADIOBUTTON,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
    raw.FPDF_FORMFIELD_TEXTFIELD,
)


_CHOSEN = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_MOST_OPTIONS = 500


def _chosen(form: Any, annotation: Any) -> str:
    """All that was chosen from a list, in the words that people see: what the file keeps may be a number."""
    labels = []
    for number in range(min(_MOST_OPTIONS, raw.FPDFAnnot_GetOptionCount(form, annotation))):
        if raw.FPDFAnnot_IsOptionSelected(form, annotation, number):
            labels.append(_label(form, annotation, number))
    return ", ".join(label for label in labels if label)


def _label(form: Any, annotation: Any, number: int) -> str:
    return _string(lambda *more: raw.FPDFAnnot_GetOptionLabel(form, annotation, number, *more[2:]), form, annotation)


def _string(call: Any, form: Any, annotation: Any) -> str:
    size = call(form, annotation, None, 0)
    if size <= _EMPTY or size > _LONGEST_VALUE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    call(form, annotation, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
