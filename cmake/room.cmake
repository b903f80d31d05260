# stanch_room(NAME [PUBLIC header…] [USES room…] [LINKS library…])
#
# A room is a folder of src/ and one static library. Every .cpp in it belongs to it. PUBLIC names the headers that
# other rooms may include (default: NAME.h); USES names the rooms whose public headers this one may include;
# LINKS names libraries, which stay private to the room. tests/rooms_test.py reads these calls.
function(stanch_room name)
    cmake_parse_arguments(ROOM "" "" "PUBLIC;USES;LINKS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
    add_library(stanch_${name} STATIC ${sources})
    target_include_directories(stanch_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    foreach(used ${ROOM_USES})
        target_link_libraries(stanch_${name} PRIVATE stanch_${used})
    endforeach()
    if(ROOM_LINKS)
        target_link_libraries(stanch_${name} PRIVATE ${ROOM_LINKS})
    endif()
endfunction()
