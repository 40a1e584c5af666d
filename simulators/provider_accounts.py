"""Accounts and their changes: each one transaction, guarded by the state it starts from."""

import json
import sqlite3
import time
from uuid import UUID

from simulators.provider_account import (
    LIVE,
    Account,
    OpeningRequest,
    Quotas,
    State,
    UnknownAccountError,
    WrongStateError,
)
from simulators.provider_callbacks import announce
from simulators.provider_modes import Behaviour, Mode
from simulators.provider_state import transaction


class Accounts:
    """Everything the provider holds, by order id."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def open(self, order_id: UUID, *, request: OpeningRequest, behaviour: Behaviour) -> Account:
        """Ask for an account, or hear where it stands: a repeat changes nothing but the count.

        Only what was refused before is tried anew. Raises WrongStateError for a revoked one.
        """
        with transaction(self._database):
            if self._ask(order_id, request=request):
                self._begin(order_id, behaviour=behaviour)
            self._execute("UPDATE accounts SET puts = puts + 1 WHERE order_id = ?", order_id)
            account = self.get(order_id)
        if account.state is State.REVOKED:
            raise WrongStateError(account)
        return account

    def _ask(self, order_id: UUID, *, request: OpeningRequest) -> bool:
        """Make it pending; False when the order id is taken."""
        values = request.model_dump(mode="json")
        fields = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in values.items()}
        asked = self._database.execute(
            """
            INSERT INTO accounts
                (order_id, state, product, quotas, titolare, responsabile, callback_url)
            VALUES (:order_id, 'pending', :product, :quotas, :titolare, :responsabile, :callback_url)
            ON CONFLICT (order_id) DO UPDATE SET
                state = 'pending', reason = NULL, product = excluded.product,
                quotas = excluded.quotas, titolare = excluded.titolare,
                responsabile = excluded.responsabile, callback_url = excluded.callback_url
            WHERE accounts.state = 'refused'
            """,
            {"order_id": str(order_id), **fields},
        )
        return asked.rowcount > 0

    def _begin(self, order_id: UUID, *, behaviour: Behaviour) -> None:
        match behaviour.mode:
            case Mode.INSTANT | Mode.HANG_AFTER:
                self._finish(order_id, state=State.ACTIVE)
            case Mode.REFUSE:
                self._finish(order_id, state=State.REFUSED, reason=behaviour.reason)
            case Mode.DELAYED:
                due_at = time.time() + behaviour.delay_s
                self._execute("UPDATE accounts SET due_at = ? WHERE order_id = ?", due_at, order_id)
            case Mode.PENDING | Mode.ERROR | Mode.HANG:
                pass  # silence; who meets an error or hangs never comes so far

    def _finish(self, order_id: UUID, *, state: State, reason: str | None = None) -> bool:
        """The one place where an account opens. False: it was not pending (any more)."""
        opened = int(state is State.ACTIVE)
        return self._execute(
            """
            UPDATE accounts SET state = ?, reason = ?, due_at = NULL,
                opens = opens + ?, answers = answers + 1
            WHERE order_id = ? AND state = 'pending'
            """,
            *(state, reason, opened, order_id),
        )

    def complete(self, order_id: UUID, *, state: State, reason: str | None, callbacks: int, is_named: bool) -> None:
        """End the silence. In that state already: the same event is only announced again.

        Unless `is_named`, callbacks tell the state alone, as the protocol lets them.
        """
        with transaction(self._database):
            self._finish(order_id, state=state, reason=reason)
            account = self.get(order_id)
            if account.state is not state:
                raise WrongStateError(account)
            told = account.told() if is_named else {"state": str(account.state)}
            announce(self._database, account=account, times=callbacks, told=told)

    def complete_due(self) -> None:
        """Open what `delayed` promised for now, a restart ago too, and tell it."""
        with transaction(self._database):
            for (order_id,) in self._database.execute(
                "SELECT order_id FROM accounts WHERE due_at <= ?", (time.time(),)
            ).fetchall():
                if self._finish(UUID(order_id), state=State.ACTIVE):
                    account = self.get(UUID(order_id))
                    announce(self._database, account=account, times=1, told=account.told())

    def seconds_to_next(self) -> float | None:
        """Until `complete_due` has something to do; None: nothing is promised."""
        (due_at,) = self._database.execute("SELECT min(due_at) FROM accounts WHERE due_at IS NOT NULL").fetchone()
        return None if due_at is None else max(0.0, due_at - time.time())

    def revoke(self, order_id: UUID) -> Account:
        """Shut for good, also what was never asked for. Raises WrongStateError when it is live."""
        with transaction(self._database):
            self._database.execute(
                """
                INSERT INTO accounts (order_id, state, revokes) VALUES (?, 'revoked', 1)
                ON CONFLICT (order_id) DO UPDATE SET
                    state = 'revoked', due_at = NULL, revokes = accounts.revokes + 1
                WHERE accounts.state IN ('pending', 'refused')
                """,
                (str(order_id),),
            )
            account = self.get(order_id)
        if account.state in LIVE:
            raise WrongStateError(account)
        return account

    def suspend(self, order_id: UUID) -> Account:
        """Read-only until resumed. Raises WrongStateError unless live."""
        return self._change("UPDATE accounts SET state = 'suspended' WHERE order_id = ?", order_id)

    def resume(self, order_id: UUID) -> Account:
        """Open again. Raises WrongStateError unless live."""
        return self._change("UPDATE accounts SET state = 'active' WHERE order_id = ?", order_id)

    def set_quotas(self, order_id: UUID, *, quotas: Quotas) -> Account:
        """The whole of the quotas, not a difference. Raises WrongStateError unless live."""
        sql = "UPDATE accounts SET quotas = ?2 WHERE order_id = ?1"
        return self._change(sql, order_id, json.dumps(quotas))

    def set_used(self, order_id: UUID, *, used_bytes: int) -> Account:
        """What `usage` answers from now on. Raises WrongStateError unless live."""
        sql = "UPDATE accounts SET used_bytes = ?2 WHERE order_id = ?1"
        return self._change(sql, order_id, used_bytes)

    def _change(self, sql: str, order_id: UUID, *values: str | int) -> Account:
        with transaction(self._database):
            self.get_live(order_id)
            self._execute(sql, order_id, *values)
            return self.get(order_id)

    def get_live(self, order_id: UUID) -> Account:
        """The open account. Raises UnknownAccountError, WrongStateError."""
        if (account := self.get(order_id)).state not in LIVE:
            raise WrongStateError(account)
        return account

    def get(self, order_id: UUID) -> Account:
        """Where it stands. Raises UnknownAccountError."""
        row = self._database.execute("SELECT * FROM accounts WHERE order_id = ?", (str(order_id),)).fetchone()
        if row is None:
            raise UnknownAccountError(str(order_id))
        return Account.model_validate(dict(row))

    def all(self) -> list[Account]:
        """In the order in which they were first heard of."""
        rows = self._database.execute("SELECT * FROM accounts ORDER BY rowid")
        return [Account.model_validate(dict(row)) for row in rows]

    def _execute(self, sql: str, *values: str | float | UUID | None) -> bool:
        """Run it; whether a row changed."""
        plain = [str(value) if isinstance(value, UUID) else value for value in values]
        return self._database.execute(sql, plain).rowcount > 0
