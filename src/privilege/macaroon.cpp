#include "privilege/macaroon.h"

#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sodium.h>

namespace stanch::privilege {
namespace {

constexpr std::string_view prefix = "pypi-";
enum : std::uint64_t {
    end_of_section = 0,
    location = 1,
    identifier = 2,
    verifier = 4,
    signature = 6
};

struct Token {
    std::string bytes; // up to the signature packet
    std::vector<std::string> caveats;
    std::string signature_bytes;
};

std::unexpected<Error> bad(std::string_view why) {
    return fail(ErrorKind::invalid, "this is no PyPI token: " + std::string(why));
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] bool done() const { return at_ >= bytes_.size(); }

    // LEB128
    std::optional<std::uint64_t> number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 63 && at_ < bytes_.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            value |= static_cast<std::uint64_t>(byte & 127) << shift;
            if (byte < 128) return value;
        }
        return std::nullopt;
    }

    std::optional<std::string> field() {
        const auto size = number();
        if (!size || *size > bytes_.size() - at_) return std::nullopt;
        at_ += *size;
        return std::string(bytes_.substr(at_ - *size, *size));
    }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

Result<Token> parse(const Secret& secret) {
    std::string_view text = secret.reveal();
    if (!text.starts_with(prefix)) return bad("it does not begin with pypi-");
    text.remove_prefix(prefix.size());
    while (text.ends_with('='))
        text.remove_suffix(1);
    const auto decoded = text::base64_decode(text, text::Base64::url_bare);
    if (!decoded || decoded->empty()) return bad("it is not Base64");
    if ((*decoded)[0] != 2) return bad("it is not a macaroon of version 2");
    Token token;
    Reader reader(*decoded);
    reader.number();
    bool caveats = false;
    std::string caveat;
    bool open = false;
    while (!reader.done()) {
        const std::size_t start = reader.at();
        const auto type = reader.number();
        if (!type) return bad("it is cut off");
        if (*type == end_of_section) {
            if (caveats && !open) {
                // Two in a row: the signature follows.
                token.bytes = decoded->substr(0, start);
                if (reader.number() != signature) return bad("it has no signature");
                const auto bytes = reader.field();
                if (!bytes || bytes->size() != crypto_auth_hmacsha256_BYTES)
                    return bad("its signature is cut off");
                token.signature_bytes = *bytes;
                return token;
            }
            if (caveats) token.caveats.push_back(caveat);
            caveats = true;
            open = false;
            continue;
        }
        const auto field = reader.field();
        if (!field) return bad("it is cut off");
        if (*type == identifier) {
            caveat = *field;
            open = true;
        }
    }
    return bad("it has no signature");
}

void skip_space(std::string_view& json) {
    while (!json.empty() &&
           (json[0] == ' ' || json[0] == '\n' || json[0] == '\t' || json[0] == '\r'))
        json.remove_prefix(1);
}

bool take(std::string_view& json, char c) {
    skip_space(json);
    if (!json.starts_with(c)) return false;
    json.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_number(std::string_view& json) {
    skip_space(json);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
    if (error != std::errc{}) return std::nullopt;
    json.remove_prefix(static_cast<std::size_t>(end - json.data()));
    return value;
}

// Names and ids hold no escapes; one that does is not understood.
std::optional<std::string> take_string(std::string_view& json) {
    if (!take(json, '"')) return std::nullopt;
    const auto end = json.find('"');
    if (end == std::string_view::npos || json.substr(0, end).find('\\') != std::string_view::npos)
        return std::nullopt;
    std::string value(json.substr(0, end));
    json.remove_prefix(end + 1);
    return value;
}

// A second caveat of projects leaves those that both name.
void narrow_projects(PypiScope& scope, std::vector<std::string> projects) {
    if (scope.limited && !scope.projects.empty())
        std::erase_if(projects, [&](const std::string& name) {
            return std::ranges::find(scope.projects, name) == scope.projects.end();
        });
    scope.projects = std::move(projects);
    scope.limited = true;
}

bool read_caveat(PypiScope& scope, std::string_view json) {
    if (!take(json, '[')) return json.find("\"permissions\": \"user\"") != std::string_view::npos;
    const auto kind = take_number(json);
    if (!kind || !take(json, ',')) return false;
    if (*kind == 0) {
        const auto after = take_number(json);
        if (!after || !take(json, ',')) return false;
        const auto before = take_number(json);
        if (!before) return false;
        scope.not_after = scope.not_after ? std::min(*scope.not_after, *after) : *after;
        scope.not_before = scope.not_before ? std::max(*scope.not_before, *before) : *before;
        return true;
    }
    if (*kind == 1 || *kind == 2) {
        if (!take(json, '[')) return false;
        std::vector<std::string> projects;
        while (auto name = take_string(json)) {
            projects.push_back(*kind == 1 ? *name : "id:" + *name);
            if (!take(json, ',')) break;
        }
        narrow_projects(scope, std::move(projects));
        return true;
    }
    if (*kind == 3) {
        const auto user = take_string(json);
        if (user) scope.user = *user;
        return user.has_value();
    }
    return false;
}

void append_number(std::string& out, std::uint64_t value) {
    for (; value >= 128; value >>= 7)
        out += static_cast<char>(value | 128);
    out += static_cast<char>(value);
}

// macaroons: the new signature is HMAC(old signature, caveat).
void add_caveat(Token& token, std::string_view caveat) {
    token.bytes += static_cast<char>(identifier);
    append_number(token.bytes, caveat.size());
    token.bytes += caveat;
    token.bytes += static_cast<char>(end_of_section);
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> next{};
    crypto_auth_hmacsha256(next.data(), reinterpret_cast<const unsigned char*>(caveat.data()),
                           caveat.size(),
                           reinterpret_cast<const unsigned char*>(token.signature_bytes.data()));
    token.signature_bytes.assign(reinterpret_cast<const char*>(next.data()), next.size());
}

Secret finish(Token& token) {
    token.bytes += static_cast<char>(end_of_section);
    token.bytes += static_cast<char>(signature);
    append_number(token.bytes, token.signature_bytes.size());
    token.bytes += token.signature_bytes;
    std::string text =
        std::string(prefix) + text::base64_encode(token.bytes, text::Base64::url_bare);
    Secret out(text);
    wipe(text);
    wipe(token.bytes);
    wipe(token.signature_bytes);
    return out;
}

} // namespace

Result<PypiScope> pypi_scope(const Secret& secret) {
    STANCH_TRY(const Token token, parse(secret));
    PypiScope scope;
    for (const std::string& caveat : token.caveats)
        if (!read_caveat(scope, caveat)) scope.unknown_caveat = true;
    return scope;
}

Result<Secret> narrow_pypi(const Secret& secret, const Narrowing& narrowing) {
    STANCH_TRY(Token token, parse(secret));
    if (!narrowing.projects.empty()) {
        std::string caveat = "[1, [";
        for (const std::string& project : narrowing.projects)
            caveat += (caveat.size() > 5 ? ", \"" : "\"") + text::json_escape(project) + "\"";
        add_caveat(token, caveat + "]]");
    }
    if (narrowing.not_after || narrowing.not_before)
        add_caveat(token, "[0, " + std::to_string(narrowing.not_after.value_or(253402300799)) +
                              ", " + std::to_string(narrowing.not_before.value_or(0)) + "]");
    return finish(token);
}

} // namespace stanch::privilege
