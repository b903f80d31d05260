// Organizations: who is in them, who may read what, and letting somebody in.
//
// Calls go to the server; the Vault gives the session and the keys. Errors as there.
#pragma once

#include "vault/vault.h"

namespace stanch::vault {

enum class MemberStatus : std::int8_t { revoked = -1, invited = 0, accepted = 1, confirmed = 2 };

struct Member {
    std::string id; // of the membership
    std::string user_id;
    std::string name;
    std::string email;
    MemberStatus status = MemberStatus::invited;
    int type = 2; // as in Organization
};

std::string role_name(int type);
std::string status_name(MemberStatus status);

Result<std::vector<Member>> members(Vault& vault, const Organization& organization);

// Sends an invitation; the person accepts it (or is at once accepted, on some servers), then must
// be confirmed.
Result<void> invite(Vault& vault, const Organization& organization, const std::string& email,
                    int type, const std::vector<Collection>& collections);

// Somebody's public key as the server hands it out, and its fingerprints for people to compare.
struct MemberKey {
    std::string public_key;  // DER
    std::string phrase;      // five words, as the official clients show them
    std::string fingerprint; // SHA-256, as 8 groups of 8 hex digits
};
Result<MemberKey> member_key(Vault& vault, const std::string& user_id);

// Wraps the organization's key under exactly this public key: the caller has shown its fingerprint
// to a person.
Result<void> confirm(Vault& vault, const Organization& organization, const Member& member,
                     const MemberKey& key);

Result<Organization> create_organization(Vault& vault, const std::string& name,
                                         const std::string& first_collection);
Result<Collection> create_collection(Vault& vault, const Organization& organization,
                                     const std::string& name, const std::vector<Member>& readers);

// Who may read an item, through which collection.
struct Reader {
    Member member;
    std::string through; // "owner", "admin", or the collection's name
    bool can_edit = true;
    bool sees_passwords = true;
};
Result<std::vector<Reader>> readers(Vault& vault, const Item& item);

// The session's own key, made from the private one: no word of the server's.
Result<MemberKey> own_key(Vault& vault);

} // namespace stanch::vault
