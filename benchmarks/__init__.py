"""What each page costs beside the floor: the least that its SQL and its HTML can cost.

``python -m benchmarks --help`` says how to run it, docs/benchmark.md what it found.
"""
