"""A live copilot for call-centre agents: hear the call, open the right guide, lead to a ticket."""

__version__ = "0.1.0"
