"""Comments and action plans: files that analysts write, printed beside the figure they were approved for.

One file per figure, month and unit: ``data/comments/<period>/<unit>/<name>.md``, YAML front matter and Markdown text.
Only what is approved is printed, only where its figure may be shown, and marked when the figure has changed since.
"""
