// The plan on a terminal: parts and hunks as lines, one of them under the cursor, and keys that
// change the plan.
//
// What is drawn and what a key does are plain functions of this state; the terminal itself is
// handled by whoever calls (see verb_split.cpp).
#pragma once

#include "commits/plan.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::cli {

// `cut`: the hunk under the cursor is to be cut into its line groups (by whoever owns the change).
enum class SplitOutcome { going_on, apply, leave, cut };

class SplitView {
  public:
    SplitView(const commits::Change& change, const commits::Facts& facts, commits::Plan plan);

    // One key: a character, or "up", "down", "left", "right", "page up", "page down", "enter",
    // "escape", "backspace".
    SplitOutcome press(std::string_view key);
    // The screen's rows, at most `height` of at most `width` columns; control characters of paths
    // and contents are made visible. `colour`: cursor and diff lines in colours, else a '>' and the
    // signs say the same.
    [[nodiscard]] std::vector<std::string> draw(std::size_t width, std::size_t height,
                                                bool colour) const;

    [[nodiscard]] const commits::Plan& plan() const { return plan_; }
    // The hunk under the cursor; UINT32_MAX on a part's own row.
    [[nodiscard]] std::uint32_t hunk() const;
    void go_to(std::uint32_t hunk);

  private:
    // A row is a part's subject, or one of its hunks.
    struct Row {
        std::size_t part = 0;
        std::size_t hunk = SIZE_MAX; // position in the part; SIZE_MAX: the part itself
    };
    [[nodiscard]] std::vector<Row> rows() const;
    [[nodiscard]] Row current() const;
    void move_cursor(int by);
    void move_hunk(int by);
    void move_part(int by);
    void join_up();
    void divide();
    void remember();
    void take_back();
    SplitOutcome press_in_name(std::string_view key);
    void tidy();
    void draw_diff(std::vector<std::string>& out, std::size_t width, std::size_t height,
                   bool colour) const;
    void draw_list(std::vector<std::string>& out, std::size_t width, std::size_t height,
                   bool colour) const;

    const commits::Change& change_;
    const commits::Facts& facts_;
    commits::Plan plan_;
    std::vector<commits::Plan> past_; // for undo
    std::size_t cursor_ = 0;
    bool diff_ = false;
    std::size_t scroll_ = 0; // within the diff
    bool naming_ = false;
    std::string name_;
};

} // namespace stanch::cli
