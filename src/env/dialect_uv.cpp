// uv run --env-file: NAME=value, a logical line running over newlines while a quote is open. A
// value may mix bare, '…' and "…" parts; $NAME and ${NAME} are expanded from the environment, then
// from what was read before. The first line that does not parse ends the reading: what stands
// before it is set, the rest of the file is lost.
#include "env/draft.h"
#include "env/unicode.h"

#include <algorithm>
#include <cctype>

namespace stanch::env {
namespace {

constexpr std::string_view bad_value =
    "the value does not parse: an escape, or text behind a space";
constexpr std::string_view open_value = "a quote or a '${' is not closed";

bool is_key_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_key(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// Where a logical line ends: lines are joined while a quote, an escape or a trailing space is open.
class LineEnd {
  public:
    enum class State { complete, space, escape, weak, weak_escape, strong, strong_escape, comment };

    // Takes one physical line. Returns false while more are needed.
    bool take(std::string_view line) {
        comment_at = line.size();
        for (std::size_t at = 0; at < line.size();) {
            const CodePoint c = decode(line, at);
            state = next(c.value);
            if (state == State::comment) comment_at = at;
            if (state == State::comment) return true;
            at += c.length;
        }
        return state == State::complete;
    }

    State state = State::complete;
    std::size_t comment_at = 0; // of the last physical line

  private:
    static State opened(char32_t c) {
        if (c == '\\') return State::escape;
        if (c == '"') return State::weak;
        return c == '\'' ? State::strong : State::complete;
    }

    [[nodiscard]] State next(char32_t c) const {
        switch (state) {
        case State::space:
            return c == '#' ? State::comment : opened(c);
        case State::complete:
            return is_unicode_space(c) && c != '\n' && c != '\r' ? State::space : opened(c);
        case State::escape:
            return State::complete;
        case State::weak:
            if (c == '\\') return State::weak_escape;
            return c == '"' ? State::complete : State::weak;
        case State::weak_escape:
            return State::weak;
        case State::strong:
            if (c == '\\') return State::strong_escape;
            return c == '\'' ? State::complete : State::strong;
        case State::strong_escape:
            return State::strong;
        case State::comment:
            break;
        }
        return State::comment;
    }
};

class Value {
  public:
    Value(std::string_view text, const Lookup& lookup) : text_(text), lookup_(lookup) {}

    // False where it does not parse; `message` says why.
    bool read() {
        for (std::size_t at = 0; at < text_.size();) {
            const CodePoint c = decode(text_, at);
            const std::string_view raw = text_.substr(at, c.length);
            if (in_tail_ && raw[0] == '#') break;
            if (!step(c.value, raw)) {
                message = bad_value;
                return false;
            }
            at += c.length;
        }
        if (mode_ == Mode::braced || strong_ || weak_) {
            message = open_value;
            return false;
        }
        substitute();
        return true;
    }

    std::string output;
    std::string_view message;

  private:
    enum class Mode { none, bare, braced };

    bool step(char32_t c, std::string_view raw) {
        if (in_tail_) return c == ' ' || c == '\t';
        if (escaped_) return escape(c, raw);
        if (strong_)
            strong(c, raw);
        else if (mode_ != Mode::none)
            reference(c, raw);
        else if (c == '$')
            mode_ = Mode::bare;
        else
            plain(c, raw);
        return true;
    }

    bool escape(char32_t c, std::string_view raw) {
        escaped_ = false;
        if (c == 'n')
            output += '\n';
        else if (c == '\\' || c == '\'' || c == '"' || c == '$' || c == ' ')
            output += raw;
        else
            return false;
        return true;
    }

    void strong(char32_t c, std::string_view raw) {
        if (c == '\'')
            strong_ = false;
        else
            output += raw;
    }

    void plain(char32_t c, std::string_view raw) {
        if (c == '"')
            weak_ = !weak_;
        else if (c == '\\')
            escaped_ = true;
        else if (!weak_ && c == '\'')
            strong_ = true;
        else if (!weak_ && (c == ' ' || c == '\t'))
            in_tail_ = true;
        else
            output += raw;
    }

    static bool is_alphanumeric(char32_t c) {
        return c < 0x80 ? std::isalnum(static_cast<int>(c)) != 0 : is_letter_or_number(c);
    }

    void reference(char32_t c, std::string_view raw) {
        if (is_alphanumeric(c))
            name_ += raw;
        else if (mode_ == Mode::braced && c != '}')
            name_ += raw;
        else if (mode_ == Mode::braced)
            substitute();
        else if (c == '{' && name_.empty())
            mode_ = Mode::braced;
        else {
            substitute();
            if (c == '$')
                mode_ = Mode::bare;
            else
                output += raw;
        }
    }

    void substitute() {
        if (!name_.empty())
            if (const auto value = lookup_(name_)) output += *value;
        name_.clear();
        mode_ = Mode::none;
    }

    std::string_view text_;
    const Lookup& lookup_;
    std::string name_;
    Mode mode_ = Mode::none;
    bool strong_ = false;
    bool weak_ = false;
    bool escaped_ = false;
    bool in_tail_ = false;
};

class Reader {
  public:
    Reader(std::string_view text, const ReadOptions& options)
        : text_(text),
          lookup_([this, &options](std::string_view name) { return lookup(name, options); }) {}

    Drafts read() {
        while (at_ < text_.size() && !drafts_.refused)
            statement();
        if (at_ < text_.size()) rest();
        return std::move(drafts_);
    }

  private:
    std::optional<std::string> lookup(std::string_view name, const ReadOptions& options) {
        if (options.environment)
            if (auto value = options.environment(name)) return value;
        const auto own = last_.find(name);
        return own == last_.end() ? std::nullopt : std::optional(own->second);
    }

    void refuse(Draft& draft, std::string_view message) {
        draft.error = true;
        draft.message = message;
        draft.key.reset();
        drafts_.refused = true;
    }

    void statement() {
        Draft draft{.begin = at_, .line = line_, .key_line = line_};
        std::size_t end = at_;
        std::size_t content = 0;
        if (!logical_line(end, content))
            refuse(draft, "the line's quotes or its last space are not closed, or it is not UTF-8");
        else
            parse(text_.substr(at_, content - at_), draft);
        line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(at_, end - at_), '\n'));
        at_ = end;
        drafts_.list.push_back(std::move(draft));
    }

    bool logical_line(std::size_t& end, std::size_t& content) {
        LineEnd state;
        while (end < text_.size()) {
            const std::size_t begin = end;
            end = std::min(text_.find('\n', begin), text_.size() - 1) + 1;
            const std::string_view line = text_.substr(begin, end - begin);
            if (!valid_utf8(line)) return false;
            const std::string_view whole = text_.substr(at_, end - at_);
            content = at_;
            if (whole.substr(skip(whole, 0, is_unicode_space)).starts_with('#')) return true;
            if (!state.take(line)) continue;
            content = begin + state.comment_at;
            if (state.state == LineEnd::State::complete) content = without_newline(content);
            return true;
        }
        return false;
    }

    [[nodiscard]] std::size_t without_newline(std::size_t end) const {
        if (end == 0 || text_[end - 1] != '\n') return end;
        --end;
        return end > at_ && text_[end - 1] == '\r' ? end - 1 : end;
    }

    static void skip_space(std::string_view& line) {
        line.remove_prefix(skip(line, 0, is_unicode_space));
    }

    static std::string_view take_key(std::string_view& line) {
        if (line.empty() || !is_key_start(line[0])) return {};
        const auto end = std::ranges::find_if_not(line, is_key);
        const std::string_view key(line.begin(), end);
        line.remove_prefix(key.size());
        return key;
    }

    void parse(std::string_view line, Draft& draft) {
        skip_space(line);
        if (line.empty() || line[0] == '#') return;
        std::string_view key = take_key(line);
        if (key.empty()) return refuse(draft, "a name was expected here");
        skip_space(line);
        if (key == "export" && !line.starts_with('=')) {
            key = take_key(line);
            if (key.empty()) return refuse(draft, "a name was expected behind 'export'");
            skip_space(line);
        }
        if (!line.starts_with('=')) return refuse(draft, "'=' was expected behind the name");
        line.remove_prefix(1);
        skip_space(line);
        line = trim_end(line, is_unicode_space);
        draft.key = std::string(key);
        Value value(line.starts_with('#') ? std::string_view() : line, lookup_);
        if (!value.read()) return refuse(draft, value.message);
        draft.value = value.output;
        last_.insert_or_assign(*draft.key, value.output);
    }

    void rest() {
        Draft draft{.begin = at_, .line = line_, .key_line = line_, .error = true};
        draft.message = "not read: the reading ended at the error before";
        drafts_.list.push_back(std::move(draft));
    }

    std::string_view text_;
    Lookup lookup_;
    Drafts drafts_;
    std::map<std::string, std::string, std::less<>> last_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

} // namespace

Drafts read_uv(std::string_view text, const ReadOptions& options) {
    return Reader(text, options).read();
}

} // namespace stanch::env
