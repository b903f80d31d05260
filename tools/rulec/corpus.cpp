#include "rulec/corpus.h"

#include "rulec/pieces.h"

#include <array>
#include <string_view>

namespace stanch::rulec {
namespace {

constexpr std::size_t file_size = 6000;

// From the usual to the rare, as names and comments of programs have them. The words that rules
// look for are among them, about as often as they are in programs.
constexpr auto words = std::to_array<std::string_view>(
    {"the",      "to",       "name",       "self",       "return",     "if",          "is",
     "in",       "value",    "of",         "for",        "test",       "and",         "a",
     "data",     "not",      "file",       "module",     "string",     "this",        "type",
     "path",     "none",     "list",       "be",         "result",     "true",        "get",
     "set",      "int",      "size",       "false",      "with",       "from",        "import",
     "or",       "len",      "state",      "args",       "host",       "host",        "def",
     "node",     "command",  "config",     "that",       "error",      "user",        "line",
     "default",  "option",   "time",       "server",     "client",     "object",      "version",
     "an",       "on",       "as",         "static",     "const",      "char",        "when",
     "buffer",   "update",   "message",    "add",        "port",       "task",        "run",
     "var",      "count",    "number",     "then",       "else",       "should",      "group",
     "index",    "by",       "it",         "are",        "will",       "can",         "output",
     "dict",     "assert",   "struct",     "void",       "key",        "source",      "flags",
     "next",     "request",  "mode",       "stdout",     "required",   "description", "check",
     "create",   "status",   "info",       "raise",      "format",     "action",      "new",
     "system",   "url",      "response",   "function",   "params",     "start",       "end",
     "build",    "script",   "cluster",    "table",      "call",       "event",       "read",
     "write",    "package",  "install",    "directory",  "service",    "common",      "mock",
     "method",   "field",    "content",    "variable",   "network",    "current",     "loop",
     "remote",   "handler",  "stream",     "process",    "template",   "register",    "expected",
     "parse",    "address",  "example",    "parameter",  "present",    "warning",     "collection",
     "memory",   "thread",   "api",        "include",    "exception",  "interface",   "channel",
     "resource", "database", "access",     "master",     "connection", "log",         "item",
     "max",      "min",      "cache",      "hash",       "binary",     "session",     "root",
     "print",    "release",  "plugin",     "inventory",  "playbook",   "commit",      "branch",
     "password", "docker",   "region",     "bucket",     "public",     "private",     "license",
     "cookie",   "header",   "proxy",      "token",      "timeout",    "basic",       "signature",
     "encoding", "auth",     "unicode",    "replica",    "segment",    "pointer",     "iterator",
     "secret",   "login",    "digest",     "machine",    "dynamic",    "bypass",      "keyword",
     "monkey",   "identity", "account",    "repository", "webhook",    "slack",       "github",
     "gitlab",   "azure",    "google",     "stripe",     "twilio",     "datadog",     "heroku",
     "mailgun",  "sendgrid", "cloudflare", "amazon",     "http"});

class Writer {
  public:
    explicit Writer(std::uint64_t seed) : dice_(seed) {}

    std::string file() {
        text_.clear();
        const std::size_t kind = dice_.below(40);
        while (text_.size() < file_size) {
            if (kind < 16)
                script();
            else if (kind < 27)
                source();
            else if (kind < 35)
                configuration();
            else if (kind < 39)
                document();
            else
                lock();
        }
        return std::move(text_);
    }

  private:
    // One of a hundred is a few times as usual as one of the next hundred.
    std::string_view word() { return words[dice_.below(dice_.below(words.size()) + 1)]; }

    std::string joined(std::string_view by, std::size_t most) {
        std::string name(word());
        for (std::size_t more = dice_.below(most); more > 0; --more)
            name += std::string(by) + std::string(word());
        return name;
    }
    std::string upper_name() {
        std::string name = joined("_", 3);
        for (char& c : name)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        return name;
    }
    std::string camel() {
        std::string name(word());
        for (std::size_t more = dice_.below(3); more > 0; --more) {
            std::string next(word());
            next[0] = static_cast<char>(next[0] - (next[0] >= 'a' ? 32 : 0));
            name += next;
        }
        return name;
    }
    std::string name() {
        const std::size_t kind = dice_.below(10);
        return kind < 4 ? joined("_", 3) : kind < 8 ? std::string(word()) : camel();
    }
    std::string sentence() {
        std::string text;
        for (std::size_t left = 4 + dice_.below(9); left > 0; --left)
            text += (text.empty() ? "" : " ") + std::string(word());
        return text;
    }
    std::string path() { return joined("/", 5) + (dice_.below(2) == 0 ? ".py" : ""); }
    std::string address() { return "https://" + joined("-", 2) + ".example.com/" + joined("/", 4); }
    std::string number() { return std::to_string(dice_.below(dice_.below(3) == 0 ? 70000 : 20)); }
    std::string literal() {
        switch (dice_.below(12)) {
        case 0:
            return '"' + path() + '"';
        case 1:
            return "'" + sentence() + "'";
        case 2:
            return "'" + (dice_.below(12) == 0 ? address() : path()) + "'";
        case 3:
        case 4:
            return number();
        case 5:
            return "\"%s " + std::string(word()) + "\\n\"";
        case 6:
            return "None";
        default:
            return "'" + name() + "'";
        }
    }
    std::string call() {
        return name() + '.' + name() + '(' + name() + ", " + name() + '=' + literal() + ')';
    }
    void put(std::size_t indent, const std::string& line) {
        text_ += std::string(indent, ' ') + line + '\n';
    }

    void script() {
        switch (dice_.below(14)) {
        case 0:
            put(0, "\ndef " + name() + '(' + name() + ", " + name() + "=None):");
            return put(4, "\"\"\"" + sentence() + ".\"\"\"");
        case 1:
            return put(0, "from " + joined(".", 4) + " import " + camel());
        case 2:
            return put(4, "# " + sentence());
        case 3:
            return put(4, "if " + name() + " is not None and " + name() + " in " + name() + ':');
        case 4:
            return put(4, "for " + name() + " in " + call() + ':');
        case 5:
            return put(8, "return " + call());
        case 6:
            return put(8, "raise " + camel() + "Error(" + literal() + " % " + name() + ')');
        case 7:
            return put(8, name() + "=dict(type='" + std::string(word()) +
                              "', default=" + literal() + "),");
        case 8:
            return put(8, "'" + name() + "': " + literal() + ',');
        case 9:
            return put(8, "assert " + name() + "['" + name() + "'] == " + literal());
        default:
            return put(8, name() + " = " + (dice_.below(2) == 0 ? call() : literal()));
        }
    }

    void source() {
        switch (dice_.below(12)) {
        case 0:
            return put(0, "\n/* " + sentence() + "\n * " + sentence() + ". */");
        case 1:
            return put(0, "static void " + camel() + "(struct " + name() + " *" + name() + ") {");
        case 2:
            return put(0, "#define " + upper_name() + ' ' + number());
        case 3:
            return put(4, "if (" + name() + "->" + name() + " == " + upper_name() + ") {");
        case 4:
            return put(4, "for (int j = 0; j < " + name() + "; j++) {");
        case 5:
            return put(8, "return " + upper_name() + ";");
        case 6:
            return put(8, camel() + "(\"%s: " + sentence() + "\\n\", " + name() + ");");
        case 7:
            return put(4, "} else {");
        case 8:
            if (dice_.below(8) != 0) return put(4, "break;");
            return put(0, "/* " + std::string(60, '-') + " */");
        default:
            return put(8, name() + "->" + name() + " = " + camel() + '(' + name() + ", &" + name() +
                              ");");
        }
    }

    void configuration() {
        switch (dice_.below(9)) {
        case 0:
            return put(0, "- name: " + sentence());
        case 1:
            return put(2, joined("_", 2) + ": \"{{ " + name() + " }}\"");
        case 2:
            return put(2, joined("-", 2) + ": " + (dice_.below(8) == 0 ? address() : path()));
        case 3:
            return put(0, '[' + name() + ']');
        case 4:
            return put(0, upper_name() + '=' + (dice_.below(2) == 0 ? number() : path()));
        case 5:
            return put(4, '"' + camel() + "\": \"" + joined("-", 2) + "\",");
        case 6:
            return put(4, '"' + name() + "\": {");
        default:
            return put(4, name() + ": " + (dice_.below(2) == 0 ? number() : std::string(word())));
        }
    }

    void document() {
        switch (dice_.below(10)) {
        case 0:
            put(0, '\n' + sentence());
            return put(0, std::string(40, dice_.below(2) == 0 ? '-' : '='));
        case 1:
            return put(0, "- `" + name() + "`: " + sentence());
        case 2:
            return put(0, "See [" + sentence() + "](" + address() + ").");
        case 3:
            return put(4, "$ " + std::string(word()) + " --" + joined("-", 2) + ' ' + path());
        default:
            return put(0, sentence() + ", " + sentence() + '.');
        }
    }

    void lock() {
        constexpr std::string_view hex = "0123456789abcdef";
        constexpr std::string_view base64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        put(0, '"' + joined("-", 3) + "\": {\"version\": \"" + number() + '.' + number() + "\",");
        if (dice_.below(2) == 0) return put(4, "\"sha256\": \"" + dice_.from(hex, 64) + "\"},");
        put(4, "\"integrity\": \"sha512-" + dice_.from(base64, 86) + "==\"},");
    }

    Dice dice_;
    std::string text_;
};

} // namespace

std::vector<std::string> corpus(std::size_t bytes, std::uint64_t seed) {
    Writer writer(seed);
    std::vector<std::string> files;
    for (std::size_t size = 0; size < bytes; size += files.back().size())
        files.push_back(writer.file());
    return files;
}

} // namespace stanch::rulec
