"""Both file stores keep the same promises: a folder, and an S3-compatible service (moto's server)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import Invalid, NotFound
from models.vault import FolderVault, Vault
from webapp.runtime import open_vault
from webapp.s3 import S3Vault, VaultUnreachable

LIMIT = 3 * 1024 * 1024


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def vault(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    if request.param == "folder":
        return FolderVault(tmp_path / "vault")
    return bucket(request.getfixturevalue("s3_address"), request.node.name, monkeypatch)


def bucket(address: str, name: str, monkeypatch: pytest.MonkeyPatch) -> S3Vault:
    import boto3

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    unique = f"b-{hashlib.sha256(name.encode()).hexdigest()[:20]}"
    boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket=unique)
    opened = open_vault(f"s3://{unique}/files?endpoint={address}")
    assert isinstance(opened, S3Vault)
    return opened


def put(vault: Vault, data: bytes) -> str:
    return vault.put(io.BytesIO(data), limit=LIMIT).sha256


def test_what_was_put_in_comes_out_again_under_its_hash(vault: Vault) -> None:
    stored = vault.put(io.BytesIO(b"audit"), limit=LIMIT)
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"audit").hexdigest(), 5)
    assert vault.has(stored.sha256)
    assert vault.get(stored.sha256) == b"audit"


def test_the_same_bytes_are_kept_once(vault: Vault) -> None:
    assert put(vault, b"twice") == put(vault, b"twice")
    assert len(list(vault.hashes())) == 1


def test_a_file_of_exactly_the_limit_is_kept_and_one_byte_more_is_not(vault: Vault) -> None:
    put(vault, b"x" * LIMIT)
    with pytest.raises(Invalid, match="larger than 3 MB"):
        vault.put(io.BytesIO(b"y" * (LIMIT + 1)), limit=LIMIT)
    assert len(list(vault.hashes())) == 1


def test_a_file_that_is_not_there_is_not_found(vault: Vault) -> None:
    assert not vault.has("0" * 64)
    with pytest.raises(NotFound):
        vault.get("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "a" * 64 + "\n", "..%2f" + "a" * 59])
def test_what_is_no_hash_never_becomes_a_path(vault: Vault, name: str) -> None:
    for question in (vault.get, vault.has, vault.delete):
        with pytest.raises(NotFound):
            question(name)


def test_a_removed_file_is_gone_and_may_be_removed_again(vault: Vault) -> None:
    sha256 = put(vault, b"gone")
    vault.delete(sha256)
    vault.delete(sha256)
    assert not vault.has(sha256)
    assert list(vault.hashes()) == []


def test_every_kept_file_is_listed(vault: Vault) -> None:
    kept = {put(vault, bytes([number])) for number in range(12)}
    assert set(vault.hashes()) == kept


def test_bytes_that_no_longer_fit_their_hash_are_not_given_out(
    s3_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, s3 = FolderVault(tmp_path / "vault"), bucket(s3_address, "tampered", monkeypatch)
    sha256 = put(folder, b"honest")
    (tmp_path / "vault" / sha256[:2] / sha256).write_bytes(b"forged")
    put(s3, b"honest")
    s3._client.put_object(Bucket=s3._bucket, Key=s3._key(sha256), Body=b"forged")
    for vault in (folder, s3):
        with pytest.raises(NotFound):
            vault.get(sha256)


def test_a_store_that_cannot_be_reached_says_so_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    vault = S3Vault.at("s3://bucket?endpoint=http://127.0.0.1:9")
    with pytest.raises(VaultUnreachable) as caught:
        put(vault, b"x")
    assert "127.0.0.1" not in str(caught.value)


def test_a_bucket_that_refuses_us_is_no_missing_file(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with pytest.raises(VaultUnreachable, match="NoSuchBucket"):
        put(S3Vault.at(f"s3://nobodys-bucket?endpoint={s3_address}"), b"x")
