"""A real SMTP server for tests (aiosmtpd), with STARTTLS and a login: weir / secret.

    python3 smtp-server.py CERT KEY

Prints one JSON line {"port"} when it listens on the loopback, then one for each message it takes, read by Python's own mail parser.
Recipients say what happens: full@ is refused for now, nobody@ for good, and after drop@ the connection breaks before the answer.
"""

import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(line):
    print(json.dumps(line), flush=True)


def part_of(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else part.get_content()


class Inbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "tls": session.ssl is not None,
                "user": None if session.auth_data is None else session.auth_data.login.decode(),
                "headers": {name.lower(): str(value) for name, value in message.items()},
                "text": part_of(message, "plain"),
                "html": part_of(message, "html"),
                "longestLine": max(len(line) for line in envelope.content.split(b"\r\n")),
            }
        )
        if any(address.startswith("drop@") for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 message taken"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b"weir" and data.password == b"secret"
    return AuthResult(success=good, handled=False, auth_data=data)


async def main(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def connection():
        return SMTP(
            Inbox(),
            hostname="localhost",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


# aiosmtpd logs its own deprecations and each handshake that a test breaks off.
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
asyncio.run(main(sys.argv[1], sys.argv[2]))
