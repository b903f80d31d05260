#include "privilege/inventory.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::privilege;

namespace {

// "NAME@line/reader/service;"
std::string reads(const std::string& path, const std::string& text) {
    const std::vector<Source> sources{{path, text}};
    std::string out;
    for (const Read& read : read_facts(sources).reads)
        out += read.name + "@" + std::to_string(read.line) +
               (read.service.empty() ? "" : "/" + read.service) + ";";
    return out;
}

std::string stored(const std::string& path, const std::string& text) {
    const std::vector<Source> sources{{path, text}};
    std::string out;
    for (const Stored& each : read_facts(sources).stored)
        out += each.name + "=" + std::string(each.value.reveal()) + "@" +
               std::to_string(each.line) + (each.service.empty() ? "" : "/" + each.service) + ";";
    return out;
}

std::string permissions(const std::string& text) {
    const std::vector<Source> sources{{".github/workflows/ci.yml", text}};
    std::string out;
    for (const WorkflowPermission& each : read_facts(sources).permissions)
        out += std::to_string(each.line) + " " + each.job + " " + each.permission + ": " +
               each.granted + " > " + each.needed + ";";
    return out;
}

} // namespace

TEST_CASE("the environment, as Python reads it") {
    CHECK(reads("a.py", "import os\nos.environ['A']\nos.environ.get('B', '')\nos.getenv('C')\n'D' "
                        "in os.environ\nos.environ['X'] = 'y'\ndel os.environ['Y']\n") ==
          "A@2;B@3;C@4;D@5;");
    CHECK(reads("a.py", "from os import environ as e, getenv\nN = 'A'\ne[N]\ngetenv('B')\n# "
                        "os.environ['no']\n\"os.environ['no']\"\n") == "A@3;B@4;");
    CHECK(reads("a.py", "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  "
                        "model_config = SettingsConfigDict(env_prefix='P_')\n  key: str\n"
                        "  other: str = Field(validation_alias='OTHER_KEY')\n  _x: int = 1\n") ==
          "P_KEY@4;OTHER_KEY@5;");
    CHECK(reads("a.py",
                "import environ\nenv = environ.Env(DEBUG=(bool, "
                "False))\nenv('A')\nenv.str('B')\nenv.db()\n") == "A@3;B@4;DATABASE_URL@5;");
    CHECK(reads("a.py", "from decouple import config\nconfig('A', default='x')\n") == "A@2;");
    CHECK(reads("services/web/a.py", "import os\nos.getenv('A')\n") == "A@2/web;");
}

TEST_CASE("compose files, Dockerfiles, workflows, Kubernetes") {
    CHECK(reads("docker-compose.yml", "services:\n  web:\n    image: x:${TAG:-1}\n    "
                                      "environment:\n      - A\n      - B=${C}\n      - D=d\n") ==
          "TAG@3/web;C@6/web;A@5/web;");
    CHECK(stored("compose.yaml",
                 "services:\n  web:\n    environment:\n      D: dd\n      E: ${F}\n") ==
          "D=dd@4/web;");
    CHECK(reads("Dockerfile", "FROM x\nARG A\nENV B=$A C=c\nENV D e f\n") == "A@2;A@3;");
    CHECK(stored("Dockerfile", "ENV B=$A C=\"c d\" E=e\nENV D e f\n") == "C=c d@1;E=e@1;D=e f@2;");
    CHECK(reads(".github/workflows/ci.yml",
                "jobs:\n  a:\n    steps:\n      - run: x\n        env:\n          K: ${{ secrets.A "
                "}} ${{vars.B}} ${{ secrets.GITHUB_TOKEN }}\n") ==
          "A@6/github-actions:ci;B@6/github-actions:ci;");
    CHECK(reads("k/d.yaml", "apiVersion: v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  "
                            "containers:\n    - env:\n        - name: A\n          valueFrom:\n"
                            "            secretKeyRef: {name: s, key: k}\n        - name: B\n      "
                            "    value: plain\n") == "A@8/web;");
    CHECK(stored("k/s.yaml",
                 "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  A: "
                 "aGVsbG8gdGhlcmU=\nstringData:\n  B: b\n") == "B=b@8/s;A=hello there@6/s;");
}

TEST_CASE("workflow permissions against what the jobs do") {
    CHECK(permissions("on: push\njobs:\n  t:\n    steps:\n      - uses: actions/checkout@v4\n") ==
          "2  *: default > contents: read;");
    CHECK(permissions("permissions:\n  contents: read\njobs:\n  t:\n    steps:\n      - uses: "
                      "actions/checkout@v4\n")
              .empty());
    CHECK(permissions("permissions:\n  contents: write\n  issues: write\njobs:\n  t:\n    steps:\n "
                      "     - uses: actions/checkout@v4\n      - run: gh issue list\n") ==
          "2  contents: write > read;");
    CHECK(permissions(
              "permissions: write-all\njobs:\n  t:\n    steps:\n      - uses: some/action@v1\n") ==
          "1  *: write-all > unknown;");
    CHECK(permissions("permissions:\n  contents: write\njobs:\n  t:\n    steps:\n      - uses: "
                      "some/action@v1\n")
              .empty());
    CHECK(permissions("jobs:\n  t:\n    permissions:\n      contents: write\n    steps:\n      - "
                      "run: git push\n")
              .empty());
}

TEST_CASE("services and environments by their places, providers by their forms") {
    CHECK(service_of("services/web/.env") == "web");
    CHECK(service_of("./x/apps/api/src/a.py") == "api");
    CHECK(service_of("services/readme.md").empty());
    CHECK(environment_of("x/.env") == "development");
    CHECK(environment_of("x/.env.production") == "production");
    CHECK(environment_of(".env.staging") == "staging");
    CHECK(environment_of(".env.example") == "example");
    CHECK(provider_of("X", "postgres://u:"
                           "p@h/d") == "postgres");
    CHECK(provider_of("SLACK_TOKEN", "") == "slack");
    CHECK(provider_of("X", "y").empty());
}

TEST_CASE("malformed files are named, and hostile ones do no harm") {
    const std::string deep = "services: " + std::string(2000, '[');
    const std::vector<Source> sources{{"compose.yml", "services: [\n"},
                                      {"docker-compose.yml", deep}};
    CHECK(read_facts(sources).broken.size() == 2);
}
