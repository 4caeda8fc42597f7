"""Interactive views for analysts in JupyterLab: linked charts, tables of what is selected, from finding to comment."""
