"""From notebooks to packages: execution, pages, tables, manifest and portal.

This module imports nothing heavy: Papermill, nbconvert and IPython are imported only in the worker process.
"""
