"""Speed and memory, measured side by side in one run and reported as ratios."""
