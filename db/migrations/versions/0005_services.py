"""The life of services: renewals, space, deeds; and mails about more than one order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


BORN_BEFORE = (
    # As their orders were; what the provider was told when it opened the account is what it is to keep.
    """
    update services s set options = o.options, status = 'active', added_gb = 0, used_bytes = 0, space_level = 'free',
      renewal_mode = o.options->>'renewal_mode', renewal_years = (o.options->>'renewal_years')::int,
      next_due_on = s.expires_on - 90
    from orders o where o.id = s.order_id
    """,
    """
    update services set wanted = jsonb_build_object('state', 'active', 'quotas', case options->>'product'
      when 'docfly_pa' then jsonb_build_object(
        'gb', 1 + (options->>'extra_gb')::int, 'users', 1, 'archives', 1, 'definitions', 0)
      else jsonb_build_object(
        'gb', substring(options->>'starter_kit' from '[0-9]+')::int,
        'users', 1 + (options->>'extra_users')::int,
        'archives', 1 + (options->>'extra_archives')::int,
        'definitions', 2 + (options->>'extra_definitions')::int) end)
    """,
    "update services set told = wanted",
)

REFUSALS = (
    # What was tried, and what was bought, stays written.
    *(
        f"create trigger {name} before {what} on {table} for each {each} execute function refuse_change()"
        for table in ("renewals", "space_purchases")
        for name, what, each in (
            ("keep_rows", "update or delete", "row"),
            ("keep_table", "truncate", "statement"),
        )
    ),
    # An expiry moves by the renewal of its period, and an end is an end.
    """
    create function guard_service() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then raise exception 'services are never deleted'; end if;
      if old.status = 'terminated' and new.status <> old.status then
        raise exception 'service % has ended', old.id;
      end if;
      if new.starts_on <> old.starts_on or (new.expires_on <> old.expires_on and not exists (
        select from renewals where service_id = new.id and outcome = 'renewed'
          and period_start = old.expires_on and period_end = new.expires_on
      )) then raise exception 'service % is not renewed so', new.id; end if;
      return new;
    end $$
    """,
    "create trigger guard before update or delete on services for each row execute function guard_service()",
    "create trigger keep_table before truncate on services for each statement execute function refuse_change()",
    *(
        f"alter table {table} enable always trigger {trigger}"
        for table, triggers in {
            "renewals": ("keep_rows", "keep_table"),
            "space_purchases": ("keep_rows", "keep_table"),
            "services": ("guard", "keep_table"),
        }.items()
        for trigger in triggers
    ),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table('deeds',
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_deeds_service_id')),
    sa.PrimaryKeyConstraint('service_id', 'kind', 'day', name=op.f('pk_deeds'))
    )
    op.create_table('renewals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('period_start', sa.Date(), nullable=False),
    sa.Column('period_end', sa.Date(), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('price', postgresql.JSONB(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('missing_cents', sa.BigInteger(), nullable=True),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_renewals_partner_id')),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_renewals_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_renewals'))
    )
    op.create_index('ix_renewals_once', 'renewals', ['service_id', 'period_start'], unique=True, postgresql_where=sa.text("outcome = 'renewed'"))
    op.create_index('ix_renewals_service_id_at', 'renewals', ['service_id', 'at', 'id'], unique=False)
    op.create_table('space_purchases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gb', sa.Integer(), nullable=False),
    sa.Column('price', postgresql.JSONB(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_space_purchases_partner_id')),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_space_purchases_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_space_purchases'))
    )
    op.create_index('ix_space_purchases_service_id_at', 'space_purchases', ['service_id', 'at', 'id'], unique=False)
    op.create_table('usages',
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('used_bytes', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_usages_service_id')),
    sa.PrimaryKeyConstraint('service_id', 'day', name=op.f('pk_usages'))
    )
    op.add_column('mails', sa.Column('partner_id', sa.Uuid(), nullable=True))
    op.add_column('mails', sa.Column('words', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.alter_column('mails', 'order_id',
               existing_type=sa.UUID(),
               nullable=True)
    op.create_index('ix_mails_queued', 'mails', ['id'], unique=False, postgresql_where=sa.text("state = 'queued'"))
    op.create_foreign_key(op.f('fk_mails_partner_id'), 'mails', 'partners', ['partner_id'], ['id'])
    op.add_column('partners', sa.Column('low_credit', sa.Text(), nullable=True))
    op.add_column('services', sa.Column('options', postgresql.JSONB(), nullable=True))
    op.add_column('services', sa.Column('status', sa.Text(), nullable=True))
    op.add_column('services', sa.Column('renewal_mode', sa.Text(), nullable=True))
    op.add_column('services', sa.Column('renewal_years', sa.Integer(), nullable=True))
    op.add_column('services', sa.Column('added_gb', sa.Integer(), nullable=True))
    op.add_column('services', sa.Column('next_due_on', sa.Date(), nullable=True))
    op.add_column('services', sa.Column('used_bytes', sa.BigInteger(), nullable=True))
    op.add_column('services', sa.Column('space_level', sa.Text(), nullable=True))
    op.add_column('services', sa.Column('measured_on', sa.Date(), nullable=True))
    op.add_column('services', sa.Column('full_on', sa.Date(), nullable=True))
    op.add_column('services', sa.Column('wanted', postgresql.JSONB(), nullable=True))
    op.add_column('services', sa.Column('told', postgresql.JSONB(), nullable=True))
    for statement in BORN_BEFORE:
        op.execute(statement)
    for column in ('options', 'status', 'renewal_mode', 'renewal_years', 'added_gb', 'used_bytes', 'space_level',
                   'wanted'):
        op.alter_column('services', column, nullable=False)
    op.create_check_constraint(op.f('ck_mails_about_somebody'), 'mails', '(order_id is null) <> (partner_id is null)')
    op.drop_index(op.f('ix_services_partner_id'), table_name='services')
    op.create_index('ix_services_expires_on', 'services', ['expires_on'], unique=False)
    op.create_index('ix_services_next_due_on', 'services', ['next_due_on', 'partner_id'], unique=False)
    op.create_index('ix_services_partner_id_starts_on', 'services', ['partner_id', 'starts_on', 'id'], unique=False)
    op.create_index('ix_services_untold', 'services', ['id'], unique=False, postgresql_where=sa.text('wanted is distinct from told'))
    for refusal in REFUSALS:
        op.execute(refusal)
