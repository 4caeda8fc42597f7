"""Interactive views for analysts in JupyterLab: linked charts, what is selected, from finding to comment.

from analytics import explore
explore.deviations(wb)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.errors import UsageError

if TYPE_CHECKING:
    from analytics.explore.care_units_panel import CareUnits
    from analytics.explore.deviations_panel import Deviations
    from analytics.explore.indicators_panel import Indicators
    from analytics.explore.query_page import QueryPage
    from analytics.explore.staff_panel import Staff
    from analytics.workbench import Workbench


def deviations(wb: Workbench) -> Deviations:
    """The panel ``avvikelser``: the ledger against budget, season, last year and forecast.

    Raises DisclosureError in a run, MissingDataError where the unit has no ledger in the month, and UsageError where
    the libraries of the workbench are not installed.
    """
    _require_widgets()
    from analytics.explore.deviations_panel import Deviations

    return Deviations(wb)


def staff(wb: Workbench) -> Staff:
    """The panel ``personal``: staff measures against last year; groups too small to be seen are merged here too.

    Raises as :func:`deviations`, MissingDataError where months of time, absence or employments are missing.
    """
    _require_widgets()
    from analytics.explore.staff_panel import Staff

    return Staff(wb)


def indicators(wb: Workbench) -> Indicators:
    """The panel ``indikatorer``: goals and indicators with status, history and other units. Raises as above."""
    _require_widgets()
    from analytics.explore.indicators_panel import Indicators

    return Indicators(wb)


def care_units(wb: Workbench) -> CareUnits:
    """The panel ``vardenheter``: shares of the care units, their funnel and their series. Raises as above."""
    _require_widgets()
    from analytics.explore.care_units_panel import CareUnits

    return CareUnits(wb)


def sql(wb: Workbench) -> QueryPage:
    """The panel ``fraga``: SQL over the processed tables. Raises as :func:`deviations`."""
    _require_widgets()
    from analytics.explore.query_page import QueryPage

    return QueryPage(wb)


def _require_widgets() -> None:
    try:
        import anywidget  # noqa: F401
        import ipywidgets  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"the panels need {error.name}, which is not installed",
            action="Start JupyterLab with make lab, or install the extra: pip install -e '.[lab]'.",
        ) from None
