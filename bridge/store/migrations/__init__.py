"""Alembic migrations, run by `migrate` and at start."""
