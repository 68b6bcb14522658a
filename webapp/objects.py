"""The files of an import that lie in an object store: everything below a prefix that the operator has named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from models.operations.ledger import Listed
from models.vault import CHUNK
from screening.sources import HIDDEN, SourceGone, Unreadable, is_hidden

_IN_MEMORY = 8 * 1024 * 1024
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class ObjectSource:
    """See `screening.sources.Source`. Who may come in is told by the environment (`AWS_ACCESS_KEY_ID` and the like)."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket = client, bucket
        self._prefix = f"{prefix}/" if prefix else ""

    @classmethod
    def at(cls, address: str) -> ObjectSource:
        """Open `s3://bucket/prefix?endpoint=https://host&region=name`; both parameters may be left out."""
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        client = boto3.client(
            "s3",
            endpoint_url=asked.get("endpoint"),
            region_name=asked.get("region", "us-east-1"),
            config=Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"}),
        )
        return cls(client, parts.netloc, parts.path.strip("/"))

    def listing(self) -> Iterator[Listed]:
        """Every object below the prefix; stores name them sorted. Placeholders of folders are left out."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        try:
            for page in pages:
                for entry in page.get("Contents", []):
                    path = str(entry["Key"]).removeprefix(self._prefix)
                    if path and not path.endswith("/"):
                        yield Listed(path, int(entry["Size"]), HIDDEN if is_hidden(path) else None)
        except (ClientError, BotoCoreError) as error:
            raise SourceGone(_why(error)) from None

    def open(self, path: str) -> BinaryIO:
        """The object's bytes, copied aside first: a connection that breaks in the middle leaves nothing half kept."""
        copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  The caller closes it.
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"]
            while chunk := body.read(CHUNK):
                copy.write(chunk)
        except ClientError as error:
            copy.close()
            if str(error.response.get("Error", {}).get("Code", "")) in _ABSENT:
                raise Unreadable("cannot_access") from None
            raise SourceGone(_why(error)) from None
        except BotoCoreError as error:
            copy.close()
            raise SourceGone(_why(error)) from None
        copy.seek(0)
        return cast(BinaryIO, copy)


def _why(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        return "place_gone" if code in _ABSENT or code == "NoSuchBucket" else "place_refuses"
    return "place_silent"
