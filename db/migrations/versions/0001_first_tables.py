"""The first tables, and what the database itself refuses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


REFUSALS = (
    # The books: a transfer moves both balances, under their locks, and takes its place in the order of the books.
    """
    create function book_transfer() returns trigger language plpgsql as $$
    declare charged transfers;
    begin
      perform 1 from accounts where partner_id = new.partner_id and kind in (new.debit, new.credit)
        order by kind for update;
      update accounts set balance_cents = balance_cents - new.amount_cents
        where partner_id = new.partner_id and kind = new.debit;
      if not found then raise exception 'no account % of partner %', new.debit, new.partner_id; end if;
      update accounts set balance_cents = balance_cents + new.amount_cents
        where partner_id = new.partner_id and kind = new.credit;
      if not found then raise exception 'no account % of partner %', new.credit, new.partner_id; end if;
      if new.cause = 'refund' then
        select * into charged from transfers where id = new.reverses;
        if charged.cause <> 'order' or charged.partner_id <> new.partner_id
           or charged.subject_id <> new.subject_id or charged.amount_cents <> new.amount_cents then
          raise exception 'refund % is not its charge reversed', new.id;
        end if;
        if not exists (select from settlements where order_id = new.subject_id and outcome = 'cancelled') then
          raise exception 'order % is not settled as cancelled', new.subject_id;
        end if;
      end if;
      new.seq := nextval('transfer_seq');
      select balance_cents into new.credit_balance_cents from accounts
        where partner_id = new.partner_id and kind = 'credit';
      return new;
    end $$
    """,
    "create trigger book before insert on transfers for each row execute function book_transfer()",
    # What is written stays written.
    """
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% of % is refused: it is append-only', tg_op, tg_table_name;
    end $$
    """,
    *(
        f"create trigger {name} before {what} on {table} for each {each} execute function refuse_change()"
        for table in ("transfers", "settlements", "order_events")
        for name, what, each in (
            ("keep_rows", "update or delete", "row"),
            ("keep_table", "truncate", "statement"),
        )
    ),
    # A balance is moved by transfers and by nothing else.
    """
    create function guard_account() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' and new.balance_cents = 0 then return new; end if;
      if tg_op = 'UPDATE' and pg_trigger_depth() > 1 then return new; end if;
      raise exception '% of an account is refused: book a transfer', tg_op;
    end $$
    """,
    "create trigger guard before insert or update or delete on accounts for each row execute function guard_account()",
    "create trigger keep_table before truncate on accounts for each statement execute function refuse_change()",
    # An order ends as it was settled, and no other way.
    """
    create function guard_order() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then raise exception 'orders are never deleted'; end if;
      if old.status in ('active', 'cancelled') and new.status <> old.status then
        raise exception 'order % has ended', old.id;
      end if;
      if new.status in ('active', 'cancelled') and not exists (
        select from settlements where order_id = new.id
          and outcome = case new.status when 'active' then 'activated' else 'cancelled' end
      ) then raise exception 'order % is not settled so', new.id; end if;
      return new;
    end $$
    """,
    "create trigger guard before update or delete on orders for each row execute function guard_order()",
    "create trigger keep_table before truncate on orders for each statement execute function refuse_change()",
    # Nobody, not even replication's role, slips past.
    *(
        f"alter table {table} enable always trigger {trigger}"
        for table, triggers in {
            "transfers": ("book", "keep_rows", "keep_table"),
            "settlements": ("keep_rows", "keep_table"),
            "order_events": ("keep_rows", "keep_table"),
            "accounts": ("guard", "keep_table"),
            "orders": ("guard", "keep_table"),
        }.items()
        for trigger in triggers
    ),
)


def upgrade() -> None:
    """Go forward."""
    op.execute("create sequence order_numbers")
    op.execute("create sequence transfer_seq")
    op.create_table('idempotent_requests',
    sa.Column('caller_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('answer', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('caller_id', 'key', name=op.f('pk_idempotent_requests'))
    )
    op.create_table('notes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notes'))
    )
    op.create_table('partners',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('notification_addresses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners'))
    )
    op.create_table('price_lists',
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('price_list', postgresql.JSONB(), nullable=False),
    sa.PrimaryKeyConstraint('valid_from', name=op.f('pk_price_lists'))
    )
    op.create_table('accounts',
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('balance_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind <> 'credit' or balance_cents >= 0", name=op.f('ck_accounts_credit_not_negative')),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_accounts_partner_id')),
    sa.PrimaryKeyConstraint('partner_id', 'kind', name=op.f('pk_accounts'))
    )
    op.create_table('api_keys',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_api_keys_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_api_keys_fingerprint'))
    )
    op.create_table('titolari',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('titolare', postgresql.JSONB(), nullable=False),
    sa.Column('searched', sa.Text(), sa.Computed("\ncoalesce(titolare->>'denominazione', '') || ' ' || coalesce(titolare->>'given_name', '') || ' ' ||\ncoalesce(titolare->>'family_name', '') || ' ' || (titolare->>'codice_fiscale') || ' ' ||\ncoalesce(titolare->>'partita_iva', '') || ' ' || coalesce(titolare->>'pec', '')\n", persisted=True), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_titolari_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_titolari'))
    )
    op.create_index('ix_titolari_partner_id_created_at', 'titolari', ['partner_id', 'created_at', 'id'], unique=False)
    op.create_table('transfers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('debit', sa.Text(), nullable=False),
    sa.Column('credit', sa.Text(), nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('credit_balance_cents', sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
    sa.CheckConstraint("(cause = 'refund') = (reverses is not null)", name=op.f('ck_transfers_refund_points_at_charge')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_transfers_amount_positive')),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_transfers_partner_id')),
    sa.ForeignKeyConstraint(['reverses'], ['transfers.id'], name=op.f('fk_transfers_reverses')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfers')),
    sa.UniqueConstraint('reference', name=op.f('uq_transfers_reference')),
    sa.UniqueConstraint('reverses', name=op.f('uq_transfers_reverses')),
    sa.UniqueConstraint('seq', name=op.f('uq_transfers_seq'))
    )
    op.create_index('ix_transfers_partner_id_seq', 'transfers', ['partner_id', 'seq'], unique=False)
    op.create_index(op.f('ix_transfers_subject_id'), 'transfers', ['subject_id'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_users_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('login', name=op.f('uq_users_login'))
    )
    op.create_table('orders',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('product', sa.Text(), nullable=False),
    sa.Column('options', postgresql.JSONB(), nullable=False),
    sa.Column('titolare_id', sa.Uuid(), nullable=False),
    sa.Column('titolare', postgresql.JSONB(), nullable=False),
    sa.Column('price', postgresql.JSONB(), nullable=False),
    sa.Column('live_key', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('living_mail_id', sa.Uuid(), nullable=False),
    sa.Column('decision_id', sa.Uuid(), nullable=True),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('searched', sa.Text(), sa.Computed("\nnumber || ' ' || coalesce(external_id, '') || ' ' || coalesce(titolare->>'denominazione', '') || ' ' ||\ncoalesce(titolare->>'given_name', '') || ' ' || coalesce(titolare->>'family_name', '') || ' ' ||\n(titolare->>'codice_fiscale') || ' ' || coalesce(titolare->>'partita_iva', '')\n", persisted=True), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_orders_partner_id')),
    sa.ForeignKeyConstraint(['titolare_id'], ['titolari.id'], name=op.f('fk_orders_titolare_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('live_key', name=op.f('uq_orders_live_key')),
    sa.UniqueConstraint('number', name=op.f('uq_orders_number'))
    )
    op.create_index(op.f('ix_orders_external_id'), 'orders', ['external_id'], unique=False)
    op.create_index('ix_orders_partner_id_placed_at', 'orders', ['partner_id', 'placed_at', 'id'], unique=False)
    op.create_index(op.f('ix_orders_status'), 'orders', ['status'], unique=False)
    op.create_index('ix_orders_titolare_id', 'orders', ['titolare_id'], unique=False)
    op.create_table('mails',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('box', sa.Text(), nullable=False),
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('token_fingerprint', sa.LargeBinary(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_mails_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('token_fingerprint', name=op.f('uq_mails_token_fingerprint'))
    )
    op.create_index(op.f('ix_mails_order_id'), 'mails', ['order_id'], unique=False)
    op.create_table('order_events',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_events_order_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_order_events'))
    )
    op.create_index(op.f('ix_order_events_order_id'), 'order_events', ['order_id'], unique=False)
    op.create_table('provider_accounts',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('username', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_provider_accounts_order_id')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_provider_accounts'))
    )
    op.create_table('responsabili',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('titolare_id', sa.Uuid(), nullable=False),
    sa.Column('titolare', postgresql.JSONB(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_responsabili_order_id')),
    sa.ForeignKeyConstraint(['titolare_id'], ['titolari.id'], name=op.f('fk_responsabili_titolare_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responsabili'))
    )
    op.create_index('uq_responsabili_in_force', 'responsabili', ['order_id', 'role'], unique=True, postgresql_where=sa.text('replaced_at is null'))
    op.create_table('services',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_services_order_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['partners.id'], name=op.f('fk_services_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_services')),
    sa.UniqueConstraint('order_id', name=op.f('uq_services_order_id'))
    )
    op.create_index(op.f('ix_services_partner_id'), 'services', ['partner_id'], unique=False)
    op.create_table('settlements',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_settlements_order_id')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_settlements'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('mail_id', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], name=op.f('fk_decisions_mail_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_decisions_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    op.create_index(op.f('ix_decisions_order_id'), 'decisions', ['order_id'], unique=False)
    for refusal in REFUSALS:
        op.execute(refusal)
