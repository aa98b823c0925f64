"""Every setting of the product, in one frozen struct read once from `FUHAI_*` variables.

Nothing else reads the environment. A variable that is misspelt or of the wrong type is refused at start, by name.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

Port = Annotated[int, Meta(ge=1024, le=65535)]
SCANNER_OFFSET: Final = 10_000
"""The sandbox city's virus scanner listens so many ports above the city."""

_AT: Final = re.compile(r"- at `\$\.(\w+)`")
"""Where msgspec says which field can't be."""


class SettingUnknown(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A `FUHAI_*` variable that no setting has."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator can choose. Each field is the variable `FUHAI_<FIELD>`; the defaults run everything locally.

    An empty `database_url` or `store_endpoint` means the embedded server; empty addresses of outside parties mean the
    sandbox city.
    """

    var: Path = Path("var")
    """Folder of data, keys and logs that this machine holds."""

    public_origin: Annotated[str, Meta(pattern=r"\Ahttps?://[^/\s]+\Z")] = "http://127.0.0.1:8000"
    """Scheme, host and port as clients write them; signatures and tokens are bound to it. Follows `http_port` unless set."""
    http_port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    """HTTP worker processes."""

    database_url: str = ""
    """`postgresql://user:password@host:port/name` of the application role."""
    database_owner_url: str = ""
    """The same for the role that owns the schema; only `fuhai migrate` uses it."""
    database_pool: Annotated[int, Meta(ge=2, le=200)] = 10
    postgres_port: Port = 15432

    store_endpoint: str = ""
    """`http://host:port` of an S3 service, as clients reach it too (signed addresses point there)."""
    store_access_key: str = ""
    store_secret_key: str = ""
    store_region: str = "us-east-1"
    store_bucket: str = "fuhai"
    store_port: Port = 18333

    city: bool = True
    """Whether the sandbox city plays every outside party that has no address here."""
    city_port: Annotated[int, Meta(ge=1024, le=55_535)] = 8100
    city_people: Annotated[int, Meta(ge=4, le=1_000_000)] = 400
    city_seed: int = 370600
    sms_url: str = ""
    department_urls: Annotated[str, Meta(pattern=r"\A(?:[A-Z-]+=https?://\S+(?: (?!\Z)|\Z))*\Z")] = ""
    """`GAJ=https://host WJW=https://host`: where departments answer that the sandbox city doesn't play."""
    transit_url: str = ""
    """Under which address the transport operators' feeds lie: `gtfs.zip`, `trip-updates.pb`, `vehicle-positions.pb`, `alerts.pb`."""
    wechat_url: str = ""
    wechat_pay_url: str = ""
    clamd_url: Annotated[str, Meta(pattern=r"\A(?:tcp://[A-Za-z0-9.-]+:[0-9]{1,5})?\Z")] = ""
    """`tcp://host:port` of a virus scanner that speaks as ClamAV's daemon does."""

    issuer_domain: Annotated[str, Meta(pattern=r"\A[a-z0-9-]+(\.[a-z0-9-]+)*\Z")] = "fuhai.example"
    """DNS suffix of every name in our certificates."""
    clock_offset_seconds: int = 0
    """Moves the product's clock; for tests and the sandbox only."""
    log_level: Annotated[str, Meta(pattern=r"\A(?i:debug|info|warning|error)\Z")] = "INFO"

    @property
    def city_origin(self) -> str:
        """Where the sandbox city listens."""
        return f"http://127.0.0.1:{self.city_port}"

    @property
    def scanner_url(self) -> str:
        """Where the virus scanner listens: the operator's, or the sandbox city's."""
        return self.clamd_url or f"tcp://127.0.0.1:{self.city_port + SCANNER_OFFSET}"

    @property
    def secrets(self) -> Path:
        """Folder of generated secrets, readable by the owner only."""
        return self.var / "secrets"


def parse(variables: dict[str, str]) -> Settings:
    """Read settings from variables; an unknown or malformed one is refused by name."""
    given = {
        name.removeprefix("FUHAI_").lower(): value for name, value in variables.items() if name.startswith("FUHAI_")
    }
    unknown = set(given) - {field.name for field in msgspec.structs.fields(Settings)}
    if unknown:
        message = f"unknown setting {', '.join('FUHAI_' + name.upper() for name in sorted(unknown))}"
        raise SettingUnknown(message)
    try:
        read = msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(_AT.sub(lambda at: f"in FUHAI_{at[1].upper()}", str(error))) from error
    if "public_origin" in given:
        return read
    return msgspec.structs.replace(read, public_origin=f"http://127.0.0.1:{read.http_port}")


_chosen: list[Settings] = []


def load() -> Settings:
    """Give the settings of this process, read once."""
    if not _chosen:
        _chosen.append(parse(dict(os.environ)))
    return _chosen[0]


def use(settings: Settings) -> Settings:
    """Have this process use other settings from now on (addresses of the embedded servers filled in)."""
    _chosen[:] = [settings]
    return settings
