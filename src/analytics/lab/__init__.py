"""JupyterLab as the analysts' workbench: started on this machine alone, in Swedish, without the internet."""
