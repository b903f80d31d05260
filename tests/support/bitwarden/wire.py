"""How the server spells dates, tokens and member names."""
import base64
import datetime
import json
import re


def now(ahead=0):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ahead)
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_date(text):
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00")))


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(claims):
    return ".".join([unpadded(b'{"alg":"none"}'), unpadded(json.dumps(claims).encode()), unpadded(b"unsigned")])


def pascal(value):
    """as servers before 2024 spelled their answers"""
    if isinstance(value, dict):
        return {k[:1].upper() + k[1:]: pascal(v) for k, v in value.items()}
    return [pascal(v) for v in value] if isinstance(value, list) else value
