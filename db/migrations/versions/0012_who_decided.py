"""A decision's evidence names the titolare itself: an order may know them by a pseudonym only."""

from alembic import op
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: who was erased before is named as their order still does."""
    op.execute("alter table decisions disable trigger keep_rows")
    op.execute(
        """
        update decisions set evidence = evidence || jsonb_build_object('titolare', jsonb_build_object(
          'name', coalesce(titolare->>'denominazione', concat(titolare->>'given_name', ' ', titolare->>'family_name')),
          'codice_fiscale', titolare->'codice_fiscale', 'partita_iva', titolare->'partita_iva'))
        from orders where orders.id = decisions.order_id and not evidence ? 'titolare'
        """
    )
    op.execute("alter table decisions enable always trigger keep_rows")
