#include "scan/source.h"

namespace stanch::scan {

void Outcome::skip(std::string path, std::string why, std::string hint) {
    notes.push_back({Note::Kind::skipped, std::move(path), std::move(why), std::move(hint)});
}

void Outcome::miss(std::string path, std::string why, std::string hint) {
    notes.push_back({Note::Kind::incomplete, std::move(path), std::move(why), std::move(hint)});
}

void Outcome::miss(const Error& error) {
    miss(error.where, error.what, error.hint);
}

} // namespace stanch::scan
