"""JupyterLab as the analysts' workbench: started on this machine alone, in Swedish, without the internet.

``places`` says where everything lies, ``configuration`` how the server and the page are set, ``saving`` what may reach
a file, ``serving`` starts and stops it. Only ``configuration`` and ``serving`` import JupyterLab, which is an extra.
"""
