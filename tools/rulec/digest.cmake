# Hashes SOURCES into a header.
set(all "")
foreach(file ${SOURCES})
    file(SHA256 ${file} one)
    string(APPEND all ${one})
endforeach()
string(SHA256 hash "${all}")
file(WRITE ${OUTPUT} "#define STANCH_ENGINE_HASH \"${hash}\"\n")
