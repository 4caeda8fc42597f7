"""Care units within Hälsoval: shares, funnels, control charts and age-adjusted costs."""
