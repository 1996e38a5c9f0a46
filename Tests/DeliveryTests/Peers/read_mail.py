"""Reads an e-mail from a file and prints what a mail program sees, as JSON."""

import json
import sys
from email import policy
from email.parser import BytesParser

with open(sys.argv[1], "rb") as file:
    raw = file.read()
message = BytesParser(policy=policy.default).parsebytes(raw)
parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
print(
    json.dumps(
        {
            "headers": [[name.lower(), str(value)] for name, value in message.items()],
            "fromName": message["from"].addresses[0].display_name,
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
