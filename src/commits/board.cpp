#include "commits/board.h"

#include "commits/features.h"

namespace stanch::commits {

Board make_board(const Change& change, const Facts& facts) {
    Board board;
    board.count = change.hunks.size();
    for (const Hunk& hunk : change.hunks) {
        board.file.push_back(hunk.file);
        board.place.push_back(facts.files[hunk.file].directory);
        board.lines.push_back(static_cast<float>(hunk.old_lines + hunk.new_lines));
        board.kind.push_back(static_cast<std::uint8_t>(facts.files[hunk.file].kind));
    }
    board.pairs = pair_features(change, facts);
    return board;
}

} // namespace stanch::commits
