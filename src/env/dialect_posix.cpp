// `set -a; . ./FILE` in bash: the file is a program. What only assigns is read here as the shell
// would; what would run something, or depends on more than the file and the environment, is an
// error that says so and nothing is run.
#include "env/draft.h"
#include "env/posix_word.h"

#include <algorithm>
#include <utility>

namespace stanch::env {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view runs = "this runs a command instead of setting a variable";
constexpr std::string_view syntax =
    "shell syntax beyond assignments: the rest of the file is not told here";

class Reader {
  public:
    Reader(std::string_view text, const ReadOptions& options)
        : text_(text),
          lookup_([this, &options](std::string_view name) { return lookup(name, options); }) {}

    Drafts read() {
        if (text_.find('\0') != none) refuse("the file holds a zero byte");
        while (at_ < text_.size() && !drafts_.refused)
            command();
        if (begin_ < text_.size())
            add(drafts_.refused ? error("not read: the reading ended at the error before")
                                : Draft{},
                text_.size());
        return std::move(drafts_);
    }

  private:
    std::optional<std::string> lookup(std::string_view name, const ReadOptions& options) {
        const auto own = set_.find(name);
        if (own != set_.end()) return own->second;
        return options.environment ? options.environment(name) : std::nullopt;
    }

    static Draft error(std::string_view message) {
        Draft draft;
        draft.error = true;
        draft.message = message;
        return draft;
    }

    // Everything from the end of the last entry up to `end` is this one's.
    void add(Draft draft, std::size_t end) {
        draft.begin = begin_;
        draft.line = draft.key_line = line_;
        const std::size_t first = std::min(text_.find_first_not_of(" \t\n", begin_), end);
        draft.key_line += static_cast<std::size_t>(
            std::ranges::count(text_.substr(begin_, first - begin_), '\n'));
        line_ +=
            static_cast<std::size_t>(std::ranges::count(text_.substr(begin_, end - begin_), '\n'));
        begin_ = at_ = end;
        drafts_.list.push_back(std::move(draft));
    }

    // The shell reads a whole line before it runs any of its commands: those before the error are
    // lost too.
    void refuse(std::string_view message) {
        drafts_.refused = true;
        for (std::size_t i = line_first_; i < drafts_.list.size(); ++i) {
            drafts_.list[i].key.reset();
            drafts_.list[i].value.reset();
            drafts_.list[i].error = true;
            drafts_.list[i].message = message;
        }
        add(error(message), text_.size());
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

    void skip_blanks() {
        for (;; ++at_) {
            if (peek() == '\\' && text_.substr(at_).starts_with("\\\n"))
                ++at_;
            else if (peek() != ' ' && peek() != '\t')
                return;
        }
    }

    // Comments and blank lines are an entry of their own, so that a statement's line is its own.
    void command() {
        skip_blanks();
        if (at_ >= text_.size()) return;
        if (peek() == '#' || peek() == '\n') {
            const std::size_t end = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
            return add(Draft{}, end);
        }
        simple_command();
    }

    struct Pending {
        Draft draft;
        std::size_t end = 0;
    };

    // NAME=value… or export NAME=value…; nothing is set before the whole command is known.
    void simple_command() {
        if (at_ == 0 || text_[at_ - 1] == '\n' || begin_ == 0 || text_[begin_ - 1] == '\n')
            line_first_ = drafts_.list.size();
        const auto before = set_;
        const auto untold_before = untold_;
        const std::size_t begin = at_;
        const auto give_up = [&](std::size_t from) {
            set_ = before;
            untold_ = untold_before;
            other(from);
        };
        std::vector<Pending> words;
        bool exports = false;
        while (!ends_command()) {
            Pending word;
            const std::size_t name = posix_name_end(text_, at_);
            if (name > at_ && name < text_.size() && text_[name] == '=') {
                if (!assignment(word, name, exports)) return;
            } else if (words.empty() && !exports && is_word("export")) {
                exports = true;
                at_ += 6;
                skip_blanks();
                continue;
            } else if (!exports || name == at_ ||
                       (name < text_.size() && !ends_posix_word(text_[name]))) {
                return give_up(begin);
            } else {
                word.draft.key = std::string(text_.substr(at_, name - at_));
                at_ = name;
            }
            word.end = at_;
            words.push_back(std::move(word));
            skip_blanks();
        }
        if (is_posix_operator(peek()) || (exports && words.empty())) return give_up(begin);
        finish(std::move(words), exports);
    }

    [[nodiscard]] bool is_word(std::string_view word) const {
        const std::size_t end = at_ + word.size();
        return text_.substr(at_).starts_with(word) &&
               (end >= text_.size() || ends_posix_word(text_[end]));
    }

    [[nodiscard]] bool ends_command() const {
        const char c = peek();
        return c == '\n' || c == ';' || is_posix_operator(c) || c == '#';
    }

    // False where nothing behind it is read.
    bool assignment(Pending& word, std::size_t name, bool exports) {
        const std::size_t start = at_;
        const std::string key(text_.substr(start, name - start));
        PosixWord value(text_, name + 1, lookup_, untold_);
        if (name + 1 < text_.size() && text_[name + 1] == '(') value.message = not_posix;
        value.read(true);
        if (value.fatal) {
            refuse(value.message);
            return false;
        }
        at_ = value.end();
        untold_.insert(value.sets.begin(), value.sets.end());
        const std::string_view raw = text_.substr(name + 1, at_ - name - 1);
        if (exports && raw.find('{') != none && raw.find_first_of(",.") != none)
            value.message = not_posix;
        word.draft.key = key;
        word.draft.value = value.output;
        if (is_readonly(key)) value.message = "the shell does not let this variable be set";
        if (!value.message.empty()) {
            word.draft = error(value.message);
            set_.erase(key);
            untold_.insert(key);
        } else if (!exports) {
            set_[key] = value.output;
            untold_.erase(key);
        }
        return true;
    }

    static bool is_readonly(std::string_view name) {
        constexpr std::string_view list[] = {"UID",      "EUID",      "PPID",
                                             "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO"};
        return std::ranges::find(list, name) != std::end(list);
    }

    // Up to the end of the logical line: other commands are neither run nor understood.
    void other(std::size_t from) {
        at_ = from;
        bool empty = true; // nothing since the last ';' or '&'
        Untold one;
        while (at_ < text_.size() && peek() != '\n') {
            if (peek() == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
                break;
            }
            if (empty && is_reserved()) return refuse(syntax);
            if (empty) one = {.begin = at_, .names = {}, .command = false};
            PosixWord word(text_, at_, lookup_, untold_);
            word.read(false);
            if (word.fatal) return refuse(word.message);
            untold_.insert(word.sets.begin(), word.sets.end());
            one.take(text_.substr(at_, word.end() - at_), word);
            empty = empty && word.end() == at_;
            at_ = word.end();
            if (is_syntax() || (empty && (peek() == ';' || peek() == '&'))) return refuse(syntax);
            if (peek() == ';' || peek() == '&') forget(std::exchange(one, {}));
            empty = empty || peek() == ';' || peek() == '&';
            if (at_ < text_.size() && peek() != '\n') ++at_;
        }
        forget(one);
        add(error(runs), std::min(at_ + 1, text_.size()));
    }

    // One command of a line that is not told: what it may have set all the same.
    struct Untold {
        std::size_t begin = 0;
        std::vector<std::string> names; // assignments before the first word
        bool command = false;           // a word is there, whatever the expansions give

        void take(std::string_view raw, const PosixWord& word) {
            const std::size_t name = posix_name_end(raw, 0);
            const bool assigns = name > 0 && name < raw.size() && raw[name] == '=';
            if (assigns && !command) names.emplace_back(raw.substr(0, name));
            // `B=1 $U` sets B where U is empty.
            const bool may_vanish = raw.find_first_of("$`") != none &&
                                    raw.find_first_of("'\"") == none &&
                                    (word.output.empty() || !word.message.empty());
            command = command || (!raw.empty() && !assigns && !may_vanish);
        }
    };

    // Words that begin a construct which may go on below, or are an error here.
    [[nodiscard]] bool is_reserved() const {
        constexpr std::string_view words[] = {
            "{",  "}",    "if",    "then",  "else",   "elif",     "fi",   "case", "esac", "for",
            "do", "done", "while", "until", "select", "function", "time", "!",    "[[",   "coproc"};
        return std::ranges::any_of(words, [this](std::string_view word) { return is_word(word); });
    }

    // A builtin may have set the variables that it names.
    void forget(const Untold& one) {
        if (!one.command) untold_.insert(one.names.begin(), one.names.end());
        const std::string_view command = text_.substr(one.begin, at_ - one.begin);
        constexpr std::string_view setters[] = {
            "export", "unset",  "readonly", "declare", "typeset", "local",   "read",   "eval",
            "set",    "source", ".",        "printf",  "let",     "mapfile", "getopts"};
        const std::string_view first = command.substr(0, command.find_first_of(" \t\n"));
        if (std::ranges::find(setters, first) == std::end(setters)) return;
        for (std::size_t at = 0; at < command.size();) {
            const std::size_t end = posix_name_end(command, at);
            if (end > at) untold_.emplace(command.substr(at, end - at));
            at = end > at ? end : at + 1;
        }
    }

    // An operator that may open something which ends lines below, or is an error of the whole file.
    // A single '&' only sends the command before it to the background.
    [[nodiscard]] bool is_syntax() const {
        const std::string_view rest = text_.substr(std::min(at_, text_.size()));
        return !rest.empty() && is_posix_operator(rest[0]) &&
               (rest[0] != '&' || rest.starts_with("&&"));
    }

    void finish(std::vector<Pending> words, bool exports) {
        // A comment and the newline behind it belong to the last word.
        std::size_t end = at_;
        if (peek() == '#') end = std::min(text_.find('\n', at_), text_.size());
        if (end < text_.size() && (text_[end] == '\n' || text_[end] == ';')) ++end;
        if (words.empty()) return refuse(syntax);
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (exports && words[i].draft.key && words[i].draft.value) {
                set_[*words[i].draft.key] = *words[i].draft.value;
                untold_.erase(*words[i].draft.key);
            }
            add(std::move(words[i].draft), i + 1 < words.size() ? words[i].end : end);
        }
    }

    std::string_view text_;
    Lookup lookup_;
    Drafts drafts_;
    std::map<std::string, std::string, std::less<>> set_;
    PosixNames untold_; // set to what can't be told here
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t line_ = 1;
    std::size_t line_first_ = 0; // the first draft of the line that is being read
};

} // namespace

Drafts read_posix(std::string_view text, const ReadOptions& options) {
    return Reader(text, options).read();
}

} // namespace stanch::env
