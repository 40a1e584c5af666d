"""The books refuse what only the program refused: other sides, a top-up nobody can trace, an expiry nobody paid for."""

from alembic import op
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

GUARD_SERVICE = """
    create or replace function guard_service() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then raise exception 'services are never deleted'; end if;
      if old.status = 'terminated' and new.status <> old.status then
        raise exception 'service % has ended', old.id;
      end if;
      if new.starts_on <> old.starts_on or (new.expires_on <> old.expires_on and not exists (
        select from renewals r join transfers t on t.subject_id = r.id and t.cause = 'renewal'
          and t.partner_id = new.partner_id
        where r.service_id = new.id and r.outcome = 'renewed'
          and r.period_start = old.expires_on and r.period_end = new.expires_on
      )) then raise exception 'service % is not renewed so', new.id; end if;
      return new;
    end $$
    """
"""As before, and: the renewal that moves an expiry is charged."""


def upgrade() -> None:
    """Go forward."""
    op.create_check_constraint(
        op.f('ck_transfers_sides_of_cause'), 'transfers',
        "case cause when 'top_up' then debit = 'funds' and credit = 'credit' "
        "when 'refund' then debit = 'sales' and credit = 'credit' "
        "when 'correction' then debit <> credit "
        "else debit = 'credit' and credit = 'sales' end",
    )
    op.create_check_constraint(
        op.f('ck_transfers_top_up_has_reference'), 'transfers', "(cause = 'top_up') = (reference is not null)"
    )
    op.execute(GUARD_SERVICE)
