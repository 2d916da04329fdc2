"""What alembic runs for a migration: it gets the connection, and opens none."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
