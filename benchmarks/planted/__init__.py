"""Planted deviations: a made region whose every deviation is known, and the score of whoever looks for them.

The noise is fitted to the demonstration region (``likeness``); what is planted in it, where and how large, is the truth
that findings are held against (``scoring``). Nothing here is part of the product.
"""
