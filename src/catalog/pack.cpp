// A rule set as one block of bytes: LEB128 numbers, length-prefixed texts, in the order of the
// fields.
//
// One function visits the fields of each struct; a writer and a reader are its two visitors, so
// that they cannot disagree.
#include "catalog/catalog.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace stanch::catalog {
namespace {

constexpr std::string_view magic = "stanch rules 1";

struct Writer {
    std::string out;

    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            out += static_cast<char>(value | 0x80);
        out += static_cast<char>(value);
    }
    void field(const std::string& text) {
        number(text.size());
        out += text;
    }
    void field(const double& value) { number(std::bit_cast<std::uint64_t>(value)); }
    void field(const bool& value) { number(value ? 1 : 0); }
    void field(const unsigned& value) { number(value); }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void field(const Enum& value) {
        number(static_cast<std::uint64_t>(value));
    }
    void field(const std::optional<std::size_t>& value) { number(value ? *value + 1 : 0); }
    template <class T>
    void list(const std::vector<T>& items, auto each) {
        number(items.size());
        for (const T& item : items)
            each(item);
    }
};

struct Reader {
    std::string_view in;
    bool good = true;

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (in.empty()) break;
            const auto byte = static_cast<unsigned char>(in.front());
            in.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80) return value;
        }
        good = false;
        return 0;
    }
    void field(std::string& text) {
        const std::uint64_t size = number();
        if (size > in.size()) {
            good = false;
            return;
        }
        text = in.substr(0, size);
        in.remove_prefix(size);
    }
    void field(double& value) { value = std::bit_cast<double>(number()); }
    void field(bool& value) { value = number() != 0; }
    void field(unsigned& value) { value = static_cast<unsigned>(number()); }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void field(Enum& value) {
        const std::uint64_t read = number();
        if (read > 2)
            good = false;
        else
            value = static_cast<Enum>(read);
    }
    void field(std::optional<std::size_t>& value) {
        const std::uint64_t read = number();
        if (read != 0) value = read - 1;
    }
    template <class T>
    void list(std::vector<T>& items, auto each) {
        const std::uint64_t count = number();
        // Every item takes at least a byte: a broken count cannot ask for more than there is.
        if (count > in.size())
            good = false;
        else
            items.reserve(std::min<std::uint64_t>(count, 4096));
        for (std::uint64_t i = 0; i < count && good; ++i)
            each(items.emplace_back());
    }
};

template <class Visitor, class Words>
void visit_words(Visitor& visitor, Words& words) {
    visitor.list(words, [&](auto& word) { visitor.field(word); });
}

template <class Visitor, class List>
void visit_allowlist(Visitor& visitor, List& list) {
    visitor.field(list.description);
    visitor.field(list.condition);
    visit_words(visitor, list.commits);
    visit_words(visitor, list.paths);
    visit_words(visitor, list.regexes);
    visitor.field(list.target);
    visit_words(visitor, list.stopwords);
    visit_words(visitor, list.target_rules);
    visitor.field(list.where);
}

template <class Visitor, class R>
void visit_rule(Visitor& visitor, R& rule) {
    for (auto* text : {&rule.id, &rule.description, &rule.provider, &rule.regex, &rule.path})
        visitor.field(*text);
    visitor.field(rule.secret_group);
    visitor.field(rule.entropy);
    visit_words(visitor, rule.keywords);
    visit_words(visitor, rule.tags);
    visitor.field(rule.skip_report);
    visitor.list(rule.allowlists, [&](auto& list) { visit_allowlist(visitor, list); });
    visitor.list(rule.required, [&](auto& requirement) {
        visitor.field(requirement.rule);
        visitor.field(requirement.within_lines);
        visitor.field(requirement.within_columns);
    });
    visitor.field(rule.confidence);
    for (auto* text : {&rule.checksum, &rule.structure, &rule.manage, &rule.rotate, &rule.where})
        visitor.field(*text);
    visitor.field(rule.built_in);
}

template <class Visitor, class Set>
void visit(Visitor& visitor, Set& set) {
    visitor.list(set.rules, [&](auto& rule) { visit_rule(visitor, rule); });
    visitor.list(set.allowlists, [&](auto& list) { visit_allowlist(visitor, list); });
}

} // namespace

std::string pack(const RuleSet& rules) {
    Writer writer;
    writer.out = magic;
    visit(writer, rules);
    return std::move(writer.out);
}

Result<RuleSet> unpack(std::string_view bytes) {
    RuleSet set;
    if (!bytes.starts_with(magic))
        return fail(ErrorKind::internal, "packed rules of another version");
    Reader reader{bytes.substr(magic.size())};
    visit(reader, set);
    if (!reader.good || !reader.in.empty())
        return fail(ErrorKind::internal, "packed rules are broken");
    return set;
}

} // namespace stanch::catalog
