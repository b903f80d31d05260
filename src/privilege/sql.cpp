#include "privilege/sql.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

struct Token {
    std::string text = {}; // lower case, unless quoted
    bool word = false;
    bool quoted = false;
};

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class Tokens {
  public:
    explicit Tokens(std::string_view sql) : sql_(sql) {
        while (at_ < sql_.size() && list_.size() < 20'000)
            next();
    }
    std::vector<Token> take() { return std::move(list_); }

  private:
    void quoted(char quote) {
        Token token{.word = quote != '\'', .quoted = true};
        for (++at_; at_ < sql_.size(); ++at_) {
            if (sql_[at_] == quote) {
                if (at_ + 1 >= sql_.size() || sql_[at_ + 1] != quote) break;
                ++at_;
            }
            if (token.word) token.text += sql_[at_];
        }
        ++at_;
        list_.push_back(std::move(token));
    }

    void next() {
        const char c = sql_[at_];
        const std::string_view rest = sql_.substr(at_);
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            ++at_;
        } else if (rest.starts_with("--")) {
            at_ = std::min(sql_.find('\n', at_), sql_.size());
        } else if (rest.starts_with("/*")) {
            const auto end = sql_.find("*/", at_ + 2);
            at_ = end == std::string_view::npos ? sql_.size() : end + 2;
        } else if (c == '\'' || c == '"' || c == '`') {
            quoted(c);
        } else if (letter(c)) {
            Token token{.word = true};
            while (at_ < sql_.size() && (letter(sql_[at_]) || digit(sql_[at_]) || sql_[at_] == '$'))
                token.text += lower(sql_[at_++]);
            list_.push_back(std::move(token));
        } else {
            list_.push_back({.text = std::string(1, c)});
            ++at_;
        }
    }

    std::string_view sql_;
    std::size_t at_ = 0;
    std::vector<Token> list_;
};

constexpr std::array<std::string_view, 26> not_names{
    "select", "where",     "set",     "values", "on",      "using",  "group", "order", "limit",
    "left",   "right",     "inner",   "outer",  "join",    "cross",  "union", "as",    "only",
    "having", "returning", "lateral", "full",   "natural", "offset", "for",   "from"};

class Statement {
  public:
    explicit Statement(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    std::vector<TableUse> uses() {
        for (at_ = 0; at_ < tokens_.size();)
            statement();
        return std::move(uses_);
    }

  private:
    [[nodiscard]] bool is(std::string_view word, std::size_t ahead = 0) const {
        return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].text == word &&
               !tokens_[at_ + ahead].quoted;
    }

    void add(std::string_view privilege, const std::string& table) {
        if (std::ranges::find(ctes_, table) != ctes_.end() && !table.empty()) return;
        TableUse use{std::string(privilege), table};
        if (std::ranges::find(uses_, use) == uses_.end()) uses_.push_back(std::move(use));
    }

    // name or schema.name at at_; empty where there is none (a hole, a subquery).
    std::string table(bool may_be_function = false) {
        while (is("only") || is("table") || is("if") || is("not") || is("exists") || is("lateral"))
            ++at_;
        std::string name;
        while (at_ < tokens_.size() && tokens_[at_].word) {
            if (!tokens_[at_].quoted &&
                std::ranges::find(not_names, tokens_[at_].text) != not_names.end())
                return name;
            name += tokens_[at_++].text;
            if (!is(".")) break;
            name += '.';
            ++at_;
        }
        if (name.ends_with('.')) return {}; // a hole in the name
        if (at_ < tokens_.size() && tokens_[at_].text == std::string(1, '\x01')) return {};
        // A function in FROM: generate_series(…).
        if (may_be_function && is("(") && !name.empty()) {
            add("EXECUTE", name);
            return "\x01";
        }
        return name;
    }

    void add_table(std::string_view privilege) {
        const bool subquery = is("(");
        const std::string name = table(privilege == "SELECT");
        if (name != "\x01" && !(subquery && name.empty())) add(privilege, name);
    }

    // FROM a, b AS c JOIN d: the names in a row.
    void from_list() {
        add_table("SELECT");
        for (int guard = 0; guard < 64; ++guard) {
            if (is("as")) ++at_;
            if (at_ < tokens_.size() && tokens_[at_].word && !is("join") &&
                std::ranges::find(not_names, tokens_[at_].text) == not_names.end())
                ++at_;
            if (!is(",")) return;
            ++at_;
            if (is("(")) return;
            add_table("SELECT");
        }
    }

    void collect_ctes() {
        // WITH name AS ( … ), name2 AS (
        for (std::size_t i = at_; i + 2 < tokens_.size(); ++i)
            if (tokens_[i].word && tokens_[i + 1].text == "as" &&
                (tokens_[i + 2].text == "(" || tokens_[i + 2].text == "materialized"))
                ctes_.push_back(tokens_[i].text);
    }

    void definition(std::string_view verb) {
        ++at_;
        static constexpr std::array<std::string_view, 14> kinds{
            "table",     "index",  "view",         "sequence",  "schema", "type", "function",
            "extension", "unique", "materialized", "temporary", "temp",   "or",   "replace"};
        while (at_ < tokens_.size() && std::ranges::find(kinds, tokens_[at_].text) != kinds.end()) {
            if (is("extension") || is("type") || is("schema") || is("function")) {
                add("CREATE", "");
                return skip();
            }
            const bool index = is("index");
            ++at_;
            if (index)
                while (at_ < tokens_.size() && !is("on"))
                    ++at_;
            if (index && at_ < tokens_.size()) ++at_;
        }
        add(verb, table());
        skip();
    }

    void skip() {
        while (at_ < tokens_.size() && !is(";"))
            ++at_;
    }

    void statement() {
        if (is("with")) collect_ctes();
        if (is("create") || is("alter") || is("drop")) return definition("CREATE");
        if (is("truncate")) {
            ++at_;
            add_table("TRUNCATE");
            return skip();
        }
        if (is("copy")) {
            ++at_;
            const std::string name = table();
            bool in = false;
            for (; at_ < tokens_.size() && !is(";"); ++at_)
                in = in || is("from");
            if (!name.empty()) add(in ? "INSERT" : "SELECT", name);
            return;
        }
        static constexpr std::array<std::string_view, 8> openers{
            "select", "insert", "update", "delete", "with", "merge", "(", "explain"};
        const bool known =
            at_ < tokens_.size() && std::ranges::find(openers, tokens_[at_].text) != openers.end();
        if (!known) {
            skip();
            if (at_ < tokens_.size()) ++at_;
            return;
        }
        body();
    }

    void body() {
        std::vector<std::string> before; // the word in front of each open parenthesis
        for (; at_ < tokens_.size() && !is(";");) {
            if (is("(")) {
                before.push_back(at_ > 0 ? tokens_[at_ - 1].text : "");
                ++at_;
            } else if (is(")")) {
                if (!before.empty()) before.pop_back();
                ++at_;
            } else if (is("insert") && is("into", 1)) {
                at_ += 2;
                target_ = peek_table();
                add_table("INSERT");
            } else if (is("delete") && is("from", 1)) {
                at_ += 2;
                add_table("DELETE");
            } else if (is("do") && is("update", 1)) {
                at_ += 2;
                if (!target_.empty()) add("UPDATE", target_);
            } else if (is("for") &&
                       (is("update", 1) || is("share", 1) || is("no", 1) || is("key", 1))) {
                at_ += 2;
            } else if (is("update") && at_ + 1 < tokens_.size() && !is("set", 1)) {
                ++at_;
                add_table("UPDATE");
            } else if (is("from")) {
                // extract(year FROM x), substring(x FROM 1), trim(… FROM x)
                static constexpr std::array<std::string_view, 5> functions{
                    "extract", "substring", "trim", "overlay", "position"};
                const bool argument =
                    !before.empty() &&
                    std::ranges::find(functions, before.back()) != functions.end();
                const bool distinct = at_ > 0 && tokens_[at_ - 1].text == "distinct" && at_ > 1 &&
                                      tokens_[at_ - 2].text == "is";
                ++at_;
                if (!argument && !distinct && !is("(")) from_list();
            } else if (is("join")) {
                ++at_;
                if (!is("(")) add_table("SELECT");
            } else {
                ++at_;
            }
        }
        if (at_ < tokens_.size()) ++at_;
    }

    std::string peek_table() {
        const std::size_t here = at_;
        const std::size_t known = uses_.size();
        std::string name = table();
        at_ = here;
        uses_.resize(known);
        return name == "\x01" ? "" : name;
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::vector<TableUse> uses_;
    std::vector<std::string> ctes_;
    std::string target_;
};

} // namespace

std::vector<TableUse> sql_uses(std::string_view sql) {
    return Statement(Tokens(sql).take()).uses();
}

} // namespace stanch::privilege
