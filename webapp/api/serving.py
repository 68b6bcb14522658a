"""Answers a call: read and check it, carry out the operation in one transaction, and write down what it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass, replace
from typing import Any, NoReturn
from uuid import UUID

from flask import Blueprint, Response, abort, g, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import PreconditionRequired

from models.errors import Invalid, NotFound, Stale
from models.operations import repeating
from models.operations.plan_steps import CHANGED
from models.operations.repeating import Repeated
from models.people import Person
from webapp.api.door import Call, Door, Version
from webapp.api.shapes import Json, read, written
from webapp.doors import acting, now, person, reading

WITHOUT_VERSION = _l("Say which version you have seen: send its ETag as If-Match.")


def add(pages: Blueprint, door: Door) -> None:
    """Hang a door in."""
    pages.add_url_rule(door.path, door.name, _view(door), methods=[door.method])


def _view(door: Door) -> Callable[..., Response]:
    def view(**ids: Any) -> Response:
        call = _call(door, ids)
        if door.act is None:
            return answer(door.show(reading(), person(), call), 200)
        return _carry_out(door, call)

    return view


def _call(door: Door, ids: dict[str, Any]) -> Call:
    asked = None if door.asks is None else read(door.asks, _query(), from_text=True)
    if door.asks is None and request.args:
        raise Invalid("There is no field of this name here.", field=next(iter(request.args))[:100])
    body = None if door.receive is not None else _body(door)
    return Call(ids, asked, body, _version(door), request.headers.get("Idempotency-Key", "").strip())


def _carry_out(door: Door, call: Call) -> Response:
    """Once, and all or nothing. A call whose key was used before shows what it made then, as it stands now."""
    status = door.status
    if door.receive is not None:
        document_id, status = door.receive(call)
        call = replace(call, ids={**call.ids, "document_id": document_id})
    try:
        with acting() as (session, by):
            shown = _once(door, call, session, by)
    except Repeated as before:
        made = _with_made(door, call, before.thing_id)
        return answer(door.show(reading(), person(), made), door.status, {"Idempotency-Replayed": "true"})
    return answer(shown, status)


def _once(door: Door, call: Call, session: Session, by: Person) -> Any:
    remembered = None
    if call.key:
        asked = repeating.Call(g.api_token.id, call.key, _print(door, call))
        remembered = repeating.begin(session, asked, now=now())
    if door.hold is not None:
        door.hold(session, by, call)
        _must_match(tag(door.show(session, by, call)))
    if door.act is None:
        raise NotFound()
    made = door.act(session, by, call)
    if remembered is not None:
        remembered.thing_id = made
    session.flush()
    session.expire_all()
    return door.show(session, by, _with_made(door, call, made))


def answer(shown: Any, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """What is shown, as JSON with its tag; 304 where the caller has it already."""
    body = json.dumps(written(shown), ensure_ascii=False, separators=(",", ":"))
    made = Response(body, status, content_type="application/json")
    if is_dataclass(shown):
        made.headers["ETag"] = f'"{tag(shown)}"'
        if request.method == "GET" and made.headers["ETag"] in request.headers.get("If-None-Match", ""):
            made = Response(status=304, headers={"ETag": made.headers["ETag"]})
    made.headers.extend(dict(headers or {}))
    return made


def tag(shown: Any) -> str:
    """A mark that changes with the thing; that of a plan begins with its version."""
    text = json.dumps(written(shown), ensure_ascii=True, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    version = getattr(shown, "version", None)
    return digest if version is None else f"{version}-{digest}"


def _with_made(door: Door, call: Call, made: UUID | None) -> Call:
    return call if made is None or not door.makes else replace(call, ids={**call.ids, door.makes: made})


def _query() -> dict[str, str]:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid("Give this field once.", field=name[:100])
    return request.args.to_dict()


def _body(door: Door) -> Any:
    data = request.get_data(cache=True)
    if door.takes is None:
        return None
    if data and request.mimetype != "application/json":
        abort(415)
    return read(door.takes, _parsed(data))


def _parsed(data: bytes) -> Json:
    try:
        return json.loads(data, parse_constant=_no_number) if data else {}
    except (ValueError, RecursionError):
        raise Invalid("Send a JSON object.") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _version(door: Door) -> int:
    """The version at the head of the tag in `If-Match`; -1 for a tag of another kind, and where none is needed."""
    named = _named()
    if door.version is Version.NEEDED and not named:
        raise PreconditionRequired(str(WITHOUT_VERSION))
    head = named.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 10 else -1


def _must_match(present: str) -> None:
    named = _named()
    if named and named not in (present, "*"):
        raise Stale(CHANGED)


def _named() -> str:
    return request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')


def _print(door: Door, call: Call) -> str:
    """A digest of what is asked: the same key may not stand for two different calls."""
    parts = [door.name, *(f"{name}={call.ids[name]}" for name in sorted(call.ids)), repr(call.asked)]
    parts.append(json.dumps(written(call.body), sort_keys=True) if call.body is not None else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
