"""Price lists, by the day they take effect."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Stored
from domain.errors import NoPriceList, PriceListInForce
from domain.prices import PriceList


class PriceListRow(Base):
    """A list, whole: it is never changed once orders were priced by it."""

    __tablename__ = "price_lists"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    price_list: Mapped[PriceList] = mapped_column(Stored(PriceList))


async def in_force(session: AsyncSession, *, on: date) -> PriceList:
    """The newest list that had taken effect on a civil day (Rome). Raises NoPriceList."""
    newest = select(PriceListRow).where(PriceListRow.valid_from <= on).order_by(PriceListRow.valid_from.desc()).limit(1)
    if (row := await session.scalar(newest)) is None:
        raise NoPriceList
    return row.price_list


async def known(session: AsyncSession) -> list[PriceList]:
    """Every list, those to come too: what is forecast is counted under the list of its own day."""
    return list(await session.scalars(select(PriceListRow.price_list).order_by(PriceListRow.valid_from)))


async def load(session: AsyncSession, price_list: PriceList, *, today: date) -> None:
    """Keep a list that is to come, instead of another one for the same day. Raises PriceListInForce.

    The very first one may be in force at once: nothing has been priced yet.
    """
    others = await session.scalar(select(exists().where(PriceListRow.valid_from <= today)))
    if price_list.valid_from <= today and others:
        raise PriceListInForce(today=today)
    loading = insert(PriceListRow).values(valid_from=price_list.valid_from, price_list=price_list)
    replacing = loading.on_conflict_do_update(
        index_elements=[PriceListRow.valid_from], set_={"price_list": loading.excluded.price_list}
    )
    await session.execute(replacing)
