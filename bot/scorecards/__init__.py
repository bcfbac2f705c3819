"""What a partner promised beside what it did: the KPI catalogue, periods, figures."""
