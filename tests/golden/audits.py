"""The golden documents: invented audits in several layouts and languages, with everything that they say written down.

Their sentences were written as auditors write, before anything was measured on them, and the engine learns nothing
from them. `python -m tests.bench.bench_golden` prints what it makes of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from screening.engine.results import Assertion
from tests.golden import chinese
from tests.golden.filled import Field, form
from tests.golden.scans import scanned
from webapp.demo import layouts, texts
from webapp.demo.layouts import Layout
from webapp.demo.paper import printed
from webapp.demo.texts import Kind, Text
from webapp.demo.truth import Truth

FOLDER = Path(__file__).with_name("documents")
OWN_LAYOUTS = {
    "golden_two_columns": Layout(size=10.5, columns=2, cover=False, margin=52, accent=(60, 60, 90)),
    "golden_unruled": Layout(landscape=True, size=10, cover=False, margin=44, table_size=9, ruled=False),
}

Header = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Golden:
    """A document with its truth. `rows` are the rows of its tables with their headers."""

    name: str
    language: str
    data: bytes
    truths: tuple[Truth, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    rows: tuple[tuple[Header, tuple[str, ...]], ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    is_scan: bool = False


def documents() -> Iterator[Golden]:
    """Every document with a text layer."""
    with mock.patch.dict(layouts.LAYOUTS, OWN_LAYOUTS):
        for path in sorted(FOLDER.glob("*.toml")):
            text = texts.load(path)
            facts = {
                name: str(value) for name, value in tomllib.loads(path.read_text(encoding="utf-8"))["facts"].items()
            }
            yield Golden(path.stem, text.language, printed(text), text.truths, facts, tuple(_rows(text)))
    yield _self_assessment()
    yield _chinese_audit()


def scans() -> Iterator[Golden]:
    """Scans of those that have Latin letters: the same truth, and no text layer."""
    for seed, golden in enumerate(documents()):
        if golden.truths and golden.language != "zh":
            yield Golden(
                f"{golden.name}-scan", golden.language, scanned(golden.data, seed=seed), golden.truths, golden.facts,
                golden.rows, is_scan=True,
            )  # fmt: skip


def _rows(text: Text) -> Iterator[tuple[Header, tuple[str, ...]]]:
    header: Header | None = None
    for block in text.blocks:
        if block.kind is not Kind.ROW:
            header = None
        elif header is None:
            header = block.cells
        else:
            yield header, block.cells


def _self_assessment() -> Golden:
    fields = (
        Field("Company name", "company_name", "Tellwood Garments (Pvt) Ltd."),
        Field("Site name", "site_name", "Unit 5, Garrison Road"),
        Field("Total number of workers", "total_number_of_workers", "640"),
        Field("Highest weekly hours in the past year", "hours", "66 in October"),
        Field("Do you keep workers' documents?", "documents", "No, copies only"),
        Field("Youngest age at hiring", "age", "18"),
        Field("Is there a trade union?", "union", "Yes, since 2019"),
    )
    facts = {
        "document_type": "self_assessment", "supplier": "Tellwood Garments (Pvt) Ltd.",
        "site": "Unit 5, Garrison Road", "workers": "640",
    }  # fmt: skip
    data = form("Supplier self-assessment", fields)
    return Golden("tellwood-form-en", "en", data, (), facts, (), {each.name: each.value for each in fields})


CHINESE = (
    ("", "供应商名称：海澜精密五金厂"),
    ("", "审核日期：2026年4月20日至21日"),
    ("", "审核机构：华信社会责任审核公司"),
    ("", "审核组长：周明"),
    ("", "审核类型：半通知"),
    ("", "员工总数：860"),
    ("", "审核组查阅了三个月的考勤和工资记录，并在车间外与三十名员工单独谈话。"),
    ("HR.MAX finding_confirmed", "冲压车间三月份有四周每周工作超过七十小时。"),
    ("HR.REST finding_confirmed", "部分员工连续二十一天没有休息。"),
    ("WG.SOCIAL finding_confirmed", "约三分之一的员工没有参加社会保险。"),
    ("", "工资按时通过银行发放，不低于当地最低工资标准。"),
    ("OSH.MACH finding_confirmed", "两台冲床的安全光栅被人为关闭。"),
    ("OSH.FIRE finding_confirmed", "三楼仓库的消防通道堆满纸箱，无法通行。"),
    ("CL.YOUNG finding_confirmed", "五名十七岁的实习生被安排上夜班。"),
    ("", "未发现使用童工，入职时查验身份证原件。"),
    ("INT.BOOKS finding_confirmed", "工厂提供的考勤表与门禁记录不一致，存在两套账。"),
)


def _chinese_audit() -> Golden:
    truths = tuple(Truth(text, (mark.split()[0],), Assertion(mark.split()[1])) for mark, text in CHINESE if mark)
    facts = {
        "document_type": "audit", "supplier": "海澜精密五金厂", "audit_start": "2026-04-20",
        "audit_end": "2026-04-21", "audit_firm": "华信社会责任审核公司", "auditor": "周明",
        "announcement": "semi_announced", "workers": "860",
    }  # fmt: skip
    data = chinese.printed("社会责任审核报告", [text for _, text in CHINESE])
    return Golden("hailan-audit-zh", "zh", data, truths, facts)
