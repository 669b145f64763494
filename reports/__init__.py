"""Boards, indicators and periodic reports (chapter 06): the uppermost layer, imported by nothing."""
