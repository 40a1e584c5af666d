"""Roles of users, names of API keys, which partner an operator looks at, and what makes operators' lists fast."""

import sqlalchemy as sa
from alembic import op
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: who was a partner's user before there were roles is an owner."""
    op.add_column('users', sa.Column('role', sa.Text(), nullable=True))
    op.execute("update users set role = 'owner' where partner_id is not null")
    op.create_check_constraint('partners_users_have_roles', 'users', '(partner_id is null) = (role is null)')
    op.create_index(op.f('ix_users_partner_id'), 'users', ['partner_id'], unique=False)
    op.add_column('api_keys', sa.Column('name', sa.Text(), server_default='', nullable=False))
    op.create_index(op.f('ix_api_keys_partner_id'), 'api_keys', ['partner_id'], unique=False)
    op.add_column('sessions', sa.Column('viewed_partner_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_sessions_viewed_partner_id'), 'sessions', 'partners', ['viewed_partner_id'], ['id'])
    op.create_table('operator_acts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_operator_acts_partner_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_operator_acts_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator_acts'))
    )
    op.create_index('ix_operator_acts_partner_id', 'operator_acts', ['partner_id', 'at'], unique=False)
    op.add_column('users', sa.Column('draft', sa.Text(), nullable=True))
    op.add_column('failed_sign_ins', sa.Column('address', sa.Text(), server_default='', nullable=False))
    op.create_index('ix_failed_sign_ins_address', 'failed_sign_ins', ['address', 'at'], unique=False)
    op.create_index('ix_mails_at', 'mails', ['at', 'id'], unique=False)
    op.add_column('documents', sa.Column('wish', sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f('uq_documents_wish'), 'documents', ['wish'])
    op.add_column('mails', sa.Column('subject', sa.Text(), nullable=True))
    op.add_column('mails', sa.Column('text', sa.Text(), nullable=True))
    op.create_index('ix_mails_to', 'mails', ['to'], unique=False, postgresql_using='gin', postgresql_ops={'to': 'gin_trgm_ops'})
    op.create_index('ix_orders_placed_at', 'orders', ['placed_at', 'id'], unique=False)
    op.create_index('ix_services_starts_on', 'services', ['starts_on', 'id'], unique=False)
