#include "commits/review.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

namespace stanch::commits {
namespace {

// Words that a line is looked through for, lower case. A word stands between letters that are not
// its own.
struct Rule {
    std::string_view name;
    std::string_view what;
    int weight;
    bool removed_too; // taking it away matters as well
    std::array<std::string_view, 20> words;
};

constexpr std::array<Rule, 9> rules{{
    {"credential",
     "speaks of a credential",
     4,
     true,
     {"password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "access_key",
      "credential", "client_secret", "auth_header", "bearer", "passphrase", "connection_string",
      "dsn", "webhook_url"}},
    {"safeguard",
     "changes a safeguard",
     5,
     true,
     {"verify=false", "check_hostname", "cert_none", "csrf_exempt", "allow_all_origins", "nosec",
      "noqa: s", "disable_warnings", "insecure", "autoescape=false", "debug=true", "skip_verify",
      "shell=true", "safe_load", "compare_digest", "allowlist", "denylist"}},
    {"auth",
     "decides who may do what",
     4,
     true,
     {"authenticate", "authorize", "authorization", "permission", "login_required", "is_admin",
      "is_staff", "is_superuser", "has_perm", "jwt", "oauth", "session", "set_cookie", "acl",
      "role", "sudo", "csrf"}},
    {"code execution",
     "runs code that is data",
     5,
     false,
     {"eval(", "exec(", "pickle.load", "marshal.load", "yaml.load(", "__import__", "compile(",
      "dill.load", "importlib", "ctypes", "shelve.open"}},
    {"subprocess",
     "starts a program",
     4,
     false,
     {"subprocess", "os.system", "popen", "os.exec", "os.spawn", "pty.spawn", "child_process",
      "paramiko"}},
    {"crypto",
     "uses cryptography",
     3,
     true,
     {"hashlib", "hmac", "md5", "sha1", "encrypt", "decrypt", "cipher", "random.", "urandom",
      "ssl.", "certificate", "cryptography", "signature"}},
    {"network",
     "speaks to the network",
     2,
     false,
     {"http://", "https://", "requests.", "urllib", "socket", "httpx", "aiohttp", "boto3",
      "websocket", "smtplib", "ftplib", "urlopen", "listen(", "0.0.0.0"}},
    {"sql",
     "builds a query",
     3,
     false,
     {"execute(", "select ", "insert into", "delete from", "drop table", ".raw(", "text("}},
    {"files",
     "changes or reads files by name",
     2,
     false,
     {"rmtree", "unlink", "chmod", "os.remove", "tempfile", "extractall", "open(", "symlink",
      "umask"}},
}};

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

bool has_word(std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string_view::npos;
         at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool starts = at == 0 || !is_letter(word.front()) || !is_letter(line[at - 1]);
        const bool ends = end >= line.size() || !is_letter(word.back()) || !is_letter(line[end]) ||
                          line[end] == 's';
        if (starts && ends) return true;
    }
    return false;
}

// A string of one piece that no person would read aloud: long, of many kinds of characters.
bool has_opaque_string(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char quote = line[at];
        if (quote != '"' && quote != '\'') continue;
        const std::size_t end = line.find(quote, at + 1);
        if (end == std::string_view::npos) return false;
        const std::string_view text = line.substr(at + 1, end - at - 1);
        const bool digits = std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
        const bool blanks = text.find_first_of(" /.%{") != std::string_view::npos;
        const std::set<char> distinct(text.begin(), text.end());
        if (text.size() >= 20 && digits && !blanks && distinct.size() >= 10) return true;
        at = end;
    }
    return false;
}

bool is_ci(std::string_view path) {
    static constexpr std::array<std::string_view, 11> places{
        ".github/workflows/", ".gitlab-ci",         "jenkinsfile", ".circleci/",
        "azure-pipelines",    ".travis.yml",        ".drone.yml",  "dockerfile",
        "docker-compose",     ".pre-commit-config", "terraform"};
    const std::string low = lower(path);
    return std::ranges::any_of(
        places, [&](std::string_view place) { return low.find(place) != std::string::npos; });
}

bool is_dependencies(std::string_view path) {
    const std::string low = lower(path.substr(path.rfind('/') + 1));
    return low.starts_with("requirements") || low == "pyproject.toml" || low == "setup.py" ||
           low == "setup.cfg" || low == "package.json" || low == "go.mod" || low == "cargo.toml";
}

class Reviewer {
  public:
    Reviewer(const Change& change, const Facts& facts) : change_(change), facts_(facts) {
        for (const FileFacts& file : facts.files)
            tested_ = tested_ || file.kind == FileKind::test;
    }

    Risk look(std::uint32_t index) {
        const Hunk& hunk = change_.hunks[index];
        const FileChange& file = change_.files[hunk.file];
        risk_ = {index, 0, {}};
        reduced_ = facts_.files[hunk.file].kind == FileKind::test ||
                   facts_.files[hunk.file].kind == FileKind::changelog ||
                   facts_.files[hunk.file].kind == FileKind::documentation;
        look_at_file(file, facts_.files[hunk.file], hunk);
        look_at_lines(change_.added(hunk), hunk.new_start, false);
        look_at_lines(change_.removed(hunk), hunk.old_start, true);
        if (facts_.hunks[index].only_blank && !hunk.whole_file()) risk_.reasons.clear();
        finish();
        return std::move(risk_);
    }

  private:
    void look_at_file(const FileChange& file, const FileFacts& facts, const Hunk& hunk) {
        const std::uint32_t line = hunk.new_start;
        if (is_ci(file.path))
            add("ci", "changes what runs with the project's credentials", line, 5);
        else if (is_dependencies(file.path))
            add("dependencies", "changes what is installed", line, 4);
        else if (facts.kind == FileKind::settings)
            add("configuration", "changes a setting", line, 2);
        if (file.binary) add("binary", "can't be read as text", line, 4);
        if (file.submodule) add("submodule", "brings in other code", line, 4);
        const bool executable = file.new_side.mode == 0100755 && file.old_side.mode != 0100755;
        if (executable) add("mode", "becomes executable", line, 3);
        if (file.new_side.mode == 0120000) add("link", "is a symbolic link", line, 3);
        if (facts.kind == FileKind::code && !tested_ && hunk.new_lines >= 10)
            add("untested", "new code, and no test changes", line, 1);
        if (hunk.new_lines >= 80) add("size", "is long", line, 1);
    }

    void look_at_lines(std::string_view text, std::uint32_t line, bool removed) {
        while (!text.empty()) {
            const std::size_t newline = text.find('\n');
            look_at_line(text.substr(0, newline), line++, removed);
            text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        }
    }

    void look_at_line(std::string_view text, std::uint32_t line, bool removed) {
        const std::string low = lower(text.substr(0, 2000));
        for (const Rule& rule : rules) {
            if (removed && !rule.removed_too) continue;
            const bool found = std::ranges::any_of(rule.words, [&](std::string_view word) {
                return !word.empty() && has_word(low, word);
            });
            if (!found) continue;
            const std::string what =
                removed ? "a removed line " + std::string(rule.what) : std::string(rule.what);
            add(rule.name, what, line, removed ? rule.weight - 1 : rule.weight);
        }
        if (!removed && has_opaque_string(text))
            add("string", "a long string that says nothing to a reader", line, 5);
    }

    // The first line of a rule stands for all.
    void add(std::string_view rule, std::string what, std::uint32_t line, int weight) {
        const bool known = std::ranges::any_of(
            risk_.reasons, [&](const Reason& reason) { return reason.rule == rule; });
        if (!known) risk_.reasons.push_back({std::string(rule), std::move(what), line, weight});
    }

    void finish() {
        std::ranges::stable_sort(risk_.reasons, std::ranges::greater(), &Reason::weight);
        int share = 2; // the heaviest counts whole, each further one half
        for (const Reason& reason : risk_.reasons) {
            risk_.score += reason.weight * share;
            share = 1;
        }
        risk_.score /= 2;
        if (reduced_) risk_.score /= 2;
    }

    const Change& change_;
    const Facts& facts_;
    bool tested_ = false;
    bool reduced_ = false;
    Risk risk_;
};

} // namespace

RiskLevel level_of(const Risk& risk) {
    if (risk.score >= 6) return RiskLevel::high;
    return risk.score >= 3 ? RiskLevel::medium : RiskLevel::low;
}

std::string_view to_string(RiskLevel level) {
    switch (level) {
    case RiskLevel::high:
        return "high";
    case RiskLevel::medium:
        return "medium";
    case RiskLevel::low:
        break;
    }
    return "low";
}

std::vector<Risk> review(const Change& change, const Facts& facts) {
    Reviewer reviewer(change, facts);
    std::vector<Risk> all;
    for (std::uint32_t i = 0; i < change.hunks.size(); ++i)
        all.push_back(reviewer.look(i));
    std::ranges::stable_sort(all, std::ranges::greater(), &Risk::score);
    return all;
}

} // namespace stanch::commits
