"""``make bench`` or ``python -m benchmarks [startup|reports|schedule|explore|clicks|finder …] [--units 17,20] …``."""

from __future__ import annotations

import argparse
import os

from benchmarks import clicks, explore, finder, intake, machines, reports, schedule, startup, workbench


def main() -> None:
    """Run the chosen benchmarks one after the other and print their rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("chosen", nargs="*", default=["startup", "workbench", "reports", "schedule", "dask", "intake"])
    parser.add_argument("--units", default="", help="comma-separated; all by default")
    parser.add_argument("--scales", default="1,5", help="comma-separated; 50 takes long and much disk")
    parser.add_argument("--development", action="store_true", help="finder: the seeds of development; docs are kept")
    parser.add_argument("--show", action="store_true", help="finder: list what is missed, named wrongly or false")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load average {load:.1f} at the start; trust the ratios")
    units = tuple(filter(None, options.units.split(",")))
    scales = tuple(int(scale) for scale in options.scales.split(","))
    runs = {
        "startup": startup.run,
        "workbench": workbench.run,
        "reports": lambda: reports.run(units),
        "schedule": schedule.run,
        "dask": lambda: machines.run(units),
        "intake": lambda: intake.run(scales),
        "explore": explore.run,
        "clicks": clicks.run,
        "finder": lambda: finder.run(development=options.development, show=options.show),
        "finder-speed": finder.speed,
    }
    for name in options.chosen:
        print(f"\n{name}", *runs[name](), sep="\n  ", flush=True)


if __name__ == "__main__":  # processes that score scenarios import this module too
    main()
