"""Packages of many units spread over processes or machines: one small interface, two ways (decision 026).

An :class:`Order` asks for packages of one month, and a :data:`Maker` makes them: :func:`on_this_machine`, or
``machines.Machines`` with the workers of a Dask scheduler.
"""

from __future__ import annotations

from analytics.fanout.local import on_this_machine
from analytics.fanout.orders import Maker, Order

__all__ = ["Maker", "Order", "on_this_machine"]
