"""Random operations on the books, and what the database must say to each: a model of numbers and lists."""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from domain.ledger import CHARGES, CORRECTABLE, Account, Cause, transfer_id
from domain.lifecycle import Outcome

Op = dict[str, Any]
CHARGE_CAUSES = sorted(CHARGES)


@dataclass(slots=True)
class Entry:
    """A movement that the database took."""

    row: Op
    settled: Outcome | None = None
    undone_cents: int = 0

    @property
    def cents(self) -> int:
        return int(self.row["amount_cents"])

    @property
    def uncorrectable(self) -> str | None:
        """How the database says that it can't be corrected, if it can't."""
        if self.row["cause"] not in CORRECTABLE:
            return "is not correctable"
        if self.row["cause"] == Cause.ORDER and self.settled is not Outcome.ACTIVATED:
            return "is not settled as activated"
        return None


@dataclass(slots=True)
class Books:
    """One partner's."""

    partner_id: UUID
    credit_cents: int = 0
    entries: list[Entry] = field(default_factory=list)


class Soak:
    """What is asked for, and the words of the refusal that it must get; None: it is taken."""

    def __init__(self, random: Random, *, partners: int) -> None:
        self.random = random
        self.books = [Books(self.id()) for _ in range(partners)]
        self.asked: list[tuple[Op, str | None]] = []
        self.orders: list[Op] = []
        self.taken = 0

    def go_on(self) -> None:
        """Do what people do, or try what they mustn't."""
        works = (self._top_up, self._charge, self._settle, self._correct, self._misbook, self._miscorrect)
        (work,) = self.random.choices(works, weights=(20, 32, 12, 16, 8, 12))
        work(self.random.choice(self.books))

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _top_up(self, books: Books) -> None:
        self._book(books, Cause.TOP_UP, subject=self.id(), cents=self.random.randint(1, 40_000))

    def _charge(self, books: Books) -> None:
        """Also what isn't there to spend."""
        cause, subject = self.random.choice(CHARGE_CAUSES), self.id()
        if cause is Cause.ORDER:
            self.orders.append({"id": str(subject), "partner_id": str(books.partner_id)})
        self._book(books, cause, subject=subject, cents=self.random.randint(1, 25_000))

    def _settle(self, books: Books) -> None:
        """An order ends once. Then it is refunded, rightly or not."""
        entry = self._any(books, Cause.ORDER)
        if entry is None:
            return
        outcome = self.random.choice((Outcome.ACTIVATED, Outcome.CANCELLED))
        settling = {"order_id": entry.row["subject_id"], "outcome": outcome}
        self.asked.append((settling, "pk_settlements" if entry.settled else None))
        entry.settled = entry.settled or outcome
        refusal = "is not settled as cancelled" if entry.settled is Outcome.ACTIVATED else None
        again = "uq_transfers_reverses" if entry.undone_cents else None
        refund = _turned(entry, cause=Cause.REFUND, subject_id=entry.row["subject_id"], reverses=entry.row["id"])
        if self._ask(books, {"id": str(self.id()), **refund}, refusal or again):
            entry.undone_cents = entry.cents

    def _correct(self, books: Books) -> None:
        """Within the entry, and beyond."""
        if (entry := self._any(books)) is None:
            return
        cents = self.random.randint(1, entry.cents + entry.cents // 4)
        over = "exceeds its entry" if entry.undone_cents + cents > entry.cents else None
        if self._ask(books, self._correction(entry, cents), entry.uncorrectable or over):
            entry.undone_cents += cents

    def _misbook(self, books: Books) -> None:
        """The same again, nothing at all, or a refund of what isn't an order."""
        if (entry := self._any(books)) is None:
            return
        nothing = {**entry.row, "id": str(self.id()), "amount_cents": 0, "reverses": None, "corrects": None}
        reversed_ = _turned(entry, cause=Cause.REFUND, subject_id=str(self.id()), reverses=entry.row["id"])
        tries: list[tuple[Op, str]] = [
            (entry.row, "duplicate key|exceeds its entry|is not"),
            ({**nothing, "cause": Cause.SPACE, "reason": None, "reference": None}, "amount_positive"),
            ({"id": str(self.id()), **reversed_}, "is not its charge reversed"),
        ]
        self._ask(books, *self.random.choice(tries))

    def _miscorrect(self, books: Books) -> None:
        """Another partner's entry, its own sides, no reason, one cent too much."""
        other = self.random.choice(self.books)
        if (entry := self._any(books)) is None or other is books:
            return
        cent, sides = self._correction(entry, 1), {"debit": entry.row["debit"], "credit": entry.row["credit"]}
        wrong = entry.uncorrectable and "is not correctable|is not settled|turned round"
        over = entry.cents - entry.undone_cents + 1
        self.random.choice(
            (
                lambda: self._ask(other, {**cent, "partner_id": str(other.partner_id)}, wrong or "turned round"),
                lambda: self._ask(books, cent | sides, wrong or "turned round"),
                lambda: self._ask(books, {**cent, "reason": None}, wrong or "has_reason|exceeds its entry"),
                lambda: self._ask(books, {**cent, "amount_cents": over}, wrong or "exceeds its entry"),
            )
        )()

    def _any(self, books: Books, cause: Cause | None = None) -> Entry | None:
        """An entry, mostly a recent one."""
        window = books.entries[-40:] if self.random.random() < 0.8 else books.entries
        fitting = window if cause is None else [entry for entry in window if entry.row["cause"] is cause]
        return self.random.choice(fitting) if fitting else None

    def _book(self, books: Books, cause: Cause, *, subject: UUID, cents: int) -> None:
        debit, credit = cause.sides
        row: Op = {"id": str(transfer_id(cause, subject)), "cause": cause, "subject_id": str(subject)}
        row |= {"partner_id": str(books.partner_id), "debit": debit, "credit": credit, "amount_cents": cents}
        row |= {"reference": str(subject)} if cause is Cause.TOP_UP else {}
        self._ask(books, row, None)

    def _correction(self, entry: Entry, cents: int) -> Op:
        turned = _turned(entry, cause=Cause.CORRECTION, subject_id=str(self.id()), corrects=entry.row["id"])
        return {"id": str(self.id()), **turned, "amount_cents": cents, "reason": "errore"}

    def _ask(self, books: Books, row: Op, refusal: str | None) -> bool:
        """Ask it of the database, and keep the books if it must take it. Who has no credit left hears that first."""
        cents = row["amount_cents"] * {Account.CREDIT: 1}.get(row["credit"], 0)
        cents -= row["amount_cents"] * {Account.CREDIT: 1}.get(row["debit"], 0)
        refusal = "credit_not_negative" if books.credit_cents + cents < 0 else refusal
        self.asked.append((row, refusal))
        if refusal is None:
            books.credit_cents += cents
            books.entries.append(Entry(row))
            self.taken += 1
        return refusal is None


def _turned(entry: Entry, **facts: Any) -> Op:
    same = {name: entry.row[name] for name in ("partner_id", "amount_cents")}
    return {**same, "debit": entry.row["credit"], "credit": entry.row["debit"], **facts}
