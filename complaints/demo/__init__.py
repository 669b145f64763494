"""The complaints of the demonstration: three months of a service centre, played through the real services."""

from complaints.demo.play import play

__all__ = ["play"]
