"""Long work beside the event loop: asked for, watched, and ended from a page.

A job's own steps run in threads; between two of them, and wherever it tells how far it is, it can
be cancelled. Only the latest jobs are remembered.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from assist.errors import AssistError, StudioRefused

log = logging.getLogger(__name__)

MOST_RUNNING = 2
"""Calls share the processor with them."""
_REMEMBERED = 30

State = Literal["running", "done", "failed", "cancelled"]


class Cancelled(Exception):
    """Somebody does not want to wait any longer."""


@dataclass
class Job:
    id: str
    kind: str
    by: str
    state: State = "running"
    what: str = ""
    done: int = 0
    total: int = 0
    result: Any = None
    error: dict[str, Any] | None = None
    stop: bool = field(default=False, repr=False)

    def tell(self, what: str, done: int, total: int) -> None:
        """How far it is; from any thread. Raises Cancelled once nobody wants it any more."""
        if self.stop:
            raise Cancelled
        self.what, self.done, self.total = what, done, total

    def as_json(self) -> dict[str, Any]:
        names = ("id", "kind", "by", "state", "what", "done", "total", "result", "error")
        return {name: getattr(self, name) for name in names}


Work = Callable[[Job], Awaitable[Any]]


class Jobs:
    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, kind: str, by: str, work: Work) -> Job:
        """Raises StudioRefused when enough is under way."""
        running = [job for job in self._jobs.values() if job.state == "running"]
        if len(running) >= MOST_RUNNING:
            raise StudioRefused(
                f"{len(running)} trials are under way; no more run at once.",
                "Wait for one to end, or cancel one.",
                code="studio.busy",
            )
        job = Job(uuid.uuid4().hex[:12], kind, by)
        self._jobs[job.id] = job
        while len(self._jobs) > _REMEMBERED:
            oldest = next(i for i, each in self._jobs.items() if each.state != "running")
            del self._jobs[oldest]
        task = asyncio.create_task(self._run(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def get(self, job_id: str) -> Job:
        if job := self._jobs.get(job_id):
            return job
        raise StudioRefused(
            "There is no such trial any more.", "Start it again.", code="studio.job"
        )

    def cancel(self, job_id: str) -> Job:
        job = self.get(job_id)
        job.stop = True
        return job

    async def _run(self, job: Job, work: Work) -> None:
        try:
            job.result = await work(job)
            job.state = "done"
        except Cancelled:
            job.state = "cancelled"
        except AssistError as error:
            job.state, job.error = "failed", dict(error.as_json())
        except Exception:
            log.exception("a bug in a job of kind %s", job.kind)
            job.state = "failed"
            job.error = dict(AssistError("A bug ended it.", "The log has the cause.").as_json())
