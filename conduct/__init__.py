"""Sanctions, rewards and merit (SAN rules)."""
