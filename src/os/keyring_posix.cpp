// Linux: keyrings(7), by system call; libkeyutils would be one more library for six numbers.
//
// The user keyring is shared by all sessions of a user, and lives as long as the user has a
// process. Its keys give their rights to the possessor only, and a process whose session keyring
// has no link to the user keyring (a service, a container) possesses nothing: so a key gets read
// and search rights for the user as well. Another user has none.
#include "os/keyring.h"

#include "os/file.h"

#include <cerrno>

#ifdef __linux__
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace stanch::os {
namespace {

constexpr const char* type = "user";
constexpr unsigned long possessor_all = 0x3f000000;
constexpr unsigned long user_view_read_write_search_setattr = 0x002f0000;

long search(const std::string& name) {
    return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, type, name.c_str(), 0);
}

std::unexpected<Error> keyring_error(int number) {
    if (number == ENOKEY || number == EKEYEXPIRED || number == EKEYREVOKED)
        return fail(ErrorKind::not_found, "the kernel keyring has no such key");
    if (number == ENOSYS || number == EPERM || number == EACCES)
        return fail(ErrorKind::unavailable, "the kernel keyring cannot be used here (a container "
                                            "forbids it, or the kernel has none)");
    Error error = system_error("the kernel keyring", {}, number);
    error.kind = ErrorKind::unavailable;
    return std::unexpected(std::move(error));
}

} // namespace

Result<void> keyring_store(const std::string& name, const Secret& secret,
                           std::chrono::seconds lifetime) {
    const long key = syscall(SYS_add_key, type, name.c_str(), secret.reveal().data(), secret.size(),
                             KEY_SPEC_USER_KEYRING);
    if (key < 0) return keyring_error(errno);
    const bool set = syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, lifetime.count()) == 0 &&
                     syscall(SYS_keyctl, KEYCTL_SETPERM, key,
                             possessor_all | user_view_read_write_search_setattr) == 0;
    if (set) return {};
    const int number = errno;
    syscall(SYS_keyctl, KEYCTL_UNLINK, key,
            KEY_SPEC_USER_KEYRING); // never a key without its time-out
    return keyring_error(number);
}

Result<Secret> keyring_load(const std::string& name) {
    const long key = search(name);
    if (key < 0) return keyring_error(errno);
    const long size = syscall(SYS_keyctl, KEYCTL_READ, key, nullptr, 0);
    if (size < 0) return keyring_error(errno);
    Secret secret = Secret::zeroed(static_cast<std::size_t>(size));
    const long read =
        syscall(SYS_keyctl, KEYCTL_READ, key, secret.writable().data(), secret.size());
    if (read < 0) return keyring_error(errno);
    if (read != size)
        return fail(ErrorKind::unavailable, "the key in the kernel keyring was just replaced", {},
                    "try again");
    return secret;
}

Result<void> keyring_remove(const std::string& name) {
    const long key = search(name);
    if (key < 0 && (errno == ENOKEY || errno == EKEYEXPIRED || errno == EKEYREVOKED)) return {};
    if (key < 0) return keyring_error(errno);
    if (syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING) != 0)
        return keyring_error(errno);
    return {};
}

} // namespace stanch::os

#else

namespace stanch::os {
namespace {

std::unexpected<Error> none() {
    return fail(ErrorKind::unavailable, "this system has no kernel keyring");
}

} // namespace

Result<void> keyring_store(const std::string&, const Secret&, std::chrono::seconds) {
    return none();
}
Result<Secret> keyring_load(const std::string&) {
    return none();
}
Result<void> keyring_remove(const std::string&) {
    return none();
}

} // namespace stanch::os

#endif
