#include "report/report.h"

#include "core/nearest.h"
#include "report/json.h"
#include "report/writers.h"

#include <algorithm>
#include <array>

namespace stanch::report {
namespace {

using Make = std::unique_ptr<Writer> (*)(const Options&);

constexpr std::array<std::string_view, 13> names{
    "human",    "jsonl",  "json",  "sarif",     "csv",      "junit", "gitlab",
    "gitleaks", "github", "azure", "bitbucket", "markdown", "brief"};
constexpr std::array<Make, names.size()> makers{
    human_writer,     jsonl_writer,    json_writer,     sarif_writer,  csv_writer,
    junit_writer,     gitlab_writer,   gitleaks_writer, github_writer, azure_writer,
    bitbucket_writer, markdown_writer, brief_writer};

class JsonLines : public Writer {
  public:
    explicit JsonLines(const Options& options) : reveal_(options.reveal) {}
    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings)
            out += json_finding(finding, reveal_) + "\n";
    }
    void end(const Summary& /*summary*/, std::string& /*out*/) override {}

  private:
    bool reveal_;
};

class JsonArray : public Writer {
  public:
    explicit JsonArray(const Options& options) : reveal_(options.reveal) {}
    void begin(std::string& out) override { out += '['; }
    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings) {
            out += (first_ ? "\n" : ",\n") + json_finding(finding, reveal_);
            first_ = false;
        }
    }
    void end(const Summary& /*summary*/, std::string& out) override {
        out += first_ ? "]\n" : "\n]\n";
    }

  private:
    bool reveal_;
    bool first_ = true;
};

} // namespace

std::unique_ptr<Writer> jsonl_writer(const Options& options) {
    return std::make_unique<JsonLines>(options);
}
std::unique_ptr<Writer> json_writer(const Options& options) {
    return std::make_unique<JsonArray>(options);
}

std::span<const std::string_view> format_names() {
    return names;
}

Result<std::unique_ptr<Writer>> make_writer(std::string_view format, const Options& options) {
    const auto* at = std::ranges::find(names, format);
    if (at != names.end()) return makers[static_cast<std::size_t>(at - names.begin())](options);
    const std::string_view near = nearest(format, names);
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return fail(ErrorKind::usage, "there is no format '" + std::string(format) + "'", {},
                near.empty() ? "choose one of: " + list
                             : "did you mean '" + std::string(near) + "'?");
}

} // namespace stanch::report
