// A reader of ordinary Python that gives the same tree as the grammar, some ten times faster.
//
// tree-sitter reads everything, broken and ambiguous text too, at the price of a parser that keeps
// all readings alive. Nearly every file needs none of that. This one descends once through plain
// Python 3, and gives up at the first thing that it does not know for certain to read as
// tree-sitter does: print statements, match statements, type parameters, anything broken. Then the
// file is tree-sitter's. So the grammar stays the only judge of what a tree looks like: a tree from
// here equals its tree node by node (tests/syntax/quick_test.cpp and the fuzz target compare them).
#pragma once

#include "syntax/syntax.h"

#include <optional>
#include <vector>

namespace stanch::syntax {

// Children are a chain from `first`; 0 is no node.
struct Draft {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t first = 0;
    std::uint32_t next = 0;
    Kind kind = Kind::other;
    Field field = Field::none;
};

// What may stand between any two tokens: comments and continued lines. Their parent is the smallest
// node around them.
struct Extra {
    std::uint32_t begin;
    std::uint32_t end;
    Kind kind;
};

struct Drafts {
    std::vector<Draft> nodes; // [0] is nothing
    std::vector<Extra> extras;
    std::uint32_t root = 0;
};

// nullopt: not certain. Time: linear. The text may be any bytes, at most 64 MiB.
std::optional<Drafts> quick_parse(std::string_view text);

} // namespace stanch::syntax
