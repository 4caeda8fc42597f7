"""What the plans decide for a unit, and what follows from index and requirement, beside what was printed."""
