"""What the benchmarks of speed share: the real reports, and processor time, which a busy machine does not blur."""

from __future__ import annotations

import os
import time
from pathlib import Path

from screening.engine.reading import Cage


def shared() -> Path:
    """The folder of given data, beside the repository unless said otherwise."""
    return Path(os.environ.get("SALIENT_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def reports(folder: Path) -> list[bytes]:
    """The bytes of every PDF in a folder, in the order of their names."""
    return [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]


def seconds(cage: Cage | None = None) -> float:
    """Processor seconds, of user and kernel, of this process so far; with a cage, of its zygotes and children too."""
    spent = time.process_time()
    for pid in cage.pids if cage is not None else ():
        if pid is not None:
            spent += _of_zygote(pid)
    return spent


def _of_zygote(pid: int) -> float:
    """Of one zygote and of all children that it has buried, as Linux counts them: in hundredths of a second."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, numbers)) / os.sysconf("SC_CLK_TCK")


def resident() -> int:
    """Bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
