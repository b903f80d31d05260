#include "scan/pattern/first_stage.h"

namespace stanch::scan {
namespace {

void add_byte(std::string& out, unsigned byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= 'A' && byte <= 'Z') || byte == '_';
    if (plain) {
        out += static_cast<char>(byte);
        return;
    }
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

void add_set(std::string& out, const ByteSet& set) {
    if (set.count() == 1) {
        add_byte(out, static_cast<unsigned>(set._Find_first()));
        return;
    }
    out += '[';
    for (unsigned first = 0; first < 256; ++first) {
        if (!set[first]) continue;
        unsigned last = first;
        while (last < 255 && set[last + 1])
            ++last;
        add_byte(out, first);
        if (last > first + 1) out += '-';
        if (last > first) add_byte(out, last);
        first = last;
    }
    out += ']';
}

void add(std::string& out, const Tree& tree);

void add_repeat(std::string& out, const Tree& tree) {
    const Tree& inside = tree.parts[0];
    const bool single = inside.kind == Tree::Kind::bytes;
    if (!single) out += "(?:";
    add(out, inside);
    if (!single) out += ')';
    if (tree.least == 1 && tree.most == 1) return;
    out += '{' + std::to_string(tree.least);
    if (tree.most == unbounded)
        out += ',';
    else if (tree.most != tree.least)
        out += ',' + std::to_string(tree.most);
    out += '}';
}

void add_choice(std::string& out, const Tree& tree) {
    out += "(?:";
    for (std::size_t i = 0; i < tree.parts.size(); ++i) {
        if (i > 0) out += '|';
        add(out, tree.parts[i]);
    }
    out += ')';
}

void add(std::string& out, const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::empty:
    case Tree::Kind::start:
        return;
    case Tree::Kind::edge:
        out += "\\b";
        return;
    case Tree::Kind::inside:
        out += "\\B";
        return;
    case Tree::Kind::bytes:
        add_set(out, tree.set);
        return;
    case Tree::Kind::repeat:
        add_repeat(out, tree);
        return;
    case Tree::Kind::choice:
        add_choice(out, tree);
        return;
    case Tree::Kind::sequence:
        for (const Tree& part : tree.parts)
            add(out, part);
    }
}

} // namespace

std::string to_pattern(const Tree& tree) {
    std::string out;
    add(out, tree);
    return out;
}

} // namespace stanch::scan
