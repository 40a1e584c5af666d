"""What an acceptance is made of, and what proves it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

CHAIN = (
    # Each event is chained to the one before it, in the order of its order's events, under that order's lock.
    """
    create function event_record(event order_events) returns text language sql stable as $$
      select jsonb_build_object(
        'at', to_char(event.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'kind', event.kind, 'actor', event.actor, 'detail', event.detail)::text
    $$
    """,
    """
    create function chain_event() returns trigger language plpgsql as $$
    declare before bytea;
    begin
      perform 1 from orders where id = new.order_id for no key update;
      new.seq := nextval(pg_get_serial_sequence('order_events', 'seq'));
      select hash into before from order_events where order_id = new.order_id order by seq desc limit 1;
      new.record := event_record(new);
      new.hash := sha256(coalesce(before, ''::bytea) || convert_to(new.record, 'UTF8'));
      return new;
    end $$
    """,
    "create trigger chain before insert on order_events for each row execute function chain_event()",
    "alter table order_events enable always trigger chain",
    # The events that are there already.
    "alter table order_events disable trigger keep_rows",
    """
    do $$
    declare event order_events; before bytea; of_order uuid; text_of text;
    begin
      for event in select * from order_events order by order_id, seq loop
        if of_order is distinct from event.order_id then before := ''::bytea; of_order := event.order_id; end if;
        text_of := event_record(event);
        before := sha256(before || convert_to(text_of, 'UTF8'));
        update order_events set record = text_of, hash = before where seq = event.seq;
      end loop;
    end $$
    """,
    "alter table order_events enable always trigger keep_rows",
    "alter table order_events alter column record set not null, alter column hash set not null",
    # What was printed, sealed or decided stays as it was.
    *(
        f"create trigger {name} before {what} on {table} for each {each} execute function refuse_change()"
        for table in ("contracts", "receipts", "decisions")
        for name, what, each in (
            ("keep_rows", "update or delete", "row"),
            ("keep_table", "truncate", "statement"),
        )
    ),
    *(
        f"alter table {table} enable always trigger {name}"
        for table in ("contracts", "receipts", "decisions")
        for name in ("keep_rows", "keep_table")
    ),
)


def upgrade() -> None:
    op.add_column('orders', sa.Column('accept_by', sa.DateTime(timezone=True), nullable=True))
    op.execute("update orders set accept_by = placed_at + interval '90 days'")
    op.alter_column('orders', 'accept_by', nullable=False, server_default=sa.text("now() + interval '90 days'"))
    op.add_column('partners', sa.Column('low_credit_threshold_cents', sa.BigInteger(), nullable=True))
    op.add_column('partners', sa.Column('renewal_priority', sa.Text(), server_default='soonest_first', nullable=False))
    op.add_column('partners', sa.Column('reminder_days', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[3, 8, 13, 18]'"), nullable=False))
    op.add_column('responsabili', sa.Column('internal', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('order_events', sa.Column('record', sa.Text(), nullable=True))
    op.add_column('order_events', sa.Column('hash', sa.LargeBinary(), nullable=True))
    op.create_table('contracts',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_contracts_order_id')),
    sa.PrimaryKeyConstraint('order_id', 'edition', 'name', name=op.f('pk_contracts'))
    )
    op.create_table('receipts',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_receipts_decision_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_receipts_order_id')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_receipts'))
    )
    for statement in CHAIN:
        op.execute(statement)
