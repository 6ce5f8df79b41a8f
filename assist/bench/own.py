"""This project's own ears as one more row of the peers' table: same sound, same model files.

Guesses and finals by the one model, as a small machine runs it, in this process.
"""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from assist.audio import RATE_HZ
from assist.bench.live import heard_at_once
from assist.bench.live_figures import Played, Run, word_delays
from assist.bench.live_run import open_parts
from assist.bench.peer_figures import Moment, PeerFigures, channel_figures, percentile
from assist.config import Settings
from assist.events import SegmentHeard, Speaker, SpeechGuessed, SpeechStable
from assist.speech.bench import ReferenceCall

SYSTEM = "assist"


def own_row(settings: Settings, call: ReferenceCall, model: str) -> PeerFigures:
    """`call` in real time; raises ModelError."""
    chosen = settings.model_copy(update={"guess_model": model, "final_model": model})
    played, run = asyncio.run(_heard(chosen, call))
    late = word_delays(played.told, "guess")
    return PeerFigures(
        system=SYSTEM,
        version=version("assist"),
        model=model,
        lang=call.lang,
        threads=settings.threads,
        audio_s=sum(len(pcm) for pcm in call.channels.values()) / RATE_HZ,
        cpu_s=run.cpu_s,
        wall_s=run.wall_s,
        delay_p50_s=percentile(late, 50),
        delay_p95_s=percentile(late, 95),
        last_text_s=max((each.at_s for each in played.told), default=0.0) - call.seconds,
        channels={
            speaker: channel_figures(
                played.hearing().text(speaker),
                call.said(speaker),
                call.lang,
                _moments(played, speaker),
            )
            for speaker in call.channels
        },
    )


async def _heard(settings: Settings, call: ReferenceCall) -> tuple[Played, Run]:
    with open_parts(settings, lambda text: None) as parts:
        (played,), run = await heard_at_once([call], parts)
    return played, run


def _moments(played: Played, speaker: Speaker) -> list[Moment]:
    """Every text that came, the grey one too: what a peer shows is no more final."""
    return [
        Moment(told.at_s, told.fact.text, None)
        for told in played.told
        if isinstance(told.fact, SegmentHeard | SpeechGuessed | SpeechStable)
        and told.fact.speaker == speaker
    ]
