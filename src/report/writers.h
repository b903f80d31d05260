// Private to the room: a maker for each format.
#pragma once

#include "report/report.h"

namespace stanch::report {

std::unique_ptr<Writer> human_writer(Options options);
std::unique_ptr<Writer> jsonl_writer(Options options);
std::unique_ptr<Writer> json_writer(Options options);
std::unique_ptr<Writer> sarif_writer(Options options);
std::unique_ptr<Writer> csv_writer(Options options);
std::unique_ptr<Writer> junit_writer(Options options);
std::unique_ptr<Writer> gitlab_writer(Options options);
std::unique_ptr<Writer> gitleaks_writer(Options options);
std::unique_ptr<Writer> brief_writer(Options options);
std::unique_ptr<Writer> github_writer(Options options);
std::unique_ptr<Writer> azure_writer(Options options);
std::unique_ptr<Writer> markdown_writer(Options options);

} // namespace stanch::report
