"""Writes the report of a bulk screening: one page that a compliance officer can read, print and forward.

No script, no picture or style from elsewhere; everything that comes from a document is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from models.taxonomy import Severity, shipped
from screening.bulk.rows import Row
from screening.bulk.style import STYLE
from screening.bulk.tally import Tally, Unread
from screening.engine.reasons import ADVICE, Doubt, Reason
from screening.engine.results import State

_STATES = {
    State.SCREENED: "read in full",
    State.SCREENED_IN_PART: "read in part",
    State.NEEDS_OCR: "pictures without text",
    State.NEEDS_PASSWORD: "locked with a password",
    State.REJECTED: "not readable",
    State.OVER_LIMIT: "over a limit",
}
_ROW, _LABEL, _WIDTH = 22, 350, 760


def page(tally: Tally, engine_version: str, limits: Sequence[str], *, folder: str = "") -> str:
    """The whole report as HTML. Files are named from `folder` on: what lies above it is nobody else's business."""
    body = (
        _summary(tally),
        _unread(tally, folder),
        _charts(tally),
        _findings(tally, folder),
        _how_to_read(engine_version, limits),
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Screening report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _summary(tally: Tally) -> str:
    total = sum(tally.documents.values())
    states = ", ".join(
        f"{tally.documents[state]} {words}" for state, words in _STATES.items() if tally.documents[state]
    )
    doubts = "\n".join(
        f"<p class='warn'>{_count(tally.doubts[doubt], 'page', 'pages')} (<code>{doubt}</code> in pages.jsonl): "
        f"{escape(doubt.sentence)}</p>"
        for doubt in Doubt
        if tally.doubts[doubt]
    )
    return f"""<h1>Screening report</h1>
<dl class="key">
<div><dt>Documents</dt><dd>{total:,}</dd></div>
<div><dt>Pages read</dt><dd>{tally.pages_read:,} of {tally.pages:,}</dd></div>
<div><dt>Flagged passages</dt><dd>{tally.findings:,}</dd></div>
<div><dt>Documents with flags</dt><dd>{tally.documents_with_findings:,}</dd></div>
</dl>
<p>Of {_count(total, "document", "documents")}: {escape(states) or "none"}. A flag is a question for a person,
not a verdict; a document without flags that was not read in full is not a clean document.</p>
{doubts}"""


def _unread(tally: Tally, folder: str) -> str:
    if not tally.unread:
        return "<h2>What was not read</h2><p>Every page of every document was read.</p>" if tally.documents else ""
    parts = ["<h2>What was not read</h2>"]
    reasons = Counter(entry.reason for entry in tally.unread)
    for reason in sorted(reasons, key=lambda word: (-reasons[word], word or "")):
        entries = [entry for entry in tally.unread if entry.reason == reason]
        advice = ADVICE[Reason(reason)] if reason is not None else ""
        parts.append(
            f"<h3>{_count(len(entries), 'document', 'documents')}: {escape(str(reason).replace('_', ' '))}</h3>"
        )
        parts.append(f"<p>{escape(advice)}</p><ul>{''.join(_unread_item(entry, folder) for entry in entries)}</ul>")
    if tally.more_unread:
        more = _count(tally.more_unread, "more document is", "more documents are")
        parts.append(f"<p class='warn'>{more} not listed here; documents.jsonl lists all.</p>")
    return "\n".join(parts)


def _unread_item(entry: Unread, folder: str) -> str:
    pages = ""
    if entry.pages:
        more = f" and {entry.more_pages} more" if entry.more_pages else ""
        pages = f" <span class='soft'>pages {', '.join(map(str, entry.pages))}{more}</span>"
    return f"<li><bdi>{escape(_below(entry.file, folder))}</bdi>{pages}</li>"


def _charts(tally: Tally) -> str:
    if not tally.findings:
        return ""
    taxonomy = shipped()
    severities = [
        (taxonomy.severities[word].en, tally.severities[word], f"s-{word}")
        for word in sorted(tally.severities, key=lambda word: -Severity(word).rank)
    ]
    names = {category.id: category.name.en for category in taxonomy.categories}
    ordered = sorted(tally.categories.items(), key=lambda item: (-item[1], item[0]))
    categories = [(names.get(code, code), count, "c") for code, count in ordered]
    return (
        f"<h2>Flagged passages</h2><h3>By severity</h3>{_bars(severities, 'Flagged passages by severity')}"
        f"<h3>By category</h3>{_bars(categories, 'Flagged passages by category')}"
        "<p class='soft'>A passage may stand in several categories.</p>"
    )


def _bars(bars: Sequence[tuple[str, int, str]], title: str) -> str:
    longest = max(count for _, count, _ in bars)
    height = _ROW * len(bars)
    rows = []
    for index, (label, count, kind) in enumerate(bars):
        y = index * _ROW
        width = max(2, round((_WIDTH - _LABEL - 60) * count / longest))
        rows.append(
            f'<text x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(label)}</text>'
            f'<rect class="{kind}" x="{_LABEL}" y="{y + 4}" width="{width}" height="{_ROW - 8}"/>'
            f'<text x="{_LABEL + width + 6}" y="{y + 15}">{count:,}</text>'
        )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(rows)}</svg>"
    )


def _findings(tally: Tally, folder: str) -> str:
    shown = tally.gravest()
    if not shown:
        return "<h2>Findings</h2><p>No passage raised a flag in what was read.</p>"
    left_out = tally.findings - len(shown)
    said = (
        f"<p class='warn'>Only the {len(shown)} gravest are shown; {left_out:,} more are in findings.csv "
        "and findings.jsonl.</p>"
        if left_out
        else ""
    )
    return f"<h2>Findings, gravest first</h2>{said}{''.join(_finding(row, folder) for row in shown)}"


def _finding(row: Row, folder: str) -> str:
    taxonomy = shipped()
    signals = "; ".join(
        f"{taxonomy.signals[code].name.en} ({code})" if code in taxonomy.signals else code for code in row["signals"]
    )
    severity, assertion = row["severity"], row["assertion"]
    assertion_name = taxonomy.assertions[assertion].en if assertion in taxonomy.assertions else assertion
    people = f" · people: {row['people']:,}" if row["people"] is not None else ""
    before = f"<p class='before' dir='auto'>{escape(row['before'])}</p>" if row["before"] else ""
    place = f"page {row['page']}" if row["page"] else "form field"
    return f"""<article class="s-{escape(severity)}">
<h3>{escape(taxonomy.severities[severity].en)} · {escape(signals)}</h3>
{before}<blockquote dir="auto">{escape(row["quote"])}</blockquote>
<p class="soft"><bdi>{escape(_below(row["file"], folder))}</bdi>, {place} · {escape(assertion_name)}
· probability {row["score"]:.2f}{people}</p>
{_why(row["explanation"])}</article>
"""


def _why(explanation: Row) -> str:
    words = ", ".join(word for word, _ in explanation["words"])
    said: Iterable[tuple[str, str]] = (
        ("Why", "; ".join(explanation["rules"])),
        ("Words that weighed most", words),
        ("What decided who says it", explanation["assertion"]),
        ("Note", explanation["note"]),
    )
    parts = " ".join(f"<b>{label}:</b> <bdi>{escape(text)}</bdi>." for label, text in said if text)
    return f"<p class='soft'>{parts}</p>" if parts else ""


def _how_to_read(engine_version: str, limits: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(limit)}</li>" for limit in limits)
    return (
        f"<h2>What this report cannot say</h2><ul>{items}</ul>"
        "<p>Severity and probability are estimates of a machine. Only a person settles a finding, "
        "with the page open.</p>"
        f"<p class='soft'>Engine version {escape(engine_version)}.</p>"
    )


def _below(name: str, folder: str) -> str:
    return name.removeprefix(f"{folder.rstrip('/')}/") if folder else name


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
