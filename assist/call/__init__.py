"""The one place where rooms meet: sound and clicks in, facts out, effects carried out."""

from assist.call.call import Call, Parts
from assist.call.registry import Calls

__all__ = ["Call", "Calls", "Parts"]
