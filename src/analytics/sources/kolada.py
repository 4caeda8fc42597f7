"""Kolada: what a pull left in the inbox, one row per key figure, municipality, year and sex; ids are text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from analytics.errors import CellValueError, DeliveryPeriodError, DeliveryUnreadableError, LayoutError, Location
from analytics.kolada.snapshot import KEYS, NAME
from analytics.processed import schema_of
from analytics.sources import cells, checks
from analytics.sources.model import LINE, Context, Delivery, Layout, RawRows, Reading
from analytics.sources.problems import Problems

NO_REASON = "Kolada anger inget skäl"
_YEAR = r"^(?:19|20)\d{2}$"
_AGAIN = "Fetch it again with analytics pull; the file is not to be edited."
_RECORD = {"kpi", "municipality", "period", "values"}
_VALUE = {"gender", "value", "status", "count"}


def split(content: bytes, layout: Layout, delivery: Delivery) -> RawRows:
    """The values as rows of text cells. The line of a row is the position of its record within ``values``, from 1.

    A value that Kolada has marked as deleted is left out and counted in ``taken``. Raises DeliveryUnreadableError
    (no JSON) and LayoutError (another shape, or fewer records than promised).
    """
    document = _document(content, delivery)
    titles = {key: _titles(document[key], delivery) for key in ("kpis", "municipalities")}
    rows: list[tuple[int | str, ...]] = []
    deleted = 0
    for line, record in enumerate(document["values"], start=1):
        if not isinstance(record, dict) or not record.keys() >= _RECORD or not isinstance(record["values"], list):
            raise _wrong("a record lacks kpi, municipality, period or values", delivery, line)
        kpi, municipality = record["kpi"], record["municipality"]
        if kpi not in titles["kpis"] or municipality not in titles["municipalities"]:
            raise _wrong("a record is of a key figure or municipality that the file does not name", delivery, line)
        for value in record["values"]:
            if not isinstance(value, dict) or not value.keys() >= _VALUE - {"status", "count"}:
                raise _wrong("a value lacks gender or value", delivery, line)
            if value.get("isdeleted"):
                deleted += 1
                continue
            rows.append((
                line, kpi, titles["kpis"][kpi], municipality, titles["municipalities"][municipality],
                _text(record["period"]), _text(value["gender"]), _text(value["value"]), _text(value.get("status")),
            ))  # fmt: skip
    if not rows:
        raise DeliveryUnreadableError("the file holds no values", where=Location(delivery.name), action=_AGAIN)
    frame = pl.DataFrame(rows, schema={LINE: pl.UInt32, **dict.fromkeys(layout.columns, pl.String)}, orient="row")
    taken = (
        f"Kolada {document['version']}, fetched {document['fetched']}",
        f"values: {frame.height}",
        *((f"values that Kolada has deleted, left out: {deleted}",) if deleted else ()),
    )
    return RawRows(delivery, frame, frame.clear(), taken)


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:  # noqa: ARG001 - every reader is called alike
    """Observations of whole years, each placed in December of its year.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    is_year = pl.col("period").str.contains(_YEAR)
    frame = checks.typed(
        raw.frame,
        {
            "year": ("period", pl.when(is_year).then(pl.col("period").cast(pl.Int64, strict=False)).otherwise(None)),
            "number": ("value", pl.col("value").cast(pl.Float64, strict=False)),
        },
        problems,
        optional=("value",),
    )
    problems.flag(
        frame, ~pl.col("number").is_finite(), CellValueError, "the value is no number", column="value", action=_AGAIN
    )
    problems.flag(
        frame,
        ~pl.col("gender").is_in(["K", "M", "T"]),
        CellValueError,
        "the sex is none of K, M and T",
        column="gender",
        action=_AGAIN,
    )
    problems.flag(
        frame,
        pl.col("year") > period.year,
        DeliveryPeriodError,
        f"the value lies in the future: after {period.year}",
        column="period",
        action=_AGAIN,
    )
    key = ["kpi", "municipality", "period", "gender"]
    problems.flag(
        frame,
        pl.struct(key).is_duplicated(),
        CellValueError,
        "two values of one key figure, municipality, year and sex",
        column="period",
        action=_AGAIN,
    )
    problems.raise_if_any()
    said = pl.when(cells.is_blank("status")).then(pl.lit(NO_REASON)).otherwise(pl.col("status"))
    found = frame.select(
        pl.lit(str(period)).alias("delivery"),
        pl.format("{}-12", pl.col("year")).alias("period"),
        pl.lit(NAME).alias("source"),
        pl.format("kolada:{}", pl.col("kpi")).alias("indicator"),
        pl.col("kpi_title").alias("indicator_label"),
        pl.lit("").alias("administration"),
        pl.col("municipality").alias("observed_unit"),
        pl.col("municipality_title").alias("observed_label"),
        pl.col("gender").alias("sex"),
        pl.col("number").alias("value"),
        pl.when(pl.col("number").is_null()).then(said).alias("missing_status"),
    )
    schema = schema_of("indicators")
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in found.columns]
    return Reading(found.with_columns(absent), raw.taken)


def _document(content: bytes, delivery: Delivery) -> dict[str, Any]:
    try:
        # Decimals as text, so that no digit is lost on the way to the cell.
        document = json.loads(content.removeprefix(codecs.BOM_UTF8).decode(), parse_float=Decimal)
    except ValueError:
        raise DeliveryUnreadableError(
            "the file is no JSON: it is cut off, or was edited", where=Location(delivery.name), action=_AGAIN
        ) from None
    if not isinstance(document, dict) or not document.keys() >= set(KEYS):
        raise LayoutError(
            "the file lacks parts of a snapshot of Kolada",
            where=Location(delivery.name),
            action=f"Its parts: {', '.join(KEYS)}. {_AGAIN}",
        )
    values = document["values"]
    if not isinstance(values, list) or document["count"] != len(values):
        raise LayoutError(
            "the file holds more or fewer records than it says", where=Location(delivery.name), action=_AGAIN
        )
    return document


def _titles(named: object, delivery: Delivery) -> Mapping[str, str]:
    if not isinstance(named, list) or not all(
        isinstance(each, dict) and {"id", "title"} <= each.keys() for each in named
    ):
        raise _wrong("key figures and municipalities need id and title", delivery, None)
    if not all(isinstance(each["id"], str) for each in named):
        raise _wrong("an id is a number: its leading zeros are lost", delivery, None)
    return {each["id"]: str(each["title"]) for each in named}


def _wrong(problem: str, delivery: Delivery, line: int | None) -> LayoutError:
    return LayoutError(problem, where=Location(delivery.name, line), action=_AGAIN)


def _text(value: object) -> str:
    """A value of JSON as a cell; nothing is blank, and true or false is no number."""
    return "" if value is None else str(value)
