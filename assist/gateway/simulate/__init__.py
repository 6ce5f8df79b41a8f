"""Phone systems, simulated: each sends a recording as the real one would, byte for byte."""
