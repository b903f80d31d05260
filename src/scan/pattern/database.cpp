#include "scan/pattern/database.h"

#include <algorithm>
#include <cstdlib>
#include <hs/hs.h>
#include <string_view>

namespace stanch::scan {
namespace {

struct CompileErrorFree {
    void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};

hs_platform_info_t platform_of(Processor processor) {
    hs_platform_info_t platform{};
    if (processor == Processor::this_one) hs_populate_platform(&platform);
    if (processor == Processor::avx2) platform.cpu_features = HS_CPU_FEATURES_AVX2;
    return platform;
}

} // namespace

void Database::Free::operator()(hs_database* database) const {
    hs_free_database(database);
}
void Scratch::Free::operator()(hs_scratch* scratch) const {
    hs_free_scratch(scratch);
}

Result<Database> Database::compile(std::span<const Pattern> patterns, Processor processor) {
    std::vector<const char*> texts;
    std::vector<unsigned> ids;
    for (const Pattern& pattern : patterns) {
        texts.push_back(pattern.expression.c_str());
        ids.push_back(pattern.number);
    }
    const hs_platform_info_t platform = platform_of(processor);
    hs_database_t* raw = nullptr;
    hs_compile_error_t* raw_error = nullptr;
    const hs_error_t code =
        hs_compile_multi(texts.data(), nullptr, ids.data(), static_cast<unsigned>(patterns.size()),
                         HS_MODE_BLOCK, &platform, &raw, &raw_error);
    const std::unique_ptr<hs_compile_error_t, CompileErrorFree> error(raw_error);
    if (code != HS_SUCCESS) {
        const bool known = error->expression >= 0;
        return fail(ErrorKind::invalid,
                    "the pattern compiler refuses: " + std::string(error->message),
                    known ? patterns[static_cast<std::size_t>(error->expression)].expression : "");
    }
    Database database;
    database.database_.reset(raw);
    return database;
}

Result<Database> Database::load(std::span<const char> serialised) {
    hs_database_t* raw = nullptr;
    if (hs_deserialize_database(serialised.data(), serialised.size(), &raw) != HS_SUCCESS)
        return fail(ErrorKind::invalid, "a pattern database that this build cannot read");
    Database database;
    database.database_.reset(raw);
    return database;
}

Result<std::string> Database::serialise() const {
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database_.get(), &bytes, &size) != HS_SUCCESS)
        return fail(ErrorKind::internal, "the pattern database cannot be written");
    std::string out(bytes, size);
    std::free(bytes); // hs_set_allocator was not called
    return out;
}

Result<Scratch> Scratch::for_database(const Database& database) {
    hs_scratch_t* raw = nullptr;
    if (hs_alloc_scratch(database.get(), &raw) != HS_SUCCESS)
        return fail(ErrorKind::unavailable, "no memory to scan with");
    Scratch scratch;
    scratch.scratch_.reset(raw);
    return scratch;
}

} // namespace stanch::scan
