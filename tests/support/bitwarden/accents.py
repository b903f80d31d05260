"""How other servers of this protocol may say the same: an accent is put on every answer of the test server.

    with Server(accent=ACCENTS["dates with an offset"]) as server: …
"""
import dataclasses
import datetime
import re
import typing

from support.bitwarden.wire import pascal, parse_date

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")


@dataclasses.dataclass(frozen=True)
class Accent:
    spell: typing.Callable = lambda handler, value: value  # an answer's JSON value
    hear: typing.Callable = lambda text: text              # a request's path or body
    transport: str = "length"                              # or "chunked", "gzip", "closing" (HTTP/1.0), "no date"
    missing: tuple = ()                                    # (method, path) that this server doesn't have
    moved: dict = dataclasses.field(default_factory=dict)  # its path → the usual one
    statuses: dict = dataclasses.field(default_factory=dict)  # words of an error → the status it comes with
    empty: bool = False                                    # nothing where others repeat what was written
    prefix: str = ""                                       # below which path of its host it lives


def each(change):
    """an accent of all values: change(value) for everything that is no list and no object"""
    def spell(handler, value):
        if isinstance(value, dict):
            return {k: spell(handler, v) for k, v in value.items()}
        return [spell(handler, v) for v in value] if isinstance(value, list) else change(value)
    return spell


def camel(handler, value):
    if isinstance(value, dict):
        return {k if k in ("access_token",) else k[:1].lower() + k[1:]: camel(handler, v) for k, v in value.items()}
    return [camel(handler, v) for v in value] if isinstance(value, list) else value


def without(gone):
    def spell(handler, value):
        if isinstance(value, dict):
            return {k: spell(handler, v) for k, v in value.items() if not any(type(v) is type(g) and v == g for g in gone)}
        return [spell(handler, v) for v in value] if isinstance(value, list) else value
    return spell


def no_empty_lists(handler, value):
    """as a Go program has it that never made the list"""
    if isinstance(value, dict):
        return {k: no_empty_lists(handler, v) for k, v in value.items()}
    return ([no_empty_lists(handler, v) for v in value] or None) if isinstance(value, list) else value


def upper_ids(handler, value):
    return each(lambda x: UUID.sub(lambda m: m[0].upper(), x) if isinstance(x, str) and UUID.fullmatch(x) else x)(handler, value)


def dates(form):
    return each(lambda x: form(parse_date(x)) if isinstance(x, str) and DATE.match(x) else x)


def seven_digits(date):
    return date.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def no_needless_zeros(date):
    return date.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") + "Z"


def ahead_of_utc(date):
    return date.astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30))).isoformat()


def behind_utc(date):
    return date.astimezone(datetime.timezone(datetime.timedelta(hours=-8))).isoformat(timespec="milliseconds")


def rounded_where_written(handler, value):
    """the answer to a write is what the program has in mind, later ones are what its database kept"""
    return value if handler.command in ("PUT", "POST") else dates(lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z")(handler, value)


def numbers_as_text(handler, value):
    return each(lambda x: str(x) if isinstance(x, int) and not isinstance(x, bool) else x)(handler, value)


def plain_tokens(handler, value):
    """only what OAuth asks for, and the oldest members"""
    if not (isinstance(value, dict) and value.get("access_token", "").count(".") == 2):
        return value
    gone = ("UserDecryptionOptions", "AccountKeys", "MasterPasswordPolicy", "expires_in", "token_type", "scope")
    head, claims, end = value["access_token"].split(".")
    token = f"{head}.{claims}{'=' * (-len(claims) % 4)}.{end}"
    handler.server_state.tokens[token] = handler.server_state.tokens[value["access_token"]]
    return {k: v for k, v in value.items() if k not in gone} | {"access_token": token}


def relative_addresses(handler, value):
    url = handler.server_state.url
    return each(lambda x: x.removeprefix(url) if isinstance(x, str) and "?t" in x else x)(handler, value)


def lower_ids(text):
    return UUID.sub(lambda m: m[0].lower(), text)


ACCENTS = {
    "PascalCase": Accent(spell=lambda handler, value: value if isinstance(value, dict) and "access_token" in value else pascal(value)),
    "camelCase everywhere": Accent(spell=camel),
    "no member that is null": Accent(spell=without((None,))),
    "no member that is null, false or empty": Accent(spell=without((None, [], {}, "", False))),
    "null instead of an empty list": Accent(spell=no_empty_lists),
    "ids in upper case": Accent(spell=upper_ids, hear=lower_ids),
    "dates with seven digits": Accent(spell=dates(seven_digits)),
    "dates without needless zeros": Accent(spell=dates(no_needless_zeros)),
    "dates of whole seconds": Accent(spell=dates(lambda d: d.strftime("%Y-%m-%dT%H:%M:%SZ"))),
    "dates ahead of UTC": Accent(spell=dates(ahead_of_utc)),
    "dates behind UTC": Accent(spell=dates(behind_utc)),
    "dates rounded by the database": Accent(spell=rounded_where_written),
    "numbers as text": Accent(spell=numbers_as_text),
    "tokens with the oldest members alone": Accent(spell=plain_tokens),
    "relative addresses of files": Accent(spell=relative_addresses),
    "chunked": Accent(transport="chunked"),
    "gzip": Accent(transport="gzip"),
    "HTTP/1.0": Accent(transport="closing"),
    "no Date": Accent(transport="no date"),
    "nothing new": Accent(
        missing=(("GET", "/api/config"), ("POST", "/identity/accounts/prelogin/password"), ("PUT", "/api/ciphers/[^/]+/collections_v2")),
        statuses={"doesn't exist": 404}),
    "prelogin with the API": Accent(moved={"/api/accounts/prelogin": "/identity/accounts/prelogin"},
                                    missing=(("POST", "/identity/accounts/prelogin(?:/password)?"),)),
    "conflicts as conflicts": Accent(statuses={"out of date": 409, "doesn't exist": 404}),
    "nothing said where nothing is asked": Accent(empty=True),
    "below a path": Accent(prefix="/pass/word"),
}
