"""A real SMTP server for tests. Prints its port once it listens; appends a line of JSON for each thing that happened.

usage: smtp_peer.py MODE LOG [CERTIFICATE KEY]

MODE  accept     takes everything
      busy       refuses the first message with 451, takes the next
      reject     refuses every message with 554
      unknown    refuses every recipient with 550
      hang-up    closes the connection in the middle of the first message, takes the next
      starttls   takes messages only over TLS and from heron, whose password is shallows
      tls        the same, encrypted from the first byte
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, log = sys.argv[1], sys.argv[2]
tries = 0


def note(**what):
    with open(log, "a") as file:
        file.write(json.dumps(what) + "\n")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode == "unknown":
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global tries
        tries += 1
        if mode == "busy" and tries == 1:
            note(event="refused")
            return "451 4.7.1 come again later"
        if mode == "reject":
            return "554 5.7.1 not wanted"
        note(
            event="message",
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            hello=session.host_name,
            encrypted=session.ssl is not None,
            authenticated=bool(session.authenticated),
            data=envelope.content.decode("ascii"),
        )
        return "250 2.0.0 taken"


class HangingUp(SMTP):
    """Leaves in the middle of the first message."""

    connections = 0

    def connection_made(self, transport):
        HangingUp.connections += 1
        self.leaves = HangingUp.connections == 1
        super().connection_made(transport)

    def data_received(self, data):
        if self.leaves and b"From:" in data:
            note(event="hung up")
            self.transport.abort()
            return
        super().data_received(data)


def authenticate(server, session, envelope, mechanism, data):
    note(event="login", user=data.login.decode())
    return AuthResult(success=data.login == b"heron" and data.password == b"shallows")


async def main():
    context = None
    if mode in ("starttls", "tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])

    def make():
        kind = HangingUp if mode == "hang-up" else SMTP
        if mode == "starttls":
            return kind(
                Handler(), tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate
            )
        if mode == "tls":
            return kind(Handler(), auth_required=True, auth_require_tls=False, authenticator=authenticate)
        return kind(Handler())

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", 0, ssl=context if mode == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with its parent, whose end closes this.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
