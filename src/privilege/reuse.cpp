#include "privilege/reuse.h"

#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <sodium.h>

namespace stanch::privilege {
namespace {

constexpr std::size_t shortest = 6;
using Mark = std::array<unsigned char, 16>;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

void keep(std::vector<Secret>& out, std::string_view part) {
    if (part.size() < shortest) return;
    if (std::ranges::any_of(out, [&](const Secret& known) { return known.reveal() == part; }))
        return;
    out.emplace_back(part);
}

void keep_decoded(std::vector<Secret>& out, std::string_view part) {
    keep(out, part);
    if (auto decoded = text::percent_decode(part)) {
        keep(out, *decoded);
        wipe(*decoded);
    }
}

// The password of scheme://user:password@host, percent-decoded (RFC 3986 §3.2.1).
void url_parts(std::vector<Secret>& out, std::string_view value) {
    const auto scheme = value.find("://");
    if (scheme == std::string_view::npos || scheme > 40) return;
    std::string_view rest = value.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    // A password may hold '@' undressed: the last one ends it. And '/' where somebody forgot to
    // encode it.
    auto at = rest.rfind('@');
    if (at == std::string_view::npos) {
        rest = value.substr(scheme + 3);
        at = rest.rfind('@');
        if (at == std::string_view::npos) return;
    }
    const std::string_view account = rest.substr(0, at);
    const auto colon = account.find(':');
    if (colon == std::string_view::npos) return keep(out, account);
    const std::string_view password = account.substr(colon + 1);
    keep_decoded(out, password);
}

// "host=h password=p", "Server=h;Pwd=p;", "…?password=p&…"
void named_parts(std::vector<Secret>& out, std::string_view value) {
    static constexpr std::array<std::string_view, 8> names{
        "password", "pwd", "passwd", "secret", "token", "accountkey", "sharedaccesskey", "api_key"};
    std::string folded;
    for (const char c : value)
        folded += lower(c);
    for (const std::string_view name : names)
        for (std::size_t at = folded.find(name); at != std::string::npos;
             at = folded.find(name, at + 1)) {
            std::size_t begin = at + name.size();
            while (begin < value.size() && value[begin] == ' ')
                ++begin;
            if (begin >= value.size() || value[begin] != '=') continue;
            ++begin;
            while (begin < value.size() && value[begin] == ' ')
                ++begin;
            std::string_view part = value.substr(begin);
            const char quote =
                !part.empty() && (part[0] == '\'' || part[0] == '"') ? part[0] : '\0';
            if (quote != '\0') {
                keep_decoded(out, part.substr(1, std::min(part.find(quote, 1), part.size()) - 1));
                continue;
            }
            // What ends it depends on the string's kind: each reading is looked up, since one that
            // is wrong is nobody's value.
            for (const std::string_view ends : {" ;&", ";", " ;", "&"})
                keep_decoded(out, part.substr(0, part.find_first_of(ends)));
        }
    wipe(folded);
}

void encoded_parts(std::vector<Secret>& out, std::string_view value) {
    if (value.find('%') != std::string_view::npos)
        if (auto decoded = text::percent_decode(value)) {
            keep(out, *decoded);
            wipe(*decoded);
        }
    std::string_view bare = value.starts_with("Basic ")    ? value.substr(6)
                            : value.starts_with("Bearer ") ? value.substr(7)
                                                           : value;
    if (bare.size() != value.size()) keep(out, bare);
    if (bare.size() < 8) return;
    for (const text::Base64 alphabet : {text::Base64::standard, text::Base64::url})
        if (auto decoded = text::base64_decode(bare, alphabet, true)) {
            // Any letters may be Base64 of something; only what reads as text was text before.
            if (decoded->size() >= shortest && printable(*decoded)) {
                keep(out, *decoded);
                if (const auto colon = decoded->find(':'); colon != std::string::npos)
                    keep(out, std::string_view(*decoded).substr(colon + 1));
            }
            wipe(*decoded);
        }
}

Mark mark_of(std::string_view value, std::span<const unsigned char> key) {
    Mark mark{};
    crypto_generichash(mark.data(), mark.size(),
                       reinterpret_cast<const unsigned char*>(value.data()), value.size(),
                       key.data(), key.size());
    return mark;
}

} // namespace

std::vector<Secret> undress(std::string_view value) {
    std::vector<Secret> out;
    keep(out, value);
    url_parts(out, value);
    named_parts(out, value);
    encoded_parts(out, value);
    return out;
}

std::vector<Shared> find_shared(const std::vector<const Stored*>& stored) {
    std::array<unsigned char, 32> key{};
    randombytes_buf(key.data(), key.size());
    // Places that have a part in common are one group: union by the first place that had it.
    std::vector<std::size_t> parent(stored.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t at) {
        while (parent[at] != at)
            at = parent[at] = parent[parent[at]];
        return at;
    };
    std::map<Mark, std::size_t> first;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (!stored[i]->sensitive) continue;
        for (const Secret& part : undress(stored[i]->value.reveal())) {
            const auto [known, fresh] = first.try_emplace(mark_of(part.reveal(), key), i);
            if (!fresh)
                parent[std::max(root(known->second), root(i))] =
                    std::min(root(known->second), root(i));
        }
    }
    sodium_memzero(key.data(), key.size());
    std::map<std::size_t, Shared> groups;
    for (std::size_t i = 0; i < stored.size(); ++i)
        if (stored[i]->sensitive) groups[root(i)].places.push_back(i);
    std::vector<Shared> out;
    for (auto& [place, group] : groups)
        if (group.places.size() > 1) out.push_back(std::move(group));
    return out;
}

} // namespace stanch::privilege
