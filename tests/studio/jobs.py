"""Waiting for long work of the studio."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


async def ended(client: httpx.AsyncClient, started: httpx.Response) -> Any:
    assert started.status_code == 202, started.text
    job = started.json()
    for _ in range(600):
        job = (await client.get(f"/api/studio/jobs/{started.json()['id']}")).json()
        if job["state"] != "running":
            return job
        await asyncio.sleep(0.02)
    raise AssertionError(job)
