"""A real mail server on this machine, which can be made to behave as badly as real ones do."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class MailServer:
    """Takes letters, as long as nothing else is set."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refusal = ""  # the answer to every letter
        self.refusals: dict[str, str] = {}  # the answer to letters to an address
        self.hangs: set[str] = set()  # letters to them are never answered; "all" for all
        self.babbles = False  # begins an answer that has no end
        self.delay = 0.0  # seconds from having read a letter to taking it
        with socket.create_server((HOST, 0)) as probe:
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        self.controller = Controller(self, hostname=HOST, port=self.port)
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens."""
        self.stop()
        yield
        self.start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Connections are taken, and nothing is ever said."""
        self.stop()
        with socket.create_server((HOST, self.port)):
            yield
        self.start()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay)
        while self.babbles:
            await server.push("250-")
            await asyncio.sleep(0.1)
        if self.hangs & {"all", *envelope.rcpt_tos}:
            await asyncio.Event().wait()
        if self.refusal:
            return self.refusal
        self.taken.append(envelope.content)
        return "250 OK"

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.taken]

    def addresses(self) -> list[str]:
        """To whom letters came, in the order of their coming."""
        return [str(letter["to"]) for letter in self.letters()]


@contextmanager
def running_mail_server(settings: object) -> Iterator[MailServer]:
    """A server to which the site sends its letters."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, server.port
    try:
        yield server
    finally:
        server.stop()
