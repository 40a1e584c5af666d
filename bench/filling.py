"""A database full of services, each with its order, and of titolari."""

import json
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

SERVICES, DUE, PARTNERS, TITOLARI = 100_000, 1_000, 100, 100_000
PRICES = {
    "valid_from": "2020-01-01",
    "vat_percent": 22,
    "net_cents": {"docfly_pa": 1900, "extra_gb": 400},
    "note": "Inventato per misurare.",
}
WISH = {"state": "active", "quotas": {"gb": 1, "users": 1, "archives": 1, "definitions": 0}}
OPTIONS = {"product": "docfly_pa", "renewal_years": 1, "renewal_mode": "automatic", "extra_gb": 0}
HOLDER = {
    "kind": "persona_giuridica",
    "denominazione": "Rossi & Figli S.r.l.",
    "given_name": "Maria",
    "family_name": "Rossi",
    "codice_fiscale": "01879020517",
    "partita_iva": "01879020517",
    "address": {"street": "Via Roma 1", "postal_code": "52100", "city": "Arezzo", "province": "AR", "country": "IT"},
    "phone": "+390575123456",
    "email": "info@rossi.example",
    "pec": "rossi@pec.example",
    "birth": {"date": "1985-12-10", "place": "Arezzo", "sex": "F"},
}
PRICE = {"list_valid_from": "2020-01-01", "lines": [], "vat_percent": 22, "net_cents": 1900, "vat_cents": 418}

FILL = (
    "insert into price_lists values ('2020-01-01', :prices)",
    """
    insert into partners (id, name, notification_addresses, created_at)
    select md5('p' || n)::uuid, 'Partner ' || n, '["p@partner.example"]', now() from generate_series(1, :partners) n
    """,
    """
    insert into accounts (partner_id, kind, balance_cents)
    select id, kind, 0 from partners, unnest(array['credit', 'sales', 'funds']) kind
    """,
    """
    insert into transfers (id, at, partner_id, cause, subject_id, debit, credit, amount_cents, reference)
    select md5('t' || id)::uuid, now(), id, 'top_up', id, 'funds', 'credit', 100000000, id::text from partners
    """,
    """
    insert into titolari (id, partner_id, created_at, titolare)
    select id, id, now(), cast(:holder as jsonb) from partners
    """,
    """
    insert into titolari (id, partner_id, created_at, titolare)
    select md5('h' || n)::uuid, md5('p' || case when n % 2 = 0 then 1 else n % :partners + 1 end)::uuid,
      now() - n * interval '1 minute',
      cast(:holder as jsonb) || jsonb_build_object('denominazione', 'Ditta ' || left(md5(n::text), 8),
        'family_name', (array['Rossi', 'Bianchi', 'Verdi', 'Russo', 'Ferrari', 'Esposito', 'Romano'])[1 + n % 7],
        'codice_fiscale', lpad(n::text, 11, '0'), 'partita_iva', lpad(n::text, 11, '0'),
        'pec', 'ditta' || n || '@pec.example')
    from generate_series(1, :titolari) n
    """,
    """
    insert into orders (id, number, partner_id, product, options, titolare_id, titolare, price, status, living_mail_id,
      placed_at)
    select md5('o' || n)::uuid, n::text, md5('p' || (n % :partners + 1))::uuid, 'docfly_pa', cast(:options as jsonb),
      md5('p' || (n % :partners + 1))::uuid,
      cast(:holder as jsonb) || jsonb_build_object('denominazione', 'Ditta ' || left(md5(n::text), 8)),
      cast(:price as jsonb), 'active', md5('o' || n)::uuid, now() - n * interval '1 minute'
    from generate_series(1, :services) n
    """,
    """
    insert into services (id, order_id, partner_id, options, activated_at, starts_on, expires_on, status, renewal_mode,
      renewal_years, added_gb, next_due_on, used_bytes, space_level, wanted, told)
    select md5('s' || n)::uuid, md5('o' || n)::uuid, md5('p' || (n % :partners + 1))::uuid, cast(:options as jsonb),
      now() - n * interval '1 minute',
      due.day - 358, due.day + 7, 'active', 'automatic', 1, 0, due.day, 0, 'free', cast(:wish as jsonb),
      cast(:wish as jsonb)
    from generate_series(1, :services) n,
      lateral (select cast(:today as date) + case when n <= :due then 0 else 200 end as day) due
    """,
    "analyze",
)


async def fill(engine: AsyncEngine, *, today: date, services: int = SERVICES) -> None:
    """So many services of 100 partners, of which 1,000 are due; and 100,000 titolari, every other one the first's."""
    values = {
        "prices": json.dumps(PRICES), "price": json.dumps(PRICE), "holder": json.dumps(HOLDER),
        "options": json.dumps(OPTIONS),
        "wish": json.dumps(WISH), "today": today, "services": services, "due": DUE, "partners": PARTNERS,
        "titolari": TITOLARI,
    }  # fmt: skip
    async with engine.begin() as connection:
        for statement in FILL:
            await connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
