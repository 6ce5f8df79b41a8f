"""Telephony front doors: each protocol brings sound and call facts to the one `Call`."""
