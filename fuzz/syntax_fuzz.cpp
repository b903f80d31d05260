// rooms: syntax
// Any bytes are Python to the parser, and everything that is asked of the tree has an answer inside
// the text. What the quick reader takes gives the grammar's own tree.
#include "syntax/quick.h"
#include "syntax/syntax.h"

#include <cstdlib>

using namespace stanch::syntax;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto tree = Tree::python(text);
    if (!tree) std::abort();
    for (const StringLiteral& found : strings(*tree)) {
        if (found.content_end < found.content_begin || found.content_end > size) std::abort();
        string_value(found.node);
    }
    for (const Call& call : calls(*tree))
        argument(call.arguments, "x", 0);
    for (const Definition& found : definitions(*tree))
        if (found.name_end > size) std::abort();
    assignments(*tree);
    imports(*tree);
    if (import_position(*tree) > size) std::abort();
    for (std::uint32_t i = 0; i < tree->size(); ++i) {
        const Node node = tree->node(i);
        if (node.end() > size || node.begin() > node.end()) std::abort();
    }
    if (!quick_parse(text)) return 0;
    const auto other = Tree::python(text, Reading::grammar);
    if (!other || other->broken() || other->size() != tree->size()) std::abort();
    for (std::uint32_t i = 0; i < tree->size(); ++i) {
        const Node a = tree->node(i);
        const Node b = other->node(i);
        if (a.kind() != b.kind() || a.field() != b.field() || a.begin() != b.begin() ||
            a.end() != b.end() || a.after() != b.after())
            std::abort();
    }
    return 0;
}
