"""Values kept encrypted: Fernet (AES-128-CBC with HMAC) with one key file, readable by us alone.

The key is made when the first value is sealed. Whoever has the key file and the database can read
the values; whoever has the database alone cannot. A lost key is no error when reading: the values
are then what their mask shows.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from assist.errors import StoreError


class Sealer:
    """Seals and unseals texts; reads the key file when it is first needed."""

    def __init__(self, key_file: Path) -> None:
        self.key_file = key_file
        self._fernet: Fernet | None = None

    def check(self) -> None:
        """Raises StoreError when there is a key file that holds no key."""
        self._fernet = self._fernet or self._read()

    def seal(self, text: str) -> bytes:
        """Raises StoreError when the key file cannot be made or holds no key."""
        if self._fernet is None:
            self._fernet = self._read() or self._make()
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str | None:
        """None when the key is missing, is no key, or is not the one it was sealed with."""
        try:
            if self._fernet is None:
                self._fernet = self._read()
            if self._fernet is None:
                return None
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, StoreError):
            return None

    def _read(self) -> Fernet | None:
        try:
            return Fernet(self.key_file.read_bytes().strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.key_file}: the key for sealed values cannot be used ({error}).",
                "Put the right key file back, or move this one away: a new one is then made, and "
                "values sealed before stay masked. ASSIST_KEY_FILE names another file.",
                code="store.key",
            ) from error

    def _make(self) -> Fernet:
        key = Fernet.generate_key()
        try:
            self.key_file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return self._read() or self._make()
        except OSError as error:
            raise StoreError(
                f"{self.key_file}: the key for sealed values cannot be written ({error}).",
                "Check access rights; ASSIST_KEY_FILE names another file.",
                code="store.key",
            ) from error
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return Fernet(key)
