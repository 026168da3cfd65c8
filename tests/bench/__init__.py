"""`make bench`: how fast we are beside the bare thing underneath, as ratios measured in one run.

Machines are noisy and differ: a row never says how many a second without the same measured beside it, in turns, in this run.
One module a row or two; measuring.py takes turns, people.py invents whom to measure with.
"""
