"""The Starlette app: pages, API, event sockets, and the gateway's audio socket."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from assist import __version__
from assist.errors import AssistError
from assist.web import api, backstop_api, sockets, tickets_api
from assist.web.house import House


class _Static(StaticFiles):
    """Browsers ask again each time: a module that imports another must not find an old one."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(house: House) -> Starlette:
    templates = Jinja2Templates(directory=house.ui_dir / "templates")

    async def index(request: Request) -> Response:
        return templates.TemplateResponse(request, "index.html", {"version": __version__})

    async def panel(request: Request) -> Response:
        return templates.TemplateResponse(request, "panel.html", {"version": __version__})

    app = Starlette(
        routes=[
            Route("/", index),
            Route("/panel", panel),
            Route("/health", api.health),
            Route("/metrics", api.metrics),
            Route("/api/calls", api.calls),
            Route("/api/calls/{call}/events", api.events),
            Route("/api/calls/{call}/summary", api.summaries),
            Route("/api/customers/{customer}/calls", api.customer_calls),
            Route("/api/guides", api.guides),
            Route("/api/guides/{guide}", api.guide),
            Route("/api/find", api.find),
            Route("/api/demo-calls", api.demo_calls),
            Route("/api/demo-calls/{name}", api.play_demo, methods=["POST"]),
            *tickets_api.ROUTES,
            *backstop_api.ROUTES,
            WebSocketRoute("/v1/audio", sockets.audio),
            WebSocketRoute("/v1/calls", sockets.calls_changed),
            WebSocketRoute("/v1/calls/{call}/events", sockets.call_events),
            Mount("/static", _Static(directory=house.ui_dir / "static"), name="static"),
        ],
        exception_handlers={
            AssistError: api.on_known_error,
            ValidationError: api.on_invalid,
        },
    )
    app.state.house = house
    return app
