"""The claims of the demonstration: every queue and state of both tracks alive, and those of the months before."""

from claims.demo.play import play

__all__ = ["play"]
