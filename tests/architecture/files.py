"""What the project consists of, for the tests that look at all of it."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "screening", "questionnaires", "webapp")


@dataclass(frozen=True, slots=True)
class Module:
    path: Path
    source: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.source)

    @property
    def name(self) -> str:
        """As it is written in messages: `models/db.py`."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def texts() -> dict[str, str]:
    """The text of every file that is one, by its path in the project."""
    found = {}
    for path in project_files():
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8", errors="replace")
    return found


@cache
def modules() -> tuple[Module, ...]:
    """The modules of the product."""
    return tuple(
        Module(path, path.read_text(encoding="utf-8"))
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
    )


@cache
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)
