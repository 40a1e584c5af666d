"""Bearer secrets."""

import re
from hashlib import sha256
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.tokens import acceptance_token, fingerprint, handed_over

MAIL = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")


@given(st.uuids(), st.uuids(), st.text(), st.text())
def test_a_mail_sent_twice_carries_the_same_link_and_no_other_mail_does(
    mail: UUID, other: UUID, secret: str, another: str
) -> None:
    tokens = acceptance_token(mail, secret=secret), acceptance_token(other, secret=another)
    assert tokens[0] == acceptance_token(mail, secret=secret)
    assert len(set(map(fingerprint, tokens))) == len(set(tokens))
    if mail != other:
        assert tokens[0] != tokens[1]


def test_another_secret_makes_other_links() -> None:
    assert acceptance_token(MAIL, secret="one") != acceptance_token(MAIL, secret="two")


@given(st.uuids())
def test_it_fits_into_a_link_and_has_256_bits(mail: UUID) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", acceptance_token(mail, secret="s"))


def test_links_that_were_mailed_stay_good() -> None:
    assert acceptance_token(MAIL, secret="s") == "SJ5dHh_5z4z_DRc40k7bLOfCZq0rcJ_bsAf_6wKVok0"


def test_the_fingerprint_doesnt_tell_the_token() -> None:
    token = acceptance_token(MAIL, secret="s")
    assert fingerprint(token) == sha256(token.encode()).digest()
    assert token.encode() not in fingerprint(token)


def test_what_is_handed_over_depends_on_cause_and_secret_alone() -> None:
    cause, other = uuid4(), uuid4()
    told = handed_over(cause, secret="uno")
    assert told == handed_over(cause, secret="uno")
    assert len({told, handed_over(other, secret="uno"), handed_over(cause, secret="due")}) == 3
    assert len(told) == 43
    assert told != acceptance_token(cause, secret="uno")
