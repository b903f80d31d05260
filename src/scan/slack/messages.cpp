#include "scan/slack/messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

namespace stanch::scan {
namespace {

using nlohmann::json;

std::string string_at(const json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// In messages, and only there, Slack escapes these three.
std::string unescaped(const std::string& text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> entities{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}}};
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto entity = std::ranges::find_if(
            entities, [&](const auto& e) { return text.compare(i, e.first.size(), e.first) == 0; });
        out += entity == entities.end() ? text[i] : entity->second;
        i += entity == entities.end() ? 1 : entity->first.size();
    }
    return out;
}

bool is_version(std::string_view key) {
    return key == "message" || key == "previous_message" || key == "original" || key == "root";
}

// The texts of a message, each once: the same words stand in `text`, in `blocks` and in fallbacks.
class Collector {
  public:
    void collect(const json& value, std::string_view key) {
        if (value.is_string()) return add(value.get<std::string>(), key);
        if (value.is_array())
            for (const json& item : value)
                collect(item, key);
        if (value.is_object())
            for (const auto& [name, member] : value.items())
                if (!is_version(name)) collect(member, name);
    }
    std::string take() { return std::move(text_); }

  private:
    static bool is_identifier(std::string_view key) {
        constexpr std::array<std::string_view, 16> names{
            "user",     "ts",        "type",           "subtype",    "team",        "client_msg_id",
            "block_id", "thread_ts", "parent_user_id", "user_team",  "source_team", "bot_id",
            "app_id",   "id",        "latest_reply",   "avatar_hash"};
        return std::ranges::find(names, key) != names.end();
    }

    void add(const std::string& raw, std::string_view key) {
        if (raw.size() < 4 || is_identifier(key) || key.starts_with("image_") ||
            key.starts_with("thumb"))
            return;
        const std::string value = unescaped(raw);
        if (text_.find(value) != std::string::npos) return;
        // The key of a member names its value ("token: …"), as a rule may want to see it.
        if (key != "text" && key != "plain_text" && key != "preview")
            text_.append(key).append(": ");
        text_ += value + "\n";
    }
    std::string text_;
};

void add_message(const json& object, const std::string& note, std::vector<SlackMessage>& out) {
    if (!object.is_object()) return;
    SlackMessage message{string_at(object, "user"),
                         string_at(object, "username"),
                         string_at(object, "ts"),
                         {},
                         note};
    if (const auto profile = object.find("user_profile");
        profile != object.end() && profile->is_object() && message.user_name.empty())
        message.user_name = string_at(*profile, "real_name");
    // What a person wrote stands first.
    json rest = object;
    Collector collector;
    if (const auto text = rest.find("text"); text != rest.end()) {
        collector.collect(*text, "text");
        rest.erase("text");
    }
    for (const char* unwritten :
         {"user_profile", "reactions", "reply_users", "replies", "username"})
        rest.erase(unwritten);
    collector.collect(rest, "");
    message.text = collector.take();
    if (!message.text.empty()) out.push_back(std::move(message));
    for (const auto& [name, member] : object.items()) {
        if (!is_version(name) || name == "root")
            continue; // the thread's first message stands on its own
        add_message(member,
                    name == "message" ? note : "earlier version of an edited or deleted message",
                    out);
    }
}

} // namespace

SlackUsers slack_users(std::string_view text) {
    SlackUsers users;
    const json list = json::parse(text.begin(), text.end(), nullptr, false);
    if (!list.is_array()) return users;
    for (const json& user : list) {
        if (!user.is_object()) continue;
        SlackUser known{string_at(user, "real_name"), {}};
        if (const auto profile = user.find("profile");
            profile != user.end() && profile->is_object()) {
            if (known.name.empty()) known.name = string_at(*profile, "real_name");
            known.email = string_at(*profile, "email");
        }
        if (known.name.empty()) known.name = string_at(user, "name");
        users.emplace(string_at(user, "id"), std::move(known));
    }
    return users;
}

Result<std::vector<SlackMessage>> slack_messages(std::string_view text) {
    const json list = json::parse(text.begin(), text.end(), nullptr, false);
    if (!list.is_array()) return fail(ErrorKind::invalid, "not a list of messages");
    std::vector<SlackMessage> messages;
    for (const json& message : list)
        add_message(message, "", messages);
    return messages;
}

std::string slack_date(std::string_view ts) {
    long long seconds = 0;
    const auto [end, failed] = std::from_chars(ts.data(), ts.data() + ts.size(), seconds);
    if (failed != std::errc() || seconds <= 0 || (end != ts.data() + ts.size() && *end != '.'))
        return {};
    const std::time_t time = seconds;
    std::tm utc{};
    if (gmtime_r(&time, &utc) == nullptr) return {};
    std::array<char, 40> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

} // namespace stanch::scan
