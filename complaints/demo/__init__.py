"""The complaints of the demonstration: thirty days of a service centre, played through the real services."""

from complaints.demo.play import play

__all__ = ["play"]
