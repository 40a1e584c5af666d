"""Corrections of entries: the database itself keeps them within what they correct."""

import sqlalchemy as sa
from alembic import op
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

BOOK = (
    # As before, and: a correction is a part of its entry turned round; what is corrected is never refunded.
    """
    create or replace function book_transfer() returns trigger language plpgsql as $$
    declare
      charged transfers;
      entry transfers;
      undone bigint;
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
           or charged.subject_id <> new.subject_id or charged.amount_cents <> new.amount_cents
           or charged.debit <> new.credit or charged.credit <> new.debit then
          raise exception 'refund % is not its charge reversed', new.id;
        end if;
        if not exists (select from settlements where order_id = new.subject_id and outcome = 'cancelled') then
          raise exception 'order % is not settled as cancelled', new.subject_id;
        end if;
        if exists (select from transfers where corrects = new.reverses) then
          raise exception 'charge % was corrected', new.reverses;
        end if;
      end if;
      if new.cause = 'correction' then
        select * into entry from transfers where id = new.corrects;
        if not found or entry.cause in ('refund', 'correction') then
          raise exception 'entry % is not correctable', new.corrects;
        end if;
        if entry.partner_id <> new.partner_id or entry.debit <> new.credit or entry.credit <> new.debit then
          raise exception 'correction % is not its entry turned round', new.id;
        end if;
        if entry.cause = 'order'
           and not exists (select from settlements where order_id = entry.subject_id and outcome = 'activated') then
          raise exception 'order % is not settled as activated', entry.subject_id;
        end if;
        select coalesce(sum(amount_cents), 0) into undone from transfers
          where corrects = entry.id or reverses = entry.id;
        if undone + new.amount_cents > entry.amount_cents then
          raise exception 'correction % exceeds its entry', new.id;
        end if;
      end if;
      new.seq := nextval('transfer_seq');
      select balance_cents into new.credit_balance_cents from accounts
        where partner_id = new.partner_id and kind = 'credit';
      return new;
    end $$
    """,
)


def upgrade() -> None:
    """Go forward."""
    op.add_column('transfers', sa.Column('corrects', sa.Uuid(), nullable=True))
    op.add_column('transfers', sa.Column('reason', sa.Text(), nullable=True))
    op.create_foreign_key(op.f('fk_transfers_corrects'), 'transfers', 'transfers', ['corrects'], ['id'])
    op.create_index(op.f('ix_transfers_corrects'), 'transfers', ['corrects'], unique=False)
    op.create_index('ix_transfers_partner_id_at', 'transfers', ['partner_id', 'at', 'seq'], unique=False)
    op.create_check_constraint(
        op.f('ck_transfers_correction_points_at_entry'), 'transfers',
        "(cause = 'correction') = (corrects is not null)",
    )
    op.create_check_constraint(
        op.f('ck_transfers_correction_has_reason'), 'transfers', "(cause = 'correction') = (reason is not null)"
    )
    for statement in BOOK:
        op.execute(statement)
