# One place for the flags of every target.
set(STANCH_SANITIZE "" CACHE STRING "Sanitizers, comma-separated (address,undefined or thread)")
option(STANCH_FUZZ "Build the libFuzzer targets instead of the tests (clang only)" OFF)

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(CCACHE ccache)
    if(CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
        set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
    endif()
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
    # What only runs at start-up stands together, as GNU ld has it: spread over the whole text, each start brought 4 MiB
    # of it into memory.
    add_link_options(-Wl,-z,keep-text-section-prefix)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
add_compile_options(
    $<$<COMPILE_LANGUAGE:CXX>:-Wall>
    $<$<COMPILE_LANGUAGE:CXX>:-Wextra>
    $<$<COMPILE_LANGUAGE:CXX>:-Wshadow>
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
    $<$<COMPILE_LANGUAGE:CXX>:-Werror>
    -fstack-protector-strong
    -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports these on correct uses of std::string and std::expected (PR 105651, 107852).
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict> $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overflow>
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized> $<$<COMPILE_LANGUAGE:CXX>:-Wno-array-bounds>)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # std::stable_sort of libstdc++ 12 uses std::get_temporary_buffer, which C++17 deprecates.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-declarations>)
endif()

if(STANCH_SANITIZE)
    add_compile_options(-fsanitize=${STANCH_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${STANCH_SANITIZE})
    if(STANCH_FUZZ)
        # Without it libFuzzer sees nothing of what an input reaches in the rooms.
        add_compile_options(-fsanitize=fuzzer-no-link)
    endif()
else()
    # The C++ runtime is linked in: it saves a tenth of a start-up, and one binary runs on every distribution.
    add_link_options(-static-libstdc++ -static-libgcc)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        add_compile_options(-ffunction-sections -fdata-sections)
        add_link_options(-Wl,--gc-sections -Wl,-z,relro,-z,now)
    endif()
endif()

# stanch_static(NAME file.a header) makes target stanch::NAME from a static library. Libraries of the start-up path
# are linked statically: every shared one costs 0.2 to 2 ms of each run. Those with many dependencies of their own
# (libcurl, libarchive, libgit2) are loaded on first use instead, see os/library.h.
function(stanch_static name archive)
    if(TARGET stanch::${name}) # two rooms may name the same library
        return()
    endif()
    find_library(STANCH_LIB_${name} NAMES ${archive} REQUIRED)
    add_library(stanch_lib_${name} INTERFACE)
    target_link_libraries(stanch_lib_${name} INTERFACE ${STANCH_LIB_${name}} ${ARGN})
    add_library(stanch::${name} ALIAS stanch_lib_${name})
endfunction()
find_package(Threads REQUIRED)
stanch_static(sodium libsodium.a Threads::Threads)
stanch_static(re2 libre2.a Threads::Threads)
stanch_static(pcre2 libpcre2-8.a)
stanch_static(hs libhs.a m)
