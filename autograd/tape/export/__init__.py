"""Recorded programs as source text, and as functions of other libraries."""
