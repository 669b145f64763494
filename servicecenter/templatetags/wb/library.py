"""The one library that the modules beside this one fill."""

from django import template

register = template.Library()
