"""Benchmarks of the core: figures of one run on one machine, for comparing, not for boasting."""
