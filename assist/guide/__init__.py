"""Scenario guides: read, checked, rendered, walked, and matched with what was heard.

Pure but for reading the guides folder; it knows no call, no clock and no network.
"""
