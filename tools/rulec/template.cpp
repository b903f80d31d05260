#include "rulec/template.h"

#include "rulec/pieces.h"
#include "text/encoding.h"

namespace stanch::rulec {
namespace {

// {base64(…)} and its like hold templates; everything else in braces is a name and an argument.
class Expansion {
  public:
    Expansion(std::string_view text, Dice& dice) : text_(text), dice_(dice) {}

    // Up to the end, or to an unescaped `close`.
    Result<std::string> run(char close = '\0') {
        std::string out;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (close != '\0' && c == close) return out;
            if (c == '\\' && at_ < text_.size()) {
                out += escaped(text_[at_++]);
            } else if (c == '{') {
                STANCH_TRY(const std::string made, braces());
                out += made;
            } else {
                out += c;
            }
        }
        if (close != '\0')
            return fail(ErrorKind::invalid, std::string("a '") + close + "' is missing");
        return out;
    }

  private:
    static std::string escaped(char c) {
        switch (c) {
        case 'n':
            return "\n";
        case 't':
            return "\t";
        case '{':
        case '}':
        case '(':
        case ')':
        case '\\':
            return {c};
        default:
            return {'\\', c};
        }
    }

    Result<std::string> braces() {
        for (const std::string_view encoding : {"base64(", "hex(", "percent("})
            if (text_.substr(at_).starts_with(encoding)) return encoded(encoding);
        const std::size_t end = text_.find('}', at_);
        if (end == std::string_view::npos)
            return fail(ErrorKind::invalid, "a '{' without '}': \\{ is the brace itself");
        const std::string_view inside = text_.substr(at_, end - at_);
        at_ = end + 1;
        const std::size_t colon = inside.find(':');
        const std::string_view name = inside.substr(0, colon);
        auto made = piece(
            name, colon == std::string_view::npos ? std::string_view{} : inside.substr(colon + 1),
            dice_);
        if (!made)
            return fail(ErrorKind::invalid,
                        "no piece is called '" + std::string(name) + "': \\{ is the brace itself");
        return *std::move(made);
    }

    Result<std::string> encoded(std::string_view encoding) {
        at_ += encoding.size();
        STANCH_TRY(const std::string plain, run(')'));
        if (at_ >= text_.size() || text_[at_] != '}')
            return fail(ErrorKind::invalid, "')}' is missing");
        ++at_;
        if (encoding == "hex(") return text::hex_encode(plain);
        if (encoding == "base64(") return text::base64_encode(plain);
        std::string out;
        constexpr std::string_view digits = "0123456789ABCDEF";
        for (const char c : plain) {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
        return out;
    }

    std::string_view text_;
    Dice& dice_;
    std::size_t at_ = 0;
};

} // namespace

Result<std::string> expand(std::string_view text, std::uint64_t seed) {
    Dice dice(seed);
    return Expansion(text, dice).run();
}

} // namespace stanch::rulec
