#include "syntax/quick.h"

#include "syntax/quick_parser.h"

namespace stanch::syntax {

std::optional<Drafts> quick_parse(std::string_view text) {
    // The grammar's lexer takes a zero byte for the end, here and there.
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    Drafts drafts;
    if (!QuickParser(text, drafts).run()) return std::nullopt;
    return drafts;
}

} // namespace stanch::syntax
