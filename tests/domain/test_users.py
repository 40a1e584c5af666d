"""Who may do what, and what people are called."""

import pytest

from domain.users import LOGIN, Right, UserRole


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (UserRole.OWNER, {Right.ORDERS, Right.MONEY, Right.PEOPLE}),
        (UserRole.ORDERS, {Right.ORDERS}),
        (UserRole.FINANCE, {Right.MONEY}),
        (UserRole.READ_ONLY, set()),
    ],
)
def test_a_role_grants_its_rights_and_no_other(role: UserRole, rights: set[Right]) -> None:
    assert role.rights == rights


@pytest.mark.parametrize("login", ["bianchi", "anna.rossi@studio.example", "a-1", "007", "x" * 64])
def test_a_login_is_what_can_be_typed(login: str) -> None:
    assert LOGIN.fullmatch(login)


@pytest.mark.parametrize("login", ["", "ab", "Anna", "anna rossi", "-anna", "è-lei", "x" * 65, "anna\n"])
def test_what_is_no_login(login: str) -> None:
    assert not LOGIN.fullmatch(login)
