"""The security headers that all of ``reports/`` is sent with, by nginx (``deploy/nginx``) and ``analytics serve``.

Pages carry a policy of their own, made of the hashes of exactly their scripts. The header's policy is the second
barrier: it holds also for a page that somebody put there without one, and it can forbid what a page cannot
(``frame-ancestors``). Both hold at once. Nothing is ever loaded, no script but the program's own runs, nothing is
evaluated from text. Only for styles ``'unsafe-inline'`` is needed: Vega and tables style single elements.
"""

from __future__ import annotations

from typing import Final

SCRIPTS: Final = {
    "page.js": "sha256-4vMYRUkGbQizhDjjdNDd/fHJwjR1yXr9Lz2Mz5NkoUs=",
    "charts.js": "sha256-8dhgB6I3FJT4vE6q9p3+4G6rrSjF/pOk2C5uCWgFuQI=",
    "portal.js": "sha256-72HLaqlnx3hAy0/9Dj82H9i+91VQVOSNY2/6KaYO2Iw=",
    "vega, vl-convert 1.9.0.post1": "sha256-NCW9lRpE1HjQUFxrXR6NV2VrbppNp7/oinGM5h125XI=",
}
"""Every script that a page may hold. Versions of packages stay for years: when a script changes, its new hash is added
and the old one stays, here and in ``deploy/nginx/security-headers.conf``, as long as pages with it are kept."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src {' '.join(f"'{digest}'" for digest in SCRIPTS.values())}",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
TRANSPORT: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
"""Sent over TLS alone: over plain HTTP browsers have to ignore it."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
ASK_AGAIN: Final = "private, no-cache"
KEEP_NOTHING: Final = "private, no-store"


def cache_control(path: str) -> str:
    """How long a browser may keep what lies at a path: never without asking; what is internal not at all."""
    return KEEP_NOTHING if path.startswith("/internal/") else ASK_AGAIN
