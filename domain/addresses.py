"""Where a titolare is (the domain, section 7)."""

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from domain.identifiers import STORED, Country, PostalCode, Province, Text
from domain.model import Value

_SIGLE = (
    "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EN FC FE FG FI FM "
    "FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN PO PR PT "
    "PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VS VT VV"
)
PROVINCES = frozenset(_SIGLE.split())
"""The Italian ones. In Sardinia the older CI, OG, OT and VS too: l.r. 7/2021 brings those provinces back."""

_CAP_DIGITS = 5


class Address(Value):
    """An address. The country comes first because the rest is judged by it."""

    country: Country
    street: Text
    postal_code: PostalCode
    city: Text
    province: Province

    @field_validator("postal_code")
    @classmethod
    def _is_a_cap(cls, value: str, info: ValidationInfo) -> str:
        if _in_italy(info) and not (len(value) == _CAP_DIGITS and value.isdecimal()):  # ASCII by its type
            raise PydanticCustomError("cap", "Not a CAP: 5 digits")
        return value

    @field_validator("province")
    @classmethod
    def _is_italian(cls, value: str, info: ValidationInfo) -> str:
        if _in_italy(info) and value not in PROVINCES:
            raise PydanticCustomError("italian_province", "Not an Italian province")
        return value


def _in_italy(info: ValidationInfo) -> bool:
    """Whether Italian rules apply: not to what was stored, nor while the country isn't known."""
    return info.context is not STORED and info.data.get("country") == "IT"
