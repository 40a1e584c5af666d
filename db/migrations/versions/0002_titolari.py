"""Titolari in full: search, erasure."""

import sqlalchemy as sa
from alembic import op
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


# Schemas are spelt out: a restore runs without a search path. The extensions are trusted, so the database's owner
# may create them.
FUNCTIONS = (
    *(f"create extension if not exists {name} with schema public" for name in ("unaccent", "pg_trgm", "btree_gin")),
    # How texts are compared: PERU', Perù and peru are one; so are D'Amico, d’amico and damico.
    """
    create function public.searchable(words text) returns text language sql immutable strict parallel safe
    return translate(lower(public.unaccent('public.unaccent'::regdictionary, words)), '''`´', '')
    """,
    # The pattern of what contains a word. Escaped last, as unaccent makes % and _ of their full-width forms.
    r"""
    create function public.occurs_as(word text) returns text language sql immutable strict parallel safe
    return '%' || regexp_replace(public.searchable(word), '([\\%_])', '\\\1', 'g') || '%'
    """,
)

SEARCHED = {
    "titolari": """public.searchable(
coalesce(titolare->>'denominazione', '') || ' ' || coalesce(titolare->>'given_name', '') || ' ' ||
coalesce(titolare->>'family_name', '') || ' ' || (titolare->>'codice_fiscale') || ' ' ||
coalesce(titolare->>'partita_iva', '') || ' ' || coalesce(titolare->>'pec', '')
)""",
    "orders": """public.searchable(
number || ' ' || coalesce(external_id, '') || ' ' || coalesce(titolare->>'denominazione', '') || ' ' ||
coalesce(titolare->>'given_name', '') || ' ' || coalesce(titolare->>'family_name', '') || ' ' ||
(titolare->>'codice_fiscale') || ' ' || coalesce(titolare->>'partita_iva', '')
)""",
}

# Who was erased gets no new order and no new role, whatever was read before the erasure.
FENCE = (
    """
    create function refuse_erased() returns trigger language plpgsql as $$
    begin
      perform 1 from titolari where id = new.titolare_id and erased_at is null for key share;
      if not found then raise exception 'titolare % is erased', new.titolare_id; end if;
      return new;
    end $$
    """,
    *(
        statement
        for table in ("orders", "responsabili")
        for statement in (
            f"create trigger refuse_erased before insert on {table} for each row execute function refuse_erased()",
            f"alter table {table} enable always trigger refuse_erased",
        )
    ),
)


def upgrade() -> None:
    """Go forward."""
    for statement in FUNCTIONS:
        op.execute(statement)
    for table, searched in SEARCHED.items():
        op.drop_column(table, "searched")
        op.add_column(table, sa.Column("searched", sa.Text(), sa.Computed(searched, persisted=True), nullable=False))
        op.create_index(f"ix_{table}_searched", table, ["partner_id", "searched"],
                        postgresql_using="gin", postgresql_ops={"searched": "gin_trgm_ops"})
    op.add_column("titolari", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for statement in FENCE:
        op.execute(statement)
