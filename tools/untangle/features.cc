// The trainer's view of the product: its features, from the product's own code.
//
//   untangle_features REPOSITORY OUT < list        (list: "ID BASE HEAD" a line)
//
// writes a record a change in the machine's own byte order: "ID\n", "HUNKS FEATURES\n", a line
// "path@-a,b+c,d<TAB>file<TAB>directory<TAB>lines<TAB>kind" a hunk, the floats of every pair i < j,
// row by row, '\n'.
#include "commits/features.h"
#include "commits/board.h"
#include "commits/read.h"

#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace stanch;
using namespace stanch::commits;

std::string name_of(const Change& change, const Hunk& hunk) {
    std::ostringstream out;
    out << change.files[hunk.file].path << "@-" << hunk.old_start << ',' << hunk.old_lines << '+'
        << hunk.new_start << ',' << hunk.new_lines;
    return out.str();
}

Result<void> write_record(const Git& git, const std::string& id, const std::string& base,
                          const std::string& head, std::ostream& out) {
    STANCH_TRY(const Change change, read_change(git, base, head));
    STANCH_TRY(const auto history, read_history(git, base, change));
    const Board board = make_board(change, gather_facts(change, history));
    out << id << '\n' << board.count << ' ' << feature_names().size() << '\n';
    for (std::size_t i = 0; i < board.count; ++i)
        out << name_of(change, change.hunks[i]) << '\t' << board.file[i] << '\t' << board.place[i]
            << '\t' << board.lines[i] << '\t' << int{board.kind[i]} << '\n';
    out.write(reinterpret_cast<const char*>(board.pairs.data()),
              static_cast<std::streamsize>(board.pairs.size() * sizeof(float)));
    out << '\n';
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const auto git = Git::open(argv[1]);
    if (!git) return 3;
    std::ofstream out(argv[2], std::ios::binary);
    std::string id;
    std::string base;
    std::string head;
    while (std::cin >> id >> base >> head)
        if (const auto done = write_record(*git, id, base, head, out); !done)
            std::cerr << id << ": " << done.error().what << '\n';
    return out.flush() ? 0 : 3;
}
