"""Reads an e-mail from a file and prints what a mail program sees, as JSON."""

import json
import sys
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import parseaddr

with open(sys.argv[1], "rb") as file:
    raw = file.read()
message = BytesParser(policy=policy.default).parsebytes(raw)
parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
# The newer interface puts blanks between the encoded words of a name (RFC 2047 § 6.2 takes them away); the older does not.
name = parseaddr(message_from_bytes(raw)["from"].replace("\r\n", ""))[0]
print(
    json.dumps(
        {
            "headers": [[name.lower(), str(value)] for name, value in message.items()],
            "fromName": str(make_header(decode_header(name))),
            "fromAddress": message["from"].addresses[0].addr_spec,
            "to": [address.addr_spec for address in message["to"].addresses],
            "subject": str(message["subject"]),
            "date": message["date"].datetime.isoformat(),
            "type": message.get_content_type(),
            "text": parts["text/plain"].get_content().replace("\r\n", "\n"),
            "html": parts["text/html"].get_content().replace("\r\n", "\n"),
            "languages": [str(part["content-language"]) for part in parts.values()],
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "longestLine": max(len(line) for line in raw.split(b"\r\n")),
            "bareLineFeeds": raw.replace(b"\r\n", b"").count(b"\n"),
        }
    )
)
