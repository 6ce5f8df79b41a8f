"""Tables beside the journal's: what waits to be sent, and tickets with their history.

Rows that come of a call's events are written in the transaction that keeps the event, so neither
can be there without the other.
"""
