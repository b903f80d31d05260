#include "syntax/syntax.h"

#include <algorithm>

namespace stanch::syntax {

Result<std::string> apply(std::string_view text, std::vector<Edit> edits) {
    std::ranges::stable_sort(edits, {}, &Edit::begin);
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        if (edit.begin < at || edit.end < edit.begin || edit.end > text.size())
            return fail(ErrorKind::internal, "two edits of one text overlap");
        out += text.substr(at, edit.begin - at);
        out += edit.replacement;
        at = edit.end;
    }
    out += text.substr(at);
    return out;
}

std::size_t import_position(const Tree& tree) {
    std::size_t behind = 0;
    bool first = true;
    for (const Node statement : tree.root().children()) {
        const Kind kind = statement.kind();
        if (kind == Kind::comment) continue;
        const bool docstring = first && kind == Kind::expression_statement &&
                               (statement.first().kind() == Kind::string ||
                                statement.first().kind() == Kind::concatenated_string);
        const bool import = kind == Kind::import_statement || kind == Kind::import_from_statement ||
                            kind == Kind::future_import_statement;
        if (!docstring && !import) break;
        behind = statement.end();
        first = false;
    }
    const std::string_view text = tree.text();
    if (behind == 0) {
        // A "#!" line and the comments that open the file stay first.
        while (behind < text.size() && text[behind] == '#')
            behind = std::min(text.find('\n', behind), text.size() - 1) + 1;
        return behind;
    }
    return std::min(text.find('\n', behind), text.size() - 1) + 1;
}

} // namespace stanch::syntax
