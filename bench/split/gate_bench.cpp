// What the gate costs a hook that has both sides of the staged files at hand: least milliseconds of
// thirty calls of check_change(), over made-up files whose changed lines are spread evenly.
#include "commits/gate.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>

namespace {

namespace commits = stanch::commits;

struct Files {
    std::vector<std::string> paths;
    std::vector<std::string> old_texts;
    std::vector<std::string> new_texts;

    void add(std::mt19937& random, int lines, int changed) {
        std::string old_text;
        std::string new_text;
        for (int line = 0; line < lines; ++line) {
            const auto made = [&] {
                return "    value_" + std::to_string(random() % 100000) + " = call(argument, " +
                       std::to_string(line) + ")\n";
            };
            const std::string text = made();
            old_text += text;
            new_text += line % (lines / changed) == 1 ? made() : text;
        }
        paths.push_back("src/module_" + std::to_string(paths.size()) + ".py");
        old_texts.push_back(std::move(old_text));
        new_texts.push_back(std::move(new_text));
    }

    [[nodiscard]] std::vector<commits::FilePair> pairs() const {
        std::vector<commits::FilePair> out;
        for (std::size_t i = 0; i < paths.size(); ++i)
            out.push_back({paths[i], old_texts[i], new_texts[i], false});
        return out;
    }
};

double least_milliseconds(const std::vector<commits::FilePair>& pairs) {
    double least = 1e9;
    for (int run = 0; run < 30; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        const commits::Verdict verdict = commits::check_change(pairs, {}, "Change values\n");
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        if (!verdict.measure.binary.empty()) return 0;
        least = std::min(least, took.count());
    }
    return least;
}

void measure(int files, int lines, int changed) {
    std::mt19937 random(1);
    Files made;
    for (int i = 0; i < files; ++i)
        made.add(random, lines, changed);
    std::cout << "| " << files << " | " << lines << " | " << 2 * files * changed << " | "
              << least_milliseconds(made.pairs()) << " |\n";
}

} // namespace

int main() {
    std::cout << "| files | lines each | changed lines | ms |\n|---|---|---|---|\n";
    measure(1, 400, 40);
    measure(5, 400, 20);
    measure(50, 500, 10);
    measure(200, 500, 12);
}
