#include "cli/pushed_lists.h"

#include "cli/baseline_file.h"
#include "git/commit_walk.h"
#include "git/tree_diff.h"
#include "os/file.h"
#include "scan/baseline.h"

#include <algorithm>
#include <string>
#include <vector>

namespace stanch::cli {
namespace {

Result<std::vector<git::ObjectId>> trees_of(git::ObjectReader& reader, git::ObjectFormat format,
                                            std::span<const git::ObjectId> tips) {
    std::vector<git::ObjectId> trees;
    for (const git::ObjectId& tip : tips) {
        STANCH_TRY(const std::string text, reader.read(tip, git::ObjectType::commit));
        const auto commit = git::parse_commit(text, format);
        if (!commit)
            return fail(ErrorKind::incomplete, "it is no commit that can be read", tip.hex());
        trees.push_back(commit->tree);
    }
    return trees;
}

// Each text once.
Result<std::vector<std::string>> texts_at(git::ObjectReader& reader,
                                          const std::vector<git::ObjectId>& trees,
                                          std::string_view name) {
    std::vector<git::ObjectId> seen;
    std::vector<std::string> texts;
    for (const git::ObjectId& tree : trees) {
        STANCH_TRY(const git::PathEntry entry, git::find_path(reader, tree, name));
        const bool is_file = (entry.mode & 0170000U) == 0100000U;
        if (!is_file || std::ranges::find(seen, entry.id) != seen.end()) continue;
        seen.push_back(entry.id);
        STANCH_TRY(std::string text, reader.read(entry.id, git::ObjectType::blob));
        texts.push_back(std::move(text));
    }
    return texts;
}

// One is kept as it is: it may be another tool's report.
Result<std::string> merged(std::vector<std::string> texts) {
    if (texts.size() == 1) return std::move(texts.front());
    scan::Baseline all;
    for (const std::string& text : texts) {
        STANCH_TRY(const scan::Baseline one,
                   scan::Baseline::parse(text, std::string(baseline_name)));
        for (const scan::BaselineEntry& entry : one.entries())
            all.put(entry);
    }
    return all.to_text();
}

} // namespace

Result<os::TemporaryDirectory> pushed_lists(git::ObjectReader& reader, git::ObjectFormat format,
                                            std::span<const git::ObjectId> tips) {
    STANCH_TRY(os::TemporaryDirectory folder, os::TemporaryDirectory::make());
    STANCH_TRY(const std::vector<git::ObjectId> trees, trees_of(reader, format, tips));
    STANCH_TRY(std::vector<std::string> baselines, texts_at(reader, trees, baseline_name));
    if (!baselines.empty()) {
        STANCH_TRY(const std::string text, merged(std::move(baselines)));
        STANCH_CHECK(os::write_note(folder.path() + "/" + std::string(baseline_name), text));
    }
    for (const char* name : {".stanchignore", ".gitleaksignore"}) {
        STANCH_TRY(const std::vector<std::string> texts, texts_at(reader, trees, name));
        std::string whole;
        for (const std::string& text : texts)
            whole += text + "\n";
        if (!texts.empty()) STANCH_CHECK(os::write_note(folder.path() + "/" + name, whole));
    }
    return folder;
}

} // namespace stanch::cli
