"""Forecast of the year, its back-test and interval, budget changes, and variance of staff cost explained."""
