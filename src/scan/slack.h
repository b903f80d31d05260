// A Slack export (the .zip that a workspace's owner downloads): credentials that were pasted into
// messages.
//
// Messages, their edits and earlier versions, threads, attachments, snippets and files' previews
// are looked at message by message, canvases and every other member as a file. A finding says who
// wrote it, when, and in which channel (Finding::provenance: author, email, date, note). The bytes
// of uploaded files are not in an export (Slack keeps them behind links); their previews and
// descriptions are.
#pragma once

#include "scan/source.h"

#include <memory>
#include <string>

namespace stanch::scan {

// Fails where the file can't be read or is no archive.
Result<std::unique_ptr<Source>> slack_source(const std::string& path);

} // namespace stanch::scan
