"""Every table, so that metadata and mappers are whole wherever this is imported."""

from db.accounts import ProviderAccountRow
from db.acts import ActRow
from db.base import Base
from db.contracts import ContractRow
from db.decisions import DecisionRow
from db.deeds import DeedRow
from db.documents import DocumentRow
from db.ledger import AccountRow, TransferRow
from db.mails import MailRow
from db.notes import NoteRow
from db.orders import OrderRow, SettlementRow
from db.partners import ApiKeyRow, PartnerRow
from db.prices import PriceListRow
from db.receipts import ReceiptRow
from db.renewals import RenewalRow
from db.requests import RequestRow
from db.responsabili import ResponsabileRow
from db.services import ServiceRow
from db.space import SpacePurchaseRow, UsageRow
from db.timeline import EventRow
from db.titolari import TitolareRow
from db.users import FailedSignInRow, SessionRow, UserRow

metadata = Base.metadata

TABLES = (
    AccountRow,
    ActRow,
    ApiKeyRow,
    ContractRow,
    DecisionRow,
    DeedRow,
    DocumentRow,
    EventRow,
    FailedSignInRow,
    MailRow,
    NoteRow,
    OrderRow,
    PartnerRow,
    PriceListRow,
    ProviderAccountRow,
    ReceiptRow,
    RenewalRow,
    RequestRow,
    ResponsabileRow,
    ServiceRow,
    SessionRow,
    SettlementRow,
    SpacePurchaseRow,
    TitolareRow,
    TransferRow,
    UsageRow,
    UserRow,
)
