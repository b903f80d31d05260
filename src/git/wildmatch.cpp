// The pattern becomes a list of steps; the set of steps that are possible at a place moves along
// the text (an NFA without backtracking). A set of up to 63 steps is one word, which is enough for
// nearly every pattern there is.
#include "git/wildmatch.h"

#include <array>
#include <bit>
#include <bitset>
#include <cctype>
#include <utility>
#include <vector>

namespace stanch::git {
namespace {

using Set = std::bitset<256>;

struct Step {
    enum class Kind : std::uint8_t {
        literal,   // this character
        set,       // one of these characters
        star,      // any number of characters but '/'
        deep,      // any number of characters
        skip_dirs, // "**/" where it begins: may be left out altogether
        dirs,      // inside it: any number of characters, and a '/' to leave
        never,     // a broken part: nothing passes
    };
    Kind kind = Kind::never;
    char c = 0;
    Set set;

    [[nodiscard]] bool passes(char next) const {
        switch (kind) {
        case Kind::literal:
            return next == c;
        case Kind::set:
            return set[static_cast<unsigned char>(next)];
        case Kind::dirs:
            return next == '/';
        default:
            return false;
        }
    }
    [[nodiscard]] bool stays(char next) const {
        return kind == Kind::deep || kind == Kind::dirs || (kind == Kind::star && next != '/');
    }
    [[nodiscard]] bool may_be_empty() const { return kind == Kind::star || kind == Kind::deep; }
};

unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

using ClassTest = int (*)(int);
constexpr std::array<std::pair<std::string_view, ClassTest>, 12> classes{{
    {"alnum", std::isalnum},
    {"alpha", std::isalpha},
    {"blank", std::isblank},
    {"cntrl", std::iscntrl},
    {"digit", std::isdigit},
    {"graph", std::isgraph},
    {"lower", std::islower},
    {"print", std::isprint},
    {"punct", std::ispunct},
    {"space", std::isspace},
    {"upper", std::isupper},
    {"xdigit", std::isxdigit},
}};

class Compiler {
  public:
    Compiler(std::string_view pattern, bool fold_case) : pattern_(pattern), fold_(fold_case) {}

    std::vector<Step> run() {
        while (at_ < pattern_.size())
            step();
        return std::move(steps_);
    }

  private:
    void step() {
        const char c = pattern_[at_];
        if (c == '*') return stars();
        ++at_;
        if (c == '?') return add_set(~Set().set('/'));
        if (c == '[') return bracket();
        if (c != '\\') return add(Step::Kind::literal, c);
        // A lone backslash at the end matches nothing.
        if (at_ == pattern_.size()) return add(Step::Kind::never);
        add(Step::Kind::literal, pattern_[at_++]);
    }

    void stars() {
        const std::size_t begin = at_;
        while (at_ < pattern_.size() && pattern_[at_] == '*')
            ++at_;
        const std::string_view rest = pattern_.substr(at_);
        const bool starts_name = begin == 0 || pattern_[begin - 1] == '/';
        if (at_ - begin == 1 || !starts_name) return add(Step::Kind::star);
        if (rest.empty() || rest.starts_with("\\/")) return add(Step::Kind::deep);
        if (rest[0] != '/') return add(Step::Kind::star);
        ++at_;
        add(Step::Kind::skip_dirs);
        add(Step::Kind::dirs);
    }

    // Behind a '['. An unclosed set makes the pattern match nothing.
    void bracket() {
        Set set;
        const bool negated =
            at_ < pattern_.size() && (pattern_[at_] == '!' || pattern_[at_] == '^');
        if (negated) ++at_;
        int previous = -1;
        for (bool first = true;; first = false) {
            if (at_ >= pattern_.size()) return add(Step::Kind::never);
            if (pattern_[at_] == ']' && !first) break;
            if (!member(set, previous)) return add(Step::Kind::never);
        }
        ++at_;
        if (negated) set.flip();
        add_set(set.reset('/'));
    }

    // One part of a set: a range's end, a class, or a character. False where the pattern is broken.
    bool member(Set& set, int& previous) {
        const std::string_view rest = pattern_.substr(at_);
        if (rest[0] == '-' && previous >= 0 && rest.size() > 1 && rest[1] != ']')
            return range(set, previous);
        if (rest.starts_with("[:")) {
            const std::size_t close = pattern_.find(']', at_ + 2);
            if (close == std::string_view::npos) return false;
            if (close > at_ + 2 && pattern_[close - 1] == ':')
                return named_class(set, close, previous);
        }
        if (!unescape()) return false;
        previous = byte(pattern_[at_++]);
        set.set(static_cast<std::size_t>(previous));
        return true;
    }

    bool range(Set& set, int& previous) {
        ++at_;
        if (!unescape()) return false;
        const unsigned last = byte(pattern_[at_++]);
        for (auto c = static_cast<unsigned>(previous); c <= last; ++c) {
            set.set(c);
            // A folded text has no capitals; a range of them takes their small letters.
            if (fold_ && c >= 'A' && c <= 'Z') set.set(c - 'A' + 'a');
        }
        previous = -1;
        return true;
    }

    bool named_class(Set& set, std::size_t close, int& previous) {
        const std::string_view name = pattern_.substr(at_ + 2, close - 1 - (at_ + 2));
        at_ = close + 1;
        previous = -1;
        for (const auto& [known, test] : classes) {
            if (known != name) continue;
            for (int c = 0; c < 0x80; ++c)
                if (test(c) != 0 || (fold_ && name == "upper" && std::islower(c) != 0))
                    set.set(static_cast<std::size_t>(c));
            return true;
        }
        return false;
    }

    bool unescape() {
        if (pattern_[at_] == '\\') ++at_;
        return at_ < pattern_.size();
    }

    void add(Step::Kind kind, char c = 0) { steps_.push_back({kind, fold_ ? lower(c) : c, {}}); }
    void add_set(const Set& set) { steps_.push_back({Step::Kind::set, 0, set}); }

    std::string_view pattern_;
    std::size_t at_ = 0;
    bool fold_;
    std::vector<Step> steps_;
};

// The possible places, as a word.
class SmallPlaces {
  public:
    explicit SmallPlaces(std::size_t /*count*/) {}
    bool add(std::size_t place) {
        const std::uint64_t before = word_;
        word_ |= std::uint64_t{1} << place;
        return word_ != before;
    }
    [[nodiscard]] bool has(std::size_t place) const { return (word_ >> place & 1) != 0; }
    template <class Visit>
    void each(Visit visit) const {
        for (std::uint64_t left = word_; left != 0; left &= left - 1)
            visit(static_cast<std::size_t>(std::countr_zero(left)));
    }

  private:
    std::uint64_t word_ = 0;
};

class ManyPlaces {
  public:
    explicit ManyPlaces(std::size_t count) : bits_(count) {}
    bool add(std::size_t place) { return std::exchange(bits_[place], 1) == 0; }
    [[nodiscard]] bool has(std::size_t place) const { return bits_[place] != 0; }
    template <class Visit>
    void each(Visit visit) const {
        for (std::size_t i = 0; i < bits_.size(); ++i)
            if (bits_[i] != 0) visit(i);
    }

  private:
    std::vector<char> bits_;
};

// Adds a place, and those that are reached from it without a character.
template <class Places>
void enter(const std::vector<Step>& steps, Places& places, std::size_t place) {
    while (places.add(place) && place < steps.size()) {
        const bool skips = steps[place].kind == Step::Kind::skip_dirs;
        if (!skips && !steps[place].may_be_empty()) return;
        if (skips) enter(steps, places, place + 2);
        ++place;
    }
}

template <class Places>
bool run(const std::vector<Step>& steps, std::string_view text, bool fold_case) {
    Places now(steps.size() + 1);
    enter(steps, now, 0);
    for (const char raw : text) {
        const char c = fold_case ? lower(raw) : raw;
        Places next(steps.size() + 1);
        now.each([&](std::size_t i) {
            if (i == steps.size()) return;
            if (steps[i].passes(c)) enter(steps, next, i + 1);
            if (steps[i].stays(c)) enter(steps, next, i);
        });
        now = std::move(next);
    }
    return now.has(steps.size());
}

} // namespace

struct Wildmatch::Steps {
    std::vector<Step> list;
    bool fold_case;
};

Wildmatch::Wildmatch(std::string_view pattern, bool fold_case)
    : steps_(std::make_unique<Steps>(Steps{Compiler(pattern, fold_case).run(), fold_case})) {}
Wildmatch::Wildmatch(Wildmatch&&) noexcept = default;
Wildmatch& Wildmatch::operator=(Wildmatch&&) noexcept = default;
Wildmatch::~Wildmatch() = default;

bool Wildmatch::matches(std::string_view text) const {
    return steps_->list.size() < 64 ? run<SmallPlaces>(steps_->list, text, steps_->fold_case)
                                    : run<ManyPlaces>(steps_->list, text, steps_->fold_case);
}

} // namespace stanch::git
