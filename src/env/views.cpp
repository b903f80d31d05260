#include "env/views.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <tuple>
#include <utility>

namespace stanch::env {
namespace {

struct View {
    Dialect dialect;
    Document document;
    std::map<std::pair<std::size_t, std::string>, const Entry*> at; // by line and name
    std::map<std::string, std::size_t> counts;
};

View make_view(std::string_view text, Dialect dialect, const Lookup& environment) {
    View view{dialect, parse(text, dialect, {.environment = environment}), {}, {}};
    for (const Entry& entry : view.document.entries)
        if (entry.key && entry.value) {
            view.at[{entry.key_line, *entry.key}] = &entry;
            ++view.counts[*entry.key];
        }
    return view;
}

bool is_plain_name(std::string_view name) {
    const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
           std::ranges::all_of(name, word);
}

class Comparison {
  public:
    Comparison(std::vector<View> views, std::set<std::string, std::less<>> sure,
               std::vector<Difference>& out)
        : views_(std::move(views)), sure_(std::move(sure)), out_(out) {}

    void run() {
        for (const View& view : views_)
            errors(view);
        for (const auto& [place, entry] : views_[0].at)
            values(place, *entry);
        for (const View& view : views_)
            extras(view);
        duplicates();
        std::ranges::sort(out_, [](const Difference& a, const Difference& b) {
            return std::tie(a.line, a.dialects, a.what) < std::tie(b.line, b.dialects, b.what);
        });
    }

  private:
    [[nodiscard]] std::string shown(const std::string& name) const {
        return sure_.contains(name) ? name : "";
    }

    void add(std::size_t line, const std::string& name, Dialect dialect, const std::string& what) {
        for (Difference& known : out_)
            if (known.line == line && known.what == what && known.name == name) {
                if (std::ranges::find(known.dialects, dialect) == known.dialects.end())
                    known.dialects.push_back(dialect);
                return;
            }
        out_.push_back({line, name, {dialect}, what});
    }

    void errors(const View& view) {
        for (const Entry& entry : view.document.entries)
            if (entry.error && !entry.message.starts_with("not read"))
                add(entry.key_line, "", view.dialect,
                    "does not take this line: " + std::string(entry.message));
        const Entry* fatal = view.document.refused ? fatal_error(view) : nullptr;
        if (fatal == nullptr) return;
        const bool keeps = view.dialect == Dialect::uv || view.dialect == Dialect::posix;
        add(fatal->key_line, "", view.dialect,
            keeps ? "loses everything from here on" : "refuses the whole file for it");
    }

    // A shell goes on after a command that fails, and ends at the last thing that it could not
    // read.
    static const Entry* fatal_error(const View& view) {
        if (view.dialect != Dialect::posix) return view.document.first_error();
        const Entry* last = nullptr;
        for (const Entry& entry : view.document.entries)
            if (entry.error && !entry.message.starts_with("not read")) last = &entry;
        return last;
    }

    // Whether a program stopped reading, or dropped the statement, at or before this line: said
    // already.
    static bool covered(const View& view, std::size_t line) {
        for (const Entry& entry : view.document.entries) {
            if (!entry.error) continue;
            const auto lines = static_cast<std::size_t>(std::ranges::count(entry.original, '\n'));
            if (&entry == fatal_error(view) && view.document.refused && entry.line <= line)
                return true;
            if (entry.line <= line && line <= entry.line + lines) return true;
        }
        return false;
    }

    void values(const std::pair<std::size_t, std::string>& place, const Entry& entry) {
        const std::string why = awkward_parts(entry.raw.empty() ? entry.original : entry.raw);
        const std::string because = why.empty() ? "" : " (" + why + ")";
        for (const View& view : std::span(views_).subspan(1)) {
            const auto theirs = view.at.find(place);
            if (theirs == view.at.end()) {
                if (!covered(view, place.first))
                    add(place.first, shown(place.second), view.dialect,
                        "does not read this variable" + because);
            } else if (!theirs->second->value->equals(*entry.value)) {
                add(place.first, shown(place.second), view.dialect,
                    "reads another value" + because);
            }
        }
    }

    void extras(const View& view) {
        for (const auto& [place, entry] : view.at)
            if (!views_[0].at.contains(place) && !covered(views_[0], place.first))
                add(place.first, "", view.dialect,
                    "reads a variable here that the first target does not");
    }

    void duplicates() {
        for (const auto& [name, count] : views_[0].counts) {
            if (count < 2) continue;
            std::size_t line = 0;
            for (const auto& [place, entry] : views_[0].at)
                if (place.second == name) line = std::max(line, place.first);
            for (const View& view : views_)
                if (view.dialect == Dialect::uv)
                    add(line, shown(name), view.dialect,
                        "takes the first of several values, not this one");
        }
    }

    std::vector<View> views_;
    std::set<std::string, std::less<>> sure_;
    std::vector<Difference>& out_;
};

struct Part {
    std::string_view characters;
    std::string_view name;
};

} // namespace

std::vector<Difference> compare_views(std::string_view text, std::span<const Dialect> targets,
                                      const Lookup& environment) {
    std::vector<View> views;
    for (const Dialect target : targets)
        views.push_back(make_view(text, target, environment));
    std::vector<Difference> differences;
    if (!views.empty()) Comparison(std::move(views), sure_names(text), differences).run();
    return differences;
}

std::set<std::string, std::less<>> sure_names(std::string_view text) {
    using Places = std::set<std::pair<std::size_t, std::string>>;
    std::optional<Places> common;
    for (const Dialect dialect : all_dialects) {
        const Document document = parse(text, dialect);
        if (document.first_error() != nullptr) return {};
        Places places;
        for (const Entry& entry : document.entries)
            if (entry.key && is_plain_name(*entry.key)) places.emplace(entry.key_line, *entry.key);
        if (common)
            std::erase_if(*common, [&](const auto& place) { return !places.contains(place); });
        else
            common = std::move(places);
    }
    std::set<std::string, std::less<>> names;
    for (const auto& [line, name] : *common)
        names.insert(name);
    return names;
}

std::string awkward_parts(std::string_view raw) {
    constexpr std::array parts{
        Part{"$", "a dollar sign"},  Part{"\\", "a backslash"},
        Part{"'", "a single quote"}, Part{"\"", "a double quote"},
        Part{"`", "a backtick"},     Part{"#", "a hash"},
        Part{" \t", "a space"},      Part{"&|;<>()", "a shell operator"},
        Part{"~", "a tilde"},        Part{"\r", "a carriage return"},
    };
    std::string list;
    for (const Part& part : parts)
        if (raw.find_first_of(part.characters) != std::string_view::npos)
            list += (list.empty() ? "" : ", ") + std::string(part.name);
    if (raw.substr(0, raw.find_last_not_of("\r\n") + 1).find('\n') != std::string_view::npos)
        list += (list.empty() ? "" : ", ") + std::string("several lines");
    return list;
}

} // namespace stanch::env
