"""The engine that reads the processed tables and does the large sums: polars, DuckDB or PySpark.

Measures are written once, with narwhals. Polars is the default and needs nothing else; DuckDB reads with little memory;
PySpark reads what is larger than one machine, with the session of the process (its master comes from Spark's own
settings, ``local[*]`` without any). What a measure gets back from any of them is a small polars frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from analytics.errors import SettingsError
from analytics.processed import damaged, scan_files, schema_of

Native = Any
"""A table of an engine, not yet read: ``polars.LazyFrame``, ``duckdb.DuckDBPyRelation`` or a Spark ``DataFrame``."""

_SQL = {
    pl.String(): "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Float64(): "DOUBLE",
    pl.Date(): "DATE",
    pl.Boolean(): "BOOLEAN",
}
_SPARK = {**_SQL, pl.String(): "STRING"}


def scan(engine: str, table: str, files: Sequence[Path]) -> Native:
    """The declared columns of a processed table, in an engine; with no rows if there are no files.

    Raises MissingDataError if a file is gone, SettingsError if the engine is not installed.
    """
    polars = scan_files(table, files)  # checks that the files are there
    return polars if engine == "polars" else _OTHERS[engine](table, [str(file) for file in files])


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The result as polars, with whole numbers as 64-bit integers; polars streams, so that memory stays bounded.

    Raises StorageError if a file that polars reads is damaged.
    """
    if isinstance(frame.to_native(), pl.LazyFrame):
        try:
            return frame.collect(backend="polars", engine="streaming").to_native()  # type: ignore[no-any-return]
        except (nw.exceptions.NarwhalsError, pl.exceptions.ComputeError) as error:
            if "parquet:" not in str(error):
                raise
            raise damaged() from None
        except FileNotFoundError:  # gone since the table was opened
            raise damaged() from None
    result: pl.DataFrame = frame.collect(backend="polars").to_native()
    # Sums of integers come as 128-bit integers or decimals from SQL; as 64-bit ones from polars.
    wide = [name for name, kind in result.schema.items() if kind in (pl.Int128, pl.Int32) or kind == pl.Decimal]
    return result.with_columns(pl.col(wide).cast(pl.Int64))


def _duckdb(table: str, files: Sequence[str]) -> Native:
    try:
        import duckdb
    except ImportError:
        raise _not_installed("duckdb", "engines") from None
    columns = schema_of(table)
    if files:
        return duckdb.read_parquet(list(files)).project(", ".join(f'"{name}"' for name in columns))
    empty = ", ".join(f'NULL::{_SQL[kind]} AS "{name}"' for name, kind in columns.items())
    return duckdb.sql(f"SELECT {empty} LIMIT 0")


def _pyspark(table: str, files: Sequence[str]) -> Native:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _not_installed("pyspark", "spark") from None
    schema = ", ".join(f"`{name}` {_SPARK[kind]}" for name, kind in schema_of(table).items())
    session = SparkSession.builder.appName("analytics").getOrCreate()
    if not files:
        return session.createDataFrame([], schema)
    return session.read.schema(schema).parquet(*files)


_OTHERS: dict[str, Callable[[str, Sequence[str]], Native]] = {"duckdb": _duckdb, "pyspark": _pyspark}
NAMES = ("polars", *_OTHERS)


def _not_installed(module: str, extra: str) -> SettingsError:
    return SettingsError(
        f"the engine of the settings needs the module {module}, which is not installed",
        action=f'Install it: pip install "analytics[{extra}]". Or set name = "polars" in [engine].',
    )
