"""The Starlette app: pages, API, event sockets, and the gateway's audio socket."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from assist.errors import AssistError
from assist.web import (
    admin_api,
    api,
    backstop_api,
    corpus_api,
    doors_api,
    embed_api,
    oidc,
    practice_api,
    progress_api,
    sign_in_api,
    sockets,
    studio_api,
    tickets_api,
    training_api,
    upkeep_api,
    wall_api,
)
from assist.web.guard import Guard
from assist.web.house import House
from assist.web.pages import page, show
from assist.web.practices import Practices
from assist.web.wall import Wall


class _Static(StaticFiles):
    """Browsers ask again each time: a module that imports another must not find an old one."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(house: House) -> Starlette:
    def refuse_page(request: Request) -> Response:
        return show(request, "refused.html", status=403)

    app = Starlette(
        routes=[
            Route("/", page("index.html")),
            Route("/panel", page("panel.html")),
            Route("/sign-in", page("sign-in.html")),
            *sign_in_api.ROUTES,
            *(oidc.routes(rules.oidc) if (rules := house.entrance.rules).oidc else ()),
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
            *training_api.ROUTES,
            *practice_api.ROUTES,
            *progress_api.ROUTES,
            *embed_api.ROUTES,
            *wall_api.ROUTES,
            *admin_api.ROUTES,
            *upkeep_api.ROUTES,
            *corpus_api.ROUTES,
            *studio_api.ROUTES,
            *doors_api.ROUTES,
            WebSocketRoute("/v1/calls", sockets.calls_changed),
            WebSocketRoute("/v1/calls/{call}/events", sockets.call_events),
            Mount(
                "/static",
                GZipMiddleware(_Static(directory=house.ui_dir / "static"), minimum_size=200),
                name="static",
            ),
        ],
        middleware=[Middleware(Guard, entrance=house.entrance, refuse_page=refuse_page)],
        exception_handlers={
            AssistError: api.on_known_error,
            ValidationError: api.on_invalid,
        },
    )
    app.state.house = house
    app.state.templates = Jinja2Templates(directory=house.ui_dir / "templates")
    app.state.practices = Practices(house)
    app.state.wall = Wall(house.calls.parts, house.store, house.health, house.books)
    return app
