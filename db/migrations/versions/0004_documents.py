"""Documents on orders and responsabili."""

import sqlalchemy as sa
from alembic import op
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


REFUSALS = (
    # What is written stays written, and nobody, not even replication's role, slips past.
    "create trigger keep_rows before update or delete on documents for each row execute function refuse_change()",
    "create trigger keep_table before truncate on documents for each statement execute function refuse_change()",
    "alter table documents enable always trigger keep_rows",
    "alter table documents enable always trigger keep_table",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table('documents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('responsabile', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_documents_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents'))
    )
    op.create_index('ix_documents_order_id_at', 'documents', ['order_id', 'at', 'id'], unique=False)
    for refusal in REFUSALS:
        op.execute(refusal)
