"""What Alembic runs for each command: the migrations, in the transaction that `bridge.store.upkeep.migrating` began."""

from alembic import context

from musearoo.bridge.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    # Names of constraints and indices follow its convention.
    target_metadata=metadata,
    # SQLite changes most columns only by a new table: `op.batch_alter_table(…, table_kwargs={"sqlite_strict": True})`.
    render_as_batch=True,
    # All or nothing, also in SQLite.
    transactional_ddl=True,
)
context.run_migrations()
