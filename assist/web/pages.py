"""Pages: templates of ui/templates, shown with the version their files are asked for by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from assist import __version__


def prefix_of(scope: Scope) -> str:
    """The path prefix that a proxy puts before ours, such as "/assist"; mostly none."""
    return str(scope.get("app_root_path", scope.get("root_path", "")))


def show(request: Request, template: str, status: int = 200, **shown: object) -> Response:
    context = {"version": __version__, "root": prefix_of(request.scope), **shown}
    templates = request.app.state.templates
    return templates.TemplateResponse(request, template, context, status_code=status)


def page(template: str) -> Callable[[Request], Awaitable[Response]]:
    """A route's endpoint: the page, which asks for everything else itself."""

    async def endpoint(request: Request) -> Response:
        return show(request, template)

    return endpoint
