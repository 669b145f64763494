"""Tests of boards and reports."""
