"""The routes of the test server, and the answers that every route may give."""
import re


ROUTES = []


class Refused(Exception):
    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, list(headers)


def error(message, status=400):
    return Refused(status, {"message": message, "validationErrors": {"": [message]},
                            "errorModel": {"message": message, "object": "error"}, "error": "",
                            "error_description": "", "object": "error"})


def route(method, pattern, auth=True):
    def keep(function):
        ROUTES.append((method, re.compile(pattern + r"/?\Z"), auth, function))
        return function
    return keep


def listed(items):
    return {"data": items, "object": "list", "continuationToken": None}
