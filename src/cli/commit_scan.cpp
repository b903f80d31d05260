#include "cli/commit_scan.h"

#include "commits/read.h"
#include "scan/allow.h"
#include "scan/engine.h"

#include <algorithm>
#include <memory>

namespace stanch::cli {
namespace {

// Whether a line lies in one of the file's hunks.
bool is_new(const commits::Change& change, const commits::FileChange& file, std::size_t line) {
    if (file.binary) return true;
    for (const std::uint32_t index : file.hunks) {
        const commits::Hunk& hunk = change.hunks[index];
        if (line >= hunk.new_start && line < std::size_t{hunk.new_start} + hunk.new_lines)
            return true;
    }
    return false;
}

class CommitScanner {
  public:
    Result<void> scan(const commits::Git& git, const std::string& before,
                      const std::string& after) {
        if (!engine_) {
            STANCH_TRY(scan::Engine engine, scan::Engine::built_in());
            engine_ = std::make_unique<scan::Engine>(std::move(engine));
        }
        STANCH_TRY(const commits::Change change, commits::read_change(git, before, after));
        scan::Matcher matcher(*engine_);
        std::vector<Place> places;
        for (const commits::FileChange& file : change.files) {
            const std::string& text = file.new_side.content.text();
            std::vector<Finding> findings;
            scan::Content content;
            content.bytes = text;
            content.path = file.path;
            matcher.scan(content, findings);
            for (const Finding& finding : findings)
                if (is_new(change, file, finding.span.line) && counts(finding, text))
                    places.push_back(
                        {file.path + ":" + std::to_string(finding.span.line), finding.rule});
        }
        if (places.empty()) return {};
        return refuse(places);
    }

  private:
    struct Place {
        std::string where; // "test/key.pem:1"
        std::string rule;
    };

    // All at once, so that nobody mends one only to be told of the next.
    static Result<void> refuse(const std::vector<Place>& places) {
        constexpr std::size_t most = 10;
        std::string others;
        for (std::size_t i = 1; i < std::min(places.size(), most); ++i)
            others += (others.empty() ? "" : ", ") + places[i].where + " (" + places[i].rule + ")";
        if (places.size() > most)
            others += " and " + std::to_string(places.size() - most) + " more";
        return fail(ErrorKind::refused,
                    "a commit would bring in a secret: " + places.front().rule +
                        (others.empty() ? "" : "; others are at " + others),
                    places.front().where,
                    "take it out of the change, or allow it with a comment: stanch:allow REASON");
    }

    static bool counts(const Finding& finding, std::string_view text) {
        return finding.confidence != Confidence::low &&
               !scan::allowed_by_comment(text, finding.offset,
                                         finding.offset + finding.secret.size());
    }

    std::unique_ptr<scan::Engine> engine_;
};

} // namespace

std::function<Result<void>(const commits::Git&, const std::string&, const std::string&)>
commit_scanner() {
    auto scanner = std::make_shared<CommitScanner>();
    return [scanner](const commits::Git& git, const std::string& before, const std::string& after) {
        return scanner->scan(git, before, after);
    };
}

} // namespace stanch::cli
