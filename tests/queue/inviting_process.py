"""What a worker does with the job of a large campaign, in a process that a test may end: `... DATABASE CAMPAIGN`."""

import sys
from pathlib import Path
from typing import Any

from models.db import Database
from models.vault import FolderVault
from screening.jobs import Workbench, at
from webapp.inviting import invite_suppliers


def _not_needed(*_arguments: Any) -> Any:
    raise AssertionError("inviting suppliers opens no document")


if __name__ == "__main__":
    address, campaign_id = sys.argv[1:]
    with at(Workbench(Database.open(address), FolderVault(Path()), _not_needed, _not_needed)):
        invite_suppliers(campaign_id)
