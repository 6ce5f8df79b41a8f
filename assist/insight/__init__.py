"""What people see of all calls together: who needs help now, topics, resolution, alerts.

Everything here reads facts and asks nothing back; clocks are passed in.
"""
