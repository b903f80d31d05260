// Private to the room: a maker for each format.
#pragma once

#include "report/report.h"

namespace stanch::report {

std::unique_ptr<Writer> human_writer(const Options& options);
std::unique_ptr<Writer> jsonl_writer(const Options& options);
std::unique_ptr<Writer> json_writer(const Options& options);
std::unique_ptr<Writer> sarif_writer(const Options& options);
std::unique_ptr<Writer> csv_writer(const Options& options);
std::unique_ptr<Writer> junit_writer(const Options& options);
std::unique_ptr<Writer> gitlab_writer(const Options& options);
std::unique_ptr<Writer> gitleaks_writer(const Options& options);
std::unique_ptr<Writer> brief_writer(const Options& options);
std::unique_ptr<Writer> github_writer(const Options& options);
std::unique_ptr<Writer> azure_writer(const Options& options);
std::unique_ptr<Writer> bitbucket_writer(const Options& options);
std::unique_ptr<Writer> markdown_writer(const Options& options);

} // namespace stanch::report
