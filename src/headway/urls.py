"""URLs of log directories: what is one, and the file system of fsspec that it names."""

from __future__ import annotations

import os
import re
from typing import Any

from headway.errors import HeadwayError, HeadwayImportError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # two letters at least: C:\ is a drive
_SECRET = re.compile(r"(://)[^/@]*@")
OBJECT_STORES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
}
"""Schemes of stores that know no directories → the package that fsspec needs for them."""


def is_url(path: str | os.PathLike[str]) -> bool:
    """Say whether `path` is a URL. A `Path` never is: it has lost the second slash."""
    return isinstance(path, str) and _URL.match(path) is not None


def without_secrets(url: str) -> str:
    """Return `url` for people, and for names of things that are kept: user and password are left out."""
    return _SECRET.sub(r"\1***@", url)


def load_fsspec(url: str, purpose: str = "") -> Any:
    """Return fsspec, which knows such URLs; no network is touched. `purpose` begins the message of an error.

    Raises:
        HeadwayImportError: a package is missing; the message says which.
        HeadwayError: nothing is known of such URLs.

    """
    match = _URL.match(url)
    if match is None:
        raise HeadwayError(f"{purpose}{url!r} is no URL")
    scheme = match[1].lower()
    packages = " ".join(["fsspec", *filter(None, [OBJECT_STORES.get(scheme)])])
    try:
        import fsspec

        fsspec.get_filesystem_class(scheme)
    except ImportError as error:
        raise HeadwayImportError(
            f"log directories at {scheme}:// need {packages}: pip install {packages} ({error})"
        ) from error
    except ValueError as error:
        raise HeadwayError(f"{purpose}{without_secrets(url)}: fsspec knows no {scheme}:// ({error})") from error
    return fsspec


def file_system(fsspec: Any, url: str, attempts: int, **client: Any) -> tuple[Any, str]:
    """Return the file system that `url` names, this caller's own, and the path there without a slash at its end.

    Credentials, regions and endpoints are what fsspec and the store's client find by themselves; `S3_ENDPOINT` names
    an S3 server of one's own, as for tensorboardX. A request to S3 is made so many times at most (`attempts`), with
    botocore's `client` configuration.
    """
    options = _for_s3(fsspec, attempts, client) if url.lower().startswith(("s3://", "s3a://")) else {}
    files, root = fsspec.core.url_to_fs(url, **options, skip_instance_cache=True, use_listings_cache=False)
    if hasattr(files, "retries"):
        files.retries = attempts
    return files, str(root).rstrip("/")


def _for_s3(fsspec: Any, attempts: int, client: dict[str, Any]) -> dict[str, Any]:
    given = fsspec.config.conf.get("s3", {})
    endpoint = os.environ.get("S3_ENDPOINT")
    retries = {"retries": {"max_attempts": attempts - 1}}
    return {
        "config_kwargs": {**retries, **client, **given.get("config_kwargs", {})},
        "client_kwargs": {**given.get("client_kwargs", {}), **({"endpoint_url": endpoint} if endpoint else {})},
    }
