"""Where somebody moves to: communities anywhere on the server, looked up by name or code.

The server tells a desk only whom it may share with; a resident may move to any community.  It works online alone:
without a network the area code is typed.
"""

from typing import Final

from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import enrol, state
from desktop_app.sync.client import Transport
from desktop_app.sync.failures import spoken
from sync_protocol.enrolment import Unit
from sync_protocol.refusals import Refused

LONGEST_TEXT: Final = 60


def look_up(db: Database, secrets: SecretStore, text: str, *, transport: Transport | None = None) -> list[Unit]:
    """The open communities whose name has these words in it or whose code begins so, at most 20.

    A server that cannot look up knows none.  Raises AppError like a sync.
    """
    client = enrol.client_for(state.read(db), secrets, transport)
    try:
        return client.units("".join(text.split())[:LONGEST_TEXT])
    except Refused as refusal:
        if refusal.code == "NOT_FOUND":
            return []
        raise spoken(refusal) from refusal
    finally:
        enrol.keep_counter(db, client)
