"""Whose folder a document is in, whose addresses a note has, and what makes the operators' list of titolari fast."""

import sqlalchemy as sa
from alembic import op
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

FOLDERS = (
    "alter table documents disable trigger keep_rows",
    """
    update documents set responsabile_id = responsabili.id from responsabili
    where responsabili.order_id = documents.order_id and responsabili.role = documents.responsabile
      and responsabili.assigned_at <= documents.at
      and (responsabili.replaced_at is null or responsabili.replaced_at > documents.at)
    """,
    "alter table documents enable always trigger keep_rows",
)


def upgrade() -> None:
    """Go forward: what is in a role's folder is whoever's held the role when it came."""
    op.add_column('documents', sa.Column('responsabile_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_documents_responsabile_id'), 'documents', 'responsabili', ['responsabile_id'], ['id'])
    for statement in FOLDERS:
        op.execute(statement)
    op.add_column('notes', sa.Column('order_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_notes_order_id'), 'notes', 'orders', ['order_id'], ['id'])
    op.create_index(op.f('ix_notes_order_id'), 'notes', ['order_id'], unique=False)
    op.create_index('ix_titolari_created_at', 'titolari', ['created_at', 'id'], unique=False)
