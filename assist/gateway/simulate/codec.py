"""Sound as phone systems send it."""

from __future__ import annotations

import numpy as np

from assist.audio import Pcm

_BIAS = 132
_CLIP = 32_635


def encode_pcm16(*channels: Pcm) -> bytes:
    """Little-endian 16-bit samples, channels interleaved; those of a 16-bit file as they are."""
    samples = np.round(np.stack(channels, axis=1) * 32768)
    return np.clip(samples, -32768, 32767).astype("<i2").tobytes()


def encode_mulaw(*channels: Pcm) -> bytes:
    """G.711 µ-law, channels interleaved; sign, exponent and mantissa as the standard has them."""
    flat = np.stack(channels, axis=1).reshape(-1)
    samples = np.clip(np.round(flat * 32768), -_CLIP, _CLIP).astype(np.int32)
    sign = (samples < 0) * 0x80
    biased = np.abs(samples) + _BIAS
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 0x0F
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes()
