// What stands in the JSON files of a Slack export. Private to the room.
#pragma once

#include "core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

struct SlackUser {
    std::string name;
    std::string email;
};
using SlackUsers = std::map<std::string, SlackUser, std::less<>>;

// users.json (and org_users.json)
SlackUsers slack_users(std::string_view json);

struct SlackMessage {
    std::string user;      // id; may be empty
    std::string user_name; // where the message itself has one (a bot, somebody who has left)
    std::string ts;        // "1700000000.000100"
    std::string text;      // every text of the message, a line each; Slack's &amp; &lt; &gt; undone
    std::string
        note; // "earlier version of an edited message", "deleted message"; empty: an ordinary one
};

// One day of a channel. ErrorKind::invalid where it is no list of messages.
Result<std::vector<SlackMessage>> slack_messages(std::string_view json);

// ISO 8601 UTC of a time stamp; empty where it is none.
std::string slack_date(std::string_view ts);

} // namespace stanch::scan
