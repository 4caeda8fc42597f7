"""A protected table as plain data, and as the files that people and machines open: CSV and a workbook."""
