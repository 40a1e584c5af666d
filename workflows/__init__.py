"""Durable processes: deterministic, calling activities and nothing else."""
