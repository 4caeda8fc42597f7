"""Goals and indicators of a unit: how each stands, how it has moved, and how other units stand."""
