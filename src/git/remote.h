// A repository that is somewhere else: cloned by the git program into a private temporary folder,
// which goes away with the RemoteClone.
//
// The program runs sealed: no configuration of the user or the system, no hooks, no templates, no
// submodules, no LFS downloads, no prompt of any kind, and no transport but the URL's own.
// Credentials in the URL go to it in the environment, never in the argument list.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace stanch::git {

// "https://…", "ssh://…", "git://…", "file://…", "user@host:path".
bool is_remote_url(std::string_view text);

// The URL as it may be shown: without user name and password.
std::string without_credentials(std::string_view url);

class RemoteClone {
  public:
    // All refs of the remote, bare.
    static Result<RemoteClone> fetch(const std::string& url);

    RemoteClone(RemoteClone&& other) noexcept;
    RemoteClone& operator=(RemoteClone&& other) noexcept;
    RemoteClone(const RemoteClone&) = delete;
    RemoteClone& operator=(const RemoteClone&) = delete;
    ~RemoteClone();

    [[nodiscard]] std::string git_dir() const { return folder_ + "/repo.git"; }

  private:
    RemoteClone() = default;
    std::string folder_;
};

} // namespace stanch::git
