"""The file store for more than one machine: any S3-compatible service, each file under the hash of its bytes."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, TypeVar
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from models.errors import NotFound, OutOfSpace
from models.vault import CHUNK, Stored, checked, too_large

_IN_MEMORY = 8 * 1024 * 1024
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_FULL = frozenset(
    {"507", "InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}
)

T = TypeVar("T")


class VaultUnreachable(OSError):
    """The store did not answer, or refused us. Nothing was kept."""


class S3Vault:
    """See `models.vault.Vault`. Who may come in is told by the environment (`AWS_ACCESS_KEY_ID` and the like)."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client, self._bucket = client, bucket
        self._prefix = f"{prefix}/" if prefix else ""

    @classmethod
    def at(cls, address: str) -> S3Vault:
        """Open `s3://bucket/prefix?endpoint=https://host&region=name`; both parameters may be left out."""
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        client = boto3.client(
            "s3",
            endpoint_url=asked.get("endpoint"),
            region_name=asked.get("region", "us-east-1"),
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                # Many compatible services do not know the newer checksums; ours is the SHA-256, sent with each file.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        return cls(client, parts.netloc, parts.path.strip("/"))

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """See `Vault.put`. The service compares the bytes with their hash before it keeps them."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            digest, size = hashlib.sha256(), 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                digest.update(chunk)
                copy.write(chunk)
            copy.seek(0)
            self._ask(
                lambda: self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._key(digest.hexdigest()),
                    Body=copy,
                    ContentLength=size,
                    ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
                )
            )
        return Stored(digest.hexdigest(), size)

    def get(self, sha256: str) -> bytes:
        key = self._key(sha256)
        data: bytes = self._ask(lambda: self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        if hashlib.sha256(data).hexdigest() != sha256:
            raise NotFound()
        return data

    def has(self, sha256: str) -> bool:
        key = self._key(sha256)
        try:
            self._ask(lambda: self._client.head_object(Bucket=self._bucket, Key=key))
        except NotFound:
            return False
        return True

    def delete(self, sha256: str) -> None:
        key = self._key(sha256)
        self._ask(lambda: self._client.delete_object(Bucket=self._bucket, Key=key))

    def hashes(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for page in self._ask(lambda: list(pages)):
            for entry in page.get("Contents", []):
                yield entry["Key"].rpartition("/")[2]

    def clear_partial(self, *, before: datetime) -> int:
        """The store itself forgets what was not sent to the end: nothing to clear here."""
        return 0

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{checked(sha256)[:2]}/{sha256}"

    @staticmethod
    def _ask(question: Callable[[], T]) -> T:
        try:
            return question()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _ABSENT:
                raise NotFound() from None
            if code in _FULL:
                raise OutOfSpace(
                    "The store is full: nothing was kept. Tell the operator and try again later."
                ) from None
            raise VaultUnreachable(f"The file store answered {code}.") from None
        except BotoCoreError as error:
            raise VaultUnreachable(f"The file store cannot be reached ({type(error).__name__}).") from None
