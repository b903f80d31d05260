// What is known of each hunk before two of them are compared: its words, what it defines, imports
// and uses, where it stands, and what kind of file that is.
#pragma once

#include "commits/change.h"
#include "commits/edit.h"
#include "commits/history.h"
#include "commits/scopes.h"
#include "commits/words.h"

#include <array>
#include <cstdint>
#include <vector>

namespace stanch::commits {

enum class FileKind : std::uint8_t { code, test, documentation, changelog, settings, lock, other };
constexpr std::size_t kinds = 7;

// The path of the directory that a file stands in; empty: the top.
std::string_view directory(std::string_view path);
std::string_view file_name(std::string_view path);
// A file's name up to its first dot that does not begin it.
std::string_view without_ending(std::string_view name);
// The last word of a path that is not "test", "docs" and the like: what the file is about.
std::string stem_of(std::string_view path);

FileKind kind_of(std::string_view path);

// A lock file or a file that a program wrote: by its name, or by "generated" and "do not edit" in
// its first lines.
bool is_generated(std::string_view path, std::string_view content);

struct FileFacts {
    FileKind kind = FileKind::other;
    Language language = Language::other;
    WordSet path_parts; // of the whole path
    WordSet stem_parts; // of the file's name without "test" and its ending
    Word stem = 0;      // "parser" for src/parser.py, tests/test_parser.py and docs/parser.rst
    Word module = 0;    // the file's name without its ending
    Word directory = 0;
    Word top = 0; // the first directory
    bool created = false;
    bool deleted = false;
    WordSet imports;                         // modules and names that the file imports anywhere
    std::vector<std::uint16_t> commits;      // those of the history that touched it, ascending
    std::vector<std::uint16_t> near_commits; // that touched a file beside it
    Bag profile;           // parts of the words of those commits' subjects, with their counts
    float usual_hunks = 0; // of a past commit in this file, on average; 0: unknown
    WordSet words;         // identifiers anywhere in it
};

struct HunkFacts {
    Bag all;           // identifiers of the removed and the added lines
    Bag changed;       // those that stand on one side only
    WordSet added;     // on the added side only
    WordSet removed;   // on the removed side only
    Bag parts;         // parts of all the words
    Bag changed_parts; // parts of the changed words
    Bag context;       // identifiers of the lines around and of the definitions it stands in
    WordSet defined;   // brought into being on the added side
    WordSet undefined; // defined on the removed side and no more
    WordSet imported;
    WordSet used; // identifiers of the added side that are neither defined nor imported there
    WordSet lost; // identifiers of the removed side, likewise
    WordSet scope_parts;
    WordSet renames; // hashes of (old word, new word) where one word took another's place
    Bag topics;      // commits of the history by how much their subjects and paths share with it
    Bag echoes;      // those whose edits of the same files share its changed words
    std::vector<std::uint16_t> near_past;   // those that wrote the lines beside it, ascending
    std::vector<std::uint16_t> around_past; // or some lines further away
    Word function = Vocabulary::none;       // the innermost definition's name
    Word holder = Vocabulary::none;         // the outermost one's
    std::int32_t scope = -1;                // a number of the definition within its file, -1: none
    std::uint64_t edit = 0;  // the same for the same textual edit; 0: nothing worth comparing
    bool only_blank = false; // nothing but white space differs
    bool only_comment = false;
    bool only_imports = false;
    bool only_prose = false; // comments, strings in three quotes, documents
    Bag scope_bag;           // parts of the names of the definitions it stands in
    Edit look;
    WordSet literals;       // string literals and numbers that stand on one side only
    WordSet issues;         // numbers of issues that it names
    std::uint32_t body = 0; // index into Facts::bodies; 0: it stands in no definition
};

struct Facts {
    std::vector<FileFacts> files;
    std::vector<HunkFacts> hunks;
    std::vector<Bag> bodies;       // identifiers of whole definitions; the first is empty
    std::vector<float> rarity;     // [word]: ln(1 + hunks / hunks with it)
    std::vector<float> background; // [word]: ln(1 + windows of the touched files / windows with it)
    std::vector<float> part_rarity;    // [word]: of parts, over hunks
    std::vector<float> literal_rarity; // [word]: of literals, over hunks
    float larger_share = 0; // of the history's commits, how many touch at least as many files
    float best_cover = 0;   // the largest share of the change's files that one commit touched
    float code_larger = 0;  // how many touch at least as many files of code
    float hunks_larger = 0; // of the past edits of its files, how many had at least as many hunks
    float lines_larger = 0; // or as many lines
    float repeated = 0;     // of the commits, how many touch a file that the one before touched
    float squashed = 0;     // how many subjects end in a pull request's number
    float files_usual = 0;  // how many files a commit of the history touches
    // [kind][kind]: how many of the commits that touch the one touch the other
    std::array<std::array<float, kinds>, kinds> kind_given{};
};

// An empty history is allowed.
Facts gather_facts(const Change& change, const History& history);

} // namespace stanch::commits
