"""What an operator can set about reading scans: which program recognises text, and in which languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from webapp.hook_settings import HookSettings
from webapp.setting_kinds import about, listed, word


class Ocr(StrEnum):
    """Which program recognises text; `AUTO` takes the first that is installed."""

    AUTO = "auto"
    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings(HookSettings):
    """The part of the settings that is about scans."""

    ocr: Ocr = field(
        default=Ocr.AUTO,
        metadata=about("SALIENT_OCR", word(Ocr), "What recognises text on scans: auto, tesseract, rapidocr or none."),
    )
    ocr_languages: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "SALIENT_OCR_LANGUAGES", listed,
            "Languages of Tesseract, separated by commas: `eng,nld,chi_sim`.",
            shown_default="up to four that are installed",
        ),
    )  # fmt: skip
    tessdata: str = field(
        default="",
        metadata=about(
            "SALIENT_TESSDATA", str, "Folder of Tesseract's trained data.", shown_default="where the system puts it"
        ),
    )
