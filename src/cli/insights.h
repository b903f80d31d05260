// Bitbucket's Code Insights: a pull request's report, with an annotation on each line that holds a
// secret.
//
// Within a pipeline the API is reached through a proxy on localhost that signs what passes, so that
// no token is needed, a fork's pipeline neither
// (support.atlassian.com/bitbucket-cloud/docs/code-insights).
#pragma once

#include "cli/ci_range.h"

#include <string_view>

namespace stanch::cli {

// `lines` are those of the "bitbucket" format. The repository and the commit come from the
// pipeline's variables; STANCH_BITBUCKET_PROXY names another proxy than http://localhost:29418.
// Error: no such variables, no proxy, an answer that is no success.
Result<void> send_insights(std::string_view lines, const Variables& variables);

} // namespace stanch::cli
