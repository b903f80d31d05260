// One thread's eyes on a history: takes each object hot from the pack walker and keeps what it
// finds there as fingerprints and object numbers. The secrets themselves are let go at once: they
// are read again when the report is made, with the path that they had.
#pragma once

#include "core/fingerprint.h"
#include "git/object_table.h"
#include "git/object_walk.h"
#include "scan/history.h"
#include "scan/seen_texts.h"
#include "scan/verdicts.h"
#include "scan/worker.h"

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace stanch::scan {

// Objects that are dealt with: set by whichever thread comes first.
class SeenObjects {
  public:
    explicit SeenObjects(std::uint32_t size) : words_((std::size_t{size} + 63) / 64) {}
    // True the first time.
    bool mark(std::uint32_t number) {
        const std::uint64_t bit = std::uint64_t{1} << number % 64;
        return (words_[number / 64].fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
    }
    [[nodiscard]] bool has(std::uint32_t number) const {
        return (words_[number / 64].load(std::memory_order_relaxed) >> number % 64 & 1U) != 0;
    }

  private:
    std::vector<std::atomic<std::uint64_t>> words_;
};

// What a walk brings back, from one thread or all of them.
struct HistoryFinds {
    std::map<Fingerprint, std::vector<std::uint32_t>> blobs; // object numbers
    std::map<Fingerprint, std::vector<std::uint32_t>> commits;
    std::map<Fingerprint, std::vector<std::uint32_t>> tags;
    std::map<std::string, std::vector<Fingerprint>> names; // of files
    std::set<std::string> missing;                         // raw ids that something refers to
    std::vector<Note> notes;
    Counts counts;

    void add(HistoryFinds other);
};

// A commit's or tag's content from behind the ids that it begins with: people, further headers,
// message.
std::string_view commit_text(std::string_view content);

// Of such a text, what stands behind the headers if that is UTF-16; else empty.
std::string_view utf16_message(std::string_view text);

class HistoryVisitor : public git::ObjectVisitor {
  public:
    HistoryVisitor(const Engine& engine, const git::ObjectTable& table, git::ObjectFormat format,
                   SeenObjects& seen, SeenTexts& texts, const ScanOptions& options);

    void visit(const git::WalkedObject& object) override;
    void visit_large(git::ObjectType type, std::string_view id, git::ObjectStream& stream) override;
    void miss(std::string_view id, const Error& error) override;

    // An object that was read by its id.
    void visit_alone(std::string_view id, const git::Object& object);

    // Call it at the end: matches the names that are still waiting.
    HistoryFinds finish();

    // Every byte of every blob is matched, each time: for the test that compares.
    bool without_deltas = false;

  private:
    // What is remembered of a living object: its hits, if it was matched as plain text.
    struct Memory {
        bool known = false;
        std::vector<Hit> hits;
        std::vector<Verdict> verdicts; // of all hits
    };

    Memory& memory(std::uint32_t slot);
    void blob(std::uint32_t number, const git::WalkedObject& object);
    void plain(std::uint32_t number, const git::WalkedObject& object, Memory& mine);
    void confirm(std::uint32_t number, const git::WalkedObject& object, const Memory* base,
                 Memory& mine);
    void find_in_delta(const git::WalkedObject& object, const Memory& base, Memory& mine);
    void text(std::uint32_t number, std::string_view content,
              std::map<Fingerprint, std::vector<std::uint32_t>>& into);
    void commit(std::uint32_t number, const git::WalkedObject& object);
    void tag(std::uint32_t number, const git::WalkedObject& object);
    void tree(const git::WalkedObject& object);
    void entries(const git::WalkedObject& object, std::uint32_t first, std::uint32_t last);
    void refer_to(std::string_view raw);
    void name(std::string_view name);
    void match_names();
    static void keep(std::uint32_t number, const Fingerprint& fingerprint,
                     std::map<Fingerprint, std::vector<std::uint32_t>>& into);
    void keep(std::uint32_t number, std::map<Fingerprint, std::vector<std::uint32_t>>& into);
    void count(std::uint64_t bytes);

    Worker worker_;
    const git::ObjectTable& table_;
    git::ObjectFormat format_;
    SeenObjects& seen_;
    NewTextFinder new_text_;
    KnownVerdicts known_verdicts_;
    Progress* progress_;
    HistoryFinds finds_;
    Outcome outcome_;
    std::vector<Memory> memories_;
    git::TableLookup referred_;
    std::unordered_set<std::uint64_t> names_;
    std::string waiting_names_;
    std::vector<std::size_t> waiting_ends_; // of each in there
};

} // namespace stanch::scan
