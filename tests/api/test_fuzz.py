"""Whatever JSON comes, the answer is a clear one."""

from uuid import uuid4

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests import identities, services
from tests.api.checks import send
from tests.personas import Partner, Stage

CALMLY = hypothesis_settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
WORDS = st.text(st.characters(codec=None), max_size=30)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def changes(*fields: str) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(fields) | WORDS, ANYTHING, min_size=1, max_size=3)


@given(
    change=changes(
        "product", "titolare_id", "renewal_years", "renewal_mode", "external_id", "extra_gb", "expected_total"
    )
)
@CALMLY
async def test_it_never_stumbles_over_an_order(bianchi: Partner, change: dict[str, object]) -> None:
    order = {"product": "docfly_pa", "titolare_id": str(uuid4()), **change}
    assert (await send(bianchi, "/v1/orders", order)).status_code in (400, 404, 422)


@given(change=changes(*identities.company()), place=changes(*identities.address()))
@CALMLY
async def test_it_never_stumbles_over_a_titolare(
    bianchi: Partner, change: dict[str, object], place: dict[str, object]
) -> None:
    body = identities.company(address=identities.address() | place) | change
    assert (await send(bianchi, "/v1/titolari", body)).status_code in (201, 400, 422)


@given(body=ANYTHING)
@CALMLY
async def test_it_never_stumbles_over_anything(bianchi: Partner, body: object) -> None:
    for path in ("/v1/orders", "/v1/titolari", "/v1/quotes"):
        assert (await send(bianchi, path, body)).status_code in (400, 422)


@given(change=changes("years", "expires_on", "gb", "expected_total", "service_id", "product"))
@CALMLY
async def test_it_never_stumbles_over_a_service(bianchi: Partner, stage: Stage, change: dict[str, object]) -> None:
    """One that can neither be renewed (yet) nor extended (any more), whatever the body says."""
    early = await services.service(stage, bianchi, expires_on=services.in_days(100))
    ended = await services.service(stage, bianchi, expires_on=services.in_days(-91))
    renewal = {"years": 1, "expires_on": str(early.expires_on), **change}
    assert (await send(bianchi, f"/v1/services/{early.id}/renewals", renewal)).status_code in (400, 409, 422)
    assert (await send(bianchi, f"/v1/services/{ended.id}/space", {"gb": 1, **change})).status_code in (400, 409, 422)
    for wish in ({"years": 1}, {"gb": 1}):
        quote = {"service_id": str(ended.id), **wish, **change}
        assert (await send(bianchi, "/v1/quotes", quote)).status_code in (400, 404, 409, 422)
    answer = await send(bianchi, f"/v1/services/{early.id}", change, method="PATCH", **{"If-Match": '"stale"'})
    assert answer.status_code in (400, 412, 422)


@given(q=WORDS.filter(lambda words: words.isprintable()))
@CALMLY
async def test_it_never_stumbles_over_a_search(bianchi: Partner, q: str) -> None:
    for path in ("/v1/orders", "/v1/titolari"):
        assert (await bianchi.get(path, params={"q": q})).status_code in (200, 422)
