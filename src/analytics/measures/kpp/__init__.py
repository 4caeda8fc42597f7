"""Cost per patient: costs by clinic and kind of contact, what they are made of, outliers, and the ledger."""
