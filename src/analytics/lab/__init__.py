"""JupyterLab as the analysts' workbench: started on this machine alone, in Swedish, without the internet.

``places`` says where everything lies, ``configuration`` how the server and the page are set, ``saving`` what may reach
a file, ``serving`` starts and stops it, ``start_page`` is what it opens with. Only ``configuration`` and ``serving``
import JupyterLab, which is an extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.frame import Html


def start() -> Html:
    """What is in the data, what is due and where to go on; needs no panel. Says what to do when nothing is loaded."""
    from analytics.lab import start_page

    return start_page.start()
