"""Great Expectations does not bring in PySpark, whether it is installed, loaded or neither."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys, warnings
warnings.simplefilter("error", FutureWarning)
{before}
from analytics.validation import engine
print(sum(name.partition(".")[0] == "pyspark" for name in sys.modules))
import pyspark
print(pyspark.__version__.split(".")[0])
"""


@pytest.mark.parametrize(("before", "loaded"), [("", 0), ("import pyspark.errors", 1)])
def test_the_validation_engine_leaves_pyspark_as_it_was(before, loaded):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    count, version = done.stdout.split()
    assert (int(count) > 0) == bool(loaded)
    assert int(version) >= 4
