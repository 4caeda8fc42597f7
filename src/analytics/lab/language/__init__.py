"""JupyterLab in Swedish: a language pack of our own, because none is published (docs/lab.md says what is translated).

JupyterLab finds it by the entry point ``jupyterlab.languagepack`` and reads ``locale/sv_SE/LC_MESSAGES/*.json``.
"""
