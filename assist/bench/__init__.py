"""Benchmarks against what others offer: the offline floor and streaming peers on the same sound.

Nothing of the running product imports this room.
"""
