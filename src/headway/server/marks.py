"""What people say of runs, and the views that they save: read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.marks.mark import FIELDS, checked_view
from headway.server.answer import JSON, answered
from headway.server.api import Mark, MarkEdit, MarkList
from headway.server.body import body_of, decoded
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint

if TYPE_CHECKING:
    from headway import marks
    from headway.server.served import Served

MAX_BODY = 1024 * 1024
"""Bytes of an edit."""

_DECODER = msgspec.json.Decoder(MarkEdit)


def endpoints(served: Served) -> list[Endpoint]:
    """`api/marks`."""

    def get_marks(request: Request) -> Response:
        return answered(request, all_marks(served))

    async def post_marks(request: Request) -> Response:
        edit = await read_edit(request)
        return answered(request, await run_sync(apply, served, edit))

    return [
        Endpoint("/api/marks", get_marks, "What people said of runs, and their saved views.", answer=MarkList),
        Endpoint(
            "/api/marks",
            post_marks,
            "Say something of runs, save or forget a view; answered by what is said then.",
            method="POST",
            body=MarkEdit,
            answer=MarkList,
        ),
    ]


def all_marks(served: Served) -> MarkList:
    """All that is said. The revision is read first: what comes meanwhile is told again."""
    revision = served.marks.revision
    marked = {run: mark_of(mark) for run, mark in served.marks.all().items()}
    return MarkList(revision, marked, served.marks.views())


def apply(served: Served, edit: MarkEdit) -> MarkList:
    """Say what an edit says.

    Raises:
        HeadwayError: a field or a view cannot hold that, or marks can be kept nowhere.
        HTTPException: (404) there is no such run; (400) a mark has no such field.
    """
    runs = [name_of(served.index, run) for run in dict.fromkeys(edit.runs)]
    for field in edit.fields.keys() - FIELDS:
        raise HTTPException(400, f"A mark has no field {field!r}; it has {', '.join(FIELDS)}.\n")
    if edit.save_view is not None:
        checked_view(edit.save_view, edit.state)  # before anything is said
    served.marks.set_all(runs, **edit.fields)
    if edit.save_view is not None:
        served.marks.save_view(edit.save_view, edit.state)
    if edit.drop_view is not None:
        served.marks.drop_view(edit.drop_view)
    return all_marks(served)


def mark_of(mark: marks.Mark) -> Mark:
    """A mark as it is sent."""
    return Mark(mark.name, mark.note, list(mark.tags), mark.archived, mark.group, mark.colour, mark.pinned)


async def read_edit(request: Request) -> MarkEdit:
    """Take the body apart; an HTTPException says what is wrong with it.

    It has to say that it is JSON: a form of another site cannot, unless it asks this server first.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"An edit has to be sent as {JSON}.\n")
    return decoded(_DECODER, await body_of(request, MAX_BODY, "An edit"))
