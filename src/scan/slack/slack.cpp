#include "scan/slack.h"

#include "scan/slack/messages.h"
#include "scan/slack/zip.h"
#include "scan/worker.h"

#include <algorithm>
#include <set>

namespace stanch::scan {
namespace {

constexpr std::uint64_t largest_member = std::uint64_t{512} << 20;
constexpr const char* way_out = "anybody in the channel has it: share a new one with 'stanch vault "
                                "share', then revoke this one where it was issued";

// "general/2026-01-02.json" is a day of a channel; what stands at the top is about the workspace.
bool is_day(std::string_view name) {
    const auto slash = name.rfind('/');
    if (slash == std::string_view::npos || !name.ends_with(".json")) return false;
    const std::string_view day = name.substr(slash + 1);
    return day.size() == 15 && std::ranges::all_of(day.substr(0, 10), [](char c) {
               return (c >= '0' && c <= '9') || c == '-';
           });
}

std::string channel_of(std::string_view name) {
    const std::string_view folder = name.substr(0, name.rfind('/'));
    return std::string(
        folder.substr(folder.rfind('/') == std::string_view::npos ? 0 : folder.rfind('/') + 1));
}

class MemberTask : public Task {
  public:
    MemberTask(std::string path, ZipReader::Member member, std::shared_ptr<const SlackUsers> users)
        : path_(std::move(path)), member_(std::move(member)), users_(std::move(users)) {}
    ~MemberTask() override { wipe(member_.content); }
    MemberTask(const MemberTask&) = delete;
    MemberTask& operator=(const MemberTask&) = delete;

    void run(Worker& worker, Outcome& outcome) override {
        const Place place{member_.name, path_ + "!" + member_.name};
        if (!is_day(member_.name)) return other(worker, place, outcome);
        auto messages = slack_messages(member_.content);
        if (!messages) return worker.look_at(place, member_.content, outcome);
        for (SlackMessage& message : *messages) {
            look_at(worker, place, message, outcome);
            wipe(message.text);
        }
    }

  private:
    void other(Worker& worker, const Place& place, Outcome& outcome) {
        const std::size_t first = outcome.findings.size();
        worker.look_at(place, member_.content, outcome);
        for (std::size_t i = first; i < outcome.findings.size(); ++i)
            outcome.findings[i].next = way_out;
    }

    void look_at(Worker& worker, const Place& place, const SlackMessage& message,
                 Outcome& outcome) {
        Outcome own;
        worker.look_at(place, message.text, own);
        std::set<Fingerprint> seen; // the same secret in two spellings of one message
        for (Finding& finding : own.findings) {
            if (!seen.insert(finding.fingerprint).second) continue;
            finding.provenance = provenance(message);
            finding.next = way_out;
            outcome.findings.push_back(std::move(finding));
        }
        std::ranges::move(own.notes, std::back_inserter(outcome.notes));
        outcome.counts.contents += own.counts.contents;
        outcome.counts.bytes += own.counts.bytes;
        outcome.counts.allowed += own.counts.allowed;
    }

    [[nodiscard]] Provenance provenance(const SlackMessage& message) const {
        Provenance from;
        const auto user = users_->find(message.user);
        from.author = user != users_->end()       ? user->second.name
                      : message.user_name.empty() ? message.user
                                                  : message.user_name;
        if (user != users_->end()) from.email = user->second.email;
        from.date = slack_date(message.ts);
        from.note = "Slack #" + channel_of(member_.name);
        if (!message.note.empty()) from.note += ", " + message.note;
        return from;
    }

    std::string path_;
    ZipReader::Member member_;
    std::shared_ptr<const SlackUsers> users_;
};

class SlackSource : public Source {
  public:
    SlackSource(std::string path, ZipReader zip, SlackUsers users)
        : path_(std::move(path)), zip_(std::move(zip)),
          users_(std::make_shared<const SlackUsers>(std::move(users))) {}

    Result<std::unique_ptr<Task>> next() override {
        STANCH_TRY(auto member, zip_.next(largest_member));
        if (!member) return nullptr;
        return std::make_unique<MemberTask>(path_, std::move(*member), users_);
    }

  private:
    std::string path_;
    ZipReader zip_;
    std::shared_ptr<const SlackUsers> users_;
};

} // namespace

Result<std::unique_ptr<Source>> slack_source(const std::string& path) {
    STANCH_TRY(ZipReader zip, ZipReader::open(path));
    SlackUsers users;
    for (;;) {
        STANCH_TRY(const auto member, zip.next(largest_member));
        if (!member) break;
        if (member->name == "users.json" || member->name == "org_users.json")
            users.merge(slack_users(member->content));
    }
    STANCH_CHECK(zip.rewind());
    return std::make_unique<SlackSource>(path, std::move(zip), std::move(users));
}

} // namespace stanch::scan
