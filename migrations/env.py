"""Runs the migrations on the connection that `desktop_app.store.upgrade` opened; never imports models."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None, transactional_ddl=False)
context.run_migrations()
