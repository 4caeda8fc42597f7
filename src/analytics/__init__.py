"""Analytics workbench for a Swedish region."""

__version__ = "0.1.0"
