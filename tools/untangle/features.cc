// Writes the features of changes for the trainer: one record a change, in the machine's own byte
// order.
//
//   untangle_features REPOSITORY OUT < list        (list: "ID BASE HEAD" a line)
//
// A record: "ID\n", "HUNKS FEATURES\n", a line "path@-a,b+c,d" a hunk, then the floats of every
// pair i < j, row by row, then '\n'.
#include "commits/features.h"
#include "commits/read.h"

#include <cstdio>
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
    STANCH_TRY(const auto history, read_history(git, base, 500));
    const Facts facts = gather_facts(change, history);
    const std::vector<float> rows = pair_features(change, facts);
    out << id << '\n' << change.hunks.size() << ' ' << feature_names().size() << '\n';
    for (const Hunk& hunk : change.hunks)
        out << name_of(change, hunk) << '\n';
    out.write(reinterpret_cast<const char*>(rows.data()),
              static_cast<std::streamsize>(rows.size() * sizeof(float)));
    out << '\n';
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--names") {
        for (const std::string_view name : feature_names())
            std::cout << name << '\n';
        return 0;
    }
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
