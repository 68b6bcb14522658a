"""For the operator's own checks: whether the process lives, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from webapp.doors import house
from webapp.queues import is_reachable

pages = Blueprint("health", __name__)


@pages.get("/health")
def alive() -> Response:
    return jsonify(state="ok")


@pages.get("/ready")
def ready() -> tuple[Response, int]:
    """503 without the database. Without the queue it is still ready: uploads are kept and screened later."""
    has_database = _has_database()
    queue = "ok" if is_reachable(house().settings.queue) else "unreachable"
    state = {"database": "ok" if has_database else "unreachable", "queue": queue}
    return jsonify(state), 200 if has_database else 503


def _has_database() -> bool:
    try:
        with house().runtime.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
