#include "git/config_file.h"

#include <algorithm>
#include <ranges>

namespace stanch::git {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}
bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

class Parser {
  public:
    Parser(std::string_view text, const std::string& where) : text_(text), where_(where) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    }

    Result<std::vector<ConfigFile::Setting>> run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (is_space(c) || c == '\n') {
                take();
            } else if (c == '#' || c == ';') {
                skip_line();
            } else {
                STANCH_CHECK(item(c));
            }
        }
        return std::move(settings_);
    }

  private:
    Result<void> item(char c) {
        if (c == '[') return section();
        if (is_name(c) && !section_.empty()) return setting();
        return wrong("expected a section or a name");
    }

    std::unexpected<Error> wrong(std::string what) {
        return fail(ErrorKind::invalid, "line " + std::to_string(line_) + ": " + std::move(what),
                    where_);
    }

    char take() {
        if (text_[at_] == '\n') ++line_;
        return text_[at_++];
    }
    [[nodiscard]] bool more() const { return at_ < text_.size(); }

    void skip_line() {
        while (more() && text_[at_] != '\n')
            ++at_;
    }

    void skip_spaces() {
        while (more() && is_space(text_[at_]))
            ++at_;
    }

    // [section], [section "sub"] or the old [section.sub].
    Result<void> section() {
        ++at_;
        section_.clear();
        while (more() && (is_name(text_[at_]) || text_[at_] == '.'))
            section_ += lower(take());
        skip_spaces();
        if (more() && text_[at_] == '"') {
            STANCH_CHECK(subsection());
        }
        if (!more() || text_[at_] != ']' || section_.empty()) return wrong("bad section header");
        ++at_;
        return {};
    }

    Result<void> subsection() {
        section_ += '.';
        ++at_;
        while (more() && text_[at_] != '"') {
            if (text_[at_] == '\n') return wrong("a section header ends with its line");
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            section_ += take();
        }
        if (!more()) return wrong("a section header without an end");
        ++at_;
        return {};
    }

    Result<void> setting() {
        ConfigFile::Setting setting{section_ + ".", {}, false};
        while (more() && is_name(text_[at_]))
            setting.key += lower(take());
        skip_spaces();
        setting.bare = !more() || text_[at_] != '=';
        if (!setting.bare) {
            ++at_;
            STANCH_CHECK(value(setting.value));
        } else if (more() && text_[at_] != '\n' && text_[at_] != '#' && text_[at_] != ';') {
            return wrong("expected '=' behind a name");
        }
        settings_.push_back(std::move(setting));
        return {};
    }

    Result<void> value(std::string& out) {
        skip_spaces();
        bool quoted = false;
        std::size_t kept = 0; // trailing spaces outside of quotes are dropped
        while (more() && (quoted || text_[at_] != '\n')) {
            const char c = take();
            if (c == '\n') return wrong("a quote without an end");
            if (!quoted && (c == '#' || c == ';')) {
                skip_line();
                break;
            }
            if (c == '\\') {
                STANCH_CHECK(escape(out));
            } else if (c == '"') {
                quoted = !quoted;
            } else {
                out += c;
            }
            if (quoted || !is_space(c)) kept = out.size();
        }
        if (quoted) return wrong("a quote without an end");
        out.resize(kept);
        return {};
    }

    Result<void> escape(std::string& out) {
        if (!more()) return {};
        const char c = take();
        if (c == '\n') return {};
        if (c == '\r' && more() && text_[at_] == '\n') {
            take();
            return {};
        }
        switch (c) {
        case 'n':
            out += '\n';
            break;
        case 't':
            out += '\t';
            break;
        case 'b':
            out += '\b';
            break;
        case '\\':
        case '"':
            out += c;
            break;
        default:
            return wrong("an unknown escape");
        }
        return {};
    }

    std::string_view text_;
    const std::string& where_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::string section_;
    std::vector<ConfigFile::Setting> settings_;
};

} // namespace

Result<ConfigFile> ConfigFile::parse(std::string_view text, const std::string& where) {
    ConfigFile file;
    STANCH_TRY(file.settings_, Parser(text, where).run());
    return file;
}

std::optional<std::string_view> ConfigFile::value(std::string_view key) const {
    for (const Setting& setting : std::views::reverse(settings_))
        if (setting.key == key) return setting.value;
    return std::nullopt;
}

std::optional<bool> ConfigFile::boolean(std::string_view key) const {
    for (const Setting& setting : std::views::reverse(settings_)) {
        if (setting.key != key) continue;
        if (setting.bare) return true;
        std::string text = setting.value;
        std::ranges::transform(text, text.begin(), lower);
        if (text == "true" || text == "yes" || text == "on" || text == "1") return true;
        if (text == "false" || text == "no" || text == "off" || text == "0" || text.empty())
            return false;
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace stanch::git
