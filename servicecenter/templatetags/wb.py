"""Template tags of the workbench."""

from django import template

register = template.Library()
