"""What clients did, and whether the layers agree with it: the judge of journeys and faults.

operations.py keeps every change that a client asked for with what became of it; layers.py reads what databases, streams,
dead letters and index hold; checker.py compares them and names the layer that lost, invented or kept back something.
"""
