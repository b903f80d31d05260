#define PCRE2_CODE_UNIT_WIDTH 8
#include "scan/pattern/regex.h"

#include "scan/pattern/tree.h"

#include <mutex>
#include <pcre2.h>
#include <re2/re2.h>

namespace stanch::scan {
namespace {

// Of RE2's program and its automata; an expression that needs more is refused.
constexpr int re2_memory = 8 << 20;
// Backtracking steps of one search: some milliseconds.
constexpr std::uint32_t pcre_steps = 200000;
constexpr std::uint32_t pcre_heap_kib = 4096;

struct CodeFree {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct ContextFree {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct DataFree {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

RE2::Options re2_options(bool characters) {
    RE2::Options options;
    options.set_encoding(characters ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    options.set_max_mem(re2_memory);
    return options;
}

} // namespace

struct Regex::Engine {
    std::unique_ptr<const RE2> re2;
    std::unique_ptr<pcre2_code, CodeFree> pcre;
    std::size_t groups = 0;
    std::string linear; // what RE2 takes where PCRE2 gives up; empty: nothing
    bool as_characters = false;
    std::once_flag linear_once;

    Result<void> compile_pcre(std::string_view expression, bool characters) {
        int error = 0;
        PCRE2_SIZE at = 0;
        const std::uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT |
                                      (characters ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : 0);
        pcre.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                 options, &error, &at, nullptr));
        if (pcre == nullptr) {
            char message[256] = {};
            pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
            return fail(ErrorKind::invalid, message, "at " + std::to_string(at + 1));
        }
        pcre2_jit_compile(pcre.get(), PCRE2_JIT_COMPLETE); // without it, it is only slower
        std::uint32_t count = 0;
        pcre2_pattern_info(pcre.get(), PCRE2_INFO_CAPTURECOUNT, &count);
        groups = count;
        return {};
    }
};

Regex::Regex() : engine_(std::make_unique<Engine>()) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::size_t Regex::groups() const {
    return engine_->groups;
}

Result<Regex> Regex::compile(std::string_view expression, From from) {
    STANCH_TRY(const Expression parsed, parse_expression(expression));
    if (from == From::us && !parsed.only_pcre) return compile_ours(expression, parsed.characters);
    Regex regex;
    if (!parsed.only_pcre) {
        auto re2 = std::make_unique<const RE2>(
            re2::StringPiece(expression.data(), expression.size()), re2_options(parsed.characters));
        if (re2->ok()) {
            regex.engine_->groups = static_cast<std::size_t>(re2->NumberOfCapturingGroups());
            regex.engine_->re2 = std::move(re2);
            return regex;
        }
        // Too large for RE2 is too large; what it does not know, PCRE2 may.
        if (re2->error_code() == RE2::ErrorPatternTooLarge)
            return fail(ErrorKind::invalid, "too large");
    }
    STANCH_CHECK(regex.engine_->compile_pcre(expression, parsed.characters));
    return regex;
}

Result<Regex> Regex::compile_ours(std::string_view expression, bool characters) {
    Regex regex;
    regex.engine_->linear = expression;
    regex.engine_->as_characters = characters;
    STANCH_CHECK(regex.engine_->compile_pcre(expression, characters));
    return regex;
}

namespace {

Regex::Found search_re2(const RE2& re2, std::string_view text, std::size_t from, std::size_t last,
                        std::size_t to, std::vector<Range>& ranges) {
    thread_local std::vector<re2::StringPiece> pieces;
    pieces.resize(ranges.size());
    if (!re2.Match(re2::StringPiece(text.data(), text.size()), from, to,
                   from == last ? RE2::ANCHOR_START : RE2::UNANCHORED, pieces.data(),
                   static_cast<int>(pieces.size())))
        return Regex::Found::no;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        ranges[i] = {};
        if (pieces[i].data() == nullptr) continue;
        ranges[i].begin = static_cast<std::size_t>(pieces[i].data() - text.data());
        ranges[i].end = ranges[i].begin + pieces[i].size();
    }
    return ranges[0].begin <= last ? Regex::Found::yes : Regex::Found::no;
}

// What one thread matches with, whatever the expression.
struct PcreMemory {
    static constexpr std::uint32_t most_groups = 32; // of our rules; others get memory of their own

    std::unique_ptr<pcre2_match_context, ContextFree> context{pcre2_match_context_create(nullptr)};
    std::unique_ptr<pcre2_match_data, DataFree> data{pcre2_match_data_create(most_groups, nullptr)};

    PcreMemory() {
        pcre2_set_match_limit(context.get(), pcre_steps);
        pcre2_set_heap_limit(context.get(), pcre_heap_kib);
    }
};

Regex::Found search_pcre(const pcre2_code* code, std::string_view text, std::size_t from,
                         std::size_t last, std::size_t to, std::vector<Range>& ranges) {
    thread_local const PcreMemory memory;
    std::unique_ptr<pcre2_match_data, DataFree> larger;
    if (ranges.size() > PcreMemory::most_groups)
        larger.reset(pcre2_match_data_create_from_pattern(code, nullptr));
    pcre2_match_data* data = larger ? larger.get() : memory.data.get();
    pcre2_set_offset_limit(memory.context.get(), last);
    const int count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), to, from,
                                  from == last ? PCRE2_ANCHORED : 0, data, memory.context.get());
    if (count == PCRE2_ERROR_MATCHLIMIT || count == PCRE2_ERROR_HEAPLIMIT ||
        count == PCRE2_ERROR_DEPTHLIMIT || count == PCRE2_ERROR_JIT_STACKLIMIT)
        return Regex::Found::limit;
    if (count < 0) return Regex::Found::no;
    // 0: more groups than there is room for, of which all that are wanted are there.
    const std::size_t filled = count == 0 ? ranges.size() : static_cast<std::size_t>(count);
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        ranges[i] = {};
        if (i < filled && ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1])
            ranges[i] = {ends[2 * i], ends[2 * i + 1]};
    }
    return Regex::Found::yes;
}

} // namespace

Regex::Found Regex::search(std::string_view text, std::size_t from, std::size_t last,
                           std::size_t to, std::vector<Range>& ranges) const {
    if (engine_->pcre == nullptr) return search_re2(*engine_->re2, text, from, last, to, ranges);
    const Found found = search_pcre(engine_->pcre.get(), text, from, last, to, ranges);
    if (found != Found::limit || engine_->linear.empty()) return found;
    std::call_once(engine_->linear_once, [this] {
        engine_->re2 =
            std::make_unique<const RE2>(engine_->linear, re2_options(engine_->as_characters));
    });
    if (!engine_->re2->ok()) return found;
    return search_re2(*engine_->re2, text, from, last, to, ranges);
}

bool Regex::found_in(std::string_view text) const {
    thread_local std::vector<Range> whole(1);
    return search(text, 0, text.size(), text.size(), whole) == Found::yes;
}

} // namespace stanch::scan
