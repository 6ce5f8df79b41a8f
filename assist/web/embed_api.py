"""Pages of the panel beside a CRM: the frame for other pages, and a made-up CRM to try it with.

The frame holds no data of its own and is served to anybody; what it shows it asks for as its user.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assist.errors import AssistError
from assist.web.house import house_of
from assist.web.pages import show


async def embed(request: Request) -> Response:
    """`origins` are the pages that the frame talks to beside our own."""
    origins = " ".join(house_of(request).entrance.rules.frame_ancestors)
    return show(request, "embed.html", origins=origins)


async def demo_crm(request: Request) -> Response:
    if not house_of(request).entrance.rules.demo:
        raise AssistError(
            "The made-up CRM page is there in a demo only.",
            "Start with `assist demo`, or set ASSIST_DEMO.",
            code="demo",
        )
    return show(request, "crm.html")


ROUTES = (Route("/embed", embed), Route("/demo/crm", demo_crm))
