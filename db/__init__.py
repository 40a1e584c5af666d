"""The database: one module per subject, its rows and then its queries."""
