"""A stand-in for the proxy of Bitbucket Pipelines and the Code Insights API behind it, as
developer.atlassian.com/cloud/bitbucket/rest/api-group-reports describes it."""
import http.server
import json
import re
import threading

REPORT = re.compile(r"http://api\.bitbucket\.org/2\.0/repositories/([\w.-]+/[\w.-]+)/commit/([0-9a-f]+)/reports/([\w-]+)(/annotations)?")


class Insights:
    def __init__(self, status=200):
        self.status = status
        self.reports = {}      # (repository, commit, id): report
        self.annotations = {}  # the same: {external_id: annotation}
        self.wrong = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def report(self, key, body):
        allowed = {"SECURITY", "COVERAGE", "TEST", "BUG"}
        good = body["title"] and body["report_type"] in allowed and body["result"] in {"PASSED", "FAILED", "PENDING"}
        if not good or len(body["details"]) > 2000 or len(body.get("data", [])) > 10:
            return 400
        self.reports[key] = body
        self.annotations.setdefault(key, {})
        return 200

    def annotate(self, key, body):
        if key not in self.reports or not isinstance(body, list) or not 1 <= len(body) <= 100:
            return 400
        for one in body:
            good = one["annotation_type"] in {"VULNERABILITY", "CODE_SMELL", "BUG"} and 0 < len(one["summary"]) <= 450
            if not good or len(one["details"]) > 2000 or one["severity"] not in {"CRITICAL", "HIGH", "MEDIUM", "LOW"}:
                return 400
            self.annotations[key][one["external_id"]] = one
        return 200 if len(self.annotations[key]) <= 1000 else 400

    def answer(self, method, target, text):
        place = REPORT.fullmatch(target)
        if not place:
            return 404
        key = place.group(1, 2, 3)
        if (method, place[4]) == ("PUT", None):
            return self.report(key, json.loads(text))
        return self.annotate(key, json.loads(text)) if (method, place[4]) == ("POST", "/annotations") else 405

    def handler(insights):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                text = self.rfile.read(int(self.headers["Content-Length"]))
                status = insights.status if insights.status != 200 else insights.answer(self.command, self.path, text)
                if status != 200:
                    insights.wrong.append((self.command, self.path, status))
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_PUT = do_POST = do_GET = answer

            def log_message(self, *words):
                pass

        return Handler
