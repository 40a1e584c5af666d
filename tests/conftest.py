"""The real servers, shared over the session: PostgreSQL, Temporal, mail catcher, provider, worker and web."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import hypothesis
import pytest
import uvicorn
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

import web
import worker
from context import Context
from db import migrate
from db.connection import Sessions
from gateways import documents
from local import ports, postgres, temporal
from local.postgres import Cluster
from settings import Settings
from simulators.certificates import self_signed
from tests import databases
from tests.personas import Operator, Partner, Stage
from tests.simulators.hands import SECRET, Catcher, Provider, Timestamps
from workflows.connection import CONVERTER

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
PROVIDER_MODES = "/_control"
SLOWEST = (
    "test_a_year_of_services.py",
    "test_cancel_against_activation.py",
    "test_up.py",
    "test_sweeps_against_kills.py",
    "test_cancel_against_kills.py",
    "test_soak.py",
    "test_a_year_of_sweeps.py",
    "test_refunds_against_restarts.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that it doesn't run alone at the end."""
    items.sort(key=lambda item: SLOWEST.index(item.path.name) if item.path.name in SLOWEST else len(SLOWEST))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with postgres.scratch(tmp_path_factory.mktemp("postgres")) as cluster:
        migrate.upgrade(cluster.sqlalchemy_url)
        databases.keep_as_template(cluster)
        yield cluster


@pytest.fixture(scope="session")
def the_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider(tmp_path_factory.mktemp("provider") / "state.sqlite") as process:
        yield process


@pytest.fixture(scope="session")
def the_catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    with Catcher(tmp_path_factory.mktemp("mail")) as process:
        yield process


@pytest.fixture(scope="session")
def the_timestamps() -> Iterator[Timestamps]:
    with Timestamps() as process:
        yield process


@pytest.fixture(scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, with one virtual clock a workflow that moves only when it is told to."""
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(temporal.BINARY),
        dev_server_log_level="never",
        dev_server_extra_args=[
            "--dynamic-config-value",
            "frontend.WorkflowTimeSkippingEnabled=true",
            "--dynamic-config-value",
            'history.timerProcessorMaxTimeShift="5ms"',
        ],
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=CONVERTER,
    ) as environment:
        yield environment


@pytest.fixture(scope="session")
def settings(
    cluster: Cluster,
    the_provider: Provider,
    the_catcher: Catcher,
    the_timestamps: Timestamps,
    environment: WorkflowEnvironment,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    smtp = f"smtp://127.0.0.1:{the_catcher.smtp_port}"
    return Settings.read(
        {
            "DOCFLY_PORT": str(ports.free()),
            "DOCFLY_DATABASE_URL": cluster.url,
            "TEMPORAL_ADDRESS": environment.client.service_client.config.target_host,
            "DOCFLY_SMTP_URL": smtp,
            "DOCFLY_PEC_SMTP_URL": smtp,
            "DOCFLY_PROVIDER_URL": the_provider.url,
            "DOCFLY_TIMESTAMP_URL": the_timestamps.url,
            "DOCFLY_SEAL_KEY": self_signed("DocFly, prova"),
            "DOCFLY_DOCUMENTS_URL": tmp_path_factory.mktemp("documents").as_uri(),
            "DOCFLY_SECRET": secrets.token_urlsafe(32),
            "DOCFLY_PROVIDER_SECRET": SECRET,
        }
    )


@pytest.fixture(scope="session")
async def sessions(settings: Settings) -> AsyncIterator[Sessions]:
    async with databases.opened(settings) as made:
        yield made


@pytest.fixture(scope="session")
async def stage(
    settings: Settings,
    sessions: Sessions,
    environment: WorkflowEnvironment,
    the_provider: Provider,
    the_catcher: Catcher,
) -> AsyncIterator[Stage]:
    """Worker and web at work, and the hands to reach everything."""
    context = Context(
        sessions=sessions,
        temporal=environment.client,
        public_url=settings.public_url,
        secret=settings.secret.get_secret_value(),
        provider_secret=settings.provider_secret.get_secret_value(),
        documents=documents.connect(settings.documents_url),
        one_docfly_per_partita_iva=settings.one_docfly_per_partita_iva,
    )
    async with serving(context, settings), worker.running(environment.client, settings, sessions):
        yield Stage(
            settings=settings,
            sessions=sessions,
            temporal=environment.client,
            environment=environment,
            provider=the_provider,
            catcher=the_catcher,
        )


@asynccontextmanager
async def serving(context: Context, settings: Settings) -> AsyncIterator[None]:
    config = web.config(context, settings)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()  # and not serve(), which takes pytest's signals
    beating = asyncio.create_task(server.main_loop())
    try:
        yield
    finally:
        server.should_exit = True
        await beating
        await server.shutdown()


@pytest.fixture
async def bianchi(stage: Stage) -> AsyncIterator[Partner]:
    """Studio Bianchi: owns what the test is about."""
    async with await stage.partner("Studio Bianchi") as partner:
        yield partner


@pytest.fixture
async def verdi(stage: Stage) -> AsyncIterator[Partner]:
    """Studio Verdi: another partner, who must see nothing."""
    async with await stage.partner("Studio Verdi") as partner:
        yield partner


@pytest.fixture
async def olga(stage: Stage) -> AsyncIterator[Operator]:
    """Olga: an operator."""
    async with await stage.operator() as operator:
        yield operator


@pytest.fixture
def provider(the_provider: Provider) -> Provider:
    """Running, and instant for everyone, whatever the test before did to it."""
    the_provider.ensure()
    the_provider.http.delete(PROVIDER_MODES)
    return the_provider


@pytest.fixture
def catcher(the_catcher: Catcher) -> Catcher:
    """Running, and kind to everyone, whatever the test before did to it."""
    the_catcher.ensure()
    the_catcher.mode("accept")
    return the_catcher


@pytest.fixture
def timestamps(the_timestamps: Timestamps) -> Iterator[Timestamps]:
    """Running, and at work again after the test."""
    the_timestamps.ensure()
    yield the_timestamps
    the_timestamps.mode("stamp")
