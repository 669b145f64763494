"""Charts as SVG made on the server (D15): the same in page and PDF, a table beside each.

Colours stand twice: as attributes for the PDF, as classes for the page, which knows two themes. Values are written at
their bars; text is 12 px and never shrinks; what is not known is a gap, never a zero.
"""

from servicecenter.charts.bars import Bar, Stack, age_bar, bars, grouped_bars, sharebar
from servicecenter.charts.heat import Cell, heat
from servicecenter.charts.lines import Line, line, spark
from servicecenter.charts.parts import Chart, legend, percent, plain

__all__ = [
    "Bar",
    "Cell",
    "Chart",
    "Line",
    "Stack",
    "age_bar",
    "bars",
    "grouped_bars",
    "heat",
    "legend",
    "line",
    "percent",
    "plain",
    "sharebar",
    "spark",
]
