"""Settings -> parts: the only room that knows the real engines and plugs everything together."""
