"""Perennial is killed, at any moment; what it had said was saved is there, and nothing is half there.

`python -m tests.faults --edits 1000 --imports 200` is the whole of it; the tests run a few rounds.
"""
