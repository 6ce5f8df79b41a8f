"""Calls for learning and trying: replay, tests of guides, backtests, the obedient newcomer."""
