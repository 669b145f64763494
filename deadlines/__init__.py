"""Policies, clocks, steps, the sweep and the ladder (CMP-30 to CMP-39)."""
