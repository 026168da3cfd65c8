"""What Alembic runs for every service: the connection comes from migration.py, the revisions from the service."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite's data definition is transactional too, once Python does not commit behind our back (see sqlite.py).
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
