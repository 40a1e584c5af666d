"""Services are listed by the instant of their activation: a day has many."""

import sqlalchemy as sa
from alembic import op
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: a service begins when its order became active."""
    op.add_column('services', sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "update services set activated_at = coalesce(orders.activated_at, services.starts_on::timestamptz)"
        " from orders where orders.id = services.order_id"
    )
    op.alter_column('services', 'activated_at', nullable=False)
    op.drop_index('ix_services_partner_id_starts_on', table_name='services')
    op.drop_index('ix_services_starts_on', table_name='services')
    op.create_index('ix_services_partner_id_activated_at', 'services', ['partner_id', 'activated_at', 'id'], unique=False)
    op.create_index('ix_services_activated_at', 'services', ['activated_at', 'id'], unique=False)
